"""A person's work, what waits for a reader, and who reads what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django.utils import timezone

from curation.annotation import queries as annotation
from curation.annotation import rules
from curation.annotation.rules import Progress, Recorded
from curation.choices import READING_OPEN, ReadingState, Role
from curation.codebook import queries as codebook
from curation.codebook.spec import FeatureSpec
from curation.errors import NotFound
from curation.models import Annotation, Evidence, Membership, Project, Reading, ReadingNote, ReadingPatient, Screening, User
from curation.models.projects import ReadingOrder
from curation.permissions import require_overseer

PUBLISHED = ("article__published_year", "article__published_month", "article__published_day")
#: In which order a project's articles are read.
ORDERS: Mapping[str, Sequence[str | OrderBy]] = {
    ReadingOrder.ENTERED: ("pk",),
    ReadingOrder.NEWEST: (*(F(name).desc(nulls_last=True) for name in PUBLISHED), "pk"),
    ReadingOrder.OLDEST: (*(F(name).asc(nulls_last=True) for name in PUBLISHED), "pk"),
}


@dataclass(frozen=True, slots=True)
class Work:
    """One of the person's readings with what is done of what is due; ``asked`` is how many notes wait for an answer."""

    reading: Reading
    progress: Progress
    asked: int = 0

    @property
    def is_late(self) -> bool:
        due: date | None = self.reading.due_on
        return due is not None and due < timezone.localdate() and self.reading.state in READING_OPEN


class Waiting(NamedTuple):
    """How many articles of a project the person could take."""

    slug: str
    title: str
    number: int


@dataclass(frozen=True, slots=True)
class MyWork:
    """By state; ``waiting``: each of the person's projects with how many articles they could take."""

    returned: list[Work] = field(default_factory=list)
    in_progress: list[Work] = field(default_factory=list)
    assigned: list[Work] = field(default_factory=list)
    handed_in: list[Reading] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)


def my_work(user: User) -> MyWork:
    """What is due first comes first. What was handed in is the latest hundred."""
    unanswered = ReadingNote.objects.unanswered().filter(reading=OuterRef("pk")).order_by().values("reading")
    asked = Coalesce(Subquery(unanswered.annotate(number=Count("pk")).values("number")), 0)
    mine = annotation.readings_of(user).open().annotate(asked=asked)
    rows = list(mine.order_by(F("due_on").asc(nulls_last=True), "-changed_at", "-pk"))
    done = progress_of(rows)
    work = [Work(each, done[each.pk], each.asked) for each in rows]
    handed_in = annotation.readings_of(user).exclude(state__in=READING_OPEN)
    return MyWork(
        returned=[each for each in work if each.reading.state == ReadingState.RETURNED],
        in_progress=[each for each in work if each.reading.state == ReadingState.IN_PROGRESS],
        assigned=[each for each in work if each.reading.state == ReadingState.ASSIGNED],
        handed_in=list(handed_in[:100]),
        waiting=_waiting(user),
    )


def _waiting(user: User) -> list[Waiting]:
    rows = annotation.startable(user).order_by("project__title").values_list("project__slug", "project__title")
    return [Waiting(*row) for row in rows.annotate(number=Count("pk"))]


def progress_of(readings: Iterable[Reading]) -> dict[int, Progress]:
    """How much of what is due each reading has answered, over all its patients: three queries, however many there are."""
    readings = list(readings)
    proof = Prefetch("evidence", queryset=Evidence.objects.only("pk", "annotation_id", "contradicts"))
    rows = Annotation.objects.standing().filter(reading__in=readings).select_related("feature").prefetch_related(proof)
    by_patient: dict[tuple[int, int], list[Annotation]] = {}
    described = ReadingPatient.objects.filter(reading__in=readings)
    for reading_id, patient_id in described.values_list("reading", "patient"):
        by_patient[reading_id, patient_id] = []
    for row in rows:
        by_patient.setdefault((row.reading_id, row.patient_id), []).append(row)
    found: dict[int, Progress] = {}
    for each in readings:
        specs = codebook.specs(each.codebook_version)
        answers = [of_patient for (reading_id, _patient), of_patient in by_patient.items() if reading_id == each.pk]
        parts = [_progress(specs, annotation.recorded(of_patient)) for of_patient in answers]
        found[each.pk] = Progress(sum(part.done for part in parts), sum(part.due for part in parts))
    return found


def _progress(specs: Mapping[str, FeatureSpec], recorded: list[Recorded]) -> Progress:
    """Over all groups."""
    asked = rules.asked(specs, recorded)
    return rules.progress(specs, dict.fromkeys(specs, ""), asked, rules.gaps(specs, recorded, asked))[""]


def next_free(user: User, project: Project, *, but: Iterable[int] = ()) -> Screening | None:
    """The next article of the project that the person may read, locked; one that somebody is taking right now is passed over."""
    rows = annotation.startable(user).filter(project=project).exclude(pk__in=list(but))
    ordered = rows.order_by(*ORDERS[project.reading_order])
    return ordered.select_for_update(of=("self",), skip_locked=True).first()


def has_room(screening: Screening) -> bool:
    """Whether another may read it; asked again under the lock, as somebody may have begun since it was found."""
    begun = Reading.objects.filter(project=screening.project_id, article=screening.article_id).count()
    return begun < screening.project.readers_required


def assigned(user: object) -> QuerySet[Reading]:
    """Readings whose reader and date the person steers: those of projects they moderate, whatever their state, without the
    articles that they still read themselves, of which they must not learn how far another is."""
    if not isinstance(user, User):
        return Reading.objects.none()
    mine = Reading.objects.open().filter(curator=user, project=OuterRef("project"), article=OuterRef("article"))
    theirs = Reading.objects.all() if user.is_administrator else Reading.objects.filter(project__in=_moderated(user))
    beside = Exists(mine) & ~Q(curator=user)
    return theirs.exclude(beside).select_related("project", "article", "curator", "assigned_by")


def _moderated(user: User) -> QuerySet[Project]:
    return Project.objects.of_member(user, Role.MODERATOR)


def assignments(user: object, project: Project) -> QuerySet[Reading]:
    """Who reads what in the project: what is due first, first. Says nothing of what anybody recorded."""
    require_overseer(user, project)
    return assigned(user).filter(project=project).order_by(F("due_on").asc(nulls_last=True), "state", "-changed_at", "-pk")


def unread(user: object, project: Project) -> QuerySet[Screening]:
    """Included articles that want a reader, in the project's order, with how many ``readers`` each has.

    Without those that the person still reads beside another.
    """
    require_overseer(user, project)
    me = user.pk if isinstance(user, User) else None
    mine = Reading.objects.open().filter(curator=me, project=OuterRef("project"), article=OuterRef("article"))
    rows = annotation.wanting_readers(Screening.objects.filter(project=project).included()).exclude(Exists(mine))
    return rows.select_related("article").order_by(*ORDERS[project.reading_order])


def assignment(user: object, pk: int) -> Reading:
    """Raises NotFound."""
    if (found := assigned(user).filter(pk=pk).first()) is None:
        raise NotFound(f"There is no reading {pk} here that you could assign.")
    return found


def readers(project: Project) -> QuerySet[Membership]:
    """Who may be given something to read."""
    rows = project.memberships.filter(user__is_active=True).select_related("user")
    return rows.order_by("user__name", "user__username")
