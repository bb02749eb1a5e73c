"""Every element of a PubMed record has its place on the article's page; what must not be shown is not there."""

import re

import pytest
from django.test import Client
from lxml import html

from curation.models import Article
from curation.tests.articles.conftest import samples
from curation.tests.records import taken_in_file
from curation.tests.worlds import People

__all__ = ["samples"]
pytestmark = pytest.mark.django_db

MATH = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>'
#: Made for this test: it holds one of everything that the DTD of PubMed's citations allows and the page shows.
EVERYTHING = f"""<PubmedArticleSet><PubmedArticle>
<MedlineCitation Status="MEDLINE" IndexingMethod="Curated"><PMID Version="2">77</PMID>
<DateCompleted><Year>2021</Year><Month>12</Month><Day>01</Day></DateCompleted>
<DateRevised><Year>2022</Year><Month>03</Month><Day>04</Day></DateRevised>
<Article><Journal><ISSN IssnType="Electronic">2075-4418</ISSN><JournalIssue><Volume>7 Suppl 5</Volume><Issue>Suppl 5</Issue>
<PubDate><Year>2021</Year><Season>Winter-Spring</Season></PubDate></JournalIssue>
<Title>Diagnostics (Basel, Switzerland)</Title><ISOAbbreviation>Diagnostics (Basel)</ISOAbbreviation></Journal>
<ArticleTitle>[Weakness of CD4<sup>+</sup> cells.]</ArticleTitle>
<Pagination><StartPage>20</StartPage><EndPage>24</EndPage><MedlinePgn>20-4</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="N">10.1/wrong</ELocationID><ELocationID EIdType="doi" ValidYN="Y">10.1/right</ELocationID>
<ELocationID EIdType="pii" ValidYN="Y">e2064</ELocationID>
<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To find {MATH}.</AbstractText>
<AbstractText Label="RESULTS" NlmCategory="RESULTS">SnO<sub>2</sub>thin <i>in <b>vitro</b></i>.</AbstractText>
<CopyrightInformation>© 2021 by the authors.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="N"><Author ValidYN="Y" EqualContrib="Y"><LastName>Park</LastName><ForeName>Sunha</ForeName>
<Initials>S</Initials>
<Suffix>Jr</Suffix><Identifier Source="ORCID">http://orcid.org/0000-0002-1825-009X</Identifier>
<AffiliationInfo><Affiliation>Dept. of Neurology, Seoul. Electronic address: sunha@example.org.</Affiliation>
<Identifier Source="ROR">https://ror.org/04h9pn542</Identifier><Identifier Source="RINGGOLD">2348</Identifier></AffiliationInfo>
</Author>
<Author ValidYN="N"><LastName>Prak</LastName><Initials>S</Initials></Author>
<Author ValidYN="Y"><CollectiveName>The Myositis Group</CollectiveName></Author></AuthorList>
<Language>ger</Language><Language>eng</Language>
<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
<AccessionNumber>NCT00000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<GrantList><Grant><GrantID>R01-77</GrantID><Acronym>AR</Acronym><Agency>NIAMS</Agency><Country>United States</Country>
</Grant></GrantList>
<PublicationTypeList><PublicationType UI="D002363">Case Reports</PublicationType></PublicationTypeList>
<VernacularTitle>Schwäche der CD4-Zellen.</VernacularTitle>
<ArticleDate DateType="Electronic"><Year>2021</Year><Month>11</Month><Day>08</Day></ArticleDate></Article>
<MedlineJournalInfo><MedlineTA>Diagnostics</MedlineTA></MedlineJournalInfo>
<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="D001323">Autoantibodies</NameOfSubstance>
</Chemical><Chemical><RegistryNumber>EC 1.1.1.34</RegistryNumber><NameOfSubstance UI="C1">HMGCR protein</NameOfSubstance>
</Chemical></ChemicalList><SupplMeshList><SupplMeshName Type="Disease" UI="C2">Rare Myopathy</SupplMeshName></SupplMeshList>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J One. 2023;1:1</RefSource>
<PMID>5</PMID></CommentsCorrections>
<CommentsCorrections RefType="ErratumIn"><RefSource>J Two. 2023;2:2</RefSource><Note>Dose: wrong.</Note></CommentsCorrections>
<CommentsCorrections RefType="UpdateIn"><RefSource>J Three. 2023;3:3</RefSource></CommentsCorrections>
<CommentsCorrections RefType="CommentOn"><RefSource>J Four. 2023;4:4</RefSource></CommentsCorrections>
</CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D1" MajorTopicYN="N" AutoHM="Y">Myositis</DescriptorName>
<QualifierName UI="Q1" MajorTopicYN="Y">pathology</QualifierName></MeshHeading></MeshHeadingList>
<OtherAbstract Type="Publisher" Language="spa"><AbstractText>Resumen.</AbstractText></OtherAbstract>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">anti-<i>HMGCR</i></Keyword></KeywordList>
<CoiStatement>None to <b>declare</b>.</CoiStatement></MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="accepted"><Year>2021</Year><Month>10</Month></PubMedPubDate></History>
<PublicationStatus>epublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">77</ArticleId>
<ArticleId IdType="pmc">PMC77</ArticleId><ArticleId IdType="doi">10.1/right</ArticleId>
<ArticleId IdType="mid">NIHMS1234</ArticleId></ArticleIdList>
<ReferenceList><Title>Key papers</Title><Reference><Citation>Kim <i>et al.</i> 2001.</Citation><ArticleIdList>
<ArticleId IdType="pmc">1738058</ArticleId><ArticleId IdType="pubmed">6</ArticleId>
<ArticleId IdType="doi">10.1/cited</ArticleId>
</ArticleIdList></Reference><Reference><Citation>Lee 2002.</Citation></Reference>
</ReferenceList></PubmedData></PubmedArticle></PubmedArticleSet>"""
#: Made for this test as well: no real record of a book could be had.
BOOK = b"""<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID Version="1">20301421</PMID><ArticleIdList>
<ArticleId IdType="bookaccession">NBK1116</ArticleId></ArticleIdList><Book><Publisher>
<PublisherName>University of Washington</PublisherName>
<PublisherLocation>Seattle (WA)</PublisherLocation></Publisher><BookTitle book="gene">GeneReviews</BookTitle><PubDate>
<Year>1993</Year></PubDate>
<AuthorList Type="editors" CompleteYN="Y"><Author ValidYN="Y"><LastName>Adam</LastName><ForeName>Margaret P</ForeName>
<Initials>MP</Initials></Author>
</AuthorList><Isbn>9781234567897</Isbn><Edition>2nd ed</Edition><Medium>Internet</Medium></Book>
<ArticleTitle book="gene" part="x">Myopathy</ArticleTitle>
<Language>eng</Language><AuthorList Type="authors" CompleteYN="Y"><Author ValidYN="Y"><LastName>Lee</LastName>
<ForeName>Ann</ForeName>
<Initials>A</Initials></Author></AuthorList><PublicationType UI="D016454">Review</PublicationType><Abstract>
<AbstractText>Muscle.</AbstractText></Abstract>
<Sections><Section><SectionTitle book="gene" part="a">Diagnosis</SectionTitle></Section></Sections></BookDocument>
<PubmedBookData><PublicationStatus>ppublish
</PublicationStatus></PubmedBookData></PubmedBookArticle></PubmedArticleSet>"""


