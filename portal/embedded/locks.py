"""`casebook lock`: write the two lock files anew from pyproject.toml.

With hashes and for every platform, without the address of any package registry (docs/decisions/0001).
"""

import shutil
import subprocess

from portal import env
from portal.embedded.processes import SetupError, run_as_command

GROUPS = {"requirements.lock": "embedded", "requirements-dev.lock": "dev"}
HOW = ("--universal", "--generate-hashes", "--python-version", "3.11", "--no-header", "--no-annotate", "--quiet")


def main(_: list[str]) -> int:
    uv = shutil.which("uv")
    if uv is None:
        raise SetupError("Locking needs uv, which is not on PATH: pip install uv")
    for name, group in GROUPS.items():
        command = [uv, "pip", "compile", "pyproject.toml", "--group", group, *HOW, "--output-file", name]
        if subprocess.run(command, cwd=env.ROOT, check=False, stdout=subprocess.DEVNULL).returncode:
            raise SetupError(f"{name} could not be made; uv's lines above say why.")
        print(f"casebook | {name} is up to date with pyproject.toml")
    return 0


if __name__ == "__main__":
    run_as_command(main)
