"""How a record is described: publication types, keywords, MeSH, grants, databanks."""

from collections.abc import Iterator

from lxml import etree

from curation.articles.markup import Marked, marked, plain
from curation.articles.records import Databank, Grant, Heading, Qualifier, Term


def publication_types(element: etree._Element) -> list[Term]:
    """Of an Article (in its list) or of a BookDocument (bare)."""
    listed = element.iterfind("PublicationTypeList/PublicationType")
    return [Term(ui=t.get("UI", ""), name=plain(t)) for t in (*listed, *element.iterfind("PublicationType")) if plain(t)]


def keywords(element: etree._Element) -> list[Marked]:
    """Those of the authors (owner NOTNLM) first, then those that other indexers gave."""
    lists = sorted(element.iterfind("KeywordList"), key=lambda each: each.get("Owner", "NOTNLM") != "NOTNLM")
    return [word for each in lists for k in each.iterfind("Keyword") if (word := marked(k)).text]


def mesh(element: etree._Element) -> list[Heading]:
    return [_heading(h) for h in element.iterfind("MeshHeadingList/MeshHeading")]


def _heading(element: etree._Element) -> Heading:
    descriptor = element.find("DescriptorName")
    named = _qualifier(descriptor) if descriptor is not None else Qualifier(ui="", name="", major=False)
    automatic = any(part.get("AutoHM") == "Y" for part in element.iter())
    return Heading(**named, automatic=automatic, qualifiers=[_qualifier(q) for q in element.iterfind("QualifierName")])


def _qualifier(element: etree._Element) -> Qualifier:
    return Qualifier(ui=element.get("UI", ""), name=plain(element), major=element.get("MajorTopicYN") == "Y")


def grants(element: etree._Element) -> list[Grant]:
    return [
        Grant(
            id=plain(g.find("GrantID")),
            agency=plain(g.find("Agency")),
            country=plain(g.find("Country")),
            acronym=plain(g.find("Acronym")),
        )
        for g in element.iterfind("GrantList/Grant")
    ]


def databanks(element: etree._Element) -> list[Databank]:
    return [
        Databank(name=plain(d.find("DataBankName")), accessions=list(_accessions(d)))
        for d in element.iterfind("DataBankList/DataBank")
    ]


def _accessions(element: etree._Element) -> Iterator[str]:
    return (text for a in element.iterfind("AccessionNumberList/AccessionNumber") if (text := plain(a)))
