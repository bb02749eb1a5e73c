"""The workspace as a curator sees it: the article with what was used of it, and the codebook with one patient's answers.

A fixed number of queries, whatever the article, the codebook and the record hold.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType

from curation.annotation import answers, article_pane, lacks, queries, rules
from curation.annotation.article_pane import MarkedSection
from curation.annotation.displaced.queries import LOST
from curation.annotation.notes.queries import notes_of
from curation.annotation.rules import Progress
from curation.annotation.series.layout import Series, series_in
from curation.choices import READING_OPEN, ReadingState, ReadPart, Tier
from curation.codebook import queries as codebook
from curation.codebook import terms as hpo
from curation.codebook.rules import FeatureSpec, display, status_words
from curation.codebook.wording import condition_words, parts_words, scope_words
from curation.errors import Fault
from curation.models import (
    Annotation,
    Evidence,
    Feature,
    FeatureGroup,
    Patient,
    Reading,
    ReadingNote,
)

#: How many colours tell groups apart; more groups share them in turn.
HUES = 10


@dataclass(frozen=True)
class Shown:
    """One answer with its evidence, in words. ``unread`` names what was read since it said "not reported"."""

    annotation: Annotation
    spec: FeatureSpec
    evidence: Sequence[Evidence]
    unread: str = ""

    @cached_property
    def status(self) -> str:
        return status_words(self.spec, self.annotation.status)

    @cached_property
    def words(self) -> str:
        return display(self.spec, self.annotation.value, self.annotation.qualifiers)

    @property
    def scope(self) -> str:
        """What "not reported" was said of: "in title, abstract"."""
        return scope_words(self.annotation.qualifiers)


@dataclass(frozen=True)
class Question:
    """One feature as the codebook has it. ``search_words``: label, slug, options, ontology labels, synonyms and ids."""

    feature: Feature
    spec: FeatureSpec
    condition: str
    hue: int
    search_words: str


@dataclass(frozen=True)
class Row:
    """What is recorded of one feature; ``asked`` as in ``rules.asked``, ``lacks`` what it needs before submit."""

    question: Question
    asked: bool | None
    answers: list[Shown]
    lacks: list[str]

    @property
    def feature(self) -> Feature:
        return self.question.feature

    @property
    def spec(self) -> FeatureSpec:
        return self.question.spec

    @property
    def condition(self) -> str:
        return self.question.condition

    @property
    def search_words(self) -> str:
        return self.question.search_words

    @property
    def is_core(self) -> bool:
        return self.spec.tier == Tier.CORE

    @property
    def is_set_aside(self) -> bool:
        """Answered once, but its condition no longer holds: kept here, left out when findings are published."""
        return self.asked is False and bool(self.answers)

    @property
    def is_visible(self) -> bool:
        """Conditional features appear when their condition holds, or when something was recorded of them."""
        return self.asked is True or bool(self.answers)

    @property
    def repeats(self) -> bool:
        return bool(self.spec.repeatable or self.spec.repeat_group)

    @property
    def in_series(self) -> bool:
        """Shown in a table with the features it shares its rows with."""
        return bool(self.spec.repeat_group)

    @property
    def next_instance(self) -> int:
        return max((shown.annotation.instance for shown in self.answers), default=0) + 1


@dataclass(frozen=True)
class Group:
    group: FeatureGroup
    hue: int
    rows: list[Row]
    progress: Progress
    rest: int  # how many features are asked and have no answer, or said "not reported" of less than is read now
    series: list[Series] = field(default_factory=list)

    @property
    def has_rest(self) -> bool:
        """Whether anything asked is still without an answer, or said "not reported" of less than is read now."""
        return self.rest > 0

    @property
    def core(self) -> list[Row]:
        """What stands open: core features, and whatever has an answer."""
        return [row for row in self.rows if row.is_core or row.answers]

    @property
    def more(self) -> list[Row]:
        return [row for row in self.rows if not (row.is_core or row.answers)]


@dataclass(frozen=True)
class Workspace:
    reading: Reading
    patients: list[Patient]
    patient: Patient | None
    sections: list[MarkedSection]
    groups: list[Group]
    missing: list[Fault]
    displaced: list[Evidence]
    may_write: bool
    notes: list[ReadingNote]

    @property
    def unsettled(self) -> list[Fault]:
        """Asked for where it is shown, which no save does."""
        return lacks.unsettled(self.reading)

    @property
    def progress(self) -> Progress:
        return Progress(sum(g.progress.done for g in self.groups), sum(g.progress.due for g in self.groups))

    @property
    def is_released(self) -> bool:
        return self.reading.state == ReadingState.RELEASED

    @property
    def is_returned(self) -> bool:
        return self.reading.state == ReadingState.RETURNED

    @property
    def scope(self) -> list[tuple[str, str, bool]]:
        """Each part with its label and whether it was read."""
        return [(value, str(label), value in self.reading.scope) for value, label in ReadPart.choices]

    @property
    def unread(self) -> str:
        """Parts of the article that are here and that the reading does not say were read; in words."""
        here = rules.parts_before_the_reader(marked.section.kind for marked in self.sections)
        return parts_words(part for part in here if part not in self.reading.scope)

    @property
    def scope_words(self) -> str:
        return ", ".join(label.lower() for _, label, was_read in self.scope if was_read)

    def row(self, slug: str) -> Row | None:
        return next((row for group in self.groups for row in group.rows if row.spec.slug == slug), None)

    def touched_by(self, slugs: Collection[str]) -> list[Group]:
        """What may look different once these features are answered anew: they, and whatever hangs on them, in their groups."""
        specs = {row.spec.slug: row.spec for group in self.groups for row in group.rows}
        touched = rules.hanging_on(specs, slugs)
        series = {specs[slug].repeat_group for slug in touched if slug in specs}
        groups = (
            replace(
                group,
                rows=[row for row in group.rows if row.spec.slug in touched],
                series=[each for each in group.series if each.slug in series],
            )
            for group in self.groups
        )
        return [group for group in groups if group.rows]


def workspace(
    user: object,
    reading: Reading,
    *,
    patient: int | None = None,
    sections: Collection[int] | None = None,
    features: Collection[str] | None = None,
) -> Workspace:
    """Of a reading that is open to the person; for the patient named, or the first. ``sections``: without the rest of the
    text; ``features``: without the evidence of answers to others than these, what hangs on them and their series."""
    patients = queries.patients_of(reading)
    chosen = next((p for p in patients if p.pk == patient), patients[0] if patients else None)
    questions = questions_of(reading.codebook_version_id)
    notes = list(notes_of(reading)) if reading.submitted_at else []  # nobody asks before it was handed in
    specs = {slug: question.spec for slug, question in questions.items()}
    annotations = answers.answers_of(reading, {q.feature.pk: q.feature for q in questions.values()}, patients)
    drawn = None if features is None else [questions[slug].feature.pk for slug in rules.drawn_with(specs, features)]
    text = queries.sections_for(reading, only=sections)
    whole = text if sections is None else ()
    proofs = answers.proofs_of(reading, features=drawn, sections=sections or (), text=whole) if annotations else {}
    said = {p.pk: answers.said([a for a in annotations if a.patient_id == p.pk], specs) for p in patients}
    return Workspace(
        reading=reading,
        patients=patients,
        patient=chosen,
        sections=article_pane.marked(
            text,
            annotations,
            proofs,
            {slug: (q.hue, q.spec.label) for slug, q in questions.items()},
            patients,
            chosen,
        ),
        groups=_groups(questions, said[chosen.pk], proofs, reading.scope) if chosen else [],
        missing=lacks.missing_of(reading, patients, {pk: each.gaps for pk, each in said.items()}, specs, notes),
        displaced=[e for a in annotations for e in proofs.get(a.pk, ()) if e.state in LOST],
        may_write=reading.curator == user and reading.state in READING_OPEN,
        notes=notes,
    )


@lru_cache(maxsize=32)
def questions_of(version_id: int) -> Mapping[str, Question]:
    """In the codebook's order. A version is frozen once loaded, so a process reads it once."""
    features = codebook.all_features([version_id])
    specs = codebook.specs_of(features)
    hues = {pk: n % HUES for n, pk in enumerate(dict.fromkeys(feature.group_id for feature in features))}
    return MappingProxyType({f.slug: _question(f, specs, hues[f.group_id]) for f in features})


