"""Ages and durations: people's writing in, ISO 8601 and a number of days out.

Accepted: ISO ("P11Y6M", "P60Y/P69Y", "-P2Y"), words ("35 y", "35-year-old man", "3½ years", "eighteen months"), ranges
("2-3 weeks"), decades of age ("in his late sixties", "in the sixth decade"), comparators ("at least 12 years") and, where
signed, "2 years before".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from curation.codebook.spoken import ORDINALS, in_digits
from curation.codebook.text import Unfit

#: A year has 365.25 days and twelve equal months.
DAYS: Mapping[str, float] = {"Y": 365.25, "M": 30.4375, "W": 7.0, "D": 1.0, "H": 1 / 24}
YEAR = DAYS["Y"]

NAMES = {"Y": "year", "M": "month", "W": "week", "D": "day", "H": "hour"}
UNITS = {
    word: code
    for code, words in {
        "Y": "y yr yrs year years yo y/o",
        "M": "m mo mos month months",
        "W": "w wk wks week weeks",
        "D": "d day days",
        "H": "h hr hrs hour hours",
    }.items()
    for word in words.split()
}
ONE = ("a", "an")
TENS = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
DECADES = {word: 10 * n for n, word in enumerate(TENS, 2)} | {f"{word} decade": 10 * (n - 1) for word, n in ORDINALS.items()}
COMPARATORS = {
    ">=": ">=", "≥": ">=", "at least": ">=", ">": ">", "more than": ">", "over": ">",
    "<=": "<=", "≤": "<=", "at most": "<=", "up to": "<=", "<": "<", "less than": "<", "under": "<",
}  # fmt: skip

_NUMBER = r"\d{1,6}(?:\.\d{1,3})?"
_ISO = re.compile(
    rf"([+-]?)P(?:({_NUMBER})Y)?(?:({_NUMBER})M)?(?:({_NUMBER})W)?(?:({_NUMBER})D)?(?:T({_NUMBER})H)?", re.IGNORECASE
)
_COMPARATOR = re.compile(r"\s*(>=|<=|[<>≥≤]|(?:at least|at most|more than|less than|over|under|up to)\b)\s*", re.IGNORECASE)
_ABOUT = re.compile(r"(?:~|≈|about |approximately |approx\.? |around |ca\.? |circa )\s*")
_DECADE = re.compile(
    rf"(?:in )?(?:(?:his|her|their|the) )?(?:(early|mid|late)[ -])?({'|'.join(DECADES)}|[1-9]0['’]?s)(?: of life)?"
)
_LEAD = re.compile(r"(?:(?:aged?|at(?: (?:the )?age(?: of)?)?|for|within|during|a(?= \d)|(?:the )?(?:past|last)) )+")
_TAIL = re.compile(r"(?:[ -](?:old|of age|ago|history|duration))?(?: (?:man|woman|male|female|boy|girl|patient|child|infant))?$")
_COUNT = rf"(?:{_NUMBER}|{'|'.join(ONE)})"
_PART = re.compile(rf"({_COUNT})[\s-]*({'|'.join(sorted(UNITS, key=len, reverse=True))})(?![a-z])[\s,-]*(?:and\s+)?")
_RANGE = re.compile(rf"(?:between )?({_COUNT})\s*(?:-|–|to|and)\s*({_COUNT})[\s-]*([a-z/]+)")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time. ``low`` and ``high`` are in days; None is open. ``precision`` is empty where nothing was said of it.

    ``part`` of a decade (early, mid, late) narrows no bound: where it begins nobody agrees.
    """

    iso: str
    low: float | None
    high: float | None
    comparator: str = ""
    precision: str = ""
    part: str = ""


def split_comparator(text: str) -> tuple[str, str]:
    """("at least 12 years") -> (">=", "12 years")."""
    found = _COMPARATOR.match(text)
    return (COMPARATORS[found[1].lower()], text[found.end() :]) if found else ("", text)


def about(text: str) -> tuple[str, bool]:
    """("about 50") -> ("50", True)."""
    found = _ABOUT.match(text)
    return (text[found.end() :], True) if found else (text, False)


