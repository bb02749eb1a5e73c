"""PubMed's dates: partial ones keep their words and say how precise they are."""

import re
from datetime import date
from functools import lru_cache

from curation.articles.records import PublishedDate
from curation.errors import Invalid

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
NUMBER_OF = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
FOUR_DIGITS = re.compile(r"1[4-9]\d\d|2[01]\d\d", re.ASCII)
TWO_DIGITS = re.compile(r"\d{1,2}", re.ASCII)
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|2[01]\d\d)(?!\d)(?:\s+([A-Z][a-z]{2})[a-z]*\b)?")


def year_of(text: str, where: str) -> int:
    """A year of four digits. Raises Invalid."""
    if not FOUR_DIGITS.fullmatch(text):
        raise Invalid(f"{where}: “{text[:40]}” is not a year.")
    return int(text)


def month_of(text: str, where: str) -> int:
    """A month as PubMed writes it: Nov, November, 11 or 06. Raises Invalid."""
    number = NUMBER_OF.get(text[:3].lower()) if text.isalpha() else _within(text, 12)
    if number is None:
        raise Invalid(f"{where}: “{text[:40]}” is not a month.")
    return number


def day_of(text: str, where: str) -> int:
    number = _within(text, 31)
    if number is None:
        raise Invalid(f"{where}: “{text[:40]}” is not a day.")
    return number


def _within(text: str, highest: int) -> int | None:
    return int(text) if TWO_DIGITS.fullmatch(text) and 1 <= int(text) <= highest else None


#: What PubDate's children are called, and here.
PARTS = (("year", "Year"), ("month", "Month"), ("day", "Day"), ("season", "Season"), ("medline", "MedlineDate"))


@lru_cache(maxsize=10_000)
def published(*, year: str, month: str, day: str, season: str, medline: str) -> PublishedDate:
    """A journal's date from the texts of PubDate's children, empty where missing. Raises Invalid."""
    if medline:
        return _medline(medline)
    if not year:
        return PublishedDate()
    number = year_of(year, "PubDate")
    if season or (month and not month.isdecimal() and month[:3].lower() not in NUMBER_OF):
        return PublishedDate(f"{year} {season or month}", number, precision="season")
    if not month:
        return PublishedDate(year, number, precision="year")
    if "-" in month:  # "Jan-Feb", now and then written where a season belongs
        return PublishedDate(f"{year} {month}", number, month_of(month.partition("-")[0], "PubDate"), precision="season")
    in_year = month_of(month, "PubDate")
    words = f"{year} {MONTHS[in_year - 1]}"
    if not day:
        return PublishedDate(words, number, in_year, precision="month")
    in_month = day_of(day, "PubDate")
    return PublishedDate(f"{words} {in_month}", number, in_year, in_month, "day")


def _medline(literal: str) -> PublishedDate:
    """A free text such as “1998 Dec-1999 Jan”, “1975-1976” or “2000 Spring”: its first year and month, if it begins so."""
    found = YEAR.search(literal)
    if found is None:
        return PublishedDate(literal, precision="medline")
    return PublishedDate(literal, int(found[1]), NUMBER_OF.get((found[2] or "").lower()), precision="medline")


def iso(year: str, month: str, day: str, where: str) -> str:
    """ISO 8601, as precise as the record is; empty where there is no year. Raises Invalid."""
    known = _known(year, month, day)
    return _spelt(year, month, day, where) if known is None else known


@lru_cache(maxsize=20_000)  # a file names the same days over and over
def _known(year: str, month: str, day: str) -> str | None:
    try:
        return _spelt(year, month, day, "")
    except Invalid:
        return None


def _spelt(year: str, month: str, day: str, where: str) -> str:
    if not year:
        return ""
    parts = [f"{year_of(year, where):04d}"]
    if month:
        parts.append(f"{month_of(month, where):02d}")
        if day:
            parts.append(f"{day_of(day, where):02d}")
    return "-".join(parts)


def whole(year: str, month: str, day: str, where: str) -> date | None:
    """A date of the calendar, None where the record gives none. Raises Invalid."""
    text = iso(year, month, day, where)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{where}: “{text}” is not a day of the calendar.") from error
