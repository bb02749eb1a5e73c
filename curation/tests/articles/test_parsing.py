"""Parsing: every element of a record, and every trap, by a real record where one is at hand."""

from datetime import date

import pytest

from curation.articles import cutting, parsing
from curation.articles.cutting import Cut
from curation.articles.records import PublishedDate, Record
from curation.errors import Invalid


def read(data: bytes, pmid: int | None = None) -> Record:
    return next(parsing.parse(c) for c in cutting.records([data]) if pmid in (None, c.pmid))


def article(inside: str = "", *, citation: str = "", data: str = "", pmid: str = '<PMID Version="1">5</PMID>') -> Cut:
    """A small record: ``inside`` its Article, MedlineCitation and PubmedData."""
    body = (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE">{pmid}<Article><ArticleTitle>A title.</ArticleTitle>{inside}</Article>'
        f"{citation}</MedlineCitation><PubmedData>{data}</PubmedData></PubmedArticle>"
    )
    return Cut("PubmedArticle", 0, body.encode())


# --- real records -----------------------------------------------------------------------------------------------------


def test_a_whole_record(samples: dict[str, bytes]) -> None:
    found = read(samples["33093664_IMNM_review.abridged"])
    assert (found.pmid, found.pmid_version, found.title) == (
        33093664,
        1,
        "Immune-mediated necrotizing myopathy: clinical features and pathogenesis.",
    )
    assert found.published == PublishedDate("2020 Dec", 2020, 12, None, "month")
    assert (found.journal_abbrev, found.issn, found.pages) == ("Nat Rev Rheumatol", "1759-4804", "689-701")
    assert (found.record_status, found.indexing_method, found.languages) == ("MEDLINE", "Manual", ["eng"])
    assert {"status": "pubmed", "date": "2020-10-24"} in found.history
    assert isinstance(found.date_revised, date)


def test_identifiers_of_references_are_not_the_records_own(samples: dict[str, bytes]) -> None:
    found = read(samples["33093664_IMNM_review.abridged"])
    assert found.pmcid is None
    assert "pmc" not in found.identifiers
    assert any(r.pmcid for r in found.references)
    assert found.doi == "10.1038/s41584-020-00515-9"


def test_pmcids_of_references_all_have_their_prefix(samples: dict[str, bytes]) -> None:
    found = read(samples["metapub_32743745"])
    assert len(found.references) == 201
    assert all(r.pmcid.startswith("PMC") and r.pmcid[3:].isdecimal() for r in found.references if r.pmcid)
    assert samples["metapub_32743745"].count(b'IdType="pmc"') == sum(bool(r.pmcid) for r in found.references)


def test_emails_are_not_part_of_an_affiliation(samples: dict[str, bytes]) -> None:
    for data in samples.values():
        for cut in cutting.records([data]):
            texts = [a["text"] for w in parsing.parse(cut).authors for a in w["affiliations"]]
            assert not [t for t in texts if "@" in t or "lectronic address" in t]
    writers = read(samples["33093664_IMNM_review.abridged"]).authors
    assert any(a["text"].endswith("Paris, France.") for w in writers for a in w["affiliations"])


def test_orcids_come_in_one_shape(samples: dict[str, bytes]) -> None:
    orcids = [
        w["orcid"] for data in samples.values() for c in cutting.records([data]) for w in parsing.parse(c).authors if w["orcid"]
    ]
    assert "0000-0002-7591-307X" in orcids
    assert "0000-0001-8713-9213" in orcids  # written without hyphens
    assert all(len(o) == 19 for o in orcids)


def test_an_abstract_in_parts_keeps_its_labels(samples: dict[str, bytes]) -> None:
    parts = [p for p in read(samples["biopython_pubmed4"]).passages if p.kind == "abstract"]
    assert [(p.key, p.label) for p in parts] == [
        ("abstract.1", "OBJECTIVE"),
        ("abstract.2", "DESIGN"),
        ("abstract.3", "RESULTS"),
        ("abstract.4", "CONCLUSIONS"),
    ]
    assert parts[0].text.startswith("Telomere")


