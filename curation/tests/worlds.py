"""States of the site, each reached through the actions by which people reach it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from django.db.models import Model

from curation.annotation import actions as annotation
from curation.annotation.notes.actions import NoteOn
from curation.choices import Role, Scope, Status
from curation.codebook.actions import load_codebook
from curation.models import (
    Annotation,
    Article,
    CodebookVersion,
    Finding,
    Notice,
    Project,
    Reading,
    ReadingNote,
    Ruling,
    Screening,
    Section,
    User,
)
from curation.people import actions as people
from curation.review import actions as review
from curation.screening import actions as screening
from curation.tests.records import a_record, taken_in

PASSWORD = "a long enough secret"
SMALL_CODEBOOK = Path(__file__).parent / "small_codebook.yaml"

TITLE = "Asymmetric weakness in necrotizing myopathy."
ABSTRACT = (
    "A 35-year-old male presented with low back pain and left lower extremity weakness. Although his first left lower "
    "extremity weakness occurred 12 years ago, he did not receive a clear diagnosis. Creatine kinase was 5,320 U/L. "
    "Muscle 🧬 biopsy showed scattered necrosis."
)


@dataclass(frozen=True)
class People:
    """``curator`` and ``curator2``, ``moderator`` and ``moderator2`` belong to ``PROJECT``; ``outsider`` curates elsewhere."""

    administrator: User
    curator: User
    curator2: User
    moderator: User
    moderator2: User
    stranger: User
    outsider: User


MEMBERS = {"curator": Role.CURATOR, "curator2": Role.CURATOR, "moderator": Role.MODERATOR, "moderator2": Role.MODERATOR}


def some_people() -> People:
    """The administrator is made as ``createsuperuser`` makes one; the others by the administrator."""
    administrator = User.objects.create_superuser("administrator", password=PASSWORD)
    names = ("curator", "curator2", "moderator", "moderator2", "stranger", "outsider")
    made = {
        name: people.create_person(username=name, name=f"The {name}", email="", password=PASSWORD, by=administrator)
        for name in names
    }
    return People(administrator, **made)


def token_of(person: User, *scopes: str) -> str:
    """The Authorization header of a program that acts for the person, in every scope where none is named."""
    _, secret = people.issue_token(name="a program", scopes=scopes or Scope.values, by=person)
    return f"Bearer {secret}"


def small_codebook(by: User) -> CodebookVersion:
    """Few features, one of every kind; ``seeds/`` holds the real one."""
    return load_codebook(text=SMALL_CODEBOOK.read_text(), by=by)


def a_project(
    who: People, codebook: CodebookVersion, *, slug: str = "imnm", is_public: bool = True, readers_required: int = 1
) -> Project:
    project = people.create_project(
        slug=slug,
        title=slug.title(),
        question="How many are asymmetric?",
        codebook_version=codebook,
        is_public=is_public,
        readers_required=readers_required,
        by=who.administrator,
    )
    for name, role in MEMBERS.items():
        people.set_membership(project=project, user=getattr(who, name), role=role, by=who.administrator)
    return project


def an_article(pmid: int = 34829411, *, pmcid: str = "") -> Article:
    """A record as PubMed sends it, taken in as the importer takes it."""
    (article,) = taken_in(a_record(pmid, title=TITLE, abstract=ABSTRACT, journal="Diagnostics (Basel)", pmcid=pmcid))
    return article


def to_screen(project: Project, article: Article, by: User) -> Screening:
    screening.enter(project=project, article_ids=[article.pk], by=by)
    return Screening.objects.get(project=project, article=article)


def included(project: Project, article: Article, by: User) -> Screening:
    entered = to_screen(project, article, by)
    return screening.include(screening_id=entered.pk, version=entered.version, patients_described=1, by=by)


def set_up(project: Project, by: User, **changed: Any) -> Project:
    """The project with these of its settings changed."""
    kept = fresh(project)
    screens = ("criteria", "exclusion_reasons", "words_of_interest", "screeners_required")
    reads = ("reading_order", "reading_seed", "screener_may_read", "most_open", "abandoned_after")
    settings = {name: getattr(kept, name) for name in (*screens, *reads)}
    return screening.set_up(project_id=kept.pk, version=kept.version, by=by, **settings | changed)


def with_two_screeners(project: Project, by: User) -> Project:
    return set_up(project, by, screeners_required=2)


def in_conflict(project: Project, article: Article, for_it: User, against: User) -> Screening:
    """In a project of two screeners, who said the opposite."""
    entered = to_screen(project, article, for_it)
    screening.include(screening_id=entered.pk, version=entered.version, by=for_it)
    screening.exclude(screening_id=entered.pk, version=entered.version, reason="Not a case report", by=against)
    return fresh(entered)


# --- readings ---------------------------------------------------------------------------------------------------------

#: What the small codebook asks first, as the abstract answers it: feature, status, value, words that say so.
ANSWERS: tuple[tuple[str, str, object, str], ...] = (
    ("sex", Status.PRESENT, "male", "A 35-year-old male presented"),
    ("age", Status.PRESENT, "P35Y", "35-year-old"),
    ("weakness", Status.PRESENT, None, "left lower extremity weakness. Although"),
    ("symmetry", Status.PRESENT, "asymmetric", "left lower extremity weakness. Although"),
    ("ck", Status.PRESENT, 5320, "Creatine kinase was 5,320 U/L"),
)


def started(project: Project, article: Article, by: User) -> Reading:
    reading = annotation.start_reading(project=project, article=article, by=by)
    annotation.add_patient(reading_id=reading.pk, label="Patient 1", by=by)
    return reading


def answered(reading: Reading, slug: str, status: str, value: object = None, words: str = "") -> Annotation:
    """One answer of the reading's own curator, with the words of the abstract that say so."""
    abstract = Section.objects.current().get(article=reading.article, key="abstract")
    return annotation.record(
        reading_id=reading.pk,
        patient_id=reading.patients.get().pk,
        feature_slug=slug,
        status=status,
        value=value,
        quotes=[annotation.Quote(section_id=abstract.pk, exact=words)] if words else [],
        by=reading.curator,
    )


