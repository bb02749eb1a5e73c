"""Ages and lengths of time as reports write them, as ISO 8601."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from curation.suggesting.numbers import WORDS, number, whole

_COUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(sorted(WORDS, key=len, reverse=True))})"
_UNITS = {"year": "Y", "yr": "Y", "month": "M", "mo": "M", "week": "W", "wk": "W", "day": "D"}
_SPAN = re.compile(
    rf"\b(?P<n>{_COUNT})(?:\s*(?:-|–|to|or)\s*(?P<m>{_COUNT}))?(?:\s+and\s+a\s+(?P<half>half))?[\s-]*(?P<u>year|yr|month"
    rf"|mo|week|wk|day)s?\b(?![\s-]*(?:old|of age))",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?P<n>\d{1,3})(?:[\s-]*(?P<u>years?|yrs?|y|months?|weeks?|days?))[\s-]*(?:/?o(?:ld)?\b|of\s+age\b)"
    r"|\baged?\s+(?P<a>\d{1,3})\b(?!\s*(?:mg|%|–|-\d))(?:\s*(?P<v>years?|months?))?",
    re.IGNORECASE,
)
_AT_AGE = re.compile(
    r"\b(?:at|since|from)\s+(?:the\s+|an\s+)?age(?:\s+of)?\s+(?P<n>\d{1,3})\b|\bwhen (?:he|she) was (?P<m>\d{1,3})\b"
    r"|\bat (?P<k>\d{1,3}) years of age\b",
    re.IGNORECASE,
)
_TENS = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}
_DECADE = re.compile(
    rf"\bin\s+(?:his|her|their|the)\s+(?:(?:early|mid|late)[\s-]+)?(?P<d>{'|'.join(_TENS)}|[2-9]0(?:['’]?s))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    iso: str
    unit: str
    precision: str = ""

    @property
    def count(self) -> float:
        found = re.search(r"[\d.]+", self.iso)
        return float(found[0]) if found else 0.0


def spans(text: str) -> Iterator[Span]:
    """Every length of time: "6-month", "two years", "2-3 weeks"."""
    for m in _SPAN.finditer(text):
        unit = _UNITS[m["u"].lower()]
        count = number(m["n"]) + (0.5 if m["half"] else 0)
        if m["m"]:
            yield Span(m.start(), m.end(), f"P{whole(count)}{unit}/P{whole(number(m['m']))}{unit}", unit, "range")
        else:
            yield Span(m.start(), m.end(), f"P{whole(count)}{unit}", unit)


def ages(text: str) -> Iterator[Span]:
    """Ages of somebody: "52-year-old", "aged 52", "in his sixties"."""
    for m in _AGE.finditer(text):
        n, unit = m["n"] or m["a"], (m["u"] or m["v"] or "y")[0].upper()
        if int(n) <= 130:
            yield Span(m.start(), m.end(), f"P{int(n)}{unit}", unit, "")
    for m in _DECADE.finditer(text):
        start = _TENS.get(m["d"].lower()) or int(m["d"][:2])
        yield Span(m.start(), m.end(), f"P{start}Y/P{start + 9}Y", "Y", "decade")


def at_age(text: str) -> Iterator[Span]:
    """ "at the age of 40", "since age 23"."""
    for m in _AT_AGE.finditer(text):
        yield Span(m.start(), m.end(), f"P{int(m['n'] or m['m'] or m['k'])}Y", "Y")