def shown(client: Client, article: Article) -> html.HtmlElement:
    return html.fromstring(client.get(f"/articles/{article.pk}/").content.decode())


def found(page: html.HtmlElement, place: str) -> list[html.HtmlElement]:
    """Elements by a few words of CSS: tag, .class, #id and [attribute=value], one inside the other."""
    path = ""
    for part in place.split():
        tag, kind, name = re.fullmatch(r"(\w*)([.#\[]?)(.*?)\]?", part).groups()  # type: ignore[union-attr]
        test = {
            "": "true()",
            ".": f"contains(concat(' ', @class, ' '), ' {name} ')",
            "#": f"@id='{name}'",
            "[": "@{}='{}'".format(*name.partition("=")[::2]),
        }[kind]
        path += f"//{tag or '*'}[{test}]"
    return page.xpath(path)


def words(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content())


@pytest.fixture
def page(client: Client, who: People) -> html.HtmlElement:
    client.force_login(who.stranger)
    return shown(client, *taken_in_file(EVERYTHING.encode()))


#: By row of the table that says where PubMed's page has each element from: words that must be found, in what part of the page.
PLACES = {
    "kind of publication": (".kinds", "Case Reports"),
    "journal's line with season, supplement and pages": (
        ".journal",
        "Diagnostics (Basel). 2021 Winter-Spring;7 Suppl 5(Suppl 5):20-4.",
    ),
    "electronic date": (".journal", "Online 2021-11-08"),
    "title with its brackets": ("h1", "[Weakness of CD4+ cells.]"),
    "title's markup": ("h1 sup", "+"),
    "vernacular title": ("p[lang=de]", "Schwäche der CD4-Zellen."),
    "PMID and version": (".ids", "77 version 2"),
    "DOI that is valid": (".ids", "10.1/right"),
    "own PMCID": (".ids", "PMC77"),
    "author with suffix": (".authors", "Sunha Park Jr"),
    "collective author": (".authors", "The Myositis Group"),
    "list that is not complete": (".authors", "et al."),
    "affiliation": (".affiliations", "Dept. of Neurology, Seoul"),
    "number of the institution": (".affiliations", "Ringgold 2348"),
    "abstract's label": ("#section-abstract.1 h3", "AIM"),
    "formula as one would read it": ("#section-abstract.1 p sup", "2"),
    "markup in the abstract": ("#section-abstract.2 i b", "vitro"),
    "index in the abstract": ("#section-abstract.2 sub", "2"),
    "copyright": (".reading-text", "© 2021 by the authors."),
    "abstract in another language": ("p[lang=es]", "Resumen."),
    "language of it": ("#section-other_abstract.1 summary", "Spanish"),
    "keyword": ("#section-keywords", "anti-HMGCR"),
    "MeSH": (".terms", "Myositis / pathology*"),
    "MeSH term that a program assigned": (".terms", "automatic"),
    "how MeSH was assigned": ("section[aria-labelledby=subjects]", "looked over by the National Library of Medicine"),
    "substance": ("section[aria-labelledby=subjects]", "Substances Autoantibodies HMGCR protein EC 1.1.1.34"),
    "supplementary concept": ("section[aria-labelledby=subjects]", "Supplementary concepts Rare Myopathy"),
    "conflict of interest": ("#section-conflict", "None to declare."),
    "reference": ("#reference-1", "Kim et al. 2001."),
    "heading of references": (".reference-heading", "Key papers"),
    "retraction": (".notice--danger", "J One. 2023;1:1"),
    "erratum": (".notice--warn", "J Two. 2023;2:2 Dose: wrong."),
    "update": (".notice--info", "J Three. 2023;3:3"),
    "comment": ("section[aria-labelledby=statements]", "Comment on: J Four. 2023;4:4"),
    "grant": ("section[aria-labelledby=statements]", "R01-77 NIAMS AR United States"),
    "databank": ("section[aria-labelledby=statements]", "ClinicalTrials.gov: NCT00000001"),
    "full name of the journal": (".facts", "Diagnostics (Basel, Switzerland)"),
    "ISSN": (".facts", "2075-4418"),
    "number of the publisher": (".facts", "e2064"),
    "number of a manuscript": (".facts", "NIHMS1234 mid"),
    "languages": (".facts", "German, English"),
    "history, each date as precise as it is": (".facts", "accepted 2021-10;"),
    "completed": (".facts", "completed 2021-12-01"),
    "status of the record": (".facts", "MEDLINE, epublish"),
    "revised": (".facts", "2022-03-04"),
    "source and its digest": (".facts", "pubmed,"),
}


