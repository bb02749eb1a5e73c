"""Pictures as files of the default storage, each under its SHA-256, so that the same one is kept once."""

import hashlib
from pathlib import PurePosixPath
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from curation.articles.images import Picture
from curation.errors import NotFound

FOLDER = "figures"
#: For whoever hands a picture out. A figure's picture may change and may be closed, so browsers ask again after a day.
HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


class Stored(NamedTuple):
    """Names in the storage; ``sha256`` is the picture's own."""

    image: str
    thumbnail: str
    sha256: str
    width: int
    height: int


def keep(picture: Picture) -> Stored:
    sha256 = hashlib.sha256(picture.body).hexdigest()
    image = _kept(picture.body, sha256, picture.ending)
    thumbnail = _kept(picture.thumbnail, hashlib.sha256(picture.thumbnail).hexdigest(), "jpg")
    return Stored(image, thumbnail, sha256, picture.width, picture.height)


def _kept(body: bytes, sha256: str, ending: str) -> str:
    name = f"{FOLDER}/{sha256[:2]}/{sha256}.{ending}"
    if default_storage.exists(name):
        if default_storage.size(name) == len(body):
            return name
        default_storage.delete(name)  # cut off when its writer was killed
    return default_storage.save(name, ContentFile(body))


def content_type(name: str) -> str:
    return "image/png" if name.endswith(".png") else "image/jpeg"


def etag(name: str) -> str:
    """The file's name is its digest."""
    return f'"{PurePosixPath(name).stem}"'


def is_kept(name: str) -> bool:
    return bool(name) and default_storage.exists(name)


def read(name: str) -> bytes:
    """Raises NotFound for a picture that is not kept."""
    if not is_kept(name):
        raise NotFound("The picture itself is not kept here; its article says why, and leads to where it is.")
    with default_storage.open(name) as file:
        return bytes(file.read())


def discard(names: set[str]) -> None:
    """For pictures that may no longer be kept."""
    for name in names:
        default_storage.delete(name)
