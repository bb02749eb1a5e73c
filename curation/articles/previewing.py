"""What a query would bring, before anybody starts it: asked of PubMed while a person waits, and nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from curation.articles import ncbi, pasted
from curation.articles.answers import Summary
from curation.articles.listing import MOST
from curation.errors import NotAllowed
from curation.models import Article, Project, Screening, User

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """``here`` is the article's own id where it was imported before."""

    summary: Summary
    here: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """``listed`` of the ``count`` hits, the newest, were looked up: ``here`` of them are in, ``in_project`` in the project."""

    query: str
    count: int
    listed: int
    here: int
    in_project: int | None
    understood: str
    remarks: Sequence[str]
    first: Sequence[Hit]

    @property
    def is_too_large(self) -> bool:
        return self.count > MOST

    @property
    def is_whole(self) -> bool:
        """Whether every hit was looked up here."""
        return self.listed == self.count


def preview(user: object, query: str, project: Project | None = None) -> Preview:
    """Raises SourceUnavailable where PubMed does not answer within a few seconds, Invalid for what is no query."""
    if not isinstance(user, User):
        raise NotAllowed("Sign in to look into PubMed from here.")
    query = pasted.query(query)
    found = ncbi.search(query, patience=ncbi.FOR_A_PAGE)
    first = ncbi.first_of(found, SHOWN) if found.pmids else []
    known = dict(Article.objects.filter(pmid__in=found.pmids).values_list("pmid", "pk"))
    return Preview(
        query=query,
        count=found.count,
        listed=len(found.pmids),
        here=len(known),
        in_project=_in(project, found.pmids) if project else None,
        understood=found.understood,
        remarks=found.remarks,
        first=[Hit(summary, known.get(summary.pmid)) for summary in first],
    )


def _in(project: Project, pmids: Sequence[int]) -> int:
    return Screening.objects.filter(project=project, article__pmid__in=pmids).count()