def test_blanks_of_a_printed_file_do_not_come_into_the_text(samples: dict[str, bytes]) -> None:
    for data in samples.values():
        for cut in cutting.records([data]):
            for passage in parsing.parse(cut).passages:
                assert passage.text == " ".join(passage.text.replace("\n", " ").split(" "))
                assert "\n" not in passage.text
                assert "  " not in passage.text


def test_formulas_are_readable(samples: dict[str, bytes]) -> None:
    abstract = next(p for p in read(samples["biopython_pubmed6"]).passages if p.key == "abstract")
    assert "maximal oxygen uptake ( V\u0307O2max ) 67.6" in abstract.text
    assert "V\u0307O<sub>2max</sub>" in abstract.html


def test_markup_is_kept_beside_the_plain_text(samples: dict[str, bytes]) -> None:
    found = read(samples["metapub_38914053"])
    assert found.title.startswith("Doped SnO2thin films")  # the blank is missing in the record itself
    assert found.title_html.startswith("Doped SnO<sub>2</sub>thin films")


def test_a_translated_title_keeps_its_brackets_beside_the_original(samples: dict[str, bytes]) -> None:
    found = read(samples["metapub_38048813"])
    assert (found.title, found.languages) == ("[A Broader Scope - Bio-Psycho-Social Medicine In Global Focus].", ["ger"])
    assert found.vernacular_title == "A Broader Scope – Bio-psycho-soziale Medizin im globalen Fokus."


@pytest.mark.parametrize(
    ("name", "kind"),
    [("metapub_35649368", "ErratumIn"), ("metapub_34529508", "CommentOn"), ("metapub_39345789", "UpdateOf")],
)
def test_notices(samples: dict[str, bytes], name: str, kind: str) -> None:
    assert kind in [n.kind for n in read(samples[name]).notices]


def test_a_notice_points_at_its_source(samples: dict[str, bytes]) -> None:
    (notice,) = read(samples["metapub_34529508"]).notices
    assert (notice.pmid, notice.doi) == (34473563, "10.2105/AJPH.2021.306412")


def test_citations_among_corrections_are_references(samples: dict[str, bytes]) -> None:
    found = read(samples["pubmedpy_efetch_6records"], 26158728)
    assert "Cites" not in [n.kind for n in found.notices]
    assert len(found.references) == len({r.pmid or r.citation for r in found.references})


def test_keywords_of_other_owners_are_keywords_too(samples: dict[str, bytes]) -> None:
    assert read(samples["biopython_pubmed1"], 12091962).keywords == ["Health Care and Public Health", "Legal Approach"]


def test_ringgold_of_an_affiliation(samples: dict[str, bytes]) -> None:
    affiliations = [a for w in read(samples["metapub_38856741"]).authors for a in w["affiliations"]]
    assert "2348" in [a["ringgold"] for a in affiliations]


def test_mesh_with_qualifiers(samples: dict[str, bytes]) -> None:
    first = read(samples["biopython_pubmed4"]).mesh[0]
    assert (first["ui"], first["name"], first["major"], first["automatic"]) == ("D000230", "Adenocarcinoma", False, False)
    assert [(q["name"], q["major"]) for q in first["qualifiers"]] == [("epidemiology", True), ("genetics", True)]


def test_html_without_its_tags_is_the_text(samples: dict[str, bytes]) -> None:
    for data in samples.values():
        for cut in cutting.records([data]):
            for p in parsing.parse(cut).passages:
                bare = p.html
                for tag in ("i", "b", "sup", "sub"):
                    bare = bare.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
                assert bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == p.text


# --- what no recorded record shows --------------------------------------------------------------------------------------


