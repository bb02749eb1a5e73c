"""Answers laid out for reading: in words, with their quotes in context, beside the text they stand in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple, Self

from curation.choices import Status
from curation.codebook.rules import FeatureSpec, display, status_words
from curation.codebook.sameness import Answer
from curation.codebook.wording import scope_words
from curation.models import Annotation, Article, Figure, Finding, Patient, Reading, ReadingNote, Section
from curation.models.annotation import Proof
from curation.review.marking import Run, Span, context, runs
from curation.trail import Event


@dataclass(frozen=True, slots=True)
class Quote:
    """One piece of evidence with the words around it."""

    evidence: Proof
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one feature. ``published`` is what the public reads now, where that is something else."""

    answer: Annotation | Finding
    status: str
    value: str
    quotes: list[Quote]
    applies: bool = True
    published: str = ""

    @property
    def scope(self) -> str:
        """What "not reported" was said of: "in title, abstract"."""
        return scope_words(self.answer.qualifiers)

    @property
    def is_silent(self) -> bool:
        more = self.answer.comment or self.quotes or self.published or not self.applies
        return self.answer.status == Status.NOT_REPORTED and not more


class Lines(NamedTuple):
    """``silent`` are those that say no more than that nothing is reported: a page names them in one breath."""

    told: list[Line]
    silent: list[Line]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Self:
        lines = list(lines)
        return cls([line for line in lines if not line.is_silent], [line for line in lines if line.is_silent])


@dataclass(frozen=True, slots=True)
class MarkedSection:
    """``figures``: those that something of the evidence is drawn on, with the rectangles."""

    section: Section
    runs: list[Run]
    figures: list[tuple[Figure, list[Proof]]]


@dataclass(frozen=True, slots=True)
class PatientLines:
    """Lines arrive in the codebook's order, group by group."""

    patient: Patient
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        self.lines.append(line)

    def groups(self) -> list[tuple[str, Lines]]:
        return [(label, Lines.of(lines)) for label, lines in _grouped(self.lines)]

    def told(self) -> list[tuple[str, list[Line]]]:
        """The groups without their silent lines."""
        return _grouped(line for line in self.lines if line.answer.status != Status.NOT_REPORTED)

    def silent(self) -> list[Line]:
        return [line for line in self.lines if line.answer.status == Status.NOT_REPORTED]


@dataclass(frozen=True, slots=True)
class ReadingPage:
    reading: Reading
    patients: list[PatientLines]
    sections: list[MarkedSection]
    is_own: bool
    notes: list[ReadingNote] = field(default_factory=list)

    @property
    def open_notes(self) -> list[ReadingNote]:
        """Those of the last return, with the reader's answers."""
        return [note for note in self.notes if note.resolved_at is None]

    @property
    def earlier_notes(self) -> list[ReadingNote]:
        return [note for note in self.notes if note.resolved_at]

    @property
    def articles(self) -> list[Article]:
        return [self.reading.article]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """``readings`` are those it came from, overruled ones too; ``inputs`` are what a derived one was computed from; ``earlier``
    the others of its patient, feature and instance."""

    finding: Finding
    line: Line
    readings: Sequence[Reading]
    inputs: Lines
    sections: list[MarkedSection]
    earlier: list[Finding]
    story: list[Event]
    may_retract: bool
    may_propose: bool

    @property
    def articles(self) -> list[Article]:
        """What it was drawn from: the articles of its quotes and of its ruling."""
        drawn = {each.section.article_id: each.section.article for each in self.sections}
        if self.finding.ruling:
            drawn[self.finding.ruling.article_id] = self.finding.ruling.article
        return list(drawn.values())


def _grouped(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    return [(label, list(each)) for label, each in groupby(lines, key=lambda line: line.answer.feature.group.label)]


def line(
    spec: FeatureSpec,
    answer: Annotation | Finding,
    evidence: Iterable[Proof],
    *,
    applies: bool = True,
    published: Finding | None = None,
) -> Line:
    words = in_words(spec, answer)
    now = in_words(spec, published) if published else words
    return Line(
        answer=answer,
        status=words[0],
        value=words[1],
        quotes=[_quote(each) for each in evidence],
        applies=applies,
        published=" ".join(now).strip() if now != words else "",
    )


def in_words(spec: FeatureSpec, answer: Answer) -> tuple[str, str]:
    """The status and the value, as the codebook says them."""
    return status_words(spec, answer.status), display(spec, answer.value, answer.qualifiers)


def _quote(evidence: Proof) -> Quote:
    if evidence.start is None or evidence.end is None:
        return Quote(evidence, "", "")
    return Quote(evidence, *context(evidence.section.text, evidence.start, evidence.end))


def marked(
    sections: Iterable[Section], evidence: Iterable[Proof], figures: Iterable[tuple[int, Figure]] = ()
) -> list[MarkedSection]:
    """Each section with the evidence that points into it or onto its figures; a mark is the evidence's anchor. ``figures``: those
    to be shown anyway, each with the id of its caption's section."""
    spans: dict[int, list[Span]] = defaultdict(list)
    drawn: dict[int, dict[Figure, list[Proof]]] = defaultdict(dict)
    for caption, figure in figures:
        drawn[caption][figure] = []
    for each in evidence:
        if each.start is not None and each.end is not None:
            spans[each.section_id].append(Span(each.start, each.end, each.anchor))
        elif each.figure and each.figure.sha256 == each.picture_sha256:
            drawn[each.section_id].setdefault(each.figure, []).append(each)
    return [MarkedSection(s, runs(s.text, spans[s.pk]), list(drawn[s.pk].items())) for s in sections]
