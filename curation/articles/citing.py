"""The reference list of an article's full text, and how it is laid beside the one PubMed gave. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lxml import etree

from curation.articles import identifiers, jats_text
from curation.articles.markup import Marked, escaped
from curation.articles.records import Cited

LONGEST_DOI = 300
LONGEST_HEADING = 300
#: The names of citations; where a reference has the same in several of these forms the first is taken.
CITATIONS = ("mixed-citation", "element-citation", "citation", "nlm-citation", "product", "note")
PLACES = ("source", "year", "volume", "issue", "supplement", "fpage", "lpage")
REMARKS = ("comment", "ext-link", "uri", "date-in-citation")
KEPT_BY_ITSELF = re.compile(r"\b10\.\d{4,9}/|^\W*(?:doi|pmid|pmcid)\W*$", re.IGNORECASE)
NAMES = ("name", "string-name", "collab", "etal", "person-group")


def references(article: etree._Element) -> tuple[Cited, ...]:
    """Of the article's own lists, in order; lists may be nested, each with its own title."""
    back = article.find("back")
    lists = back.iterfind(".//ref-list") if back is not None else ()
    return tuple(cited for each in lists for cited in _listed(each))


def _listed(element: etree._Element) -> Iterator[Cited]:
    title = jats_text.plain(element.find("title"))
    heading = "" if title.lower() in ("references", "literature", "bibliography") else title
    for ref in element.iterfind("ref"):
        forms = [form for tag in CITATIONS if (form := list(ref.iter(tag)))]
        for n, citation in enumerate(forms[0] if forms else ()):
            others = [form[n] for form in forms[1:] if len(form) == len(forms[0])]
            if (found := _cited(citation, others, heading[:LONGEST_HEADING])).citation:
                yield found


def _cited(element: etree._Element, others: Sequence[etree._Element], heading: str) -> Cited:
    """``others`` are the same citation in other forms, which may name what it is known by."""
    ids = {i.get("pub-id-type", ""): jats_text.plain(i) for e in (*others, element) for i in e.iterfind(".//pub-id")}
    printed = element.tag == "note" or (element.tag == "mixed-citation" and (element.text or "").strip())
    words = _mixed(element) if printed else _composed(element)
    doi = identifiers.doi(ids.get("doi", "")) or identifiers.doi_in(f"{_links(element)} {jats_text.plain(element)}")
    return Cited(
        heading=heading,
        citation=words.text,
        citation_html=words.html,
        doi=doi if len(doi) <= LONGEST_DOI else "",
        pmid=identifiers.pmid(ids.get("pmid", "")),
        pmcid=identifiers.pmcid(ids.get("pmcid", "") or ids.get("pmc", "")),
    )


def _links(element: etree._Element) -> str:
    return " ".join(jats_text.plain(link) for link in element.iter("ext-link"))


def _mixed(element: etree._Element) -> Marked:
    """As printed, without the identifiers that follow it."""
    words = jats_text.inline(element)
    tails = [jats_text.plain(i) for i in element.iterfind("pub-id")]
    text = words.text
    for tail in reversed(tails):
        text = re.sub(rf"[\s:;,.]*(?:doi|pmid|pmcid|pmc)?[\s:]*{re.escape(tail)}\s*[\].)]*$", "", text, flags=re.IGNORECASE)
    return words if text == words.text else _ended(Marked(text, escaped(text)))


def _composed(element: etree._Element) -> Marked:
    """“Authors. Title. Journal. Year;Volume(Issue):Pages.” from the parts of a citation that has no punctuation of its own."""
    names = ", ".join(filter(None, (_name(n) for n in element.iter(*NAMES))))
    title = jats_text.inline(_first(element, "article-title", "chapter-title", "part-title"))
    at = {tag: jats_text.plain(element.find(f".//{tag}")) for tag in PLACES}
    pages = "-".join(p for p in (at["fpage"], at["lpage"]) if p) or jats_text.plain(element.find(".//elocation-id"))
    issue = at["issue"] or at["supplement"].strip("() ")
    issue = f"({issue})" if issue else ""
    printed = ": ".join(filter(None, (jats_text.plain(element.find(f"publisher-{part}")) for part in ("loc", "name"))))
    place = f"{at['year']}{';' if at['volume'] else ''}{at['volume']}{issue}{':' if pages else ''}{pages}"
    edition = jats_text.plain(element.find("edition"))
    edition = f"ed. {edition}" if edition.isdecimal() else edition
    before, *after = (Marked(p, escaped(p)) for p in (names, at["source"], edition, printed, place, _remark(element)))
    parts = [before, title, *after]
    said = [_ended(part) for part in parts if part.text.strip(". ")]
    return Marked(" ".join(p.text for p in said), " ".join(p.html for p in said))


def _remark(element: etree._Element) -> str:
    """Where and when it was read on the web, that it is in press, or the like; not the DOI, which is kept by itself."""
    found: list[str] = []
    for each in element:
        found += [jats_text.plain(each)] if each.tag in REMARKS else []
        found += [" ".join(each.tail.split())] if each.tail and re.search(r"[^\W\d_]{4}", each.tail) else []
    return " ".join(words for words in found if len(words) > 1 and not KEPT_BY_ITSELF.search(words))


def _ended(part: Marked) -> Marked:
    return part if part.text.endswith((".", "?", "!")) else Marked(f"{part.text}.", f"{part.html}.")


def _first(element: etree._Element, *tags: str) -> etree._Element | None:
    return next((found for tag in tags if (found := element.find(f".//{tag}")) is not None), None)


def _name(element: etree._Element) -> str:
    if element.tag == "etal":
        return "et al"
    if element.tag == "person-group":  # people whose names are written out in it; others come by themselves
        return "" if next(element.iter(*NAMES[:-1]), None) is not None else jats_text.plain(element)
    parts = [jats_text.plain(element.find(part)) for part in ("surname", "given-names", "suffix")]
    return " ".join(filter(None, parts)) if parts[0] else jats_text.plain(element)


def merged(known: Sequence[Cited], found: Iterable[Cited]) -> list[Cited]:
    """PubMed's list with the identifiers that the full text adds, then what PubMed does not have. Nothing stands twice."""
    listed = list(known)
    places = _places(listed)
    for each in found:
        at = next((places[key] for key in _keys(each) if key in places), None)
        if at is None:
            at = len(listed)
            listed.append(each)
        else:
            here = listed[at]
            listed[at] = replace(here, doi=here.doi or each.doi, pmid=here.pmid or each.pmid, pmcid=here.pmcid or each.pmcid)
        for key in _keys(each):
            places.setdefault(key, at)
    return listed


def _places(listed: Sequence[Cited]) -> dict[str, int]:
    places: dict[str, int] = {}
    for n, each in enumerate(listed):
        for key in _keys(each):
            places.setdefault(key, n)
    return places


def _keys(cited: Cited) -> list[str]:
    """By what the same work is known again: its identifiers, or all of its words."""
    words = "".join(re.findall(r"\w+", cited.citation.casefold()))
    ids = (("doi", cited.doi.casefold()), ("pmid", cited.pmid), ("pmcid", cited.pmcid), ("words", words[:300]))
    return [f"{kind}:{value}" for kind, value in ids if value]
