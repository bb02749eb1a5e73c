"""When readings agree, and what a ruling must say."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from curation.codebook.sameness import Answer, said
from curation.errors import Fault, Invalid

K = TypeVar("K", bound=Hashable)

LONGEST_NOTE = 5_000


def differences(readings: Sequence[Mapping[K, Answer]]) -> list[K]:
    """Where readings of the same article say different things, in the order in which they are first said."""
    places = dict.fromkeys(key for reading in readings for key in reading)
    return [key for key in places if len({said(reading.get(key)) for reading in readings}) > 1]


def check_words(words: str, *, field: str, refused: str) -> str:
    """A note or reason that somebody else will read: it has to say something."""
    words = words.strip()
    if not words:
        raise Invalid(refused, faults=[Fault(field, "say why, in a sentence")])
    if len(words) > LONGEST_NOTE or "\0" in words:
        raise Invalid(refused, faults=[Fault(field, f"at most {LONGEST_NOTE} characters of plain text")])
    return words
