"""An article's two readings side by side: persons, and point by point what each reading says and what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from curation.choices import MergePolicy, Outcome, ReadingState
from curation.codebook.sameness import SILENCE, said
from curation.models import (
    Annotation,
    Article,
    CodebookVersion,
    Decision,
    Feature,
    Finding,
    Pairing,
    Patient,
    Project,
    Reading,
    ReadingNote,
    Ruling,
)
from curation.review.layout import Line, MarkedSection
from curation.review.settling import Place, Settled


class Stand(StrEnum):
    """Where a point stands. ``ALONE``: only one reading describes the patient. ``STALE``: decided, but the readings said
    something else then. ``OUT``: not asked, by what was decided of the feature it hangs on."""

    AGREED = "agreed"
    ALONE = "alone"
    OPEN = "open"
    STALE = "stale"
    SETTLED = "settled"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Person:
    """One patient of the article; ``of`` names who they are in each reading that describes them."""

    patient: Patient
    of: Mapping[int, Patient]
    pairing: Pairing | None = None

    @property
    def is_alone(self) -> bool:
        return len(self.of) == 1


@dataclass(frozen=True, slots=True)
class Voice:
    """What one reading says; nothing where ``line`` is None."""

    reading: Reading
    line: Line | None

    @property
    def answer(self) -> Annotation | None:
        return self.line.answer if self.line and isinstance(self.line.answer, Annotation) else None


@dataclass(frozen=True, slots=True)
class Point:
    """One feature of one person. ``decision`` is what holds now, ``before`` what an earlier ruling published and it changes.

    ``public`` is what is published of it; ``retracted`` what was, and nothing stands for: that is not published again unasked.
    """

    person: Person
    feature: Feature
    instance: int
    voices: Sequence[Voice]
    stand: Stand
    decision: Decision | None = None
    before: Decision | None = None
    public: Finding | None = None
    retracted: Finding | None = None
    notes: Sequence[ReadingNote] = ()
    is_asked: bool | None = True

    @property
    def place(self) -> Place:
        return self.person.patient.pk, self.feature.slug, self.instance

    @property
    def key(self) -> str:
        return "-".join(map(str, self.place))

    @property
    def is_open(self) -> bool:
        return self.stand in (Stand.OPEN, Stand.STALE)

    @property
    def is_at_issue(self) -> bool:
        """Whether readers differ, or a moderator decided; the rest is pre-filled."""
        return self.is_open or self.stand == Stand.SETTLED

    @property
    def may_take_back(self) -> bool:
        return self.decision is not None and self.decision.ruling_id is None

    @property
    def told(self) -> list[Annotation]:
        return [voice.answer for voice in self.voices if voice.answer]

    @property
    def shown(self) -> Line | None:
        """What both say, of a point on which they agree."""
        return next((voice.line for voice in self.voices if voice.line), None)

    @property
    def is_silent(self) -> bool:
        """Whether nobody says more than that nothing is reported."""
        return all(voice.line is None or voice.line.is_silent for voice in self.voices)

    def settled(self) -> Settled | None:
        """What is published of it; None where nothing is."""
        if self.stand == Stand.SETTLED and self.decision:
            return _decided(self, self.decision)
        if self.stand not in (Stand.AGREED, Stand.ALONE) or not self.told:
            return None
        first = self.told[0]
        sources = [each.pk for each in self.told]
        return Settled(self.person.patient, first.feature, self.instance, first, first.comment, sources)


def _decided(point: Point, decision: Decision) -> Settled | None:
    """From those who say what was decided; one that stays indeterminate comes from all of them."""
    if not decision.status:
        return None
    held = decision.outcome == Outcome.INDETERMINATE
    sources = [each.pk for each in point.told if held or said(each) == said(decision)]
    return Settled(point.person.patient, decision.feature, point.instance, decision, decision.comment, sources, decision)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything of one article that a moderator decides on. ``version`` rises with whatever is done to it or its readings.

    Until it ``is_paired`` there are no points; ``offered`` are the pairs proposed then, by patients' ids, and ``portraits`` what
    is told of each. ``rulings``: when it was published and taken up again, the latest first; ``public``: what is published now.
    """

    project: Project
    article: Article
    readings: Sequence[Reading]
    codebook: CodebookVersion
    version: int
    persons: Sequence[Person]
    is_paired: bool
    offered: Mapping[int, int] = field(default_factory=dict)
    unpaired: Mapping[int, Sequence[Patient]] = field(default_factory=dict)
    portraits: Mapping[int, str] = field(default_factory=dict)
    points: Sequence[Point] = ()
    sections: Sequence[MarkedSection] = ()
    notes: Sequence[ReadingNote] = ()
    public: Sequence[Finding] = ()
    rulings: Sequence[Ruling] = ()

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision; else it is published."""
        return all(reading.state == ReadingState.SUBMITTED for reading in self.readings)

    @property
    def at_issue(self) -> list[Point]:
        return [point for point in self.points if point.is_at_issue]

    @property
    def open_points(self) -> list[Point]:
        return [point for point in self.points if point.is_open]

    @property
    def settled(self) -> int:
        return len(self.at_issue) - len(self.open_points)

    @property
    def agreed(self) -> list[Point]:
        """Pre-filled, and asked whatever is decided elsewhere."""
        return [point for point in self.points if point.stand in (Stand.AGREED, Stand.ALONE) and point.is_asked]

    @property
    def may_publish_agreed(self) -> bool:
        return (
            self.is_open and self.is_paired and self.project.merge_policy == MergePolicy.AGREED_FIRST and bool(self.open_points)
        )

    @property
    def articles(self) -> list[Article]:
        return [self.article]

    @property
    def last_decided(self) -> Point | None:
        """What undo takes back."""
        decided = [(p.decision.decided_at, n, p) for n, p in enumerate(self.points) if p.decision and p.may_take_back]
        return max(decided)[2] if decided else None

    @property
    def reasons(self) -> list[str]:
        """Those given in this article so far, to be given again."""
        return list(dict.fromkeys(point.decision.reason for point in self.points if point.decision))

    def point(self, place: Place) -> Point | None:
        return next((point for point in self.points if point.place == place), None)


def stand(voices: Sequence[Voice], decision: Decision | None, basis: Mapping[str, object], *, is_due: bool) -> Stand:
    """``basis``: what the decision rests on, as each reading's answer; ``is_due``: asked, and answered by nobody."""
    now = {str(voice.reading.pk): said(voice.answer) for voice in voices}
    if decision and now == basis:
        return Stand.SETTLED
    if len(set(now.values())) == 1 and not (is_due and set(now.values()) == {SILENCE}):
        return Stand.ALONE if len(voices) == 1 else Stand.AGREED
    return Stand.STALE if decision else Stand.OPEN
