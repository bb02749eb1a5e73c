"""Two patients of a reading become one: which answers move, which stay behind, where a person has to choose. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curation.choices import Status
from curation.codebook import sameness

KEPT, GONE = "kept", "gone"
Place = tuple[str, int]  # feature, instance


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. ``series`` names the features it shares its rows with; empty where the feature takes one answer."""

    key: int
    slug: str
    series: str
    instance: int
    status: str
    value: Any
    qualifiers: Mapping[str, Any]

    @property
    def is_silent(self) -> bool:
        return self.status == Status.NOT_REPORTED

    def agrees(self, other: "Said") -> bool:
        return sameness.same(self, other)


@dataclass(frozen=True, slots=True)
class Clash:
    """Both say something of one feature, and not the same."""

    slug: str
    kept: Said
    gone: Said


@dataclass(frozen=True, slots=True)
class Plan:
    """``to_kept``: answers that move, and to which instance; ``to_gone``: answers set aside with the patient who goes.
    ``agreeing``: pairs (stays, is set aside) that say the same, whose proofs come together."""

    to_kept: Mapping[int, int]
    to_gone: Mapping[int, int]
    agreeing: Sequence[tuple[int, int]]


def clashes(kept: Iterable[Said], gone: Iterable[Said]) -> list[Clash]:
    """In the order of ``kept``. Silence clashes with nothing, and rows of a series stand beside each other."""
    theirs = {said.slug: said for said in gone if not said.series}
    return [
        Clash(own.slug, own, other)
        for own in kept
        if not own.series and (other := theirs.get(own.slug)) and not (own.is_silent or other.is_silent or own.agrees(other))
    ]


def plan(kept: Sequence[Said], gone: Sequence[Said], choices: Mapping[str, str]) -> Plan:
    """``choices`` names for each clash (by feature) whose answer holds: ``kept`` or ``gone``."""
    own = {said.slug: said for said in kept if not said.series}
    to_kept: dict[int, int] = {}
    to_gone: dict[int, int] = {}
    agreeing: list[tuple[int, int]] = []
    for said in (each for each in gone if not each.series):
        mine = own.get(said.slug)
        if mine is None:
            to_kept[said.key] = said.instance
        elif mine.agrees(said):
            agreeing.append((mine.key, said.key))
        elif said.is_silent or (not mine.is_silent and choices.get(said.slug) != GONE):
            continue
        else:
            to_kept[said.key], to_gone[mine.key] = said.instance, mine.instance
    for series in sorted({said.series for said in gone if said.series}):
        _join([s for s in kept if s.series == series], [s for s in gone if s.series == series], to_kept, to_gone)
    return Plan(to_kept, to_gone, agreeing)


def _join(kept: Sequence[Said], gone: Sequence[Said], to_kept: dict[int, int], to_gone: dict[int, int]) -> None:
    """The rows of the one who goes come after those of the other; rows that only say "not reported" give way to others."""
    rows, more = _rows(kept), _rows(gone)
    said_here, said_there = _telling(rows), _telling(more)
    if said_there and not said_here:
        to_gone.update({said.key: max(more) + said.instance for said in kept})
        rows = {}
    coming = said_there if (said_there or rows) else list(more)
    last = max(rows, default=0)
    for n, instance in enumerate(coming, 1):
        to_kept.update({said.key: last + n if rows else instance for said in more[instance]})


def _rows(said: Sequence[Said]) -> dict[int, list[Said]]:
    rows: dict[int, list[Said]] = defaultdict(list)
    for each in sorted(said, key=lambda s: s.instance):
        rows[each.instance].append(each)
    return dict(rows)


def _telling(rows: Mapping[int, Sequence[Said]]) -> list[int]:
    return [instance for instance, row in rows.items() if not all(said.is_silent for said in row)]