@pytest.mark.parametrize("what", PLACES)
def test_it_is_shown(page: html.HtmlElement, what: str) -> None:
    place, text = PLACES[what]
    assert text in " | ".join(words(each) for each in found(page, place))


@pytest.mark.parametrize(
    "address",
    [
        "https://pubmed.ncbi.nlm.nih.gov/77/",
        "https://doi.org/10.1/right",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC77/",
        "https://orcid.org/0000-0002-1825-009X",
        "https://ror.org/04h9pn542",
        "https://pubmed.ncbi.nlm.nih.gov/5/",
        "https://pubmed.ncbi.nlm.nih.gov/6/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC1738058/",
        "https://doi.org/10.1/cited",
    ],
)
def test_it_is_linked(page: html.HtmlElement, address: str) -> None:
    assert found(page, f"a[href={address}]")


@pytest.mark.parametrize("hidden", ["sunha@example.org", "Electronic address", "Prak", "10.1/wrong", "mml:"])
def test_what_is_wrong_or_nobodys_business_is_not_shown(page: html.HtmlElement, hidden: str) -> None:
    assert hidden not in html.tostring(page, encoding="unicode")


def test_the_heading_of_references_stands_once(page: html.HtmlElement) -> None:
    assert [words(each) for each in found(page, ".references li")] == ["Key papers", *map(words, found(page, ".reference"))]


def test_a_chapter_of_a_book(client: Client, who: People) -> None:
    client.force_login(who.stranger)
    page = shown(client, *taken_in_file(BOOK))
    line = "Adam MP, editor. GeneReviews [Internet]. 2nd ed. Seattle (WA): University of Washington; 1993."
    assert line in words(found(page, ".journal")[0])
    facts = words(found(page, ".facts")[0])
    for said in (
        "NBK1116 bookaccession",
        "GeneReviews",
        "Margaret P Adam",
        "9781234567897",
        "University of Washington Seattle (WA)",
        "Diagnosis",
    ):
        assert said in facts
    assert "Myopathy" in words(found(page, "h1")[0])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("metapub_34529508", "Assigned automatically by the National Library of Medicine."),
        ("metapub_37883555", "Assigned automatically and looked over"),
        ("metapub_219391", "Assigned by indexers of the National Library of Medicine."),
    ],
)
def test_how_the_subjects_of_real_records_were_assigned(
    client: Client, who: People, samples: dict[str, bytes], name: str, said: str
) -> None:
    client.force_login(who.stranger)
    assert said in words(shown(client, *taken_in_file(samples[name])))


def test_every_real_record_has_a_page_without_an_address_of_mail(client: Client, who: People, samples: dict[str, bytes]) -> None:
    client.force_login(who.stranger)
    articles = [article for data in samples.values() for article in taken_in_file(data)]
    for article in articles:
        text = words(shown(client, article))
        assert not re.search(r"[\w.]+@[\w.]+\.\w+", text), article
