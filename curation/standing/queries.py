"""Where articles stand in projects: facts of many at once, and the rule's answer for each, as the person may know it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from curation.choices import ReadingState, Role, RulingKind
from curation.errors import NotFound
from curation.models import (
    Article,
    Decision,
    Finding,
    Membership,
    Notice,
    Project,
    Reading,
    Reevaluation,
    Ruling,
    Screening,
    User,
)
from curation.models.articles import CAUTIONS
from curation.standing.rules import RULE, Facts
from curation.standing.states import ArticleState

Row = TypeVar("Row", Screening, Reading)
HERE: Mapping[str, Any] = {"project": OuterRef("project"), "article": OuterRef("article")}


def _number(rows: QuerySet) -> Coalesce:
    """How many, counted beside and not by a join, so that rows stay lockable and countable."""
    return Coalesce(Subquery(rows.order_by().annotate(n=Func("pk", function="COUNT")).values("n")), 0)


def _readings(*states: str) -> Coalesce:
    return _number(Reading.objects.filter(state__in=states, **HERE))


def _asks_again() -> Exists:
    """A notice that no re-evaluation remembers (``challenges.rules.signature``: kind, and PMID or source)."""
    named = Coalesce(NullIf(Cast("pmid", CharField()), Value("0")), "source")
    signature = Func(Func("kind", named, function="jsonb_build_array"), function="jsonb_build_array", output_field=JSONField())
    here = {"project": OuterRef(OuterRef("project")), "article": OuterRef("article")}
    remembered = Reevaluation.objects.filter(notices__contains=OuterRef("signature"), **here)
    notices = Notice.objects.filter(article=OuterRef("article"), kind__in=CAUTIONS).annotate(signature=signature)
    return Exists(notices.filter(~Exists(remembered)))


def _reopened() -> Coalesce:
    """Whether the last ruling on the whole article took it up again."""
    whole = (RulingKind.PUBLISH, RulingKind.ADJUDICATE, RulingKind.REOPEN)
    last = Ruling.objects.filter(kind__in=whole, **HERE).order_by("-pk").values(is_one=Q(kind=RulingKind.REOPEN))
    return Coalesce(Subquery(last[:1]), False)


#: Each fact of ``rules.Facts`` as the database counts it; the last, ``is_apart``, hangs on who asks.
FACTS: Mapping[str, Any] = {
    "decision": F("state"),
    "wanted": F("project__readers_required"),
    "under_way": _readings(ReadingState.ASSIGNED, ReadingState.IN_PROGRESS),
    "sent_back": _readings(ReadingState.RETURNED),
    "submitted": _readings(ReadingState.SUBMITTED),
    "accepted": _readings(ReadingState.ACCEPTED),
    "lacking": ExpressionWrapper(F("project__readers_required") - F("submitted"), output_field=IntegerField()),
    "published": _number(
        Finding.objects.published().filter(ruling__project=OuterRef("project"), ruling__article=OuterRef("article"))
    ),
    "decided": _number(
        Decision.objects.filter(adjudication__project=OuterRef("project"), adjudication__article=OuterRef("article"), ruling=None)
    ),
    "reopened": _reopened(),
    "asks_again": _asks_again(),
}

STANDS = Case(
    *(When(**step.where, then=Value(step.state.value)) for step in RULE[:-1]),
    default=Value(RULE[-1].state.value),
    output_field=CharField(),
)


def _apart(user: object) -> Q:
    """To whom it is under reading until something is published: a reader beside another, who does not review, a stranger."""
    if not isinstance(user, User):
        return Q(pk__isnull=False)
    reads = Exists(Reading.objects.standing().filter(curator=user, **HERE))
    member = Membership.objects.filter(user=user, project=OuterRef("project"))
    reviews = Q(Exists(member.filter(role=Role.MODERATOR))) if not user.is_administrator else Q(pk__isnull=False)
    belongs = Q(Exists(member)) if not user.is_administrator else Q(pk__isnull=False)
    return Q(project__readers_required=2) & (Q(reads) | ~reviews) | ~belongs


def with_facts(user: object, rows: QuerySet[Screening]) -> QuerySet:
    """The rows with every fact, for this person; one query."""
    apart = ExpressionWrapper(_apart(user), output_field=BooleanField())
    return rows.annotate(**FACTS, is_apart=apart)


def standing(user: object, rows: QuerySet[Screening]) -> QuerySet:
    """The rows, each with its state for this person as ``stands``."""
    apart = ExpressionWrapper(_apart(user), output_field=BooleanField())
    return rows.alias(**FACTS, is_apart=apart).annotate(stands=STANDS)


def in_state(user: object, rows: QuerySet[Screening], state: str) -> QuerySet[Screening]:
    """Those that are in this state for this person."""
    return standing(user, rows).filter(stands=state)


def facts_of(row: Screening) -> Facts:
    """Of a row of ``with_facts``."""
    return Facts(**{name: getattr(row, name) for name in Facts.__dataclass_fields__})


def tally(user: object, project: Project) -> list[tuple[str, str, int]]:
    """How many of the project's articles stand in each state: (state, its word, number), those that none is in left out."""
    rows = standing(user, Screening.objects.visible_to(user).filter(project=project)).order_by()
    numbers = dict(rows.values_list("stands").annotate(Count("pk")))
    return [(state, str(label), numbers[state]) for state, label in ArticleState.choices if state in numbers]


def of_articles(user: object, project: Project, articles: Iterable[int]) -> dict[int, str]:
    """By article: its state in the project, for this person. One query."""
    rows = Screening.objects.visible_to(user).filter(project=project, article__in=list(articles))
    return dict(standing(user, rows).values_list("article", "stands"))


def named(user: object, project: Project, rows: Iterable[Row]) -> list[Row]:
    """Rows that are each about an article (decisions, readings), with the article's state as ``stands``. One query."""
    rows = list(rows)
    known = of_articles(user, project, {row.article_id for row in rows})
    for row in rows:
        row.stands = known[row.article_id]  # type: ignore[attr-defined]
    return rows


def articles(user: object, project: Project, state: str = "") -> QuerySet[Screening]:
    """The project's articles that are open to the person, the oldest first, with their states; of one where one is named."""
    rows = Screening.objects.visible_to(user).filter(project=project).select_related("article", "project").order_by("pk")
    found = standing(user, rows)
    return found.filter(stands=state) if state in ArticleState.values else found


def explained(user: object, project: Project, article: Article) -> Facts:
    """Raises NotFound for an article that the project does not know."""
    rows = Screening.objects.visible_to(user).filter(project=project, article=article)
    if (found := with_facts(user, rows).first()) is None:
        raise NotFound(f"“{project}” does not know {article}, or it is not open to you.")
    return facts_of(found)
