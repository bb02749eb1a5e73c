"""Articles found and read, as far as the person may see them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from curation.articles import identifiers
from curation.articles.filters import PAGES, Filters
from curation.articles.related import ERRATA, GRAVE, NEWER
from curation.choices import ITEM_OPEN, BatchKind, SectionKind
from curation.errors import Fault, Invalid, NotFound
from curation.models import (
    Article,
    BatchItem,
    Figure,
    Membership,
    Notice,
    Reading,
    Reference,
    Screening,
    Section,
    SourceRecord,
    User,
)
from curation.models.articles import NEWEST_FIRST

#: Hits are counted so far and no further: counting all of a common word takes seconds, and 10,000 took 100 ms (bench.search).
MOST_COUNTED = 2_000
#: The weight that the importer gives to authors' names in ``Article.search``.
NAMES_WEIGHT = "D"
#: Columns no list shows; some are long.
UNLISTED = ("search", "mesh", "grants", "databanks", "history", "keywords", "conflict_of_interest", "copyright", "attribution")


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found. ``count`` stops at MOST_COUNTED; ``is_exact`` says whether that was all."""

    rows: list[Article]
    count: int
    is_exact: bool
    page: int
    pages: int

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article with all that is shown of it.

    ``text`` holds the current sections by kind, ``figures`` each figure with its caption; ``screenings`` carry the person's
    ``role``, ``my_reading`` and its state in that project, and how many ``readers`` the article has there. ``asked_for`` is the
    latest time that somebody asked for the full text; who has not signed in does not learn of it.
    """

    article: Article
    text: dict[str, list[Section]]
    figures: list[tuple[Figure, Section | None]]
    references: list[Reference]
    notices: list[Notice]
    screenings: list[Screening]
    asked_for: BatchItem | None

    @property
    def is_being_fetched(self) -> bool:
        return bool(self.asked_for and self.asked_for.state in ITEM_OPEN)

    @property
    def grave_notices(self) -> list[Notice]:
        return [notice for notice in self.notices if notice.kind in GRAVE]

    @property
    def errata(self) -> list[Notice]:
        return [notice for notice in self.notices if notice.kind in ERRATA]

    @property
    def newer_versions(self) -> list[Notice]:
        """What came after this one, where it is a preprint or was updated."""
        return [notice for notice in self.notices if notice.kind in NEWER]

    @property
    def other_notices(self) -> list[Notice]:
        return [notice for notice in self.notices if notice.kind not in (*GRAVE, *ERRATA, *NEWER)]


def article(user: object, pk: int) -> Article:
    return _found(Article.objects.visible_to(user), pk)


def page(user: object, pk: int) -> ArticlePage:
    """Everything of one article in seven queries, however long its lists are. Raises NotFound."""
    source = SourceRecord.objects.filter(article=OuterRef("pk")).exclude(kind="jats").order_by("fetched_at")
    rows = Article.objects.visible_to(user).select_related("linking").defer("search")
    found = _found(
        rows.annotate(
            source_kind=Subquery(source.values("kind")[:1]),
            source_sha256=Subquery(source.values("sha256")[:1]),
            source_fetched_at=Subquery(source.values("fetched_at")[:1]),
        ),
        pk,
    )
    text = _by_kind(sections(found))
    return ArticlePage(
        article=found,
        text=text,
        figures=_figures(found, text.get(SectionKind.CAPTION, ())),
        references=list(references(user, found)),
        notices=list(found.notices.all()),
        screenings=list(_screenings(user, found)),
        asked_for=_asked_for(user, found),
    )


def _asked_for(user: object, article: Article) -> BatchItem | None:
    if not isinstance(user, User) or not article.pmcid:
        return None
    rows = BatchItem.objects.filter(article=article, batch__kind=BatchKind.FULL_TEXT)
    return rows.defer("raw").order_by("-batch", "-position").first()


def may_fetch(user: object, page: ArticlePage) -> bool:
    """Whether the person may ask for the full text: members of a project that has the article, and administrators."""
    if not isinstance(user, User) or not page.article.pmcid:
        return False
    return user.is_administrator or any(getattr(screening, "role", None) for screening in page.screenings)


def figure(user: object, pk: int) -> Figure:
    """Raises NotFound."""
    found = Figure.objects.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"There is no figure {pk} here, or it is not open to you.")
    return found


def section(user: object, pk: int) -> Section:
    """One frozen wording of a piece of text, an earlier one too. Raises NotFound."""
    found = Section.objects.filter(article__in=Article.objects.visible_to(user)).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"There is no section {pk} here, or it is not open to you.")
    return found


def ids_named(user: object, names: Iterable[str]) -> list[int]:
    """Ids of the articles that are named by PMID or PMCID. Raises Invalid listing those that are not here."""
    ids, faults = [], []
    for name in names:
        number, pmcid = identifiers.pmid(name), identifiers.pmcid(name)
        wanted = Q(pmid=number) if number else Q(pmcid=pmcid) if pmcid else None
        found = Article.objects.visible_to(user).filter(wanted).values_list("pk", flat=True).first() if wanted else None
        if found is None:
            faults.append(Fault(name[:80], "is not here; import it first" if wanted else "is neither a PMID nor a PMCID"))
        else:
            ids.append(found)
    if faults:
        raise Invalid("Some of these articles are not here.", faults=faults)
    return ids


def _found(rows: QuerySet[Article], pk: int) -> Article:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"There is no article {pk} here, or it is not open to you.")
    return found


def sections(article: Article) -> QuerySet[Section]:
    return article.sections.current().order_by("position", "key")


def references(user: object, article: Article) -> QuerySet[Reference]:
    """What it cites; ``here`` is the cited article's own row where it was imported too."""
    known = Article.objects.visible_to(user).order_by()
    by_pmid, by_pmcid = known.filter(pmid=OuterRef("pmid")), known.filter(pmcid=OuterRef("pmcid"))
    by_doi = known.filter(doi=OuterRef("doi")).exclude(doi="")
    found = Coalesce(*(Subquery(each.values("pk")[:1]) for each in (by_pmid, by_pmcid, by_doi)))
    return article.references.annotate(here=found)


