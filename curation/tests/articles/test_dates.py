"""Dates: partial ones keep their words and say how precise they are."""

import pytest

from curation.articles import dates
from curation.articles.records import PublishedDate
from curation.errors import Invalid


def published(year: str = "", month: str = "", day: str = "", season: str = "", medline: str = "") -> PublishedDate:
    return dates.published(year=year, month=month, day=day, season=season, medline=medline)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"year": "2021", "month": "Nov", "day": "08"}, ("2021 Nov 8", 2021, 11, 8, "day")),
        ({"year": "2018", "month": "06"}, ("2018 Jun", 2018, 6, None, "month")),
        ({"year": "2018", "month": "June"}, ("2018 Jun", 2018, 6, None, "month")),
        ({"year": "2018"}, ("2018", 2018, None, None, "year")),
        ({"year": "1990", "season": "Spring"}, ("1990 Spring", 1990, None, None, "season")),
        ({"year": "1990", "season": "Jan-Mar"}, ("1990 Jan-Mar", 1990, None, None, "season")),
        ({"year": "1990", "month": "Jan-Feb"}, ("1990 Jan-Feb", 1990, 1, None, "season")),
        ({"medline": "1998 Dec-1999 Jan"}, ("1998 Dec-1999 Jan", 1998, 12, None, "medline")),
        ({"medline": "1975-1976"}, ("1975-1976", 1975, None, None, "medline")),
        ({"medline": "2000 Spring-Summer"}, ("2000 Spring-Summer", 2000, None, None, "medline")),
        ({"medline": "Fall 1999"}, ("Fall 1999", 1999, None, None, "medline")),
        ({"medline": "Winter"}, ("Winter", None, None, None, "medline")),
        ({}, ("", None, None, None, "")),
    ],
)
def test_published(given: dict[str, str], found: tuple[object, ...]) -> None:
    assert published(**given) == PublishedDate(*found)


@pytest.mark.parametrize("given", [{"year": "21"}, {"year": "2021", "month": "0"}, {"year": "2021", "month": "1", "day": "32"}])
def test_what_is_no_date_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="PubDate"):
        published(**given)


def test_iso_is_as_precise_as_the_record() -> None:
    assert [
        dates.iso(*ymd, where="x") for ymd in (("", "1", "1"), ("2020", "", ""), ("2020", "Feb", ""), ("2020", "2", "3"))
    ] == [
        "",
        "2020",
        "2020-02",
        "2020-02-03",
    ]
