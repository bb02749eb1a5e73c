"""What PubMed's records hold in wait for an importer, each tried from the file to the tables: by a real record where one could
be had and may be kept here (data/pubmed/SOURCES.md), else by one that was made and says so."""

import re
from io import BytesIO
from pathlib import Path

import pytest

from curation.articles import actions, run
from curation.choices import ItemState
from curation.models import Article, Batch, Section
from curation.tests.articles.conftest import samples, standin, uploads
from curation.tests.records import a_record
from curation.tests.standin.server import Standin
from curation.tests.worlds import People

__all__ = ["samples", "standin", "uploads"]
pytestmark = pytest.mark.django_db


def imported(who: People, data: bytes) -> list[Article]:
    batch = actions.open_batch_of_file(project=None, name="traps.xml", stream=BytesIO(data), by=who.administrator)
    run.run_batch(batch.pk)
    assert run.close(batch)
    return [item.article for item in batch.items.select_related("article").order_by("position") if item.article]


def made(who: People, *changes: tuple[str, str], pmid: int = 7) -> Article:
    """A made record, with these changes."""
    record = a_record(pmid)
    for old, new in changes:
        assert old in record
        record = record.replace(old, new, 1)
    (article,) = imported(who, f"<PubmedArticleSet>{record}</PubmedArticleSet>".encode())
    return article


@pytest.fixture(autouse=True)
def kept(uploads: Path) -> Path:
    return uploads


@pytest.mark.parametrize("name", ["33093664_IMNM_review.abridged", "metapub_32743745"])
def test_identifiers_of_references_are_not_the_records_own(who: People, samples: dict[str, bytes], name: str) -> None:
    (article,) = imported(who, samples[name])
    assert article.pmcid is None
    assert article.references.exclude(pmcid="").exists()
    own = {value for kind, value in article.identifiers.items() if kind in ("doi", "pubmed", "pmc")}
    assert own == {str(article.pmid), article.doi}
    assert article.doi not in set(article.references.values_list("doi", flat=True))


def test_pmcids_of_references_with_and_without_their_prefix(who: People, samples: dict[str, bytes]) -> None:
    (article,) = imported(who, samples["metapub_32743745"])
    raw = set(re.findall(rb'<ArticleId IdType="pmc">([^<]+)<', samples["metapub_32743745"]))
    assert any(not each.startswith(b"PMC") for each in raw)
    stored = article.references.exclude(pmcid="").values_list("pmcid", flat=True)
    assert all(re.fullmatch(r"PMC[1-9]\d*", pmcid) for pmcid in stored)


def test_mixed_content_is_not_cut_at_its_first_child(who: People, samples: dict[str, bytes]) -> None:
    """A real title with an index and no blank after it, and a real abstract with formulas and nested markup."""
    (title,) = imported(who, samples["metapub_38914053"])
    assert title.title.startswith("Doped SnO2thin films fabricated at low temperature")
    assert title.title_html.startswith("Doped SnO<sub>2</sub>thin films")
    (formulas,) = imported(who, samples["biopython_pubmed6"])
    section = Section.objects.current().get(article=formulas, kind="abstract")
    assert "<sub>" in section.html or "<sup>" in section.html
    assert section.text.rstrip().endswith(".")
    assert "mml:" not in section.html


@pytest.mark.parametrize("place", ["title", "abstract", "keyword", "conflict", "citation", "affiliation"])
def test_markup_may_stand_anywhere(who: People, place: str) -> None:
    """Made: no real record has all of these."""
    math = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msub><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msub></mml:math>'
    words = f"before <i>in <b>the</b></i> <DispFormula>{math}</DispFormula> after"
    changes = {
        "title": ("A case.", words),
        "abstract": ("Text.", words),
        "keyword": (
            "</MedlineCitation>",
            f"<KeywordList Owner='NOTNLM'><Keyword>{words}</Keyword></KeywordList></MedlineCitation>",
        ),
        "conflict": ("</MedlineCitation>", f"<CoiStatement>{words}</CoiStatement></MedlineCitation>"),
        "citation": ("<ReferenceList>", f"<ReferenceList><Reference><Citation>{words}</Citation></Reference>"),
        "affiliation": ("</Author>", f"<AffiliationInfo><Affiliation>{words}</Affiliation></AffiliationInfo></Author>"),
    }
    article = made(who, changes[place])
    found = {
        "title": article.title,
        "keyword": "".join(article.keywords),
        "conflict": article.conflict_of_interest,
        "citation": "".join(article.references.values_list("citation", flat=True)),
        "affiliation": "".join(a["text"] for author in article.authors for a in author["affiliations"]),
        "abstract": Section.objects.get(article=article, key="abstract").text,
    }
    assert found[place] == "before in the x2 after"


