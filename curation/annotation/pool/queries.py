"""Who may read what: the one place that everybody asks who gives an article out, draws, takes the next or begins one."""

from datetime import datetime, timedelta

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Greatest

from curation.choices import READING_OPEN, ReadingState, Role
from curation.models import Article, AuditEvent, Membership, Project, Reading, Screening, User, Vote
from curation.models.annotation import ReadingQuerySet

HERE = {"project": OuterRef("project"), "article": OuterRef("article")}
#: Why somebody may not read an article, the first that holds; "" where they may. Words of it are in ``guards``.
READS, SETTLED, FULL, SCREENED, SAW, MOST = "reads", "settled", "full", "screened", "saw", "most"
#: The other side of a (article, member) pair, for rows of screenings joined to their project's members.
EACH_MEMBER = OuterRef("project__memberships__user")
MEMBER = {"reader": "user", "role": "role", "is_active": "user__is_active"}


def beside(user: User) -> Q:
    """Readings of others of which the person must not learn how far they are: of articles that they still read themselves, or
    handed in while the other still reads."""
    here = {"curator": user, "project": OuterRef("project"), "article": OuterRef("article")}
    waits = Exists(Reading.objects.filter(state=ReadingState.SUBMITTED, **here)) & Q(state__in=READING_OPEN)
    return (Exists(Reading.objects.open().filter(**here)) | waits) & ~Q(curator=user)


def unsettled(user: object) -> ReadingQuerySet:
    """The person's own readings of articles that another reads too, or may: whether they do, the person is not told."""
    mine = Reading.objects.standing().exclude(state=ReadingState.ACCEPTED)
    return mine.filter(curator=user if isinstance(user, User) else None, project__readers_required__gt=1)


def obstacles(rows: QuerySet[Screening], reader: User | OuterRef, *, giver: User | None = None) -> QuerySet:
    """The rows, each with its ``obstacle`` for the reader: a person, or ``EACH_MEMBER``.

    A moderator may see a first reader's answers where there are two, and so cannot be the second one, blind. ``giver``: who
    gives the article to the reader, and may know of the reader's open readings only so far (``_open_now``).
    """
    standing = Reading.objects.standing()
    here = standing.filter(**HERE)
    moderates = Membership.objects.filter(project=OuterRef("project"), user=reader, role=Role.MODERATOR)
    handed_in = here.filter(state__in=(ReadingState.SUBMITTED, ReadingState.RETURNED))
    own = Q(Exists(Screening.objects.filter(pk=OuterRef("pk"), decided_by=reader)))
    cast = Q(Exists(Vote.objects.cast().filter(screening=OuterRef("pk"), screener=reader)))
    open_now = _open_now(reader, None if giver == reader else giver)
    found = {
        READS: Q(Exists(here.filter(curator=reader))),
        SETTLED: Q(Exists(here.filter(state=ReadingState.ACCEPTED))),
        FULL: Q(readers__gte=F("project__readers_required")),
        SCREENED: Q(project__screener_may_read=False) & (own | cast),
        SAW: Q(project__readers_required=2) & Q(Exists(moderates)) & Q(Exists(handed_in)),
        MOST: Q(project__most_open__isnull=False) & Q(open_now__gte=F("project__most_open")),
    }
    cases = [When(holds, then=Value(name)) for name, holds in found.items()]
    told = Case(*cases, default=Value(""), output_field=CharField())
    return counted(rows).alias(open_now=open_now).annotate(obstacle=told)


def _open_now(reader: User | OuterRef, giver: User | None) -> Coalesce | CombinedExpression:
    """How many readings the reader has open; as the giver may know it, every article that the giver reads beside another counts
    for one, whoever the other is. So no maximum is passed, and what is refused tells nothing of the other."""
    here = {"project": OuterRef("project")}
    theirs = Reading.objects.open().filter(curator=reader, **here)
    if giver is None:
        return _number(theirs)
    return _number(theirs.exclude(beside(giver))) + _number(unsettled(giver).filter(**here))


def _number(readings: ReadingQuerySet) -> Coalesce:
    """Of one project."""
    return Coalesce(Subquery(readings.order_by().values("project").annotate(n=Count("pk")).values("n")), 0)


def counted(rows: QuerySet[Screening]) -> QuerySet:
    """With how many ``readers`` each has; counted beside, not grouped, to be lockable."""
    return rows.annotate(readers=_number(Reading.objects.standing().filter(**HERE)))


def wanting_readers(rows: QuerySet[Screening]) -> QuerySet[Screening]:
    """Those with fewer ``readers`` than their project asks for, and not read and accepted already."""
    settled = Reading.objects.filter(state=ReadingState.ACCEPTED, **HERE)
    return counted(rows).filter(~Exists(settled), readers__lt=F("project__readers_required"))


def free_for(rows: QuerySet[Screening], reader: User) -> QuerySet[Screening]:
    return obstacles(rows, reader).filter(obstacle="")


def startable(user: User) -> QuerySet[Screening]:
    """Articles included in the person's projects that they may read now, and that still want a reader."""
    rows = Screening.objects.filter(project__in=Project.objects.of_member(user)).included()
    return free_for(rows, user).select_related("project", "article").order_by("project__title", "pk")


def startable_of(user: object, article: Article) -> QuerySet[Screening, int]:
    """Of which project the person may read the article now, as the numbers of their decisions on it."""
    mine = startable(user).filter(article=article) if isinstance(user, User) else Screening.objects.none()
    return mine.values_list("pk", flat=True)


def obstacle(screening: Screening, reader: User, *, giver: User | None = None) -> str:
    """Of one article; to be asked under the lock on it, as somebody may have begun since it was found."""
    rows = obstacles(Screening.objects.filter(pk=screening.pk), reader, giver=giver)
    return str(rows.values_list("obstacle", flat=True).get())


def pairs(rows: QuerySet[Screening]) -> QuerySet:
    """Each article with each member whose account is open (``reader``, ``role``), and the ``obstacle`` between the two."""
    member = {name: F(f"project__memberships__{way}") for name, way in MEMBER.items()}
    joined: QuerySet = rows.annotate(**member)
    return obstacles(joined.filter(is_active=True), EACH_MEMBER)


def changed_last(readings: ReadingQuerySet) -> ReadingQuerySet:
    """With ``last_change``: when something of it was saved last, what was removed included, as the trail remembers it."""
    acts = AuditEvent.objects.of_reading(OuterRef("pk")).order_by("-id").values("at")[:1]
    return readings.annotate(last_change=Greatest("changed_at", Subquery(acts, output_field=DateTimeField())))


def abandoned(at: datetime) -> ReadingQuerySet:
    """Open readings of which nothing was saved for as long as their project waits, or whose reader is gone."""
    waits = ExpressionWrapper(F("project__abandoned_after") * Value(timedelta(days=1)), DurationField())
    since = ExpressionWrapper(Value(at) - waits, DateTimeField())
    stale = Q(project__abandoned_after__isnull=False, last_change__lte=since)
    member = Membership.objects.filter(project=OuterRef("project"), user=OuterRef("curator"))
    gone = Q(curator__is_active=False) | ~Q(Exists(member))
    return changed_last(Reading.objects.open()).filter(stale | gone)
