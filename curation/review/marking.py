"""Quotes shown where they stand. Pure: a text and spans in it (code points) in, runs of text out."""

from collections.abc import Iterable
from dataclasses import dataclass

from curation.annotation.anchoring import cut

#: Code points shown on each side of a quote that is shown alone.
AROUND = 120


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the text and the marks that lie on it; ``opens`` are those that begin with it."""

    text: str
    marks: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


def runs(text: str, spans: Iterable[Span]) -> list[Run]:
    """The whole text, cut wherever a span begins or ends, so that spans may overlap."""
    ordered = sorted(spans, key=lambda span: (span.start, span.end, span.mark))
    begun: set[str] = set()
    found = []
    for piece, marks in cut(text, [(span.start, span.end, span.mark) for span in ordered]):
        found.append(Run(piece, tuple(marks), tuple(mark for mark in marks if mark not in begun)))
        begun.update(marks)
    return found


def context(text: str, start: int, end: int, around: int = AROUND) -> tuple[str, str]:
    """The words before and after a quote, cut at a space, with an ellipsis where more stands."""
    low, high = max(0, start - around), min(len(text), end + around)
    if low and text[low - 1] != " ":
        space = text.find(" ", low, start)
        low = start if space < 0 else space + 1
    if high < len(text) and text[high] != " ":
        high = max(text.rfind(" ", end, high), end)
    return ("…" if low else "") + text[low:start], text[end:high] + ("…" if high < len(text) else "")
