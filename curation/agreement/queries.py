"""Ratings of a project's pairs of readings, and reports over them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations

from curation.agreement.shape import NAMES, Coefficient, Coefficients, Unit
from curation.articles.related import cautions_of
from curation.choices import ReadingState, Status
from curation.codebook.queries import spec
from curation.codebook.sameness import said
from curation.models import Annotation, Article, Feature, Patient, Project, Reading, User
from curation.permissions import require_moderator
from curation.review.layout import in_words
from curation.review.queries import applicable_answers, place

HANDED_IN = (ReadingState.SUBMITTED, ReadingState.ACCEPTED)
Place = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Rating:
    """What two readers said of one patient and feature; None where one of them gave no answer, and then it is no unit."""

    article: Article
    patient: Patient
    feature: Feature
    readers: tuple[User, User]
    first: Annotation | None
    second: Annotation | None
    unit: Unit | None

    @property
    def is_missing(self) -> bool:
        return self.unit is None

    @property
    def differs(self) -> bool:
        return self.unit is not None and self.unit.first != self.unit.second

    @property
    def pair(self) -> str:
        return "-".join(str(reader.pk) for reader in self.readers)

    @property
    def sides(self) -> list[tuple[User, str, Annotation | None]]:
        """Each reader with the answer, as the codebook says it and as it is; neither where there is none."""
        answers = (self.first, self.second)
        return [(reader, _words(answer), answer) for reader, answer in zip(self.readers, answers, strict=True)]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: a feature, a group, a pair of readers, or the whole.

    ``units`` both readers answered, ``missing`` only one of them; ``present`` is how many of the ratings of these units say
    “present”: a coefficient means little without it.
    """

    key: str
    label: str
    units: int
    missing: int
    differing: int
    present: int
    coefficients: Coefficients

    @property
    def listed(self) -> list[Coefficient]:
        return [self.coefficients[name] for name in NAMES]

    @property
    def prevalence(self) -> float | None:
        return self.present / (2 * self.units) if self.units else None


@dataclass(frozen=True, slots=True)
class Report:
    """``questioned``: those of the articles that were retracted, corrected or called in doubt since."""

    project: Project
    articles: int
    questioned: Sequence[Article]
    readers: Sequence[User]
    whole: Row
    groups: Sequence[Row]
    features: Sequence[Row]
    pairs: Sequence[Row]

    @property
    def whole_rows(self) -> Sequence[Row]:
        return [self.whole]


def report(user: User, project: Project) -> Report:
    """For its moderators. An article counts once both readers handed it in, and not while the moderator reads it too."""
    found = ratings(user, project)
    articles = {each.article.pk: each.article for each in found}
    told = {notice.article_id for notice in cautions_of(articles.values())}
    rows = _rows(project, found)
    return Report(
        project=project,
        articles=len(articles),
        questioned=[each for pk, each in articles.items() if pk in told or each.is_retracted],
        readers=sorted({reader for each in found for reader in each.readers}, key=str),
        whole=rows["whole"][0],
        groups=rows["group"],
        features=rows["feature"],
        pairs=rows["pair"],
    )


def disagreements(user: User, project: Project, *, feature: str = "", group: str = "", pair: str = "") -> list[Rating]:
    """Behind a number: where the two said different things, or only one of them something."""
    return [
        each
        for each in ratings(user, project)
        if feature in ("", each.feature.slug)
        and group in ("", each.feature.group.slug)
        and pair in ("", each.pair)
        and (each.differs or each.is_missing)
    ]


def ratings(user: User, project: Project) -> list[Rating]:
    """In the codebook's order. Of a series of measurements, entries are compared in their order."""
    require_moderator(user, project)
    rows = Reading.objects.visible_to(user).filter(project=project, state__in=HANDED_IN)
    by_article: dict[int, list[Reading]] = defaultdict(list)
    for reading in rows.select_related("article", "curator", "codebook_version__codebook").order_by("curator", "pk"):
        by_article[reading.article_id].append(reading)
    found = [
        rating for readings in by_article.values() for one, other in combinations(readings, 2) for rating in _compared(one, other)
    ]
    return sorted(found, key=lambda each: (each.feature.position, each.article.pk, each.patient.pk))


def _compared(one: Reading, other: Reading) -> Iterable[Rating]:
    said, as_well = ({place(answer): answer for answer in applicable_answers(reading)} for reading in (one, other))
    for key in dict.fromkeys((*said, *as_well)):
        first, second = said.get(key), as_well.get(key)
        shown = first or second
        if shown is None:
            continue
        unit = Unit(one.article_id, shown.feature.slug, category(first), category(second)) if first and second else None
        yield Rating(one.article, shown.patient, shown.feature, (one.curator, other.curator), first, second, unit)


def category(answer: Annotation) -> str:
    """What it says in a word that equal answers share, as adjudication takes them for equal."""
    return json.dumps(said(answer))


def _words(answer: Annotation | None) -> str:
    return " ".join(in_words(spec(answer.feature), answer)).strip() if answer else ""


def _rows(project: Project, found: Sequence[Rating]) -> dict[str, list[Row]]:
    """The rows of each level, in the order of their first ratings."""
    split: dict[tuple[str, str], list[Rating]] = {("whole", ""): list(found)}
    labels = {("whole", ""): str(project)}
    for each in found:
        for row, label in _rows_of(each):
            split.setdefault(row, []).append(each)
            labels.setdefault(row, label)
    coefficients = _agreement({row: [each.unit for each in theirs if each.unit] for row, theirs in split.items()})
    rows: dict[str, list[Row]] = defaultdict(list)
    for row, theirs in split.items():
        rows[row[0]].append(_row(row[1], labels[row], theirs, coefficients[row]))
    return rows


def _rows_of(each: Rating) -> Iterable[tuple[tuple[str, str], str]]:
    """Beside the whole; the level and key of each, and its label."""
    feature = each.feature
    yield ("group", feature.group.slug), feature.group.label
    yield ("feature", feature.slug), feature.label
    yield ("pair", each.pair), " · ".join(str(reader) for reader in each.readers)


def _agreement(rows: Mapping[tuple[str, str], Sequence[Unit]]) -> Mapping[tuple[str, str], Coefficients]:
    """By libraries that the first report of a process loads: no other page, command or task should pay for them (decision 21)."""
    if not any(rows.values()):
        return {row: dict.fromkeys(NAMES, Coefficient(None)) for row in rows}
    computed: Mapping[tuple[str, str], Coefficients] = import_module("curation.agreement.intervals").agreement(rows)
    return computed


def _row(key: str, label: str, found: Sequence[Rating], coefficients: Coefficients) -> Row:
    both = [each for each in found if not each.is_missing]
    said = Counter(answer.status for each in both for answer in (each.first, each.second) if answer)
    return Row(
        key=key,
        label=label,
        units=len(both),
        missing=len(found) - len(both),
        differing=sum(each.differs for each in both),
        present=said[Status.PRESENT],
        coefficients=coefficients,
    )
