"""The one file: a zip of the database's dump, the kept files, and a manifest that names each with its size and SHA-256.

The manifest goes in last and the file takes its name only when it is whole, so half an archive is never taken for one.
"""

import hashlib
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from curation.errors import Fault, Invalid

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database.dump"
FILES = "files/"
#: What may be in it besides the manifest: nothing that leads out of its folder.
MEMBER = re.compile(rf"{DATABASE}|{FILES}(figures|imports)(/\w[\w.-]*)+")
CHUNK = 1 << 20
#: What Python's reader raises for a zip that is not what it was.
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, TypeError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Member:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Site:
    """The site at the moment of its backup: ``server`` is PostgreSQL's major version, ``seal`` the audit trail's last."""

    made_at: str
    app: str
    server: int
    migrations: list[str]
    seal: int
    last_event: int
    digest: str


class Archive:
    """One that was read and found whole: every member is what the manifest says."""

    def __init__(self, packed: zipfile.ZipFile, site: Site, members: dict[str, Member]) -> None:
        self.packed, self.site, self.members = packed, site, members

    def files(self) -> dict[str, Member]:
        """The kept files, by their path below MEDIA_ROOT."""
        return {name.removeprefix(FILES): member for name, member in self.members.items() if name.startswith(FILES)}

    def copy(self, name: str, target: Path) -> None:
        with self.packed.open(name) as source, target.open("wb") as file:
            _copied(source, file)
            file.flush()
            os.fsync(file.fileno())


def write(path: Path, site: Site, dump: Path, files: Iterable[tuple[str, Path]]) -> None:
    """``files``: path below MEDIA_ROOT, and where it is. Refuses to write over another file."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    members: dict[str, Member] = {}
    try:
        with _private(unfinished) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name, place in [(DATABASE, dump), *((FILES + name, place) for name, place in files)]:
                with place.open("rb") as source, packed.open(name, "w", force_zip64=True) as target:
                    members[name] = _copied(source, target)
            told = {"format": FORMAT, "site": asdict(site), "members": {name: asdict(each) for name, each in members.items()}}
            packed.writestr(MANIFEST, json.dumps(told, indent=1, sort_keys=True))
        os.link(unfinished, path)  # unlike a renaming, never over another file
    except FileExistsError as error:
        raise Invalid(f"{path} is there already; name another file.") from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises Invalid for what is no archive of ours, not whole, or holds anything else than was packed."""
    with path.open("rb") as file:
        archive = _whole(file, path)
        with archive.packed:
            yield archive


def _whole(file: IO[bytes], path: Path) -> Archive:
    try:
        packed = zipfile.ZipFile(file)
        told = json.loads(packed.read(MANIFEST))
        if told["format"] == FORMAT:
            members = {name: Member(**each) for name, each in told["members"].items()}
            archive = Archive(packed, Site(**told["site"]), members)
            faults = list(_faults(archive))
    except UNREADABLE as error:
        raise Invalid(
            f"{path} is no whole backup of a Casebook: it is another file, cut short or damaged. Take another."
        ) from error
    if told["format"] != FORMAT:
        raise Invalid(f"{path} is of format {told['format']}, and this site reads {FORMAT}: use the Casebook that made it.")
    if faults:
        raise Invalid(f"{path} is damaged: {faults[0]}. Take another backup.", faults=faults)
    return archive


def _faults(archive: Archive) -> Iterator[Fault]:
    inside = [name for name in archive.packed.namelist() if name != MANIFEST]
    for name in sorted({*inside, *archive.members, DATABASE}):
        if inside.count(name) != 1 or name not in archive.members:
            yield Fault(name, "is not there once, as the manifest says")
        elif not MEMBER.fullmatch(name):
            yield Fault(name, "does not belong into a backup")
        elif _digested(archive.packed, name) != archive.members[name]:
            yield Fault(name, "is not what was packed")


def _digested(packed: zipfile.ZipFile, name: str) -> Member:
    with packed.open(name) as source, Path(os.devnull).open("wb") as nowhere:
        return _copied(source, nowhere)


def _copied(source: IO[bytes], target: IO[bytes]) -> Member:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += target.write(chunk)
    return Member(size, digest.hexdigest())


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file for nobody else's eyes: it holds what every reader wrote. On the disk when this ends."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
