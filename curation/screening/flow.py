"""The numbers of a PRISMA 2020 flow, from the facts: every number counts rows that ``articles_in`` lists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curation.choices import BatchKind, FullText, ItemState, ScreeningState
from curation.errors import NotFound
from curation.models import BatchItem, Finding, PatientReport, Project, Reading, Screening
from curation.permissions import require_belonging
from curation.screening.queries import decisions

ARRIVED = (ItemState.NEW, ItemState.UPDATED, ItemState.UNCHANGED)
REFUSED = (ItemState.QUARANTINED, ItemState.FAILED, ItemState.DELETED)
#: Where records came from; PRISMA's databases and registers first, its other methods after ``OTHER``.
SOURCES = {
    "searches": gettext_lazy("Standing searches of PubMed"),
    "queries": gettext_lazy("PubMed queries"),
    "files": gettext_lazy("Files of records"),
    "identifiers": gettext_lazy("Identifiers entered by hand"),
    "otherwise": gettext_lazy("Entered otherwise"),
}
OTHER = ("identifiers", "otherwise")
UNRETRIEVED = {
    "withheld": gettext_lazy("Full text withheld by licence"),
    "unfetched": gettext_lazy("Full text not fetched"),
}
TITLES = {
    "source": gettext_lazy("Records identified"),
    "duplicates": gettext_lazy("Found more than once"),
    "screened": gettext_lazy("Records screened"),
    "waiting": gettext_lazy("Still to be screened"),
    "excluded": gettext_lazy("Records excluded"),
    "sought": gettext_lazy("Reports sought for retrieval"),
    "not_retrieved": gettext_lazy("Reports not retrieved"),
    "assessed": gettext_lazy("Reports assessed for eligibility"),
    "excluded_later": gettext_lazy("Reports excluded"),
    "included": gettext_lazy("Reports of included studies"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One number, and what its articles are asked for by (``articles_in``); ``box`` is empty where it has none."""

    label: str
    number: int
    box: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: what goes on, and what leaves the flow beside it."""

    phase: str
    kept: Line
    parts: list[Line] = field(default_factory=list)
    left: Line | None = None
    left_parts: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Flow:
    project: Project
    stages: list[Stage]

    @property
    def lines(self) -> list[tuple[str, Line]]:
        """All numbers in the order of the figure, each with its phase."""
        found = []
        for stage in self.stages:
            several = (stage.kept, *stage.parts, stage.left, *stage.left_parts)
            found += [(stage.phase, line) for line in several if line]
        return found


def flow(user: object, project: Project) -> Flow:
    """For those who belong to the project."""
    require_belonging(user, project)
    rows = Screening.objects.filter(project=project).order_by()
    once = Case(When(included_at=None, then=Value("excluded")), default=Value("excluded_later"), output_field=CharField())
    stands = rows.annotate(box=once).values_list("state", "box", "reason").annotate(number=Count("pk"))
    numbers: dict[str, dict[str, int]] = {"excluded": {}, "excluded_later": {}}
    total = waiting = 0
    for state, box, reason, number in stands:
        total += number
        if state == ScreeningState.TO_SCREEN:
            waiting += number
        elif state == ScreeningState.EXCLUDED:
            numbers[box][reason] = number
    excluded, later = (sum(numbers[box].values()) for box in ("excluded", "excluded_later"))
    withheld = Count("pk", filter=Q(article__full_text=FullText.WITHHELD))
    missed = _in_box(rows, "not_retrieved").aggregate(withheld=withheld, unfetched=Count("pk") - withheld)
    sought = total - waiting - excluded
    assessed = sought - sum(missed.values())
    screened = Stage(
        _("Screening"),
        _line("screened", total - waiting),
        [_line("waiting", waiting)] if waiting else [],
        _line("excluded", excluded),
        _reasons("excluded", numbers["excluded"]),
    )
    retrieved = Stage(
        _("Screening"),
        _line("sought", sought),
        left=_line("not_retrieved", sum(missed.values())),
        left_parts=[Line(str(UNRETRIEVED[each]), number, "not_retrieved", each) for each, number in missed.items() if number],
    )
    judged = Stage(
        _("Screening"),
        _line("assessed", assessed),
        left=_line("excluded_later", later),
        left_parts=_reasons("excluded_later", numbers["excluded_later"]),
    )
    return Flow(project, [_identified(project), screened, retrieved, judged, _included(project, assessed - later)])


def _line(box: str, number: int) -> Line:
    return Line(str(TITLES[box]), number, box)


def _reasons(box: str, numbers: dict[str, int]) -> list[Line]:
    ordered = sorted(numbers.items(), key=lambda each: (-each[1], each[0]))
    return [Line(reason, number, box, reason) for reason, number in ordered]


def _identified(project: Project) -> Stage:
    """Each record once for each time it was found; ``otherwise`` are articles that no import of the project brought."""
    here = Exists(Screening.objects.filter(project=project, article=OuterRef("article")))
    arrived = Q(state__in=ARRIVED) & Q(here)
    items = _items(project).annotate(source=_SOURCE).order_by().values_list("source")
    counted = Count("pk", filter=arrived), Count("pk", filter=Q(state__in=REFUSED))
    by_source = items.annotate(found=counted[0], refused=counted[1])
    found = {source: number for source, number, _refused in by_source}
    refused = sum(number for _source, _found, number in by_source)
    distinct = _items(project).filter(arrived).order_by().values("article").distinct().count()
    twice = sum(found.values()) - distinct
    found["otherwise"] = _in_box(Screening.objects.filter(project=project), "source", "otherwise").count()
    return Stage(
        _("Identification"),
        Line(str(TITLES["source"]), sum(found.values()) + refused),
        [Line(str(label), found[key], "source", key) for key, label in SOURCES.items() if found.get(key)],
        Line(_("Records removed before screening"), twice + refused),
        [Line(_("Duplicates"), twice, "duplicates"), Line(_("Could not be read, or withdrawn from PubMed"), refused, "refused")],
    )


_SOURCE = Case(
    When(batch__search__isnull=False, then=Value("searches")),
    When(batch__kind=BatchKind.QUERY, then=Value("queries")),
    When(batch__kind=BatchKind.FILE, then=Value("files")),
    default=Value("identifiers"),
    output_field=CharField(),
)


def _items(project: Project) -> QuerySet[BatchItem]:
    return BatchItem.objects.filter(batch__project=project).exclude(batch__kind=BatchKind.FULL_TEXT)


def _included(project: Project, reports: int) -> Stage:
    published = Finding.objects.published().filter(project=project)
    patients = published.values("patient").distinct().count()
    studies = reports - _second_reports(project, published)
    return Stage(
        _("Included"),
        Line(_("Studies included in review"), studies),
        [_line("included", reports), Line(_("Patients with published findings"), patients, "patients")],
    )


def _second_reports(project: Project, published: QuerySet[Finding]) -> int:
    """By how many the included reports exceed the studies: reports that share a published patient are one study."""
    included = _in_box(Screening.objects.filter(project=project), "included").values("article")
    pairs = PatientReport.objects.filter(patient__in=published.values("patient"), article__in=included)
    articles: dict[int, list[int]] = defaultdict(list)
    for patient, article in pairs.order_by("pk").values_list("patient", "article"):
        articles[patient].append(article)
    return _joined(each for each in articles.values() if len(each) > 1)


def _joined(groups: Iterable[list[int]]) -> int:
    """How often two sets that were apart are joined."""
    head: dict[int, int] = {}

    def find(article: int) -> int:
        while head.setdefault(article, article) != article:
            article = head[article]
        return article

    joined = 0
    for first, *others in groups:
        for other in others:
            if find(first) != find(other):
                head[find(other)] = find(first)
                joined += 1
    return joined


def _in_box(rows: QuerySet[Screening], box: str, detail: str = "") -> QuerySet[Screening]:
    """The project's articles behind one number. Raises NotFound for a box that there is not."""
    handed_in = Reading.objects.standing().filter(
        project=OuterRef("project"), article=OuterRef("article"), submitted_at__isnull=False
    )
    # by all who have to: none of two blind readers learns from a number that the other is done
    number = Subquery(handed_in.order_by().values("article").annotate(number=Count("pk")).values("number"))
    rows = rows.alias(readers=Coalesce(number, 0))
    read = Q(readers__gte=F("project__readers_required"))
    missed = Q(state=ScreeningState.INCLUDED) & ~Q(article__full_text=FullText.KEPT) & ~read
    withheld = Q(article__full_text=FullText.WITHHELD)
    excluded, waiting = Q(state=ScreeningState.EXCLUDED), Q(state=ScreeningState.TO_SCREEN)
    ever = Q(included_at__isnull=False)
    boxes = {
        "screened": ~waiting,
        "waiting": waiting,
        "excluded": excluded & ~ever,
        "sought": ~waiting & ~(excluded & ~ever),
        "not_retrieved": missed & {"withheld": withheld, "unfetched": ~withheld}.get(detail, Q()),
        "assessed": ~waiting & ~(excluded & ~ever) & ~missed,
        "excluded_later": excluded & ever,
        "included": Q(state=ScreeningState.INCLUDED) & ~missed,
    }
    if box in ("source", "duplicates"):
        return _identified_rows(rows, box, detail)
    if box not in boxes:
        raise NotFound("The flow of articles has no such box.")
    chosen = rows.filter(boxes[box])
    return chosen.filter(reason=detail.replace("\0", "\ufffd")) if detail and box in ("excluded", "excluded_later") else chosen


def _identified_rows(rows: QuerySet[Screening], box: str, source: str) -> QuerySet[Screening]:
    of_row = {"batch__project": OuterRef("project"), "article": OuterRef("article")}
    items = BatchItem.objects.filter(state__in=ARRIVED, **of_row).exclude(batch__kind=BatchKind.FULL_TEXT).order_by()
    if box == "duplicates":
        several = items.values("article").annotate(number=Count("pk")).filter(number__gt=1)
        return rows.filter(Exists(several))
    if source == "otherwise":
        return rows.exclude(Exists(items))
    if source and source not in SOURCES:
        raise NotFound("Records come from no such source.")
    return rows.filter(Exists(items.annotate(source=_SOURCE).filter(source=source))) if source else rows


def articles_in(user: object, project: Project, box: str, detail: str = "") -> QuerySet[Screening]:
    """For those who belong to the project, the oldest first."""
    require_belonging(user, project)
    return _in_box(decisions(user, project), box, detail)


def title_of(box: str, detail: str = "") -> str:
    parts = [str(TITLES.get(box, box)), str(SOURCES.get(detail) or UNRETRIEVED.get(detail) or detail)]
    return ": ".join(filter(None, parts))
