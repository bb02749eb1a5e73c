"""Quote <-> place: what is found can be verified, equal quotes are kept apart, absent ones name the nearest wording."""

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curation.annotation.anchoring import CONTEXT, cut, find, place, search, sentences, verify
from curation.errors import Invalid

TEXT = (
    "A 35-year-old male presented with low back pain and left lower extremity weakness. Although his first "
    "left lower extremity weakness occurred 12 years ago, he did not receive a clear diagnosis."
)
SMALL = st.text(alphabet="ab 🧬é\n", max_size=60)


@given(text=SMALL, start=st.integers(0, 60), length=st.integers(1, 60))
def test_what_stands_in_the_text_is_verified_at_its_place(text: str, start: int, length: int) -> None:
    exact = text[start : start + length]
    assume(exact.strip())
    kept = verify(text, exact=exact, start=start)
    assert (kept.start, kept.end, kept.exact) == (start, start + len(exact), exact)
    assert text[kept.start : kept.end] == exact
    assert kept.prefix + kept.exact + kept.suffix in text
    assert kept in find(text, exact)


@given(text=SMALL, start=st.integers(0, 60), length=st.integers(1, 60))
def test_what_was_kept_is_found_again_by_its_context_or_said_to_be_ambiguous(text: str, start: int, length: int) -> None:
    exact = text[start : start + length]
    assume(exact.strip())
    kept = place(text, start, start + len(exact))
    alike = [p for p in find(text, exact) if p.prefix.endswith(kept.prefix) and p.suffix.startswith(kept.suffix)]
    try:
        assert verify(text, exact=exact, prefix=kept.prefix, suffix=kept.suffix) == kept
    except Invalid:
        assert len(alike) > 1


@given(text=st.text(max_size=80), quote=st.text(max_size=20))
def test_anything_at_all_is_found_or_refused(text: str, quote: str) -> None:
    with suppress(Invalid):
        assert verify(text, exact=quote).exact == quote
    assert all(text[p.start : p.end] == p.exact for p in search(text, quote))


def test_offsets_count_code_points() -> None:
    text = "𝛂-actinin 🧬 was normal; CK was raised."
    kept = verify(text, exact="CK was raised")
    assert text[kept.start : kept.end] == "CK was raised"
    assert kept.start == 24


def test_equal_quotes_are_kept_apart() -> None:
    quote = "left lower extremity weakness"
    first, second = find(TEXT, quote)
    assert verify(TEXT, exact=quote, start=second.start) == second
    assert verify(TEXT, exact=quote, prefix="his first ") == second
    assert verify(TEXT, exact=quote, suffix=". Although") == first
    with pytest.raises(Invalid, match="stand 2 times") as refused:
        verify(TEXT, exact=quote)
    assert f"at {first.start}" in refused.value.detail
    assert f"at {second.start}" in refused.value.detail
    with pytest.raises(Invalid, match="stand 2 times"):
        verify(TEXT, exact=quote, prefix="no such words")


def test_the_context_is_32_characters() -> None:
    kept = verify(TEXT, exact="12 years ago")
    assert len(kept.prefix) == len(kept.suffix) == CONTEXT == 32


def test_a_wrong_start_is_refused_and_the_right_one_named() -> None:
    with pytest.raises(Invalid, match="begin at character 3 but at 2 "):
        verify(TEXT, exact="35-year-old male", start=3)


def test_absent_words_name_the_nearest_wording() -> None:
    with pytest.raises(Invalid, match="nearest wording is “presented with low back pain”"):
        verify(TEXT, exact="presented with lower back pain")
    with pytest.raises(Invalid, match="choose words from the section"):
        verify(TEXT, exact="anti-SRP was positive")
    with pytest.raises(Invalid, match="it is empty"):
        verify("", exact="anything")


@pytest.mark.parametrize("quote", ["", "  \n", "x" * 5001])
def test_no_quote_at_all_and_one_too_long(quote: str) -> None:
    with pytest.raises(Invalid):
        verify(TEXT, exact=quote)


def test_a_typed_sentence_is_found_whatever_its_marks_and_given_in_the_texts_own_words() -> None:
    text = "The patient’s “CK”\nwas 5–10 times normal. The EMG was normal."
    (found,) = search(text, 'the patient\'s "ck" was   5-10 times')
    assert found.exact == "The patient’s “CK”\nwas 5–10 times"
    assert verify(text, exact=found.exact, start=found.start) == found


def test_loose_words_find_the_sentences_that_hold_them_all() -> None:
    found = search(TEXT, "diagnosis years")
    assert [p.exact for p in found] == [TEXT[83:]]
    assert search(TEXT, "left lower extremity weakness") == find(TEXT, "left lower extremity weakness")
    assert search(TEXT, "rituximab") == []
    assert search(TEXT, "   ") == []


def test_sentences_cover_the_text() -> None:
    assert [TEXT[a:b] for a, b in sentences(TEXT)] == [TEXT[:82], TEXT[83:]]


@given(text=SMALL, spans=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6))
def test_runs_joined_are_the_text_and_each_span_covers_its_words(text: str, spans: list[tuple[int, int]]) -> None:
    placed = [(start, min(start + length, len(text)), n) for n, (start, length) in enumerate(spans) if start < len(text)]
    runs = cut(text, placed)
    assert "".join(words for words, _ in runs) == text
    for start, end, n in placed:
        assert "".join(words for words, covering in runs if n in covering) == text[start:end]