def _question(feature: Feature, specs: Mapping[str, FeatureSpec], hue: int) -> Question:
    spec = specs[feature.slug]
    parent = specs.get(spec.shown_when["feature"]) if spec.shown_when else None
    entries = [e for many in feature.ontology.values() if isinstance(many, list) for e in many if isinstance(e, dict)]
    terms = [str(e.get(name) or "") for e in entries for name in ("id", "code", "name", "label")]
    named = [e for e in (*entries, *(e for option in feature.options.all() for e in option.hpo)) if e.get("id")]
    called = [*spec.option_labels.values(), *filter(None, terms), *hpo.synonyms_of(str(e["id"]) for e in named)]
    words = " ".join([spec.label, spec.slug.replace("_", " "), *dict.fromkeys(called)])
    return Question(feature, spec, condition_words(spec.shown_when, parent), hue, words.casefold())


def _groups(
    questions: Mapping[str, Question], said: answers.Said, proofs: Mapping[int, Sequence[Evidence]], scope: Sequence[str]
) -> list[Group]:
    """In the codebook's order; derived features are left out, as nobody types them."""
    specs = {slug: question.spec for slug, question in questions.items()}
    lacks: dict[str, list[str]] = defaultdict(list)
    for gap in said.gaps:
        lacks[gap.slug].append(gap.reason)
    shown: dict[str, list[Shown]] = defaultdict(list)
    for answer in said.answers:
        slug = answer.feature.slug
        unread = parts_words(rules.unread(scope, answer.status, answer.qualifiers))
        shown[slug].append(Shown(answer, specs[slug], proofs.get(answer.pk, ()), unread))
    rows: dict[FeatureGroup, list[Row]] = defaultdict(list)
    for slug, question in questions.items():
        if not question.spec.derived:
            rows[question.feature.group].append(Row(question, said.asked[slug], shown[slug], lacks[slug]))
    progress = rules.progress(specs, {slug: q.feature.group.slug for slug, q in questions.items()}, said.asked, said.gaps)
    return [_group(group, some, progress[group.slug]) for group, some in rows.items()]


def _group(group: FeatureGroup, rows: list[Row], progress: Progress) -> Group:
    rest = sum(row.asked is True and (not row.answers or any(shown.unread for shown in row.answers)) for row in rows)
    return Group(group, rows[0].question.hue, rows, progress, rest, series_in(rows, lambda row: not row.is_visible))
