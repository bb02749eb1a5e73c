"""Slicing by what was noted gives what cutting gives, whatever is wrong with a file."""

import gzip
import io

import pytest

from curation.articles import places, reading
from curation.articles.cutting import Cut
from curation.errors import Invalid
from curation.tests.articles.test_cutting import a_set, record

LATIN = a_set(record(1, "<VernacularTitle>\xfcber</VernacularTitle>"), head=b'<?xml version="1.0" encoding="iso-8859-1"?>\n')
FILES = {
    "two records": a_set(record(1), record(2)),
    "a record without an end": a_set(record(1), record(2)[:-20], record(3)),
    "a record without a beginning": a_set(record(1), record(2)[20:], record(3)),
    "deletions": a_set(b"<DeleteCitation><PMID>7</PMID>\n<PMID>8</PMID></DeleteCitation>", b"<DeleteCitation>x</DeleteCitation>"),
    "cut off": a_set(record(1), record(2))[:-30],
    "an end of the set that is missing": a_set(record(1)).replace(b"</PubmedArticleSet>", b""),
    "long ones": a_set(*(record(n, f"<VernacularTitle>{'long ' * 90_000}</VernacularTitle>") for n in range(1, 4))),
    "letters of another encoding": LATIN.replace("\xfc".encode(), b"\xfc"),
    "nbib": b"\xef\xbb\xbfPMID- 1\nTI  - One.\n\nPMID- 2\nTI  - Two.\n",
    "ris": b"TY  - JOUR\nTI  - One.\nER  - \nTY  - JOUR\nTI  - Two.\n",
}


def noted(cuts: list[Cut]) -> list[places.Place]:
    return places.loaded(places.dumped([places.place(cut) for cut in cuts]))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("what", FILES)
def test_slicing_gives_what_cutting_gives(what: str, packed: bool) -> None:
    data = gzip.compress(FILES[what]) if packed else FILES[what]
    cuts = list(reading.records(io.BytesIO(data)))
    assert list(reading.records(io.BytesIO(data), noted(cuts))) == cuts


def test_real_records_are_the_same(samples: dict[str, bytes]) -> None:
    for data in samples.values():
        cuts = list(reading.records(io.BytesIO(data)))
        assert noted(cuts)
        assert list(reading.records(io.BytesIO(data), noted(cuts))) == cuts


@pytest.mark.parametrize("what", ["letters of another encoding", "nbib"])
def test_what_does_not_stand_in_the_file_as_it_was_cut_is_not_noted(what: str) -> None:
    assert noted(list(reading.records(io.BytesIO(FILES[what])))) == []


def test_a_file_that_became_shorter_is_refused() -> None:
    known = noted(list(reading.records(io.BytesIO(FILES["two records"]))))
    with pytest.raises(Invalid, match="shorter than it was"):
        list(reading.records(io.BytesIO(FILES["two records"][:-200]), known))
