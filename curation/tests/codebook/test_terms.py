"""Terms found by what people type: names, synonyms, identifiers, with slips of the hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.codebook import terms
from curation.codebook.terms import search, slip


@pytest.mark.parametrize(
    ("typed", "label", "by"),
    [
        ("Low back pain", "Low back pain", ""),
        ("low back", "Low back pain", ""),
        ("lumbago", "Low back pain", "Lumbago"),
        ("HP:0003419", "Low back pain", ""),
        ("hp:3419", "Low back pain", ""),
        ("swallowing", "Dysphagia", "Swallowing difficulties"),
        ("dysphaiga", "Dysphagia", ""),
        ("muscl weaknes", "Muscle weakness", ""),
        ("weakness prox", "Proximal muscle weakness", ""),
        ("severe", "Severe", ""),
    ],
)
def test_the_best_comes_first(typed: str, label: str, by: str) -> None:
    best = search(typed)[0]
    assert (best.term.label, best.by) == (label, by)


@pytest.mark.parametrize("typed", ["", "  ", "xyzzy", "HP:9999999", "!!!", "\x00"])
def test_nothing_is_found_where_nothing_is_meant(typed: str) -> None:
    assert search(typed) == []


def test_each_term_comes_once_and_no_more_than_asked() -> None:
    found = [hit.term.id for hit in search("muscle", limit=5)]
    assert len(found) == len(set(found)) == 5


@pytest.mark.parametrize(
    ("typed", "word", "slips"),
    [("weaknes", "weakness", 0), ("waekness", "weakness", 1), ("musle", "muscle", 1), ("cat", "cut", None), ("rush", "rash", 1)],
)
def test_slips(typed: str, word: str, slips: int | None) -> None:
    assert (0 if word.startswith(typed) else slip(typed, word)) == slips


def test_the_table_says_where_it_comes_from() -> None:
    book = terms.book()
    assert book.release == "hp/releases/2025-01-16"
    assert "Human Phenotype Ontology" in book.source
    assert "free to use" in book.licence


@given(st.sampled_from([name for _term, name, _words in terms.book().names]))
def test_every_name_finds_its_term(name: str) -> None:
    named = {term.id for term, other, _words in terms.book().names if other.casefold() == name.casefold()}
    assert named & {hit.term.id for hit in search(name)}
    assert terms.known(name.upper()).id in named


@given(st.text(max_size=80))
def test_anything_may_be_typed(typed: str) -> None:
    assert len(search(typed)) <= terms.MOST