def test_names_and_identifiers_marked_as_wrong_are_left_out() -> None:
    found = parsing.parse(
        article(
            '<ELocationID EIdType="doi" ValidYN="N">10.1/wrong</ELocationID><ELocationID EIdType="doi" ValidYN="Y">10.1/right'
            '</ELocationID><AuthorList CompleteYN="N"><Author ValidYN="N"><LastName>Wrnog</LastName></Author><Author ValidYN="Y"'
            ' EqualContrib="Y"><LastName>Right</LastName><Suffix>Jr</Suffix><Identifier Source="ORCID">http://orcid.org/'
            '000000021234567x</Identifier><AffiliationInfo><Affiliation>X <i>Y</i>.</Affiliation><Identifier Source="ROR">'
            "https://ror.org/05F82E368</Identifier></AffiliationInfo></Author><Author><CollectiveName>The <b>Group</b>"
            "</CollectiveName></Author></AuthorList>"
        )
    )
    right, group = found.authors
    assert (found.doi, found.authors_complete) == ("10.1/right", False)
    assert (right["last_name"], right["suffix"], right["orcid"], right["equal_contrib"]) == (
        "Right",
        "Jr",
        "0000-0002-1234-567X",
        True,
    )
    assert right["affiliations"] == [{"text": "X Y.", "ror": "https://ror.org/05f82e368", "ringgold": ""}]
    assert (group["collective_name"], group["last_name"]) == ("The Group", "")


def test_nested_reference_lists_keep_their_titles() -> None:
    found = parsing.parse(
        article(
            data="<ReferenceList><Title>All</Title><Reference><Citation>One <i>a</i></Citation></Reference><ReferenceList><Title>"
            'Further</Title><Reference><Citation>Two</Citation><ArticleIdList><ArticleId IdType="pmc">1738058</ArticleId>'
            '<ArticleId IdType="pubmed">no</ArticleId></ArticleIdList></Reference></ReferenceList></ReferenceList>'
            "<ReferenceList><Reference><Citation>Three</Citation></Reference></ReferenceList>"
        )
    )
    assert [(r.heading, r.citation_html) for r in found.references] == [
        ("All", "One <i>a</i>"),
        ("All › Further", "Two"),
        ("", "Three"),
    ]
    assert (found.references[1].pmcid, found.references[1].pmid) == ("PMC1738058", None)


def test_abstracts_for_others_and_in_other_languages() -> None:
    found = parsing.parse(
        article(
            "<Abstract><AbstractText>Own.</AbstractText><CopyrightInformation>© X</CopyrightInformation></Abstract>",
            citation='<OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText>Plain.</AbstractText>'
            "</OtherAbstract>"
            '<OtherAbstract Type="Publisher" Language="ger"><AbstractText Label="ZIEL" NlmCategory="OBJECTIVE">Eins.'
            "</AbstractText><AbstractText/>"
            "</OtherAbstract>",
        )
    )
    others = [(p.key, p.category, p.language, p.label, p.text) for p in found.passages if p.kind == "other_abstract"]
    assert others == [
        ("other_abstract.1", "plain-language-summary", "eng", "", "Plain."),
        ("other_abstract.2", "OBJECTIVE", "ger", "ZIEL", "Eins."),
    ]
    assert found.copyright == "© X"


@pytest.mark.parametrize("title", ["<ArticleTitle/>", "<ArticleTitle> <i> </i></ArticleTitle>"])
def test_a_record_of_which_pubmed_has_no_title(title: str) -> None:
    """As of some errata. What stands for the title is no text that evidence may point into."""
    body = article().body.replace(b"<ArticleTitle>A title.</ArticleTitle>", title.encode())
    found = parsing.parse(Cut("PubmedArticle", 0, body))
    assert (found.title, found.title_html, found.passages) == ("[No title]", "[No title]", ())


