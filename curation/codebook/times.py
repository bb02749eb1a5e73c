"""Points in time as reports give them: a date as far as it is known, an age, or the time since something.

"2021", "March 2021", "15 March 2021", "at age 35", "2 weeks after onset", "3 months before treatment", "at presentation".
"""

import re
from dataclasses import dataclass
from datetime import date

from curation.codebook import durations
from curation.codebook.text import Unfit

#: What a time may be counted from -> how papers call it. An age counts from birth.
ANCHORS = {
    "birth": "birth",
    "onset": r"(?:the )?(?:symptom |disease )?onset(?: of (?:the )?(?:symptoms?|disease|weakness))?|first symptoms?",
    "presentation": r"(?:the )?(?:first |initial )?(?:presentation|admission|visit)",
    "diagnosis": r"(?:the )?diagnosis",
    "treatment": (
        r"(?:the )?(?:start|initiation|beginning) of (?:the )?(?:treatment|therapy)"
        r"|(?:the )?(?:treatment|therapy)(?: (?:start|initiation))?"
    ),
}
NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {word: n for n, word in enumerate(re.findall(r"\w+", NAMES), 1)}

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
_WORDS = (
    re.compile(rf"(?:in )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?{_MONTH},? (?P<year>\d{{4}})"),
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})"),
)
_SLASHED = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}")
_AGE = re.compile(
    r"(?:at (?:(?:the )?age(?: of)? )?|aged? )(?=\d|(?:early|mid|late)[ -]\d|[a-z]+[- ]?(?:year|month))"
    r"|in (?:his|her|their) |.*\b(?:old|of age)$"
)
_ANCHOR = "|".join(f"(?P<{name}>{words})" for name, words in ANCHORS.items())
_SINCE = re.compile(rf"(?P<span>.+?) (?P<way>after|before|post|from|since|into|prior to|following|of) (?:{_ANCHOR})")
_AT = re.compile(rf"(?:at|on) (?:{_ANCHOR})")
_NTH = re.compile(r"(day|week|month|year) (\d{1,4})")


@dataclass(frozen=True, slots=True)
class Moment:
    """``iso``: a date (2021-03) or a length (P2W, -P1M).

    ``since``: one of ANCHORS, empty for dates and where nothing was said.
    """

    iso: str
    precision: str = ""
    since: str = ""
    comparator: str = ""


def read_time(text: str) -> Moment:
    """Raises Unfit."""
    line = " ".join(text.replace("−", "-").split())
    small = line.casefold()
    return _dated(line) or _dated_in_words(small) or _aged(small) or _since(small) or _length(small, text)


def _dated(line: str) -> Moment | None:
    found = _ISO.fullmatch(line)
    return _date(found[1], found[2], found[3]) if found else None


def _dated_in_words(small: str) -> Moment | None:
    if _SLASHED.fullmatch(small):
        raise Unfit(f"“{small}” may be read in two ways; write it as 2021-03-15")
    for pattern in _WORDS:
        if found := pattern.fullmatch(small):
            return _date(found["year"], str(MONTHS[found["month"]]), found["day"])
    return None


def _date(year: str, month: str | None, day: str | None) -> Moment:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise Unfit(f"“{'-'.join(filter(None, (year, month, day)))}” is not a date of the calendar") from None
    iso = "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])
    return Moment(iso, "day" if day else "month" if month else "year")


def _aged(small: str) -> Moment | None:
    if not _AGE.match(small):
        return None
    try:
        span = durations.read_age(small)
    except Unfit:
        return None
    return Moment(span.iso, span.precision, "birth", span.comparator)


def _since(small: str) -> Moment | None:
    if found := _AT.fullmatch(small):
        return Moment("P0D", "", _anchor(found))
    found = _SINCE.fullmatch(small)
    if not found:
        return None
    nth = _NTH.fullmatch(found["span"])
    way = "before" if found["way"] in ("before", "prior to") else "after"
    span = durations.read_duration(f"{f'{nth[2]} {nth[1]}s' if nth else found['span']} {way}", signed=True)
    return Moment(span.iso, span.precision, _anchor(found), span.comparator)


def _anchor(found: re.Match[str]) -> str:
    return next(name for name in ANCHORS if found[name])


def _length(small: str, text: str) -> Moment:
    try:
        span = durations.read_duration(small, signed=True)
    except Unfit:
        raise Unfit(
            f"“{text[:60]}” is no time: write a date (2021, March 2021, 2021-03-15), an age (at age 35) or a time since "
            "onset, presentation, diagnosis or treatment (2 weeks after onset)"
        ) from None
    return Moment(span.iso, span.precision, "", span.comparator)
