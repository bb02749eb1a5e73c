"""An uploaded file kept by its SHA-256, so that the same file is kept once; only what was read to its end stays."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from django.conf import settings

from curation.articles import opening
from curation.articles.places import Place, dumped, loaded
from curation.errors import Fault, Invalid

T = TypeVar("T")
FOLDER = "imports"


class Kept(NamedTuple):
    """``path`` is relative to MEDIA_ROOT."""

    path: str
    sha256: str


OTHER_MD5 = "This file is not the one that its .md5 file means: it was damaged on its way, or it is another. Fetch both again."


def keep(stream: BinaryIO, read: Callable[[BinaryIO], T], *, md5: str = "") -> tuple[Kept, T]:
    """Copy the upload to its place once ``read`` has read the copy to its end; nothing stays of what it refuses.

    Raises Invalid for an upload that is too large even as it came, and for one whose MD5 is another than it should be.
    """
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    digest, check, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    with _temporary(folder) as (file, name):
        for chunk in opening.chunks_of(stream):
            size += len(chunk)
            if size > opening.LIMITS.size:
                raise Invalid(
                    f"This file is larger than {opening.LIMITS.size // opening.MIB} MiB. Split it and import the parts."
                )
            digest.update(chunk)
            if md5:
                check.update(chunk)
            file.write(chunk)
        if md5 and check.hexdigest() != md5:
            raise Invalid(OTHER_MD5, faults=[Fault("md5", f"names {md5}; the file has {check.hexdigest()}")])
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        found = read(file)
        name.replace(folder / digest.hexdigest())
    return Kept(f"{FOLDER}/{digest.hexdigest()}", digest.hexdigest()), found


def note(kept: Kept, places: Sequence[Place | None]) -> None:
    """Where its records lie, beside the upload."""
    path = _places(kept.path)
    with _temporary(path.parent) as (file, name):
        file.write(dumped(places))
        file.flush()
        os.fsync(file.fileno())
        name.replace(path)


def noted(path: str) -> list[Place]:
    """What was noted of an upload; nothing for one that came before anything was."""
    places = _places(path)
    return loaded(places.read_bytes()) if places.exists() else []


def _places(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / f"{path}.places"


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    handle, name = tempfile.mkstemp(dir=folder, prefix="arriving-")
    path = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file, path
    finally:
        path.unlink(missing_ok=True)
