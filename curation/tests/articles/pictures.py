"""Small pictures drawn by the tests themselves."""

import io

from PIL import Image


def a_picture(kind: str = "PNG", *, size: tuple[int, int] = (60, 40), mode: str = "RGB", **saved: object) -> bytes:
    """Two halves, so that a picture that was turned can be told."""
    image = Image.new(mode, size)
    image.paste(Image.new(mode, (size[0] // 2, size[1]), 1 if mode in ("1", "P") else "white" if mode != "I;16" else 60_000))
    buffer = io.BytesIO()
    image.save(buffer, kind, **saved)
    return buffer.getvalue()
