"""How a record is described: publication types, keywords, MeSH, grants, databanks."""

from lxml import etree

from curation.articles.children import Children, children, listed, text, texts
from curation.articles.markup import Marked, marked, plain
from curation.articles.records import Databank, Grant, Heading, Qualifier, Term

NAMELESS: Qualifier = {"ui": "", "name": "", "major": False}


def publication_types(found: Children) -> list[Term]:
    """Of an Article (in its list) or of a BookDocument (bare)."""
    types = (*listed(found, "PublicationTypeList", "PublicationType"), *found.get("PublicationType", ()))
    return [{"ui": t.get("UI") or "", "name": name} for t in types if (name := plain(t))]


def keywords(found: Children) -> list[Marked]:
    """Those of the authors (owner NOTNLM) first, then those that other indexers gave."""
    lists = sorted(found.get("KeywordList", ()), key=lambda each: each.get("Owner", "NOTNLM") != "NOTNLM")
    return [word for each in lists for k in each.iterchildren("Keyword") if (word := marked(k)).text]


def mesh(found: Children) -> list[Heading]:
    return [_heading(h) for h in listed(found, "MeshHeadingList", "MeshHeading")]


def _heading(element: etree._Element) -> Heading:
    named: Qualifier | None = None
    automatic, qualifiers = element.get("AutoHM") == "Y", []
    for part in element:
        automatic = automatic or part.get("AutoHM") == "Y"
        if part.tag == "QualifierName":
            qualifiers.append(_qualifier(part))
        elif part.tag == "DescriptorName" and named is None:
            named = _qualifier(part)
    return {**(named or NAMELESS), "automatic": automatic, "qualifiers": qualifiers}


def _qualifier(element: etree._Element) -> Qualifier:
    return {"ui": element.get("UI") or "", "name": plain(element), "major": element.get("MajorTopicYN") == "Y"}


def grants(found: Children) -> list[Grant]:
    return [_grant(texts(g)) for g in listed(found, "GrantList", "Grant")]


def _grant(said: dict[str, str]) -> Grant:
    return {
        "id": said.get("GrantID", ""),
        "agency": said.get("Agency", ""),
        "country": said.get("Country", ""),
        "acronym": said.get("Acronym", ""),
    }


def databanks(found: Children) -> list[Databank]:
    return [_databank(children(d)) for d in listed(found, "DataBankList", "DataBank")]


def _databank(parts: Children) -> Databank:
    accessions = (plain(a) for a in listed(parts, "AccessionNumberList", "AccessionNumber"))
    return {"name": text(parts, "DataBankName"), "accessions": [a for a in accessions if a]}