def test_a_part_of_an_abstract_that_is_nothing_but_its_label() -> None:
    found = parsing.parse(
        article(
            '<Abstract><AbstractText Label="RESULTS">Weak &amp; sore.</AbstractText>'
            '<AbstractText Label="LEVEL OF EVIDENCE: 4 &lt; 5"/>'
            '<AbstractText Label="UNASSIGNED"/></Abstract>'
        )
    )
    parts = [(p.key, p.label, p.text, p.html) for p in found.passages if p.kind == "abstract"]
    assert parts == [
        ("abstract.1", "RESULTS", "Weak & sore.", "Weak &amp; sore."),
        ("abstract.2", "", "LEVEL OF EVIDENCE: 4 < 5", "LEVEL OF EVIDENCE: 4 &lt; 5"),
    ]


def test_substances_and_supplementary_concepts_stand_after_the_headings() -> None:
    found = parsing.parse(
        article(
            citation='<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="D001323">Autoantibodies'
            "</NameOfSubstance></Chemical><Chemical><RegistryNumber>EC 1.1.1.34</RegistryNumber>"
            '<NameOfSubstance UI="C1">HMGCR protein</NameOfSubstance></Chemical></ChemicalList>'
            '<SupplMeshList><SupplMeshName Type="Disease" UI="C538250">Myopathy, Rare</SupplMeshName></SupplMeshList>'
            '<MeshHeadingList><MeshHeading><DescriptorName UI="D1">Humans</DescriptorName></MeshHeading></MeshHeadingList>',
        )
    )
    assert found.mesh[0]["name"] == "Humans"
    assert found.mesh[1:] == [
        {"kind": "substance", "ui": "D001323", "name": "Autoantibodies", "registry": ""},
        {"kind": "substance", "ui": "C1", "name": "HMGCR protein", "registry": "EC 1.1.1.34"},
        {"kind": "supplement", "ui": "C538250", "name": "Myopathy, Rare", "registry": ""},
    ]


def test_of_several_identifiers_of_a_kind_the_first_counts() -> None:
    listed = '<ArticleId IdType="pii">S1</ArticleId><ArticleId IdType="pii">100172</ArticleId>'
    assert parsing.parse(article(data=f"<ArticleIdList>{listed}</ArticleIdList>")).identifiers == {"pii": "S1"}


def test_mesh_that_a_program_assigned_says_so() -> None:
    heading = '<MeshHeading><DescriptorName UI="D1" MajorTopicYN="Y" AutoHM="Y">Humans</DescriptorName></MeshHeading>'
    (found,) = parsing.parse(article(citation=f"<MeshHeadingList>{heading}</MeshHeadingList>")).mesh
    assert (found["automatic"], found["major"]) == (True, True)


def test_grants_and_databanks() -> None:
    found = parsing.parse(
        article(
            "<GrantList><Grant><GrantID>R01</GrantID><Acronym>HL</Acronym><Agency>NHLBI</Agency><Country>US</Country></Grant></GrantList>"
            "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList><AccessionNumber>NCT1"
            "</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
        )
    )
    assert found.grants == [{"id": "R01", "agency": "NHLBI", "country": "US", "acronym": "HL"}]
    assert found.databanks == [{"name": "ClinicalTrials.gov", "accessions": ["NCT1"]}]


def test_a_later_version_of_a_preprint() -> None:
    assert parsing.parse(article(pmid='<PMID Version="3">5</PMID>')).pmid_version == 3


