"""Articles found and read, as far as the person may see them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from curation.articles import identifiers
from curation.choices import ITEM_OPEN, BatchKind, ScreeningState, SectionKind
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
from curation.models.articles import ERRATA, GRAVE, NEWER
from curation.standing import queries as standing

#: What no list shows of an article; some are long.
UNLISTED = ("mesh", "grants", "databanks", "history", "keywords", "conflict_of_interest", "copyright", "attribution")
#: What a line that names an article needs not know either.
UNNAMED = (*UNLISTED, "authors", "identifiers", "book", "title_html", "vernacular_title", "languages", "full_text_reason")


def unnamed(way: str) -> list[str]:
    """What rows that lead to an article by this way need not bring, where it is but named."""
    return [f"{way}__{name}" for name in UNNAMED]


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
    def wants_reader(self) -> bool:
        """Whether a project that the person belongs to may still give the article to somebody."""
        return any(
            each.role and each.state == ScreeningState.INCLUDED and each.readers < each.project.readers_required  # type: ignore[attr-defined]
            for each in self.screenings
        )

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


def named(user: object, text: str) -> Article:
    """By its PMID, or as “id:12” by its number here. Raises NotFound."""
    column, number = ("pk", text[3:]) if text.startswith("id:") else ("pmid", text)
    rows = Article.objects.visible_to(user)
    found = rows.filter(**{column: int(number)}).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise NotFound(f"There is no article {text} here, or it is not open to you.")
    return found


def page(user: object, pk: int) -> ArticlePage:
    """Everything of one article in seven queries, however long its lists are. Raises NotFound."""
    source = SourceRecord.objects.filter(article=OuterRef("pk")).exclude(kind__in=("jats", "references")).order_by("-fetched_at")
    rows = Article.objects.visible_to(user).select_related("linking")
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
        references=references(user, found),
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


def references(user: object, article: Article) -> list[Reference]:
    """What it cites; ``here`` is the cited article's own id where it was imported too."""
    cited = list(article.references.all())
    here = _here(user, cited)
    for each in cited:
        each.here = next((here[key] for key in (each.pmid, each.pmcid, each.doi) if key in here), None)
    return cited


def _here(user: object, cited: Iterable[Reference]) -> dict[int | str, int]:
    """By PMID, PMCID and DOI: the articles that are here of those cited."""
    pmids, pmcids, dois = ({value for each in cited if (value := getattr(each, name))} for name in ("pmid", "pmcid", "doi"))
    if not (pmids or pmcids or dois):
        return {}
    named = Q(pmid__in=pmids) | Q(pmcid__in=pmcids) | Q(doi__in=dois)
    rows = Article.objects.visible_to(user).filter(named).order_by("-pk").values_list("pk", "pmid", "pmcid", "doi")
    return {key: pk for pk, *keys in rows for key in keys if key}


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
    readings = Reading.objects.standing().filter(article=article, project=OuterRef("project")).order_by().values("project")
    return standing.standing(user, rows).annotate(
        readers=Coalesce(Subquery(readings.annotate(number=Count("pk")).values("number")), 0),
        role=Subquery(role.values("role")[:1]),
        under_reading_by=Subquery(_alone(me).values("reader")[:1]),
        my_reading=Subquery(mine.values("pk")[:1]),
        my_reading_state=Subquery(mine.values("state")[:1]),
    )


def _alone(me: int | None) -> QuerySet:
    """Another's reading under way, where the project asks for one reader: two are blind to each other."""
    rows = Reading.objects.open().filter(article=OuterRef("article"), project=OuterRef("project"), project__readers_required=1)
    return rows.exclude(curator=me).annotate(reader=Coalesce(NullIf("curator__name", Value("")), "curator__username"))
