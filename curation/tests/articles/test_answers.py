"""What NCBI answers, from answers as they were sent; and what is no answer."""

from pathlib import Path

import pytest

from curation.articles import answers
from curation.articles.answers import Damaged
from curation.errors import Invalid

DATA = Path(__file__).parent.parent / "data" / "eutils"


def recorded(name: str) -> bytes:
    return (DATA / name).read_bytes()


def test_a_search() -> None:
    found = answers.found(recorded("biopython_esearch1.xml"), most=20)
    assert (found.count, len(found.pmids), found.pmids[0]) == (63, 20, 41282813)
    assert found.understood == '"biopython"[All Fields]'


def test_a_search_that_finds_nothing_says_why() -> None:
    found = answers.found(recorded("biopython_esearch8.xml"), most=20)
    assert (found.count, found.pmids, found.remarks) == (0, (), ("abcXYZ", "No items found."))


@pytest.mark.parametrize("most", [19, 21, 100])
def test_a_list_that_its_count_contradicts_is_noticed(most: int) -> None:
    with pytest.raises(Damaged, match="counts 63"):
        answers.found(recorded("biopython_esearch1.xml"), most=most)


def test_an_error_is_never_nothing_found() -> None:
    error = b"<eSearchResult><ERROR>Search Backend failed: out of range</ERROR></eSearchResult>"
    with pytest.raises(Damaged, match="Search Backend failed"):
        answers.found(error, most=20)
    with pytest.raises(Invalid, match="no question"):
        answers.found(b"<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR></eSearchResult>", most=20)


def test_summaries() -> None:
    summary = answers.summaries(recorded("pubmedpy_esummary.xml"))[27094199]
    assert summary.title.startswith("Genetic Association-Guided Analysis")
    assert (summary.source, summary.authors[0]) == ("Circ Cardiovasc Genet 2016 Apr", "Greene CS")
    assert summary.doi == "10.1161/CIRCGENETICS.115.001181"


def test_links() -> None:
    links = answers.links(recorded("biopython_elink1_all_links.xml"))[9298984]
    assert {kind: len(pmids) for kind, pmids in links.items()} == {"similar": 100, "cited_by": 39, "cites": 56}
    assert links["similar"][0] == 8794856  # PubMed names the article itself first


def test_conversion() -> None:
    body = b"""{"status":"ok","records":[{"requested-id":"PMC7","pmcid":"PMC7","pmid":"12","doi":"10.1/X"},
        {"requested-id":"10.1000/ABC","pmcid":"PMC8","pmid":13},{"requested-id":"PMC9","pmcid":"PMC9"},
        {"requested-id":"PMC1","status":"error","errmsg":"Identifier not found in PMC"}]}"""
    assert answers.converted(body).pmids == {"pmc7": 12, "10.1000/abc": 13, "pmc9": None}


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"status":"error"}', b"[1]", b'{"records":[1]}', b"[" * 100_000])
def test_no_conversion(body: bytes) -> None:
    with pytest.raises(Damaged):
        answers.converted(body)


WHOLE = ["biopython_esearch1.xml", "pubmedpy_esummary.xml", "biopython_elink1_all_links.xml"]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("damage", ["half", "html", "none"])
def test_what_is_not_whole_is_no_answer(name: str, damage: str) -> None:
    body = {"half": recorded(name)[:400], "html": b"<html><body>Blocked</body></html>", "none": b""}[damage]
    for read in (answers.links, answers.summaries, lambda body: answers.found(body, most=20)):
        with pytest.raises(Damaged):
            read(body)