@pytest.mark.parametrize(
    ("name", "pmid", "literal", "found"),
    [
        ("biopython_pubmed1", 12091962, "1990 Spring", (1990, None, None, "season")),
        ("metapub_219391", 219391, "1979 Feb", (1979, 2, None, "month")),
        ("pubmedpy_efetch_6records", 26158728, "2015 Jul", (2015, 7, None, "month")),
        ("metapub_38914053", 38914053, "2024 Jul 4", (2024, 7, 4, "day")),
        ("metapub_38909159", 38909159, "2025 Jan", (2025, 1, None, "month")),
    ],
)
def test_dates_of_real_records(
    who: People, samples: dict[str, bytes], name: str, pmid: int, literal: str, found: tuple[object, ...]
) -> None:
    imported(who, samples[name])
    article = Article.objects.get(pmid=pmid)
    date = (article.published_year, article.published_month, article.published_day, article.published_precision)
    assert (article.published_literal, date) == (literal, found)


@pytest.mark.parametrize(
    ("said", "literal", "found"),
    [
        ("<Year>2020</Year><Month>06</Month><Day>3</Day>", "2020 Jun 3", (2020, 6, 3, "day")),
        ("<Year>2020</Year><Season>Jan-Mar</Season>", "2020 Jan-Mar", (2020, None, None, "season")),
        ("<Year>2020</Year><Season>Winter-Spring</Season>", "2020 Winter-Spring", (2020, None, None, "season")),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998 Dec-1999 Jan", (1998, 12, None, "medline")),
    ],
)
def test_dates_that_were_made(who: People, said: str, literal: str, found: tuple[object, ...]) -> None:
    """Made: a MedlineDate could not be had."""
    article = made(who, ("<Year>2020</Year>", said))
    date = (article.published_year, article.published_month, article.published_day, article.published_precision)
    assert (article.published_literal, date) == (literal, found)


def test_what_is_missing_is_no_fault(who: People, samples: dict[str, bytes]) -> None:
    (silent,) = imported(who, samples["metapub_34529508"])
    assert not Section.objects.filter(article=silent, kind="abstract").exists()
    (bare,) = imported(who, samples["biopython_pubmed6"])
    assert bare.mesh == []
    lonely = made(who, (re.search(r"<AuthorList.*</AuthorList>", a_record(7))[0], ""))  # type: ignore[index]
    assert (lonely.authors, lonely.pages) == ([], "")


def test_what_pubmed_itself_marks_as_wrong_is_left_out(who: People) -> None:
    """Made: such names and identifiers are rare."""
    wrong = '<Author ValidYN="N"><LastName>Prak</LastName></Author></AuthorList>'
    doi = '<ELocationID EIdType="doi" ValidYN="N">10.1/wrong</ELocationID><ELocationID EIdType="doi">10.1/right</ELocationID>'
    article = made(who, ("</AuthorList>", wrong), ("<Abstract>", f"{doi}<Abstract>"))
    assert [author["last_name"] for author in article.authors] == ["Park"]
    assert article.doi == "10.1/right"