def _by_kind(sections: Iterable[Section]) -> dict[str, list[Section]]:
    kinds: dict[str, list[Section]] = {}
    for section in sections:
        kinds.setdefault(section.kind, []).append(section)
    return kinds


def _figures(article: Article, captions: Iterable[Section]) -> list[tuple[Figure, Section | None]]:
    by_key = {section.key: section for section in captions}
    return [(figure, by_key.get(figure.key)) for figure in article.figures.all()]


def _screenings(user: object, article: Article) -> QuerySet[Screening]:
    rows = Screening.objects.visible_to(user).filter(article=article).select_related("project").order_by("project__title")
    me = user.pk if isinstance(user, User) else None
    mine = Reading.objects.filter(article=article, project=OuterRef("project"), curator=me)
    role = Membership.objects.filter(project=OuterRef("project"), user=me)
    readings = Reading.objects.filter(article=article, project=OuterRef("project")).order_by().values("project")
    return rows.annotate(
        readers=Coalesce(Subquery(readings.annotate(number=Count("pk")).values("number")), 0),
        role=Subquery(role.values("role")[:1]),
        my_reading=Subquery(mine.values("pk")[:1]),
        my_reading_state=Subquery(mine.values("state")[:1]),
    )


def search(user: object, filters: Filters) -> Hits:
    """The newest first. What is rare is sorted after it was found, what is common is walked to in date order."""
    rows = _narrowed(user, Article.objects.visible_to(user), filters)
    counted = rows.order_by()[: MOST_COUNTED + 1].count()
    is_rare = filters.narrows and counted <= MOST_COUNTED
    start = (filters.page - 1) * filters.page_size
    ordered = rows.order_by(*_newest(walk=not is_rare)).defer(*UNLISTED)
    count = min(counted, MOST_COUNTED)
    return Hits(
        rows=list(ordered[start : start + filters.page_size]),
        count=count,
        is_exact=counted <= MOST_COUNTED,
        page=filters.page,
        pages=max(1, min(PAGES, -(-count // filters.page_size))),
    )


def selected(user: object, filters: Filters) -> QuerySet[Article]:
    """All that the filters find, the newest first, whatever page they name."""
    rows = _narrowed(user, Article.objects.visible_to(user), filters)
    return rows.order_by(*_newest(walk=not filters.narrows)).defer("search")


def _newest(*, walk: bool) -> tuple[OrderBy, ...]:
    # adding nothing to the year hides the date index from the planner: one hit would have it walk the whole of it
    year = NEWEST_FIRST[0] if walk else (F("published_year") + 0).desc(nulls_last=True)
    return (year, *NEWEST_FIRST[1:])


def _narrowed(user: object, rows: QuerySet[Article], filters: Filters) -> QuerySet[Article]:
    if filters.words:
        rows = rows.filter(search=SearchQuery(filters.words, config="english", search_type="websearch"))
    if filters.author:
        rows = rows.filter(search=_names(filters.author))
    if filters.journal:
        rows = rows.filter(Q(journal_abbrev__iexact=filters.journal) | Q(journal__iexact=filters.journal))
    if filters.kind:
        rows = rows.filter(publication_types__contains=[{"name": filters.kind}])
    if filters.year_from:
        rows = rows.filter(published_year__gte=filters.year_from)
    if filters.year_to:
        rows = rows.filter(published_year__lte=filters.year_to)
    if filters.pmid:
        rows = rows.filter(pmid=filters.pmid)
    if filters.notices:
        rows = rows.filter(pk__in=Notice.objects.filter(kind__in=(*GRAVE, *ERRATA)).values("article"))
    if filters.figures:
        rows = rows.filter(pk__in=Figure.objects.values("article"))
    return rows.filter(pk__in=_screened(user, filters)) if filters.project else rows


def _names(author: str) -> SearchQuery:
    """Each word of the name, in any order, among the names of the authors alone: they have their own weight in the index."""
    words = re.findall(r"\w+", author)
    return SearchQuery(" & ".join(f"{word}:{NAMES_WEIGHT}" for word in words), config="simple", search_type="raw")


def _screened(user: object, filters: Filters) -> QuerySet:
    rows = Screening.objects.visible_to(user).filter(project__slug=filters.project)
    return (rows.filter(state=filters.state) if filters.state else rows).values("article")
