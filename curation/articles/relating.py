"""Ask PubMed what articles are related to, some at a time; whoever waits for it finds it in the tables."""

from collections.abc import Iterable, Mapping

from curation.articles import links, ncbi
from curation.articles.answers import Links, Summary
from curation.errors import Refusal, SourceUnavailable
from curation.models import Article

UNKNOWN = "PubMed names no relations of this record; it may have been withdrawn."


def fetch_some() -> bool:
    """Relations of the next articles that wait for them; False where none waits, or PubMed does not answer now."""
    claimed = links.claim(most=ncbi.LINKED_A_REQUEST)
    if not claimed:
        return False
    try:
        found = ncbi.links([each.article.pmid for each in claimed if each.article.pmid])
        titles = _titles(found.values())
    except SourceUnavailable as trouble:
        links.postpone(claimed, trouble.detail)
        return False
    except Refusal as trouble:
        links.fail(claimed, trouble.detail)
        return True
    for each in claimed:
        if (of_it := found.get(each.article.pmid or 0)) is not None:
            links.keep(each, of_it, titles)
        else:
            links.fail([each], UNKNOWN)
    return True


def _titles(found: Iterable[Links]) -> Mapping[int, Summary]:
    """Of what is shown first and is not here, where it would have no other title."""
    shown = {pmid for each in found for pmids in each.values() for pmid in pmids[: links.TITLED]}
    here = set(Article.objects.filter(pmid__in=shown).values_list("pmid", flat=True))
    wanted = sorted(shown - here)
    titles: dict[int, Summary] = {}
    for start in range(0, len(wanted), ncbi.IDS_A_REQUEST):
        titles |= ncbi.summaries(wanted[start : start + ncbi.IDS_A_REQUEST], ncbi.FOR_LATER)
    return titles
