"""A question with its faults marked where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from curation.cohorts.language import Mark
from curation.cohorts.queries import Asked


@dataclass(frozen=True, slots=True)
class Marked:
    """The words before a fault, at it and after it; ``ways``: words to put there instead, each with the question it makes."""

    before: str
    at: str
    after: str
    reason: str
    ways: Sequence[tuple[str, str]]


def marked_question(asked: Asked) -> list[Marked]:
    return [_marked(asked.text, mark) for mark in asked.marks]


def _marked(text: str, mark: Mark) -> Marked:
    before, at, after = text[: mark.start], text[mark.start : mark.end], text[mark.end :]
    return Marked(before, at, after, mark.reason, [(words, f"{before}{words}{after}") for words in mark.instead])
