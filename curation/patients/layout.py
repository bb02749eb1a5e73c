"""A person's page: each report's side, and where the sides contradict each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from curation.choices import SameState, Status
from curation.models import Article, Patient, Reading, SamePatient
from curation.review.layout import Line, PatientLines

#: What one says and the other does not is no contradiction.
SILENT = (Status.NOT_REPORTED, Status.NOT_TESTED, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Side:
    """What one report says of the person."""

    patient: Patient
    articles: Sequence[Article]
    lines: PatientLines | None


class Contradiction(NamedTuple):
    """One feature of which the sides say different things: (side, what it says) each."""

    feature: str
    said: Sequence[tuple[Side, Sequence[Line]]]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """``words``: what the other report was searched by; ``candidates``: what that found."""

    patient: Patient
    sides: Sequence[Side]
    contradictions: Sequence[Contradiction]
    links: Sequence[SamePatient]
    candidates: Sequence[Patient]
    words: str
    is_member: bool
    is_moderator: bool

    @property
    def confirmed(self) -> list[SamePatient]:
        return [link for link in self.links if link.state == SameState.CONFIRMED]


def contradictions(sides: Sequence[Side]) -> list[Contradiction]:
    """By feature, in the order of the first side that tells of it. A series is compared as a whole."""
    told: dict[str, list[tuple[Side, list[Line]]]] = {}
    for side in sides:
        for slug, lines in _by_feature(side.lines.lines if side.lines else ()).items():
            told.setdefault(slug, []).append((side, lines))
    return [
        Contradiction(str(said[0][1][0].answer.feature), said)
        for said in told.values()
        if len({tuple((line.status, line.value) for line in lines) for _side, lines in said}) > 1
    ]


def _by_feature(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.answer.status not in SILENT:
            found.setdefault(line.answer.feature.slug, []).append(line)
    return found


class InWords(NamedTuple):
    """A clash as its page shows it."""

    slug: str
    label: str
    kept: str
    gone: str


@dataclass(frozen=True, slots=True)
class MergePage:
    """Two patients side by side before they become one. ``moving``: how many answers come over without a question."""

    reading: Reading
    kept: Patient
    gone: Patient
    clashes: Sequence[InWords]
    moving: int
