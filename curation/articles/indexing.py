"""How a record is described: publication types, keywords, MeSH, grants, databanks."""

from lxml import etree

from curation.articles.children import Children, children, first, listed, text, texts
from curation.articles.markup import Marked, marked, plain
from curation.articles.records import Concept, Databank, Grant, Heading, Qualifier, Term

NAMELESS: Qualifier = {"ui": "", "name": "", "major": False}


def publication_types(found: Children) -> list[Term]:
    """Of an Article (in its list) or of a BookDocument (bare)."""
    types = (*listed(found, "PublicationTypeList", "PublicationType"), *found.get("PublicationType", ()))
    return [{"ui": t.get("UI") or "", "name": name} for t in types if (name := plain(t))]


def keywords(found: Children) -> list[Marked]:
    """Those of the authors (owner NOTNLM) first, then those that other indexers gave."""
    lists = sorted(found.get("KeywordList", ()), key=lambda each: each.get("Owner", "NOTNLM") != "NOTNLM")
    return [word for each in lists for k in each.iterchildren("Keyword") if (word := marked(k)).text]


def mesh(found: Children) -> list[Heading | Concept]:
    """The headings, and after them the substances and supplementary concepts, which have lists of their own."""
    headings = (_heading(h) for h in listed(found, "MeshHeadingList", "MeshHeading"))
    substances = (_substance(children(c)) for c in listed(found, "ChemicalList", "Chemical"))
    supplements = (concept("supplement", plain(s), s.get("UI") or "") for s in listed(found, "SupplMeshList", "SupplMeshName"))
    return [*headings, *substances, *supplements]


def _substance(parts: Children) -> Concept:
    named = first(parts, "NameOfSubstance")
    ui = "" if named is None else named.get("UI") or ""
    return concept("substance", plain(named), ui, text(parts, "RegistryNumber"))


def concept(kind: str, name: str, ui: str = "", registry: str = "") -> Concept:
    """Where a substance has no number, PubMed writes 0."""
    return {"kind": kind, "ui": ui, "name": name, "registry": "" if registry == "0" else registry}


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
