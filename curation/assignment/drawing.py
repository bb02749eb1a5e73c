"""Who would get what, were articles drawn now, and why somebody gets nothing: what a moderator looks at before confirming."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from curation.annotation.pool import queries as pool
from curation.annotation.pool.guards import WHY
from curation.assignment import queries, rules
from curation.assignment.rules import Drawn
from curation.choices import Role
from curation.errors import Fault, Invalid
from curation.models import Article, Project, Screening, User

#: More than one gives out with open eyes.
MOST_DRAWN = 200
MODERATES = "moderators are not drawn"
OTHERS_FIRST = "others had fewer readings open"
NOTHING_LEFT = "no article was left"


@dataclass(slots=True)
class Share:
    """One member: how many readings they have open, as far as whoever draws may know it, what the draw adds, and why nothing
    where that is so."""

    person: User
    open_now: int
    articles: list[Article] = field(default_factory=list)
    why: str = ""

    @property
    def open_after(self) -> int:
        return self.open_now + len(self.articles)


@dataclass(frozen=True, slots=True)
class Gap:
    """An article that still wants so many readers after the draw, and why each member is out of the question."""

    article: Article
    lacks: int
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """``key`` names the draw; confirming it sends the same key.

    ``beside``: how many articles whoever draws reads too, of which they are not told who else does. Where there is a maximum,
    each counts for one more open reading of everybody: nobody passes it, and the draw is the same whoever reads them.
    """

    beside: int
    drawn: Drawn
    rows: dict[int, Screening]
    shares: list[Share]
    gaps: list[Gap]

    @property
    def key(self) -> str:
        return self.drawn.key

    @property
    def number(self) -> int:
        return len(self.drawn.pairs)


def plan(user: object, project: Project, number: int) -> Plan:
    """For the first so many articles that want a reader, in the project's order. Six queries, however many there are."""
    if not 1 <= number <= MOST_DRAWN:
        raise Invalid("Say how many articles.", faults=[Fault("articles", f"choose from 1 to {MOST_DRAWN}")])
    rows = {row.article_id: row for row in queries.unread(user, project)[:number]}
    people = {each.user_id: each for each in queries.readers(project)}
    known = queries.assigned(user).open().filter(project=project).order_by()
    open_now = Counter(known.values_list("curator", flat=True))
    beside = pool.unsettled(user).filter(project=project).count()
    most = None if project.most_open is None else max(project.most_open - beside, 0)
    barred: dict[tuple[int, int], str] = {}
    for article, reader, role, why in _pairs(rows.values()):
        if role == Role.MODERATOR:
            barred[article, reader] = MODERATES
        elif why and why != pool.MOST:  # the draw counts for itself who has how many
            barred[article, reader] = WHY[why]
    drawn = rules.draw(
        wants={article: project.readers_required - row.readers for article, row in rows.items()},  # type: ignore[attr-defined]
        readers={key: open_now[key] for key in people},
        barred=barred,
        most_open=most,
        seed=project.reading_seed,
    )
    shares = {key: Share(each.user, open_now[key]) for key, each in people.items()}
    for article, reader in drawn.pairs:
        shares[reader].articles.append(rows[article].article)
    for share in shares.values():
        share.why = "" if share.articles else _why_nothing(share, barred, rows, most)
    gaps = [
        Gap(rows[article].article, lacks, _why_lacking(article, shares, barred, most)) for article, lacks in drawn.left.items()
    ]
    return Plan(beside, drawn, rows, list(shares.values()), gaps)


def _pairs(rows: Iterable[Screening]) -> Iterable[tuple[int, int, str, str]]:
    chosen = Screening.objects.filter(pk__in=[row.pk for row in rows])
    return pool.pairs(chosen).values_list("article", "reader", "role", "obstacle")


def _is_full(share: Share, most: int | None) -> bool:
    return most is not None and share.open_after >= most


def _why_nothing(share: Share, barred: dict[tuple[int, int], str], rows: dict[int, Screening], most: int | None) -> str:
    against = [barred[article, share.person.pk] for article in rows if (article, share.person.pk) in barred]
    if rows and len(against) == len(rows):
        return rules.commonest(against)
    if _is_full(share, most):
        return WHY[pool.MOST]
    return OTHERS_FIRST if rows else NOTHING_LEFT


def _why_lacking(article: int, shares: dict[int, Share], barred: dict[tuple[int, int], str], most: int | None) -> str:
    """Everybody who is not drawn for it: their names by reason."""
    names: dict[str, list[str]] = defaultdict(list)
    for key, share in shares.items():
        if reason := barred.get((article, key)) or (WHY[pool.MOST] if _is_full(share, most) else ""):
            names[reason].append(str(share.person))
    return "; ".join(f"{', '.join(people)}: {reason}" for reason, people in names.items()) or "nobody belongs to the project"
