"""Rectangles on figures, in percent of the picture, and how W3C media fragments write them. Pure."""

import math
import re
from collections.abc import Sequence

from curation.errors import Fault, Invalid

MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
#: Two decimals: a hundredth of a percent is less than a point of any picture that is kept here.
DECIMALS = 2
SIDES = ("x", "y", "width", "height")

_PERCENT = re.compile(r"xywh=percent:([^,]*),([^,]*),([^,]*),([^,]*)")


def rectangle(xywh: Sequence[object]) -> list[float]:
    """The four numbers, rounded. Raises Invalid for what is no rectangle or does not lie on the picture."""
    if len(xywh) != len(SIDES):
        raise _refused(f"takes four numbers: {', '.join(SIDES)}, in percent of the picture")
    x, y, w, h = (_number(name, given) for name, given in zip(SIDES, xywh, strict=True))
    if w <= 0 or h <= 0:
        raise _refused("has no size; draw it larger, so that width and height are more than 0")
    if x < 0 or y < 0 or round(x + w, DECIMALS) > 100 or round(y + h, DECIMALS) > 100:
        raise _refused(f"lies outside the figure: {in_words([x, y, w, h])}; keep it within 0 and 100 percent")
    return [x, y, w, h]


def _number(name: str, given: object) -> float:
    """A finite number, or what a person typed for one, with a point or a comma."""
    if isinstance(given, str):
        given = _typed(given)
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise _refused(f"needs a number for its {name}, in percent of the picture")
    return round(float(given), DECIMALS)


def _typed(words: str) -> float | None:
    plain = words.strip().removesuffix("%").strip().replace(",", ".")
    return float(plain) if re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", plain) else None


def in_words(region: Sequence[float]) -> str:
    x, y, w, h = (f"{side:g}" for side in region)
    return f"{w} × {h} % at {x}, {y}"


def fragment(region: Sequence[float]) -> str:
    """As a media fragment: ``xywh=percent:10,20,30,40``."""
    return f"xywh=percent:{','.join(f'{side:g}' for side in region)}"


def of_fragment(words: str) -> list[str]:
    """The four numbers of a media fragment, not looked at yet. Raises Invalid for another fragment than percents."""
    found = _PERCENT.fullmatch(words.strip().removeprefix("#"))
    if found is None:
        raise _refused("must be written xywh=percent:x,y,w,h")
    return list(found.groups())


def _refused(reason: str) -> Invalid:
    return Invalid(f"The place on the figure was not kept: it {reason}.", faults=[Fault("region", reason)])
