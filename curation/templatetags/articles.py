"""How articles are written in pages: safe markup, journal lines, addresses elsewhere, words for PubMed's notices."""

from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from curation.articles import highlighting, licences, related, wording
from curation.articles.jats import PATH
from curation.choices import SectionKind
from curation.models import Article, Figure, Section
from curation.models.articles import ERRATA, GRAVE

register = template.Library()

register.filter("doi_address", wording.doi_address)
register.filter("pubmed_address", wording.pubmed_address)
register.filter("pmc_address", wording.pmc_address)
register.filter("orcid_address", wording.orcid_address)
register.filter("web_address", wording.web_address)
register.filter("language_tag", wording.language_tag)

NOTICES = {
    "RetractionIn": _("Retracted in"),
    "RetractionOf": _("Retraction of"),
    "RetractedandRepublishedIn": _("Retracted and republished in"),
    "RetractedandRepublishedFrom": _("Retracted and republished from"),
    "PartialRetractionIn": _("Retracted in part in"),
    "PartialRetractionOf": _("Partial retraction of"),
    "ExpressionOfConcernIn": _("Expression of concern in"),
    "ExpressionOfConcernFor": _("Expression of concern for"),
    "ErratumIn": _("Erratum in"),
    "ErratumFor": _("Erratum for"),
    "CorrectedandRepublishedIn": _("Corrected and republished in"),
    "CorrectedandRepublishedFrom": _("Corrected and republished from"),
    "RepublishedIn": _("Republished in"),
    "RepublishedFrom": _("Republished from"),
    "CommentIn": _("Comment in"),
    "CommentOn": _("Comment on"),
    "UpdateIn": _("Update in"),
    "UpdateOf": _("Update of"),
    "OriginalReportIn": _("Original report in"),
    "ReprintIn": _("Reprint in"),
    "ReprintOf": _("Reprint of"),
    "SummaryForPatientsIn": _("Summary for patients in"),
    "AssociatedDataset": _("Associated data set"),
    "AssociatedPublication": _("Associated publication"),
    "Cites": _("Cites"),
}


@register.filter
def safe_html(html: str) -> SafeString:
    return mark_safe(highlighting.safe(html))  # noqa: S308 - written anew from an allow-list


@register.simple_tag
def section_words(section: Section, marks: Mapping[int, Sequence[highlighting.Span]] | None = None) -> SafeString:
    """The section's text, with the spans that ``marks`` names for it marked."""
    spans = (marks or {}).get(section.pk, ())
    blocks = section.kind in (SectionKind.BODY, SectionKind.TABLE)
    words = highlighting.marked(section.html, section.text, spans, first=f"mark-{section.pk}", blocks=blocks)
    return mark_safe(words)  # noqa: S308 - written anew from an allow-list


def _published(article: Article) -> str:
    return wording.date_words(
        year=article.published_year,
        month=article.published_month,
        day=article.published_day,
        precision=article.published_precision,
        literal=article.published_literal,
    )


@register.filter
def language_name(code: str) -> str:
    """Its name in the language of the page; PubMed's code where it has none here."""
    try:
        return str(get_language_info(wording.language_tag(code))["name_translated"])
    except KeyError:
        return code


#: The numbers that stand by themselves at the head of the page.
AT_THE_HEAD = ("pubmed", "doi", "pmc", "pmcid")


@register.filter
def other_identifiers(identifiers: Mapping[str, str]) -> list[tuple[str, str]]:
    """A manuscript's, a book's or the publisher's, which PubMed lists too."""
    return [(kind, value) for kind, value in sorted(identifiers.items()) if kind not in AT_THE_HEAD]


@register.filter
def headings(mesh: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Of what MeSH says of an article, the headings."""
    return [each for each in mesh if "kind" not in each]


@register.filter
def concepts(mesh: Sequence[Mapping[str, object]], kind: str) -> list[Mapping[str, object]]:
    """Of what MeSH says of an article, the substances or the supplementary concepts."""
    return [each for each in mesh if each.get("kind") == kind]


@register.filter
def journal_line(article: Article) -> str:
    """Of an article in a journal, or of what is in a book."""
    date = _published(article)
    if article.book:
        return wording.book_line(article.book, date=date)
    return wording.journal_line(
        journal=article.journal_abbrev or article.journal,
        date=date,
        volume=article.volume,
        issue=article.issue,
        pages=article.pages or article.elocation,
    )


@register.filter
def short_authors(article: Article) -> str:
    return wording.short_authors(article.authors, complete=article.authors_complete)


@register.filter
def notice_words(kind: str) -> str:
    """PubMed's RefType as a person would say it; a kind not known here as PubMed wrote it."""
    return str(NOTICES.get(kind, kind))


@register.filter
def titles(section: Section) -> list[str]:
    """A section's title after those of the sections it stands in."""
    return section.label.split(PATH)


FLAGS = {
    licences.Flag.SHARE_ALIKE: _("share alike: whatever is made of it stands under the same licence"),
    licences.Flag.NO_DERIVATIVES: _("no derivatives: neither cut out nor drawn upon"),
    licences.Flag.NON_COMMERCIAL: _("not for commerce"),
}


@register.filter
def licence_flags(figure: Figure | Article) -> list[str]:
    """What the licence asks of whoever uses the picture further."""
    return [str(FLAGS[flag]) for flag in licences.of_name(figure.licence).flags]


@register.filter
def notice_weight(kind: str) -> str:
    """The component class by which it is drawn: danger, warn or info."""
    return "danger" if kind in GRAVE else "warn" if kind in ERRATA else "info"


@register.inclusion_tag("articles/_cautions.html")
def cautions(articles: Article | Iterable[Article]) -> dict[str, object]:
    """What one should know before relying on what was drawn from these articles; nothing where there is nothing."""
    several = {each.pk: each for each in ([articles] if isinstance(articles, Article) else articles)}
    notices = related.cautions_of(several.values())
    told = {notice.article_id for notice in notices if notice.kind in GRAVE}
    retracted = [each for each in several.values() if each.is_retracted and each.pk not in told]
    return {"notices": notices, "retracted": retracted, "gone": [a for a in several.values() if a.is_deleted_at_source]}
