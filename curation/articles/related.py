"""What stands near an article: what PubMed links it to, what calls it in question, and what may tell of the same patient."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from curation.articles import resemblance, tokens
from curation.articles.links import TITLED
from curation.articles.resemblance import Report, Resemblance
from curation.articles.tokens import Tokens
from curation.choices import LinkState, RelationKind, SectionKind
from curation.models import Article, Linking, Notice, Project, Relation, Section, User
from curation.models.articles import CAUTIONS

MOST_COMPARED = 200
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Group:
    """The first relations of one kind; ``total`` is how many PubMed named."""

    kind: RelationKind
    total: int
    rows: list[Relation]

    @property
    def more(self) -> int:
        return max(0, self.total - len(self.rows))


@dataclass(frozen=True, slots=True)
class Related:
    """``linking`` is None where nobody asked PubMed yet."""

    article: Article
    linking: Linking | None
    groups: list[Group]

    @property
    def is_waiting(self) -> bool:
        return bool(self.linking and self.linking.state in (LinkState.WAITING, LinkState.RUNNING))


def related(user: object, article: Article, most: int = TITLED) -> Related:
    """Each relation with ``here``, its own row where it was imported too, and then that one's title."""
    linking = getattr(article, "linking", None)
    if linking is None:
        return Related(article, None, [])
    known = Article.objects.visible_to(user).order_by().filter(pmid=OuterRef("pmid"))
    rows = Relation.objects.filter(article=article, position__lte=most).order_by("position")
    by_kind: dict[str, list[Relation]] = defaultdict(list)
    for row in rows.annotate(here=Subquery(known.values("pk")[:1]), here_title=Subquery(known.values("title")[:1])):
        by_kind[row.kind].append(row)
    groups = [Group(kind, linking.totals.get(kind, 0), by_kind[kind]) for kind in RelationKind if by_kind[kind]]
    return Related(article, linking, groups)


def cautions(way: str = "") -> Prefetch:
    """For rows with articles, ``way`` being the way to them: the notices one should know of, as ``article.cautions``."""
    return Prefetch(f"{way}notices", queryset=Notice.objects.filter(kind__in=CAUTIONS), to_attr="cautions")


def cautions_of(articles: Iterable[Article]) -> list[Notice]:
    """Of several articles at once, each with its ``article``."""
    rows = Notice.objects.filter(article__in={article.pk for article in articles}, kind__in=CAUTIONS)
    return list(rows.select_related("article"))


def resembling(user: User, article: Article) -> list[tuple[Article, Resemblance]]:
    """Reports that may be of the same patient, in those of the person's projects that have this one; the likeliest first."""
    if (names := _names(article)) is None:
        return []
    theirs = Project.objects.of_member(user).filter(screenings__article=article)
    near = Article.objects.filter(words__search=names, screenings__project__in=theirs).exclude(pk=article.pk).distinct()
    candidates = near.only("id", "pmid", "pmcid", "doi", "title", "authors", "published_year").order_by("-pk")
    mine = _report(_with_text(Article.objects.filter(pk=article.pk)).get())
    pairs = ((each, resemblance.compare(mine, _report(each))) for each in _with_text(candidates)[:MOST_COMPARED])
    return resemblance.best([(each, alike) for each, alike in pairs if alike], MOST_SHOWN)


def _with_text(articles: QuerySet[Article]) -> QuerySet[Article]:
    text = Section.objects.current().of_kind(SectionKind.ABSTRACT).only("id", "article_id", "text")
    return articles.prefetch_related(Prefetch("sections", queryset=text, to_attr="abstract"))


def _names(article: Article) -> Tokens | None:
    """Any of its authors' last names, among the names of other articles' authors."""
    names = {token for author in article.authors[:30] for token in tokens.names(author.get("last_name") or "")}
    return Tokens(sorted(names), any_of=True) if names else None


def _report(article: Article) -> Report:
    text = " ".join(section.text for section in getattr(article, "abstract", ()))
    return resemblance.report(title=article.title, text=text, authors=article.authors)
