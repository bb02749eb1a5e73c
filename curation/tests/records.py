"""PubMed records made for a test and taken in as the importer takes them."""

from collections.abc import Iterator
from html import escape

from django.db import transaction

from curation.articles import cutting, parsing, store
from curation.models import Article


def taken_in(*records: str) -> list[Article]:
    return taken_in_file(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode())


def taken_in_file(xml: bytes) -> list[Article]:
    cuts = list(cutting.records([xml]))
    with transaction.atomic():
        outcomes = store.store([store.Incoming(parsing.parse(cut), cut.body) for cut in cuts])
    found = Article.objects.in_bulk([outcome.article_id for outcome in outcomes])
    return [found[outcome.article_id] for outcome in outcomes]


def a_record(
    pmid: int,
    *,
    title: str = "A case.",
    abstract: str = "Text.",
    year: int = 2020,
    author: str = "Park",
    journal: str = "J Rare Dis",
    kind: str = "Case Reports",
    cites: int = 0,
    notice: str = "",
    pmcid: str = "",
) -> str:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
        f'<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><PubDate><Year>{year}</Year></PubDate>'
        f"</JournalIssue><ISOAbbreviation>{journal}</ISOAbbreviation></Journal><ArticleTitle>{escape(title)}</ArticleTitle>"
        f"<Abstract><AbstractText>{escape(abstract)}</AbstractText></Abstract>"
        f'<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>{author}</LastName><ForeName>Ann</ForeName>'
        f"<Initials>A</Initials></Author></AuthorList><Language>eng</Language>"
        f'<PublicationTypeList><PublicationType UI="D0">{kind}</PublicationType></PublicationTypeList></Article>'
        f"<MedlineJournalInfo><MedlineTA>{journal}</MedlineTA></MedlineJournalInfo>{_notice(notice)}</MedlineCitation>"
        f"<PubmedData>{_own_ids(pmcid)}<ReferenceList>{''.join(_references(cites))}</ReferenceList></PubmedData></PubmedArticle>"
    )


def _own_ids(pmcid: str) -> str:
    return f'<ArticleIdList><ArticleId IdType="pmc">{pmcid}</ArticleId></ArticleIdList>' if pmcid else "<ArticleIdList/>"


def _references(number: int) -> Iterator[str]:
    for n in range(number):
        yield (
            f"<Reference><Citation>Cited {n}.</Citation><ArticleIdList>"
            f'<ArticleId IdType="pubmed">{n + 1}</ArticleId></ArticleIdList></Reference>'
        )


def _notice(kind: str) -> str:
    if not kind:
        return ""
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>J Rare Dis. 2022;1:1</RefSource>'
        f"<Note>Data were wrong.</Note></CommentsCorrections></CommentsCorrectionsList>"
    )
