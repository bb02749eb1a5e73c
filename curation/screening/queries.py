"""What is to be screened, and what was decided."""

from django.db.models import Count, Prefetch, QuerySet

from curation.choices import ScreeningState, SectionKind
from curation.models import Project, Screening, Section, User
from curation.permissions import require_belonging

#: What one reads of an article before deciding on it.
READ_FIRST = (SectionKind.ABSTRACT, SectionKind.OTHER_ABSTRACT, SectionKind.KEYWORDS)


def decisions(user: object, project: Project, state: str = "") -> QuerySet[Screening]:
    """The project's articles as the person may see them, the oldest first; of one state where one is named."""
    rows = Screening.objects.visible_to(user).filter(project=project).select_related("article", "decided_by", "project")
    return (rows.filter(state=state) if state in ScreeningState.values else rows).order_by("id")


def decided(user: object, project: Project, state: str) -> QuerySet[Screening]:
    """The project's list of one state, for those who belong to it."""
    require_belonging(user, project)
    return decisions(user, project, state)


def queue(user: object, project: Project) -> QuerySet[Screening]:
    """What waits for a decision, in the order it came in, with the text one decides by."""
    text = Section.objects.current().of_kind(*READ_FIRST).order_by("position", "key")
    return decisions(user, project, ScreeningState.TO_SCREEN).prefetch_related(
        Prefetch("article__sections", queryset=text, to_attr="read_first")
    )


def next_in_queue(user: object, project: Project, after: int) -> Screening | None:
    """The first one waiting after the row ``after``, and from the start again when the end is reached."""
    require_belonging(user, project)
    waiting = queue(user, project)
    return waiting.filter(pk__gt=after).first() or waiting.first()


def counts(project: Project) -> dict[str, int]:
    """How many articles stand in each state, all states named: the numbers of a PRISMA flow."""
    rows = Screening.objects.filter(project=project).values_list("state").annotate(Count("pk")).order_by()
    return dict.fromkeys(ScreeningState.values, 0) | dict(rows)


def tally(project: Project) -> list[tuple[str, str, int]]:
    """``counts`` as (state, its word, number), in the order of the states."""
    numbers = counts(project)
    return [(state, str(label), numbers[state]) for state, label in ScreeningState.choices]


def exclusions(project: Project) -> list[tuple[str, int]]:
    """Why articles were excluded and how many for each reason, the commonest first."""
    rows = Screening.objects.filter(project=project, state=ScreeningState.EXCLUDED)
    return list(rows.values_list("reason").annotate(number=Count("pk")).order_by("-number", "reason"))


def last_decision(user: User, project: Project) -> Screening | None:
    """What the person decided last, so that a slip of the hand can be taken back."""
    return decisions(user, project).filter(decided_by=user).order_by("-decided_at").first()
