"""When readings agree, and what a ruling must say."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from curation.errors import Fault, Invalid

K = TypeVar("K", bound=Hashable)

LONGEST_NOTE = 5_000
#: Qualifiers that say how an answer was come by, and not what it is: two readers may differ in them and agree.
HOW_IT_WAS_READ = ("scope", "unit")
SILENCE: tuple[str, Any, dict[str, Any]] = ("not_reported", None, {})


class Answer(Protocol):
    status: str
    value: Any
    qualifiers: Any


def differences(readings: Sequence[Mapping[K, Answer]]) -> list[K]:
    """Where readings of the same article say different things, in the order in which they are first said.

    Equal is equal after normalisation, which ``codebook.rules.check`` did when each value was recorded. Saying nothing
    and recording "not reported" are the same.
    """
    places = dict.fromkeys(key for reading in readings for key in reading)
    return [key for key in places if any(_said(reading, key) != _said(readings[0], key) for reading in readings[1:])]


def _said(reading: Mapping[K, Answer], key: K) -> tuple[str, Any, Any]:
    answer = reading.get(key)
    if answer is None:
        return SILENCE
    told = {name: said for name, said in (answer.qualifiers or {}).items() if name not in HOW_IT_WAS_READ}
    return answer.status, answer.value, told


def check_words(words: str, *, field: str, refused: str) -> str:
    """A note or reason that somebody else will read: it has to say something."""
    words = words.strip()
    if not words:
        raise Invalid(refused, faults=[Fault(field, "say why, in a sentence")])
    if len(words) > LONGEST_NOTE or "\0" in words:
        raise Invalid(refused, faults=[Fault(field, f"at most {LONGEST_NOTE} characters of plain text")])
    return words