def complete(project: Project, article: Article, by: User) -> Reading:
    """Every core feature answered, and one silence recorded; ready to be submitted."""
    return filled(started(project, article, by))


def filled(reading: Reading) -> Reading:
    for slug, status, value, words in ANSWERS:
        answered(reading, slug, status, value, words)
    answered(reading, "regions", Status.NOT_REPORTED)
    return fresh(reading)


def submitted(project: Project, article: Article, by: User) -> Reading:
    reading = complete(project, article, by)
    return annotation.submit(reading_id=reading.pk, version=reading.version, by=by)


def read_twice(
    project: Project, article: Article, one: User, other: User, *, differing: Mapping[str, object] = MappingProxyType({})
) -> tuple[Reading, Reading]:
    """Submitted by two, of whom the second gives these values instead of those of ``ANSWERS``."""
    first, second = started(project, article, one), started(project, article, other)
    first, second = annotation.submit(reading_id=first.pk, version=filled(first).version, by=one), filled(second)
    for slug, value in differing.items():
        changed(second, slug, value=value)
    second = fresh(second)
    return first, annotation.submit(reading_id=second.pk, version=second.version, by=other)


def changed(reading: Reading, slug: str, *, status: str = Status.PRESENT, value: object = None) -> Annotation:
    """Another answer of the reading's own curator, its evidence as it was."""
    was = reading.annotations.get(feature__slug=slug)
    return annotation.change(annotation_id=was.pk, version=was.version, status=status, value=value, by=reading.curator)


def sent_back(reading: Reading, by: User, *notes: NoteOn, note: str = "") -> Reading:
    review.send_back(reading_id=reading.pk, version=reading.version, note=note, notes=notes, by=by)
    return fresh(reading)


def asked(reading: Reading, slug: str, text: str, by: User) -> ReadingNote:
    """The reading sent back with one question about a feature of its patient."""
    sent_back(reading, by, NoteOn(text, reading.patients.get().pk, slug))
    return reading.notes.get()


def displaced(reading: Reading) -> Reading:
    """The abstract published anew with everything in it twice: no quote from it can be led to its place."""
    article = reading.article
    taken_in(a_record(article.pmid, title=TITLE, abstract=f"{ABSTRACT} {ABSTRACT}", pmcid=article.pmcid or ""))
    annotation.follow_text(article_ids=[article.pk], by=reading.curator)
    return fresh(reading)


def noticed(finding: Finding) -> Finding:
    """Its article was retracted since."""
    assert finding.ruling is not None
    Notice.objects.create(article=finding.ruling.article, position=1, kind="RetractionIn", source="J. 2026", pmid=1)
    return finding


def decided(reading: Reading, moderator: User) -> Ruling:
    return review.publish(reading_id=reading.pk, version=reading.version, by=moderator)


Row = TypeVar("Row", bound=Model)


def fresh(row: Row) -> Row:
    """The row as the database has it now."""
    return row._meta.default_manager.get(pk=row.pk)
