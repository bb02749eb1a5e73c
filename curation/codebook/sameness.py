"""When two answers say the same, however each was written. Pure.

What ``values.check`` does when an answer is recorded is not done again: numbers stand in the feature's unit, choices in the
codebook's order, a term under its label. What it leaves as a person wrote it is made comparable here.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from curation.choices import Status
from curation.codebook import durations, units

#: Qualifiers that say how an answer was come by, and not what it is: two readers may differ in them and agree.
HOW_IT_WAS_READ = ("scope", "unit")
COME_BY = ("derived", "inferred")

Said = tuple[Any, ...]
#: Saying nothing and recording "not reported" are the same.
SILENCE: Said = (Status.NOT_REPORTED.value,)


class Answer(Protocol):
    """Whatever holds an answer as it is kept: an annotation, a finding, a decision, a Value."""

    @property
    def status(self) -> str: ...

    @property
    def value(self) -> Any: ...

    @property
    def qualifiers(self) -> Any: ...


def said(answer: Answer | None) -> Said:
    """Equal for answers that say the same, and for nothing else; it can be hashed, and written as JSON."""
    if answer is None or answer.status == Status.NOT_REPORTED:
        return SILENCE
    told = sorted((name, _plain(word)) for name, word in (answer.qualifiers or {}).items() if _tells(name, word))
    return str(answer.status), _plain(answer.value), tuple(told)


def same(one: Answer | None, other: Answer | None) -> bool:
    return said(one) == said(other)


def _tells(name: str, word: object) -> bool:
    return name not in HOW_IT_WAS_READ and not (name == "precision" and word in COME_BY)


def _plain(value: object) -> Any:
    """P24M as P2Y, 5.32 g as 5320 mg, a term by its identifier, several of a list in any order, words but for case and spaces."""
    if isinstance(value, str):
        return durations.bounds(value) or " ".join(value.split()).casefold()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(f"{value:.9g}")
    if isinstance(value, Mapping):
        return _of_parts(value)
    if isinstance(value, list | tuple):
        return tuple(sorted((_plain(each) for each in value), key=repr))
    return value


def _of_parts(value: Mapping[str, Any]) -> tuple[Any, ...]:
    if "id" in value:
        return ("term", str(value["id"]).upper())
    if "number" in value:
        return ("measured", _plain(value.get("name", "")), *units.plainly(value["number"], str(value.get("unit") or "")))
    return tuple(sorted((str(name), _plain(part)) for name, part in value.items()))
