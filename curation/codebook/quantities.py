"""A number as papers print it: with comparator, unit, reference range or multiple of the upper limit of normal.

"5,320 U/L (ref < 200)", "≥ 7200", "26.6 × ULN", "40 times the upper limit of normal", "5.32 kU/L (normal 30–200 U/L)".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from curation.codebook import units
from curation.codebook.durations import about, split_comparator
from curation.codebook.text import Unfit

_NUMBER = re.compile(r"([-+]?)(\d{1,3}(?:[, '’   ]\d{3})+(?!\d)|\d{1,15})(\.\d{1,10})?(?![\d.,])")
_PLAIN = r"[-+]?\d[\d, '’   ]*(?:\.\d+)?"
_LIMIT = r"(?:uln\b|upper (?:reference )?limits?(?: of (?:the )?(?:normal|reference)(?: range| interval)?)?)"
_TIMES = re.compile(rf"\s*(?:×|x|\*|times|-?\s?fold)\s*(?:above|over|of)?\s*(?:the\s+)?(?:{_LIMIT}|normal\b)", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\s*[(\[](?=\s*(?:[<≤]|\d[\d,.]*\s*[-–]))"
    rf"|[\s,;(\[]+(?:normal (?=upper)|the )?(?:reference|ref\b\.?|normal|norm\b\.?|nl\b|n(?=\s*[:<≤=])|{_LIMIT})"
    r"(?:\s+(?:range|interval|values?|limits?|levels?))?\s*[:=,]?\s*(?=[\d<≤>≥u])",
    re.IGNORECASE,
)
_UP_TO = re.compile(rf"(?:{_PLAIN}\s*[^\d\s–-]*\s*(?:-|–|to)\s*|(?:<=?|≤|up to|below|under|less than)\s*)?", re.IGNORECASE)
_TWO = re.compile(rf"(?:from\s+)?({_PLAIN})\s*([^\d\s(]*)\s*(?:to|→|->)\s*({_PLAIN})\s*(.*)", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|to\b)\s*\d")


@dataclass(frozen=True, slots=True)
class Quantity:
    """``unit`` as given, empty where none was; ``upper_limit`` in the feature's unit; ``times`` the multiple of it, stated.

    ``number`` is in the feature's unit, None where only the multiple is known.
    """

    number: float | None
    comparator: str = ""
    unit: str = ""
    upper_limit: float | None = None
    times: float | None = None
    precision: str = ""


def read_quantity(text: str, unit: Mapping[str, str] | None) -> Quantity:
    """Into the unit {ucum, label}, where there is one. Raises Unfit."""
    line = " ".join(text.replace("−", "-").split())
    if pair := points(line):
        raise Unfit(f"holds two values, {pair[0]} and {pair[1]}; give each an entry of its own")
    comparator, rest = split_comparator(line)
    rest, approximate = about(rest)
    precision = "approximate" if approximate else ""
    number, rest = take_number(rest, of=text)
    if _RANGE.match(rest):
        raise Unfit(f"“{text[:60]}” is a range; write its lower end with ≥ or its upper end with ≤, and the range as comment")
    if found := _TIMES.match(rest):
        _, limit = _reference(rest[found.end() :], unit, own="")
        known = None if limit is None else float(f"{number * limit:.12g}")
        return Quantity(known, comparator, "", limit, number, precision or ("derived" if limit else ""))
    given, limit = _reference(rest, unit, own=None)
    kept = units.convert(number, given, unit) if given and unit else number
    return Quantity(kept, comparator, given, limit, None, precision)


def take_number(text: str, *, of: str) -> tuple[float, str]:
    """The number that the text begins with, and what follows. Raises Unfit, which names ``of``."""
    found = _NUMBER.match(text)
    if not found:
        raise Unfit(f"“{of[:60]}” is not a number; write for instance 7200, 7,200 or 0.5")
    return float(found[1] + re.sub(r"\D", "", found[2]) + (found[3] or "")), text[found.end() :]


def points(text: str) -> tuple[str, str] | None:
    """("from 7,200 to 310 IU/L") -> ("7,200 IU/L", "310 IU/L"): two measurements that share a unit; None for anything else."""
    found = _TWO.fullmatch(text.strip())
    if not found or not re.match(r"\s*from\b|.*(?:→|->)", text, re.IGNORECASE):
        return None
    first, own, last, unit = (part.strip() for part in found.groups())
    return f"{first} {own or unit}".strip(), f"{last} {unit}".strip()


def _reference(rest: str, unit: Mapping[str, str] | None, own: str | None) -> tuple[str, float | None]:
    """What follows a number: its unit as given, and the upper end of the reference range in the feature's unit."""
    found = _REFERENCE.search(f" {rest}")
    given = (f" {rest}"[: found.start()] if found else rest).strip(" ,;([")
    if found is None:
        return given, None
    return given, _upper(f" {rest}"[found.end() :].strip(" )].;"), unit, given or own or "")


def _upper(text: str, unit: Mapping[str, str] | None, given: str) -> float:
    if text.startswith((">", "≥")):
        raise Unfit(f"“{text[:40]}” names no upper limit; write the reference range as < 200 or 30–200")
    start = _UP_TO.match(text)
    limit, rest = take_number(text[start.end() if start else 0 :].strip(), of=text)
    theirs = rest.strip(" )].;") or given
    kept = units.convert(limit, theirs, unit) if theirs and unit else limit
    if kept <= 0:
        raise Unfit(f"“{text[:40]}” is no upper limit: it must be more than nothing")
    return kept
