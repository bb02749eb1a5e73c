"""A person's work, what waits for a reader, and who reads what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import MD5, Coalesce, Concat
from django.utils import timezone

from curation.annotation import queries as annotation
from curation.annotation import rules as answering
from curation.annotation.pool import queries as pool
from curation.annotation.pool.guards import WHY
from curation.annotation.rules import Progress, Recorded
from curation.assignment import rules
from curation.choices import READING_OPEN, ReadingState, Role, ScreeningState
from curation.codebook import queries as codebook
from curation.codebook.spec import FeatureSpec
from curation.errors import NotFound
from curation.models import (
    Annotation,
    Evidence,
    Membership,
    Project,
    Reading,
    ReadingNote,
    ReadingPatient,
    Screening,
    StandingSearch,
    User,
    Vote,
)
from curation.models.annotation import ReadingQuerySet
from curation.models.projects import ReadingOrder
from curation.people import queries as people
from curation.permissions import require_administrator, require_overseer

PUBLISHED = ("article__published_year", "article__published_month", "article__published_day")
#: In which order a project's articles are read; at random by the MD5 of “seed:article”, so that anybody can follow it.
ORDERS: Mapping[str, Sequence[str | OrderBy | MD5]] = {
    ReadingOrder.ENTERED: ("pk",),
    ReadingOrder.NEWEST: (*(F(name).desc(nulls_last=True) for name in PUBLISHED), "pk"),
    ReadingOrder.OLDEST: (*(F(name).asc(nulls_last=True) for name in PUBLISHED), "pk"),
    ReadingOrder.RANDOM: (
        MD5(Concat("project__reading_seed", Value(":"), "article", output_field=CharField())),
        "pk",
    ),
}


@dataclass(frozen=True, slots=True)
class Work:
    """One of the person's readings with what is done of what is due; ``asked`` is how many notes wait for an answer,
    ``days_left`` in how many days it goes back to the pool, where that is near."""

    reading: Reading
    progress: Progress
    asked: int = 0
    days_left: int | None = None

    @property
    def is_late(self) -> bool:
        due: date | None = self.reading.due_on
        return due is not None and due < timezone.localdate() and self.reading.state in READING_OPEN


class Draft(NamedTuple):
    """A reading of the person's that went back to the pool; ``why`` they cannot take it up again, in words, or “”."""

    reading: Reading
    why: str


class Leaving(NamedTuple):
    """What somebody leaves behind who leaves a project: by number, and ``stays`` why they cannot, or “”."""

    open: int
    handed_in: int
    votes: int
    searches: int
    stays: str


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
    drafts: list[Draft] = field(default_factory=list)
    handed_in: list[Reading] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)


def my_work(user: User) -> MyWork:
    """What is due first comes first. What was handed in is the latest hundred."""
    unanswered = ReadingNote.objects.unanswered().filter(reading=OuterRef("pk")).order_by().values("reading")
    asked = Coalesce(Subquery(unanswered.annotate(number=Count("pk")).values("number")), 0)
    mine = pool.changed_last(annotation.readings_of(user)).annotate(asked=asked)
    rows = list(mine.filter(_in_hand(user)).order_by(F("due_on").asc(nulls_last=True), "-changed_at", "-pk"))
    open_ones = [each for each in rows if each.state in READING_OPEN]
    done = progress_of(open_ones)
    work = [Work(each, done[each.pk], each.asked, _days_left(each)) for each in open_ones]
    handed_in = annotation.readings_of(user).filter(state__in=(ReadingState.SUBMITTED, ReadingState.ACCEPTED))
    return MyWork(
        returned=[each for each in work if each.reading.state == ReadingState.RETURNED],
        in_progress=[each for each in work if each.reading.state == ReadingState.IN_PROGRESS],
        assigned=[each for each in work if each.reading.state == ReadingState.ASSIGNED],
        drafts=_drafts(user, [each for each in rows if each.state == ReadingState.RELEASED]),
        handed_in=list(handed_in[:100]),
        waiting=_waiting(user),
    )


def _in_hand(user: User) -> Q:
    """Open readings, and the drafts of those that went back to the pool as long as the person belongs to their project."""
    return Q(state__in=READING_OPEN) | Q(state=ReadingState.RELEASED, project__in=Project.objects.of_member(user))


def _days_left(reading: Reading) -> int | None:
    since = (timezone.now() - reading.last_change).days  # type: ignore[attr-defined]
    return rules.days_left(since_change=since, abandoned_after=reading.project.abandoned_after)


