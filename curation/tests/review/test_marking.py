"""Quotes marked in their text: nothing is lost, every mark lies where it was put."""

from hypothesis import given
from hypothesis import strategies as st

from curation.review.marking import Span, context, runs

TEXT = "A 35-year-old male 🧬 presented."


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(st.text(min_size=1, max_size=40))
    starts = draw(st.lists(st.integers(0, len(text) - 1), max_size=5))
    return text, [Span(start, draw(st.integers(start + 1, len(text))), mark) for mark, start in enumerate(starts)]


@given(marked_texts())
def test_runs_hold_the_whole_text_and_every_mark(given: tuple[str, list[Span]]) -> None:
    text, spans = given
    cut = runs(text, spans)
    assert "".join(run.text for run in cut) == text
    for span in spans:
        assert "".join(run.text for run in cut if span.mark in run.marks) == text[span.start : span.end]
        assert sum(span.mark in run.opens for run in cut) == 1


def test_spans_may_overlap() -> None:
    cut = runs(TEXT, [Span(2, 13, 1), Span(5, 18, 2)])
    assert [(run.text, run.marks) for run in cut][:4] == [("A ", ()), ("35-", (1,)), ("year-old", (1, 2)), (" male", (2,))]


def test_an_empty_text_has_no_runs() -> None:
    assert runs("", []) == []


def test_context_is_cut_at_a_space() -> None:
    assert context(TEXT, 14, 18, around=8) == ("…", " 🧬…")
    assert context(TEXT, 14, 18, around=12) == ("…35-year-old ", " 🧬…")
    assert context(TEXT, 0, len(TEXT)) == ("", "")
