"""Pictures drawn anew: what comes out is a picture and nothing else; what is none, or too much, is refused."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from curation.articles import images
from curation.errors import Invalid
from curation.tests.articles.pictures import a_picture


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


@pytest.mark.parametrize(
    ("data", "ending", "mode"),
    [
        (a_picture("PNG"), "png", "RGB"),
        (a_picture("PNG", mode="RGBA"), "png", "RGBA"),
        (a_picture("PNG", mode="I;16"), "png", "L"),
        (a_picture("PNG", mode="1"), "png", "L"),
        (a_picture("JPEG"), "jpg", "RGB"),
        (a_picture("JPEG", mode="L"), "jpg", "L"),
        (a_picture("JPEG", mode="RGB", quality=30), "jpg", "RGB"),
        (a_picture("GIF"), "png", "RGB"),
        (a_picture("TIFF"), "png", "RGB"),
        (a_picture("WEBP"), "png", "RGB"),
    ],
)
def test_each_kind_is_drawn_anew(data: bytes, ending: str, mode: str) -> None:
    picture = images.prepared(data)
    drawn = opened(picture.body)
    assert (picture.ending, picture.width, picture.height) == (ending, 60, 40)
    assert (drawn.size, drawn.mode) == ((60, 40), mode)
    thumbnail = opened(picture.thumbnail)
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (60, 40))


def test_a_thumbnail_is_small() -> None:
    assert opened(images.prepared(a_picture("JPEG", size=(2000, 1000))).thumbnail).size == (480, 240)


def test_colours_for_print_become_colours_for_screens() -> None:
    buffer = io.BytesIO()
    Image.new("CMYK", (10, 10)).save(buffer, "JPEG")
    assert opened(images.prepared(buffer.getvalue()).body).mode == "RGB"


def test_metadata_are_dropped_and_what_lay_on_its_side_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x013B] = 6, "secret place", "Dr Who"
    picture = images.prepared(a_picture("JPEG", exif=exif, comment=b"hidden words"))
    assert (picture.width, picture.height) == (40, 60)
    assert not opened(picture.body).getexif()
    assert b"secret" not in picture.body
    assert b"hidden" not in picture.body


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "none of"),
        (b"%PDF-1.7", "none of"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?>\n<svg/>", "SVG"),
        (b"<!DOCTYPE html><html>", "page about something else"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (a_picture("PNG")[:-40], "damaged"),
        (a_picture("JPEG")[:300], "damaged"),
        (b"GIF89a" + a_picture("PNG"), "damaged"),
        (b"BM" + bytes(100), "none of"),
    ],
)
def test_what_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        images.prepared(data)


def a_bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 4_001), (50_000, 50_000), (2**31 - 1, 2**31 - 1)])
def test_a_large_picture_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match="more than 40 million are not kept"):
        images.prepared(a_bomb(*size))


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about the damage it finds
@settings(max_examples=150)
@given(
    st.sampled_from([a_picture(kind) for kind in ("PNG", "JPEG", "GIF", "TIFF", "WEBP")]),
    st.integers(4, 2000),
    st.binary(min_size=1, max_size=8),
)
def test_mutated_pictures_are_drawn_or_refused(data: bytes, at: int, piece: bytes) -> None:
    at %= len(data)
    try:
        picture = images.prepared(data[:at] + piece + data[at + len(piece) :])
    except Invalid:
        return
    assert opened(picture.body).size == (picture.width, picture.height)