def test_a_book_chapter() -> None:
    body = """<PubmedBookArticle><BookDocument><PMID Version="1">20301295</PMID><ArticleIdList><ArticleId IdType="bookaccession">
    NBK1103</ArticleId></ArticleIdList><Book><Publisher><PublisherName>University of Washington, Seattle</PublisherName>
    <PublisherLocation>Seattle (WA)</PublisherLocation></Publisher><BookTitle book="gene">GeneReviews<sup>®</sup></BookTitle>
    <PubDate><Year>1993</Year></PubDate><AuthorList Type="editors" CompleteYN="Y"><Author><LastName>Adam</LastName></Author>
    </AuthorList><Isbn>123</Isbn><Medium>Internet</Medium></Book><ArticleTitle book="gene" part="x">A <i>Gene</i> Disease
    </ArticleTitle><Language>eng</Language><AuthorList Type="authors"><Author><LastName>Writer</LastName></Author></AuthorList>
    <PublicationType UI="D016454">Review</PublicationType><Abstract><AbstractText Label="CLINICAL">Weak.</AbstractText></Abstract>
    <Sections><Section><LocationLabel Type="chapter">1</LocationLabel><SectionTitle>Diagnosis</SectionTitle></Section></Sections>
    <ContributionDate><Year>1998</Year><Month>10</Month><Day>28</Day></ContributionDate></BookDocument>
    <PubmedBookData><History><PubMedPubDate PubStatus="pubmed"><Year>2010</Year><Month>3</Month><Day>20</Day></PubMedPubDate>
    </History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">20301295</ArticleId>
    </ArticleIdList></PubmedBookData></PubmedBookArticle>"""
    found = parsing.parse(Cut("PubmedBookArticle", 0, body.encode()))
    assert (found.pmid, found.title, found.title_html) == (20301295, "A Gene Disease", "A <i>Gene</i> Disease")
    assert found.book is not None
    assert (found.book["title"], found.book["isbns"], found.book["chapters"]) == ("GeneReviews®", ["123"], ["1 Diagnosis"])
    assert [e["last_name"] for e in found.book["editors"]] == ["Adam"]
    assert [w["last_name"] for w in found.authors] == ["Writer"]
    assert found.identifiers == {"bookaccession": "NBK1103", "pubmed": "20301295"}
    assert [p.key for p in found.passages] == ["title", "abstract.1"]
    assert {"status": "contribution", "date": "1998-10-28"} in found.history


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_record_without_its_title_is_refused() -> None:
    body = article().body.replace(b"<ArticleTitle>A title.</ArticleTitle>", b"")
    with pytest.raises(Invalid, match="no title"):
        parsing.parse(Cut("PubmedArticle", 0, body))


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (article(pmid=""), "no PMID"),
        (article(pmid="<PMID>12a</PMID>"), "not a number"),
        (article(pmid="<PMID>99999999999</PMID>"), "not a number"),
        (article(pmid='<PMID Version="two">5</PMID>'), "version"),
        (article("<Journal><JournalIssue><PubDate><Year>20x1</Year></PubDate></JournalIssue></Journal>"), "not a year"),
        (
            article("<Journal><JournalIssue><PubDate><Year>2021</Year><Month>13</Month></PubDate></JournalIssue></Journal>"),
            "not a month",
        ),
        (article(citation="<DateRevised><Year>2021</Year><Month>02</Month><Day>30</Day></DateRevised>"), "calendar"),
        (article("<Journal><ISSN>1234-56789</ISSN></Journal>"), "issn is longer"),
        (article("<Abstract>&unknown;</Abstract>"), "well-formed"),
        (article("<!DOCTYPE x [<!ENTITY a 'b'>]>"), "well-formed"),
        (article("\x01"), "well-formed"),
        (Cut("PubmedArticle", 0, b"<PubmedArticle/>"), "no citation"),
        (Cut("PubmedBookArticle", 0, b"<PubmedBookArticle/>"), "no book"),
        (Cut("PubmedArticle", 0, b"<PubmedArticle>\xff\xfe</PubmedArticle>"), "well-formed"),
        (Cut("damaged", 0, b"", "It was cut off."), "cut off"),
        (article("<i>" * 400 + "</i>" * 400), "well-formed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(cut: Cut, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parsing.parse(cut)


def test_a_deletion_names_its_pmid() -> None:
    assert parsing.deletion(Cut("DeleteCitation", 0, b'<PMID Version="2">77</PMID>')) == (77, 2)
    with pytest.raises(Invalid, match="no PMID"):
        parsing.deletion(Cut("DeleteCitation", 0, b"<PMID>0</PMID>"))