def bounded(comparator: str, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """What a comparator leaves of the bounds: "at least 12" has no upper one."""
    if comparator.startswith(">"):
        return low, None
    return (None, high) if comparator.startswith("<") else (low, high)


def read_age(text: str) -> Span:
    """A bare number is an age in years. Raises Unfit."""
    span = _read(text, bare="Y")
    if any(bound is not None and not 0 <= bound <= 130 * YEAR for bound in (span.low, span.high)):
        raise Unfit(f"“{text}” is not an age a person can have (0 to 130 years)")
    return span


def read_duration(text: str, *, signed: bool = False) -> Span:
    """Raises Unfit; a negative duration only where ``signed``."""
    span = _read(text)
    if not signed and span.iso.startswith("-"):
        raise Unfit(f"“{text}” is negative; a duration here runs from zero")
    if any(bound is not None and abs(bound) > 200 * YEAR for bound in (span.low, span.high)):
        raise Unfit(f"“{text}” is longer than 200 years")
    return span


def _read(text: str, *, bare: str = "") -> Span:
    comparator, rest = split_comparator(" ".join(text.replace("−", "-").split()).lower())
    rest, approximate = about(_LEAD.sub("", rest, count=1) if _LEAD.match(rest) else rest)
    span = _iso(rest) or _decade(rest, bare) or _words(in_digits(rest), bare)
    if span is None:
        raise Unfit(f"“{text[:60]}” cannot be read; write for instance “{'35 years' if bare else '2 weeks'}” or “P1Y6M”")
    low, high = bounded(comparator, span.low, span.high)
    return replace(
        span, low=low, high=high, comparator=comparator, precision=span.precision or ("approximate" if approximate else "")
    )


def _iso(text: str) -> Span | None:
    first, slash, last = text.partition("/")
    a, b = _iso_one(first), _iso_one(last) if slash else None
    if a is None or not slash:
        return a
    return _between(a, b, "range") if b else None


def _iso_one(text: str) -> Span | None:
    found = _ISO.fullmatch(text)
    if not found or not any(found.groups()[1:]):
        return None
    return _span(dict(zip("YMWDH", found.groups()[1:], strict=True)), negative=found[1] == "-")


def _decade(text: str, bare: str) -> Span | None:
    found = _DECADE.fullmatch(text) if bare else None
    if not found:
        return None
    start = DECADES[found[2]] if found[2] in DECADES else int(found[2][:2])
    return replace(_between(_span({"Y": str(start)}), _span({"Y": str(start + 9)}), "decade"), part=found[1] or "")


def _words(text: str, bare: str) -> Span | None:
    text, negative = _direction(_TAIL.sub("", text))
    if bare and re.fullmatch(_NUMBER, text):
        return _span({bare: text}, negative=negative)
    if (found := _RANGE.fullmatch(text)) and found[3] in UNITS:
        first, last = (_span({UNITS[found[3]]: _digits(n)}, negative=negative) for n in found.group(1, 2))
        return _between(*((last, first) if negative else (first, last)), precision="range")
    parts: dict[str, str | None] = {}
    position = 0
    while found := _PART.match(text, position):
        if UNITS[found[2]] in parts:
            return None
        parts[UNITS[found[2]]] = _digits(found[1])
        position = found.end()
    return _span(parts, negative=negative) if parts and position == len(text) else None


def _direction(text: str) -> tuple[str, bool]:
    for word, negative in ((" before", True), (" earlier", True), (" after", False), (" later", False)):
        if text.endswith(word):
            return text.removesuffix(word), negative
    return text.lstrip("+-"), text.startswith("-")


def _digits(word: str) -> str:
    return "1" if word in ONE else word


def _span(parts: Mapping[str, str | None], *, negative: bool = False) -> Span:
    amounts = {code: float(n) for code, n in parts.items() if n is not None}
    days = sum(n * DAYS[code] for code, n in amounts.items()) * (-1 if negative else 1) or 0.0
    if "W" in amounts and len(amounts) > 1:  # ISO 8601 lets weeks stand only alone
        amounts["D"] = amounts.get("D", 0) + 7 * amounts.pop("W")
    date = "".join(f"{amounts[c]:g}{c}" for c in "YMWD" if c in amounts)
    time = f"T{amounts['H']:g}H" if "H" in amounts else ""
    return Span(f"{'-' if negative and days else ''}P{date}{time}", days, days)


def _between(a: Span, b: Span, precision: str) -> Span:
    if (a.low or 0) > (b.high or 0):
        raise Unfit(f"“{a.iso}/{b.iso}” ends before it begins")
    return Span(f"{a.iso}/{b.iso}", a.low, b.high, precision=precision)


def bounds(iso: str) -> tuple[float, float] | None:
    """What a kept duration, age or range of them spans, in days: equal for P24M and P2Y. None for any other words."""
    span = _iso(iso)
    return None if span is None or span.low is None or span.high is None else (round(span.low, 4), round(span.high, 4))


def parts_of(iso: str) -> list[tuple[float, str]]:
    """("P11Y6M") -> [(11, "Y"), (6, "M")], for words; the sign is left to the caller."""
    found = _ISO.fullmatch(iso)
    return [(float(n), code) for n, code in zip(found.groups()[1:], "YMWDH", strict=True) if n] if found else []
