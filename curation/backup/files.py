"""The kept files: pictures and uploads, each named by its own SHA-256, so that none is ever written anew."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from curation.articles import pictures, uploads
from curation.backup.archive import FILES, Archive

FOLDERS = (pictures.FOLDER, uploads.FOLDER)


def kept() -> Iterator[tuple[str, Path]]:
    """Path below MEDIA_ROOT and place of each file, in order; the unfinished ones too."""
    top = Path(settings.MEDIA_ROOT)
    for folder in FOLDERS:
        for place in sorted((top / folder).rglob("*")):
            if place.is_file():
                yield place.relative_to(top).as_posix(), place


def is_itself(place: Path) -> bool:
    """Whether the file holds what its name says: one that is still being written, or was damaged, does not."""
    with place.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return digest == place.stem.split("_")[0]  # a name that was taken got "_" and letters


def put(archive: Archive) -> None:
    """Each file to its place, whole or not at all; the same one stays."""
    top = Path(settings.MEDIA_ROOT)
    for name, member in archive.files().items():
        place = top / name
        if place.is_file() and place.stat().st_size == member.size and is_itself(place):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        arriving = place.with_name(f".{place.name}.arriving")
        archive.copy(FILES + name, arriving)
        arriving.replace(place)


def forget_others(archive: Archive) -> int:
    """Remove what the archive does not hold; returns how many."""
    others = [place for name, place in kept() if name not in archive.files()]
    for place in others:
        place.unlink()
    return len(others)
