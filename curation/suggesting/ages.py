"""Ages and lengths of time as reports write them, as ISO 8601."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from curation.suggesting.numbers import WORDS, number, whole

_COUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(sorted(WORDS, key=len, reverse=True))})"
_UNITS = {"year": "Y", "yr": "Y", "month": "M", "mo": "M", "week": "W", "wk": "W", "day": "D"}
_SPAN = re.compile(
    rf"(?<!age of )(?<!aged )\b(?P<n>{_COUNT})(?:\s*(?:-|–|to"
    rf"|or)\s*(?P<m>{_COUNT}))?(?:\s+and\s+a\s+(?P<half>half))?[\s-]*(?P<u>year|yr|month"
    rf"|mo|week|wk|day)s?\b(?![\s-]*(?:old|of age))",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?P<n>\d{1,3})(?:[\s-]*(?P<u>years?|yrs?|y|months?|weeks?|days?))[\s-]*(?:/?o(?:ld)?\b|of\s+age\b)"
    r"|\baged?\s+(?P<a>\d{1,3})\b(?!\s*(?:mg|%|–|-\d))(?:\s*(?P<v>years?|months?))?",
    re.IGNORECASE,
)
#: In brackets: "(male, 49 years)", "(49/M)", "(F, 33)".
_BRACKETED = re.compile(
    r"[(\[]\s*(?:(?:male|female|man|woman|[MF])\s*[,;/]?\s*(?P<n>\d{1,3})\s*(?:years?|yrs?|y|y/o)?|(?P<m>\d{1,3})\s*(?:years?|yrs?|y)?\s*[,;/]?"
    r"\s*(?:male|female|man|woman|[MF]))\s*[)\],;]",
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
_YEARS_MONTHS = re.compile(
    r"\b(\d{1,2})[\s-]*years?[\s-]*(?:and[\s-]*)?(\d{1,2})[\s-]*months?[\s-]*(?:old\b|of\s+age\b)", re.IGNORECASE
)
_GENARIANS = {"quinqua": 50, "sexa": 60, "septua": 70, "octo": 80, "nona": 90}
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_GENARIAN = re.compile(rf"\b({'|'.join(_GENARIANS)})genarian\b", re.IGNORECASE)
_ORDINAL = re.compile(
    rf"\bin\s+(?:his|her|their|the)\s+(?P<o>{'|'.join(_ORDINALS)})\s+decade\b"
    rf"|\b(?P<s>[2-9]0|{'|'.join(w[:-3] + 'y' for w in _TENS)})-?something\b",
    re.IGNORECASE,
)
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
    for m in _YEARS_MONTHS.finditer(text):
        yield Span(m.start(), m.end(), f"P{int(m[1])}Y{int(m[2])}M", "Y", "")
    text = _YEARS_MONTHS.sub(lambda m: " " * len(m[0]), text)
    for m in _AGE.finditer(text):
        n, unit = m["n"] or m["a"], (m["u"] or m["v"] or "y")[0].upper()
        if int(n) <= 130:
            yield Span(m.start(), m.end(), f"P{int(n)}{unit}", unit, "")
    for m in _BRACKETED.finditer(text):
        yield Span(m.start() + 1, m.end() - 1, f"P{int(m['n'] or m['m'])}Y", "Y", "")
    for m in _DECADE.finditer(text):
        yield _decade(m, _TENS.get(m["d"].lower()) or int(m["d"][:2]))
    for m in _GENARIAN.finditer(text):
        yield _decade(m, _GENARIANS[m[1].lower()])
    for m in _ORDINAL.finditer(text):
        if m["o"]:
            yield _decade(m, 10 * (_ORDINALS.index(m["o"].lower()) + 1))
        else:
            yield _decade(m, int(m["s"]) if m["s"].isdigit() else _TENS[m["s"].lower()[:-1] + "ies"])


def _decade(m: re.Match[str], start: int) -> Span:
    return Span(m.start(), m.end(), f"P{start}Y/P{start + 9}Y", "Y", "decade")


def at_age(text: str) -> Iterator[Span]:
    """ "at the age of 40", "since age 23"."""
    for m in _AT_AGE.finditer(text):
        yield Span(m.start(), m.end(), f"P{int(m['n'] or m['m'] or m['k'])}Y", "Y")
