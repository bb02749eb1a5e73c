"""The article list: what a search finds, the newest first, in a time that hardly grows with the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from curation.articles import tokens
from curation.articles.filters import PAGES, Filters
from curation.articles.queries import UNLISTED
from curation.articles.tokens import Tokens
from curation.choices import ScreeningState
from curation.errors import Fault, Invalid
from curation.models import Article, ArticleWords, Screening, User
from curation.standing import queries as standing

#: Hits are counted, and leafed through, so far and no further: each one more is a row to be fetched.
MOST_COUNTED = 1_000
#: Of what is common a page is looked for among so many of the newest articles for each hit it needs, then among more.
WINDOWS = (20, 400)
TOO_FAR = "a search is shown up to page {pages}; for what is further back narrow it, by years for instance"
NEWEST_FIRST = ("-newest", "-article_id")


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found. ``count`` stops at MOST_COUNTED; ``is_exact`` says whether that was all.

    ``unknown`` says, where nothing was found, which filter finds nothing even by itself.
    """

    rows: list[Article]
    count: int
    is_exact: bool
    page: int
    pages: int
    unknown: Sequence[str] = ()

    @property
    def previous(self) -> int | None:
        return min(self.page - 1, self.pages) if self.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None


Rows = QuerySet[ArticleWords]
Found = tuple[list[int], int, int]  # the ids of a page, how many hits there are at least, and how many are counted at most


def search(user: object, filters: Filters) -> Hits:
    """A page of the newest first. Raises Invalid for a page further back than a search is leafed through."""
    rows = _narrowed(user, filters)
    found, count, most = _walked(rows, filters) if _walks(user, filters) else _collected(rows, filters)
    is_exact, counted = count <= most, min(count, most)
    pages = max(1, -(-counted // filters.page_size))
    if filters.page > pages and not is_exact:
        raise Invalid("This search goes on for too long.", faults=[Fault("page", TOO_FAR.format(pages=pages))])
    unknown = () if count else _unknown(user, filters)
    shown = _articles(found, without=UNLISTED)
    return Hits(shown, counted, is_exact, filters.page, pages, unknown)


def _walked(rows: Rows, filters: Filters) -> Found:
    most = PAGES * filters.page_size
    count = rows.order_by(*NEWEST_FIRST)[: most + 1].count()
    return _ids(rows.order_by(*NEWEST_FIRST)[_of_page(filters)]), count, most


def _collected(rows: Rows, filters: Filters) -> Found:
    first = _some(rows, MOST_COUNTED + 1)
    if len(first) <= MOST_COUNTED:
        return first[_of_page(filters)], len(first), MOST_COUNTED
    goes_on = _of_page(filters).start < MOST_COUNTED
    return _newest_of_many(rows, filters) if goes_on else [], len(first), MOST_COUNTED


def _of_page(filters: Filters) -> slice:
    return slice((filters.page - 1) * filters.page_size, filters.page * filters.page_size)


def selected(user: object, filters: Filters, *, most: int) -> list[Article]:
    """All that the filters find, the newest first, whatever page they name; ``most + 1`` where it is more than ``most``."""
    rows = _narrowed(user, filters)
    found = _ids(rows.order_by(*NEWEST_FIRST)[: most + 1]) if _walks(user, filters) else _some(rows, most + 1)
    return _articles(found, without=())


def _walks(user: object, filters: Filters) -> bool:
    """Whether every row in order of date is a hit, so that nothing has to be collected and sorted."""
    return isinstance(user, User) and not (_tokens(filters) or filters.words or filters.author or filters.pmid or filters.project)


def _some(rows: Rows, most: int) -> list[int]:
    """Ids of all the hits, the newest first; of any ``most`` of them where there are more."""
    return [pk for _, pk in sorted(rows.order_by().values_list("newest", "article_id")[:most], reverse=True)]


def _newest_of_many(rows: Rows, filters: Filters) -> list[int]:
    """A page of hits that are too many to sort: found among the newest articles, or where it is not full, among all."""
    page, dated = _of_page(filters), _dated(filters).order_by(*NEWEST_FIRST)
    for share in WINDOWS:
        edge = dated.values_list("newest", flat=True)[page.stop * share :].first()
        if edge is None:
            break
        found = _ids(rows.filter(newest__gte=edge).order_by(*NEWEST_FIRST)[page])
        if len(found) == filters.page_size:
            return found
    # adding nothing hides the date index: rare among the newest, the hits would be walked to through all others
    return _ids(rows.order_by((F("newest") + 0).desc(), "-article_id")[page])


def _ids(rows: Rows) -> list[int]:
    return list(rows.values_list("article_id", flat=True))


def _articles(ids: Sequence[int], *, without: Sequence[str]) -> list[Article]:
    found = Article.objects.defer(*without).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _narrowed(user: object, filters: Filters) -> Rows:
    rows = _dated(filters)
    if not isinstance(user, User):
        rows = rows.filter(article__in=Screening.objects.visible_to(user).order_by().values("article"))
    if filters.words:
        rows = rows.filter(search=SearchQuery(filters.words, config="english", search_type="websearch"))
    if filters.author:
        names = tokens.names(filters.author)
        rows = rows.filter(search=Tokens(names)) if names else rows.none()
    if wanted := _tokens(filters):
        rows = rows.filter(search=Tokens(wanted))
    if filters.pmid:
        rows = rows.filter(article__in=Article.objects.filter(pmid=filters.pmid).order_by())
    return rows.filter(article__in=_screened(user, filters)) if filters.project else rows


def _dated(filters: Filters) -> Rows:
    rows = ArticleWords.objects.all()
    if filters.year_from or filters.year_to:
        rows = rows.filter(newest__gte=(filters.year_from or 1) * 10_000)
    return rows.filter(newest__lt=(filters.year_to + 1) * 10_000) if filters.year_to else rows


def _tokens(filters: Filters) -> list[str]:
    named = [tokens.journal(filters.journal)] if filters.journal else []
    named += [tokens.kind(filters.kind)] if filters.kind else []
    return named + [tokens.FIGURES] * filters.figures + [tokens.NOTICES] * filters.notices


def _screened(user: object, filters: Filters) -> QuerySet:
    rows: QuerySet = Screening.objects.visible_to(user).filter(project__slug=filters.project)
    if filters.state == ScreeningState.INCLUDED:
        rows = rows.filter(state=ScreeningState.INCLUDED)
    elif filters.state:
        rows = standing.in_state(user, rows, filters.state)
    return rows.order_by().values("article")


def _unknown(user: object, filters: Filters) -> list[str]:
    """Which of these filters names nothing that is here, in words."""
    told = {
        _("No article here is of the type “%s”."): (filters.kind, [tokens.kind(filters.kind)]),
        _("No article here is from a journal “%s”; write its name whole, or as PubMed abbreviates it."): (
            filters.journal,
            [tokens.journal(filters.journal)],
        ),
        _("No article here has an author “%s”."): (filters.author, tokens.names(filters.author)),
    }
    rows = _narrowed(user, Filters())
    asked = [(words % name, named) for words, (name, named) in told.items() if name]
    return [words for words, named in asked if not named or not rows.filter(search=Tokens(named)).exists()]
