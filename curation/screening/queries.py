"""What is to be screened, and what was decided."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from curation.articles import highlighting
from curation.articles.related import cautions
from curation.choices import Role, ScreeningState, SectionKind, Verdict
from curation.errors import NotFound
from curation.models import Article, Figure, Notice, Project, Screening, Section, User, Vote
from curation.models.screening import conflicts_for
from curation.permissions import is_moderator, require_belonging, require_moderator, roles_of
from curation.screening import guards, rules

#: What one reads of an article before deciding on it.
READ_FIRST = (SectionKind.ABSTRACT, SectionKind.OTHER_ABSTRACT, SectionKind.KEYWORDS)
#: Articles drawn ahead, so that the next one is there when a key is pressed.
AHEAD = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text one decides by; ``html`` is safe, with the words of interest marked."""

    label: str
    language: str
    html: str


@dataclass(frozen=True, slots=True)
class Card:
    """One article as the screener sees it."""

    screening: Screening
    title: str
    parts: list[Part]
    figures: list[Figure]
    is_aside: bool

    @property
    def article(self) -> Article:
        return self.screening.article

    @property
    def notices(self) -> list[Notice]:
        return list(getattr(self.article, "cautions", ()))


@dataclass(frozen=True, slots=True)
class Progress:
    """What one screener has done; of two screeners each sees their own alone."""

    done: int
    left: int
    aside: int

    @property
    def total(self) -> int:
        return self.done + self.left + self.aside


@dataclass(frozen=True, slots=True)
class Desk:
    """``last`` is what one step of undo takes back."""

    cards: list[Card]
    progress: Progress
    last: Vote | None
    may_screen: bool
    is_moderator: bool


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one article in one project; ``votes`` as far as the person may see them."""

    screening: Screening
    votes: list[Vote]
    may_reopen: bool


def decisions(user: object, project: Project, state: str = "") -> QuerySet[Screening]:
    """The project's articles as the person may see them, the oldest first; of one state where one is named."""
    rows = Screening.objects.visible_to(user).filter(project=project).select_related("article", "decided_by", "project")
    return (rows.filter(state=state) if state in ScreeningState.values else rows).order_by("id")


def decided(user: object, project: Project, state: str) -> QuerySet[Screening]:
    """The project's list of one state, for those who belong to it."""
    require_belonging(user, project)
    return queue(user, project) if state == ScreeningState.TO_SCREEN else decisions(user, project, state)


def queue(user: object, project: Project) -> QuerySet[Screening]:
    """What waits for the person's decision, in the order it came in, without what they set aside.

    Where two screen: what they have not voted on, unless two others have. So the queue says nothing of the other's votes.
    """
    waiting = decisions(user, project, ScreeningState.TO_SCREEN)
    me = user.pk if isinstance(user, User) else None
    mine = Vote.objects.standing().filter(screening=OuterRef("pk"), screener=me)
    if not guards.by_two(project):
        return waiting.exclude(Exists(mine.filter(verdict=Verdict.ASIDE)))
    by_two = Vote.objects.cast().order_by().values("screening").annotate(number=Count("pk")).filter(number__gte=2)
    return waiting.exclude(Exists(mine)).exclude(pk__in=by_two.values("screening"))


def aside(user: object, project: Project) -> QuerySet[Screening]:
    """What the person set aside and nobody has decided since, the longest ago first."""
    me = user.pk if isinstance(user, User) else None
    mine = Q(votes__screener=me, votes__verdict=Verdict.ASIDE, votes__withdrawn_at=None)
    return decisions(user, project, ScreeningState.TO_SCREEN).filter(mine).order_by("votes__cast_at", "pk")


def desk(
    user: object, project: Project, *, after: int = 0, at: int = 0, number: int = AHEAD, but: frozenset[int] = frozenset()
) -> Desk:
    """What the person's screen shows: the next articles, the one ``at`` first, and how far they are."""
    roles = roles_of(user, project)
    if not roles:
        require_belonging(user, project)
    first = _at(user, project, at) if at else []
    rest = cards(user, project, after=after or at, number=number - len(first), but=but | {card.screening.pk for card in first})
    is_moderator = Role.MODERATOR in roles
    return Desk(
        cards=[*first, *rest],
        progress=progress(user, project),
        last=last_said(user, project) if isinstance(user, User) else None,
        may_screen=bool(roles) if guards.by_two(project) else is_moderator,
        is_moderator=is_moderator,
    )