def _drafts(user: User, readings: Sequence[Reading]) -> list[Draft]:
    if not readings:
        return []
    here = {"curator": user, "project": OuterRef("project"), "article": OuterRef("article")}
    rows = Screening.objects.included().filter(Exists(Reading.objects.filter(state=ReadingState.RELEASED, **here)))
    barred = {(project, article): found for project, article, found in _barred(rows, user)}
    return [Draft(each, _why(barred.get((each.project_id, each.article_id)))) for each in readings]


def _barred(rows: QuerySet[Screening], user: User) -> QuerySet:
    return pool.obstacles(rows, user).values_list("project", "article", "obstacle")


def _why(obstacle: str | None) -> str:
    if obstacle is None:
        return "it is no longer included"
    return WHY[obstacle] if obstacle else ""


def _waiting(user: User) -> list[Waiting]:
    rows = pool.startable(user).order_by("project__title").values_list("project__slug", "project__title")
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
    asked = answering.asked(specs, recorded)
    return answering.progress(specs, dict.fromkeys(specs, ""), asked, answering.gaps(specs, recorded, asked))[""]


def next_free(user: User, project: Project, *, but: Iterable[int] = ()) -> Screening | None:
    """The next article of the project that the person may read, locked; one that somebody is taking right now is passed over."""
    rows = pool.startable(user).filter(project=project).exclude(pk__in=list(but))
    ordered = rows.order_by(*ORDERS[project.reading_order])
    return ordered.select_for_update(of=("self",), skip_locked=True).first()


def why_nothing(user: User, projects: Iterable[Project]) -> str:
    """Why there is no next article: a person who has as many open as one may learns so."""
    open_now = Reading.objects.open().filter(curator=user, project=OuterRef("pk")).order_by().values("project")
    rows = Project.objects.filter(pk__in=[each.pk for each in projects], most_open__isnull=False)
    full = rows.annotate(open_now=Subquery(open_now.annotate(n=Count("pk")).values("n"))).filter(open_now__gte=F("most_open"))
    if each := full.order_by("title", "pk").first():
        return f"You have {each.most_open} readings open in “{each}”, as many as one person may. Hand one in first."
    return "No included article waits for you. A moderator includes articles by screening."


def assigned(user: object) -> ReadingQuerySet:
    """Readings whose reader and date the person steers: those of projects they moderate, whatever their state.

    Not those beside which they read an article themselves: of these they must not learn how far the other is.
    """
    if not isinstance(user, User):
        return Reading.objects.none()
    theirs = Reading.objects.all() if user.is_administrator else Reading.objects.filter(project__in=_moderated(user))
    return theirs.exclude(pool.beside(user)).select_related("project", "article", "curator", "assigned_by")


def _moderated(user: User) -> QuerySet[Project]:
    return Project.objects.of_member(user, Role.MODERATOR)


def assignments(user: object, project: Project) -> QuerySet[Reading]:
    """Who reads what in the project: what is due first, first. Says nothing of what anybody recorded."""
    require_overseer(user, project)
    return assigned(user).filter(project=project).order_by(F("due_on").asc(nulls_last=True), "state", "-changed_at", "-pk")


def unread(user: object, project: Project) -> QuerySet[Screening]:
    """Included articles that want a reader, in the project's order, with how many ``readers`` each has.

    Without those that the person reads beside another.
    """
    require_overseer(user, project)
    me = user.pk if isinstance(user, User) else None
    mine = Reading.objects.standing().filter(curator=me, project=OuterRef("project"), article=OuterRef("article"))
    rows = pool.wanting_readers(Screening.objects.filter(project=project).included()).exclude(Exists(mine))
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


def leaving(user: object, project: Project, person: User) -> Leaving:
    """For administrators: what would become of the person's work, were they to leave. Raises NotFound."""
    require_administrator(user)
    if not project.memberships.filter(user=person).exists():
        raise NotFound(f"{person} does not belong to “{project}”.")
    mine = assigned(user).filter(project=project, curator=person)
    votes = Vote.objects.cast().filter(screening__project=project, screening__state=ScreeningState.TO_SCREEN, screener=person)
    deciding = [each.user for each in people.moderators(project)]
    return Leaving(
        open=mine.open().count(),
        handed_in=mine.filter(state=ReadingState.SUBMITTED).count(),
        votes=votes.count(),
        searches=StandingSearch.objects.filter(project=project, owner=person).count(),
        stays="is the last moderator; make somebody else one first" if deciding == [person] else "",
    )
