"""Pictures from elsewhere made safe to show: sniffed, bounded, drawn anew with nothing else in them. Knows no tables.

Pillow itself only warns, up to 179 Mpx: 17 kB of PNG took 703 MB. So the size is asked before anything is unpacked.
"""

import io
import struct
import zlib
from typing import NamedTuple

from PIL import Image, ImageFile, ImageOps

from curation.errors import Invalid

MOST_PIXELS = 40_000_000
THUMBNAIL = (480, 480)
#: How each kind begins; the name it came under says nothing.
BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
#: What damaged pictures make Pillow raise.
DAMAGE = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError, AttributeError, MemoryError),
    *(RuntimeError, struct.error, zlib.error, Image.DecompressionBombError),
)
WHITE = (255, 255, 255)
JPEG_QUALITY, THUMBNAIL_QUALITY = 92, 82

Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, refuses instead of warning, and is asked before unpacking
ImageFile.LOAD_TRUNCATED_IMAGES = False


class Picture(NamedTuple):
    """``ending`` (jpg, png) says how ``body`` is written; the thumbnail is always a JPEG. Sizes in pixels."""

    body: bytes
    ending: str
    width: int
    height: int
    thumbnail: bytes


def prepared(data: bytes) -> Picture:
    """The picture drawn anew, upright, without metadata; of an animation the first frame. Raises Invalid."""
    kind = sniffed(data)
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as found:
            width, height = found.size
            if width * height > MOST_PIXELS or width < 1 or height < 1:
                raise Invalid(
                    f"The picture has {width} × {height} points; more than {MOST_PIXELS // 1_000_000} million are not kept."
                )
            found.load()
            upright = _plain(ImageOps.exif_transpose(found))
    except DAMAGE as error:
        raise Invalid(f"The picture is damaged: it begins as {kind} and cannot be drawn.") from error
    is_photograph = kind == "JPEG"
    body = _written(upright, "JPEG", JPEG_QUALITY) if is_photograph else _written(upright, "PNG")
    small = upright.convert("RGB") if upright.mode != "RGBA" else _on_white(upright)
    small.thumbnail(THUMBNAIL, reducing_gap=3.0)
    return Picture(body, "jpg" if is_photograph else "png", *upright.size, _written(small, "JPEG", THUMBNAIL_QUALITY))


def sniffed(data: bytes) -> str:
    """PNG, JPEG, GIF, TIFF or WEBP, by its first bytes. Raises Invalid for everything else."""
    for beginning, kind in BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    head = data[:1000].lstrip().lower()
    if b"<svg" in head:
        raise Invalid("The picture is an SVG, a program that draws; those are not shown here.")
    if head.startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise Invalid("What came as a picture is a page about something else.")
    raise Invalid("What came as a picture is none of PNG, JPEG, GIF, TIFF, WebP.")


def _plain(image: Image.Image) -> Image.Image:
    """In grey, in colours, or in colours with transparency; a new picture that knows nothing of where it came from."""
    has_holes = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if image.mode.startswith("I") or image.mode == "F":  # 16 or 32 bits of grey
        low, high = image.convert("F").getextrema()
        spread = float(high) - float(low)  # type: ignore[arg-type]
        image = image.convert("F").point(lambda v: (v - float(low)) * (255 / spread if spread else 0)).convert("L")  # type: ignore[arg-type]
    mode = "RGBA" if has_holes else "L" if image.mode in ("1", "L") else "RGB"
    drawn = Image.new(mode, image.size)
    drawn.paste(image.convert(mode))
    return drawn


def _on_white(image: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", image.size, WHITE)
    sheet.paste(image, mask=image.getchannel("A"))
    return sheet


def _written(image: Image.Image, kind: str, quality: int = 0) -> bytes:
    buffer = io.BytesIO()
    if kind == "JPEG":
        image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    else:
        image.save(buffer, "PNG", optimize=False, compress_level=6)
    return buffer.getvalue()