def cards(
    user: object, project: Project, *, after: int = 0, number: int = AHEAD, but: frozenset[int] = frozenset()
) -> list[Card]:
    """The next ones after the row ``after``, from the start again when the end is reached, and last what was set aside."""
    waiting, set_aside = queue(user, project).exclude(pk__in=but), aside(user, project).exclude(pk__in=but)
    found = list(waiting.filter(pk__gt=after)[:number])
    if after and len(found) < number:
        found += waiting.filter(pk__lte=after)[: number - len(found)]
    later = list(set_aside[: number - len(found)])
    return _cards([*found, *later], project, {row.pk for row in later})


def _at(user: object, project: Project, pk: int) -> list[Card]:
    """The article named, where it still waits for the person; else none."""
    cast = Vote.objects.cast().filter(screener=_pk(user), screening=OuterRef("pk"))
    rows = decisions(user, project, ScreeningState.TO_SCREEN).filter(pk=pk).exclude(Exists(cast))
    return _cards(list(rows), project, set())


def _pk(user: object) -> int | None:
    return user.pk if isinstance(user, User) else None


def _cards(rows: list[Screening], project: Project, asides: set[int]) -> list[Card]:
    text = Section.objects.current().of_kind(*READ_FIRST).order_by("position", "key")
    prefetch_related_objects(rows, Prefetch("article__sections", queryset=text, to_attr="read_first"), cautions("article__"))
    prefetch_related_objects([row for row in rows if row.article.full_text], "article__figures")
    return [_card(row, project, row.pk in asides) for row in rows]


def _card(row: Screening, project: Project, is_aside: bool) -> Card:
    words, article = project.words_of_interest, row.article
    title = highlighting.marked(article.title_html, article.title, rules.spans_of(article.title, words))
    parts = [
        Part(each.label, each.language, highlighting.marked(each.html, each.text, rules.spans_of(each.text, words)))
        for each in article.read_first  # type: ignore[attr-defined]
    ]
    return Card(row, title, parts, list(article.figures.all()) if article.full_text else [], is_aside)


def progress(user: object, project: Project) -> Progress:
    mine = Vote.objects.standing().filter(screener=_pk(user), screening__project=project)
    open_aside = Q(verdict=Verdict.ASIDE, screening__state=ScreeningState.TO_SCREEN)
    said = mine.aggregate(cast=Count("pk", filter=~Q(verdict=Verdict.ASIDE)), aside=Count("pk", filter=open_aside))
    if guards.by_two(project):
        return Progress(said["cast"], queue(user, project).count(), said["aside"])
    numbers = counts(project)
    left = numbers[ScreeningState.TO_SCREEN]
    return Progress(sum(numbers.values()) - left, left - said["aside"], said["aside"])


def last_said(user: User, project: Project) -> Vote | None:
    """What the person said last and may still take back: one step of undo, and after it the one before."""
    rows = Vote.objects.standing().filter(screener=user, screening__project=project)
    if guards.by_two(project):
        rows = rows.filter(screening__state=ScreeningState.TO_SCREEN)
    return rows.select_related("screening__article").order_by("-cast_at", "-pk").first()


def my_votes(user: object, rows: list[Screening]) -> dict[int, Vote]:
    """The person's own standing votes on these, by screening."""
    found = Vote.objects.standing().filter(screener=_pk(user), screening__in=rows)
    return {vote.screening_id: vote for vote in found}


def conflicts(user: User, project: Project) -> QuerySet[Screening]:
    """Where two screeners differ, with both votes as ``said``; for moderators, without those they voted on themselves."""
    require_moderator(user, project)
    votes = Vote.objects.visible_to(user).exclude(verdict=Verdict.ASIDE).select_related("screener").order_by("cast_at", "pk")
    rows = conflicts_for(user).filter(project=project).select_related("article", "project").order_by("pk")
    return rows.prefetch_related(Prefetch("votes", queryset=votes, to_attr="said"))


def conflict_cards(user: User, rows: list[Screening], project: Project) -> list[tuple[Card, list[Vote]]]:
    """Each with its article's text and the votes, those taken back included."""
    return [(each, each.screening.said) for each in _cards(rows, project, set())]  # type: ignore[attr-defined]


def screening_for(user: object, pk: int) -> Screening:
    """Raises NotFound."""
    rows = Screening.objects.visible_to(user).select_related("project", "article", "decided_by")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no screening {pk} here, or it is not open to you.")
    return found


def story_of(user: object, pk: int) -> Story:
    """For those who belong to the project. Raises NotFound."""
    found = screening_for(user, pk)
    require_belonging(user, found.project)
    votes = Vote.objects.visible_to(user).filter(screening=found).exclude(verdict=Verdict.ASIDE)
    may_reopen = found.state != ScreeningState.TO_SCREEN and is_moderator(user, found.project)
    return Story(found, list(votes.select_related("screener")), may_reopen)


def counts(project: Project) -> dict[str, int]:
    """How many articles stand in each state, all states named."""
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
