"""Which records a query means, however many PubMed shows at a time."""

from datetime import date

import pytest

from curation.articles import listing
from curation.articles.answers import MOST_LISTED, Found
from curation.articles.listing import Days
from curation.errors import Refusal

TODAY = date(2026, 11, 22)


class Shelf:
    """As many records a day as it is given; it shows no more than PubMed does, and can miscount the whole."""

    def __init__(self, days: dict[date, int], miscount: int = 0) -> None:
        self.records = [(day, n * 100_000 + k) for n, (day, number) in enumerate(days.items()) for k in range(number)]
        self.miscount = miscount
        self.asked: list[Days | None] = []

    def __call__(self, days: Days | None) -> Found:
        self.asked.append(days)
        found = [pmid for day, pmid in self.records if days is None or days.first <= day <= days.last]
        return Found(len(found) + (self.miscount if days is None else 0), tuple(found[:MOST_LISTED]))


def test_few_are_listed_at_once() -> None:
    shelf = Shelf({date(2020, 1, 1): 3})
    assert listing.every(shelf, today=TODAY) == ([0, 1, 2], "")
    assert shelf.asked == [None]


def test_as_many_as_one_search_shows_need_no_windows() -> None:
    shelf = Shelf({date(2020, 1, 1): MOST_LISTED})
    assert len(listing.every(shelf, today=TODAY).pmids) == MOST_LISTED
    assert shelf.asked == [None]


def test_more_are_listed_by_days_each_once() -> None:
    shelf = Shelf({date(1998, 5, 1): 6_000, date(2011, 3, 2): 9_000, date(2011, 3, 3): 9_999, TODAY: 7})
    listed = listing.every(shelf, today=TODAY)
    assert sorted(listed.pmids) == sorted(pmid for _, pmid in shelf.records)
    assert not listed.trouble


def test_a_count_that_the_windows_contradict_is_said() -> None:
    listed = listing.every(Shelf({date(1998, 5, 1): 6_000, date(2011, 3, 2): 9_000}, miscount=4), today=TODAY)
    assert (len(listed.pmids), "counted 15,004" in listed.trouble) == (15_000, True)


def test_more_than_a_day_shows_is_refused() -> None:
    with pytest.raises(Refusal, match="single day"):
        listing.every(Shelf({date(2020, 1, 1): MOST_LISTED + 1}), today=TODAY)


def test_more_than_an_import_takes_is_refused() -> None:
    with pytest.raises(Refusal, match="Narrow it"):
        listing.every(lambda days: Found(listing.MOST + 1, ()), today=TODAY)