def test_orcids_have_one_shape(who: People, samples: dict[str, bytes]) -> None:
    """Real ones, some with an X at their end; the address is made."""
    articles = [article for data in samples.values() for article in imported(who, data)]
    found = [author["orcid"] for article in articles for author in article.authors if author["orcid"]]
    assert all(re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", orcid) for orcid in found)
    assert any(orcid.endswith("X") for orcid in found)
    orcid = '<Identifier Source="ORCID">http://orcid.org/000000021825009x</Identifier></Author>'
    assert made(who, ("</Author>", orcid)).authors[0]["orcid"] == "0000-0002-1825-009X"


def test_no_affiliation_of_a_real_record_shows_an_address_of_mail(who: People, samples: dict[str, bytes]) -> None:
    assert b"@" in b"".join(samples.values())
    for data in samples.values():
        for article in imported(who, data):
            assert "@" not in str(article.authors)
            assert not re.search(r"\w@\w", article.conflict_of_interest)


def test_a_supplement_stands_in_the_volume_and_in_the_issue(who: People) -> None:
    """Made: the record in which this was seen may not be kept here."""
    issue = "<Volume>7 Suppl 5</Volume><Issue>Suppl 5</Issue><PubDate>"
    article = made(who, ("<PubDate>", issue))
    assert (article.volume, article.issue) == ("7 Suppl 5", "Suppl 5")


def test_a_translated_title_and_the_original(who: People, samples: dict[str, bytes]) -> None:
    (article,) = imported(who, samples["metapub_38048813"])
    assert article.title.startswith("[")
    assert article.vernacular_title
    both = made(who, ("<Language>eng</Language>", "<Language>eng</Language><VernacularTitle>Ein Fall.</VernacularTitle>"))
    assert (both.title, both.vernacular_title, both.languages) == ("A case.", "Ein Fall.", ["eng"])


@pytest.mark.parametrize(
    ("name", "method"),
    [("metapub_34529508", "Automated"), ("metapub_37883555", "Curated"), ("metapub_219391", "Manual")],
)
def test_how_mesh_was_assigned(who: People, samples: dict[str, bytes], name: str, method: str) -> None:
    (article,) = imported(who, samples[name])
    assert article.indexing_method == method
    assert article.mesh


def test_a_record_in_process_changes_with_its_revision(who: People) -> None:
    """Made: two states of one record were not to be had."""
    day = "<DateRevised><Year>{}</Year><Month>1</Month><Day>2</Day></DateRevised><Article "
    made(who, ('Status="MEDLINE"', 'Status="In-Process"'), ("<Article ", day.format(2023)))
    later = made(who, ("<Article ", day.format(2024)), ("Text.", "Another text."))
    assert (later.record_status, later.date_revised.isoformat()) == ("MEDLINE", "2024-01-02")
    made(who, ('Status="MEDLINE"', 'Status="Publisher"'), ("<Article ", day.format(2022)))
    assert Article.objects.get().record_status == "MEDLINE"


def test_an_empty_set_with_status_200_is_no_such_record(who: People, standin: Standin) -> None:
    batch = actions.open_batch_of_ids(project=None, text="37909814 38762411", by=who.administrator)
    run.run_batch(batch.pk)
    fates = dict(batch.items.values_list("pmid", "state"))
    assert fates == {37909814: ItemState.MISSING, 38762411: ItemState.NEW}


def test_versions_and_doubles_leave_the_highest_and_newest(who: People) -> None:
    """Made: no record with a version above 1 could be had."""
    first, second = a_record(7, title="First."), a_record(7, title="Second.").replace('Version="1"', 'Version="2"')
    for order in ((second, first, second), (first, second, first)):
        imported(who, f"<PubmedArticleSet>{''.join(order)}</PubmedArticleSet>".encode())
        article = Article.objects.get()
        assert (article.title, article.pmid_version) == ("Second.", 2)


def test_nested_reference_lists_and_their_titles(who: People) -> None:
    """Made: legal by the DTD, not seen."""
    inner = "<ReferenceList><Title>Inner</Title><Reference><Citation>One.</Citation></Reference></ReferenceList>"
    article = made(
        who, ("<ReferenceList>", f"<ReferenceList><Title>Outer</Title>{inner}<Reference><Citation>Two.</Citation></Reference>")
    )
    assert list(article.references.values_list("heading", "citation")) == [("Outer › Inner", "One."), ("Outer", "Two.")]


def test_characters_by_their_number(who: People) -> None:
    article = made(who, ("A case.", "Sj&#xf6;gren &#945; &#x1F9EC; &amp; more."))
    assert article.title == "Sjögren α 🧬 & more."


def test_books_and_deletions_are_no_articles(who: People) -> None:
    """Made: neither could be had."""
    book = (
        "<PubmedBookArticle><BookDocument><PMID>9</PMID><ArticleTitle>Chapter</ArticleTitle></BookDocument></PubmedBookArticle>"
    )
    gone = "<DeleteCitation><PMID>10</PMID></DeleteCitation>"
    imported(who, f"<PubmedArticleSet>{a_record(8)}{book}{gone}</PubmedArticleSet>".encode())
    assert list(Batch.objects.get().items.order_by("position").values_list("pmid", "state")) == [
        (8, "new"),
        (9, "new"),
        (10, "deleted"),
    ]


def test_every_real_record_is_the_same_from_a_file_and_from_pubmed(
    who: People, samples: dict[str, bytes], standin: Standin
) -> None:
    for data in samples.values():
        imported(who, data)
    here = list(Article.objects.order_by("pmid").values_list("pmid", flat=True))
    batch = actions.open_batch_of_ids(project=None, text=" ".join(map(str, here)), by=who.administrator)
    run.run_batch(batch.pk)
    assert run.close(batch)
    assert list(batch.items.order_by("position").values_list("pmid", "state")) == [(pmid, "unchanged") for pmid in here]
