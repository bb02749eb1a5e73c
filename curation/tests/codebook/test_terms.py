"""Terms found by what people type: names, synonyms, identifiers, with slips of the hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.codebook import terms
from curation.codebook.make_terms import table
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


NAMES = [name for _term, name, words in terms.book().names if len(words) <= terms.MOST_WORDS]


@given(st.sampled_from(NAMES))
def test_every_name_finds_its_term(name: str) -> None:
    named = {term.id for term, other, _words in terms.book().names if other.casefold() == name.casefold()}
    assert named & {hit.term.id for hit in search(name)}


@given(st.sampled_from(sorted(terms.book().named)))
def test_a_label_or_exact_synonym_names_its_term(name: str) -> None:
    found = terms.known(name.upper())
    assert found is not None
    assert name in {each.casefold() for each in found.names}


def test_a_wider_word_is_only_offered() -> None:
    assert terms.known("rash") is None
    assert search("rash")[0] == terms.Hit(terms.book().terms["HP:0000988"], "Rash")


def test_the_table_is_made_from_the_ontologys_own_file() -> None:
    made = table("""format-version: 1.2
data-version: hp/releases/2025-01-16

[Term]
id: HP:0000988
name: Skin rash
synonym: "Rash" BROAD []
synonym: "Eruption \\"of\\" skin" EXACT layperson []
synonym: "Old name" EXACT obsolete_synonym []

[Term]
id: HP:0000057
name: obsolete Clitoromegaly
is_obsolete: true
""")
    assert made["release"] == "hp/releases/2025-01-16"
    assert made["terms"] == [("HP:0000988", "Skin rash", ['Eruption "of" skin'], ["Rash"])]
    with pytest.raises(ValueError, match="data-version"):
        table("[Term]\nid: HP:0000001\nname: All\n")


@given(st.text(max_size=80))
def test_anything_may_be_typed(typed: str) -> None:
    assert len(search(typed)) <= terms.MOST
