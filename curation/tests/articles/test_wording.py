"""How records are written in pages, with whatever they lack."""

from typing import Any

import pytest

from curation.articles import wording

PARK = {"last_name": "Park", "fore_name": "Sunha", "initials": "S", "affiliations": []}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (("Diagnostics (Basel)", "2021 Nov 8", "11", "11", "2064"), "Diagnostics (Basel). 2021 Nov 8;11(11):2064."),
        (("J Rare Dis.", "1998 Dec", "3", "", ""), "J Rare Dis. 1998 Dec;3."),
        (("J Rare Dis", "", "", "", "e12"), "J Rare Dis. e12."),
        (("", "2020", "", "", ""), "2020."),
        (("", "", "", "", ""), ""),
    ],
)
def test_the_journal_line(given: tuple[str, ...], line: str) -> None:
    names = ("journal", "date", "volume", "issue", "pages")
    assert wording.journal_line(**dict(zip(names, given, strict=True))) == line


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"year": 2021, "month": 11, "day": 8}, "2021 Nov 8"),
        ({"year": 2021, "month": 11, "day": None}, "2021 Nov"),
        ({"year": 2021, "month": None, "day": 8}, "2021"),
        ({"year": 1998, "month": 12, "day": None, "precision": "medline", "literal": "1998 Dec-1999 Jan"}, "1998 Dec-1999 Jan"),
        ({"year": None, "month": None, "day": None, "literal": "Spring"}, "Spring"),
        ({"year": None, "month": None, "day": None}, ""),
    ],
)
def test_dates_are_as_precise_as_the_record(given: dict[str, Any], words: str) -> None:
    assert wording.date_words(**given) == words


def test_a_list_cut_short_says_so() -> None:
    many = [{"last_name": name, "initials": "A"} for name in "ABCD"]
    assert wording.short_authors([PARK], complete=False) == "Park S, et al."
    assert wording.short_authors([PARK], complete=True) == "Park S"
    assert wording.short_authors(many, complete=True) == "A A, B A, C A, et al."
    assert wording.short_authors([], complete=False) == ""


def test_affiliations_are_numbered_once_each() -> None:
    seoul, busan = {"text": "Seoul"}, {"text": "Busan", "ror": "https://ror.org/00x0x0x00"}
    authors = [
        {**PARK, "affiliations": [seoul], "orcid": "0000-0001", "equal_contrib": True},
        {"collective_name": "The Group", "affiliations": [busan, seoul]},
    ]
    lines, affiliations = wording.bylines(authors)
    assert affiliations == [("Seoul", "", ""), ("Busan", "https://ror.org/00x0x0x00", "")]
    assert lines[0] == wording.Byline("Sunha Park", "0000-0001", (1,), True)
    assert lines[1] == wording.Byline("The Group", "", (2, 1), False)


def test_addresses_are_made_only_of_what_is_one() -> None:
    assert wording.doi_address('10.1/a<b>"c') == "https://doi.org/10.1/a%3Cb%3E%22c"
    assert wording.pmc_address(None) == ""
    assert wording.web_address("javascript:alert(1)") == ""
    assert wording.web_address("https://example.org/x") == "https://example.org/x"


def test_a_book_is_cited_as_a_book() -> None:
    book = {"title": "GeneReviews", "medium": "Internet", "publisher": "University of Washington", "place": "Seattle (WA)"}
    line = wording.book_line({**book, "editors": [PARK]}, date="1993")
    assert line == "Park S, editor. GeneReviews [Internet]. Seattle (WA): University of Washington; 1993."
    assert wording.book_line({"title": "A book."}, date="") == "A book."


@pytest.mark.parametrize(("code", "tag"), [("ger", "de"), ("eng", "en"), ("en", "en"), ("und", ""), ("", ""), ("mul", "")])
def test_languages_as_web_pages_name_them(code: str, tag: str) -> None:
    assert wording.language_tag(code) == tag
