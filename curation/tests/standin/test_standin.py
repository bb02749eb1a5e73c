"""The stand-in itself: its answers are built as the recorded ones are, and it misbehaves as it is told."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import etree

from curation.articles import answers
from curation.tests.records import a_record
from curation.tests.standin.server import MISBEHAVIOURS, Standin

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def ncbi() -> Iterator[Standin]:
    with Standin(DATA / "pubmed") as server:
        yield server


def asked(ncbi: Standin, utility: str, **form: object) -> httpx.Response:
    return httpx.post(f"{ncbi.url}{utility}.fcgi", data={"db": "pubmed", **form}, timeout=5)


def paths(body: bytes) -> set[str]:
    """Every element with where it stands, items by their name."""
    tree = etree.fromstring(body).getroottree()
    return {
        "/".join(
            f"{e.tag}[{e.get('Name')}]" if e.get("Name") else str(e.tag) for e in (*reversed(list(each.iterancestors())), each)
        )
        for each in tree.iter()
        if isinstance(each.tag, str)
    }


RECORDED = {
    "esearch": ("biopython_esearch1.xml", {"term": "myositis", "retmax": "20"}),
    "esearch without hits": ("biopython_esearch8.xml", {"term": "abcXYZ"}),
    "esummary": ("pubmedpy_esummary.xml", {"id": "27094199,26158728"}),
    "elink": ("biopython_elink1_all_links.xml", {"dbfrom": "pubmed", "id": "33093664"}),
    "epost": ("biopython_epost1.xml", {"id": "9997"}),
}


@pytest.mark.parametrize("name", RECORDED)
def test_every_element_stands_where_it_stands_in_a_recorded_answer(ncbi: Standin, name: str) -> None:
    file, form = RECORDED[name]
    said = asked(ncbi, name.split()[0], **form)
    assert said.status_code == 200
    real = paths((DATA / "eutils" / file).read_bytes())
    assert paths(said.content) <= real
    assert len(paths(said.content)) >= min(len(real), 7)


def test_what_is_declined_is_declined_as_recorded(ncbi: Standin) -> None:
    said = asked(ncbi, "epost")
    assert said.status_code == 400
    assert etree.fromstring(said.content).findtext("ERROR") == "Empty ID list; Nothing to store"
    assert "Empty ID list; Nothing to store" in (DATA / "eutils" / "biopython_epost3_error.xml").read_text()


def test_our_own_reader_reads_both(ncbi: Standin) -> None:
    summary = answers.summaries(asked(ncbi, "esummary", id="27094199").content)[27094199]
    recorded = answers.summaries((DATA / "eutils" / "pubmedpy_esummary.xml").read_bytes())[27094199]
    assert (summary.title, summary.doi.lower()) == (recorded.title, recorded.doi.lower())


def test_the_history_server(ncbi: Standin) -> None:
    posted = etree.fromstring(asked(ncbi, "epost", id="9997,219391,38762411").content)
    history = {"WebEnv": posted.findtext("WebEnv"), "query_key": posted.findtext("QueryKey")}
    second = asked(ncbi, "efetch", **history, retstart=1, retmax=1).content
    assert b">219391<" in second
    assert b">9997<" not in second
    assert asked(ncbi, "efetch", WebEnv="x", query_key=99).status_code == 400


def test_a_search_shows_9999_and_no_further() -> None:
    with Standin(DATA / "pubmed") as ncbi:
        ncbi.library.take("".join(a_record(n, title="Crowd.") for n in range(1, 10_101)).encode())
        whole = answers.found(asked(ncbi, "esearch", term="crowd[ti]", retmax=100_000).content, most=100_000)
        assert (whole.count, len(whole.pmids)) == (10_100, 9_999)
        assert "adjusted" in whole.remarks[0]
        assert (
            len(etree.fromstring(asked(ncbi, "esearch", term="crowd[ti]", retstart=9_998, retmax=5).content).find("IdList")) == 1
        )
        with pytest.raises(answers.Damaged, match="9998"):
            answers.found(asked(ncbi, "esearch", term="crowd[ti]", retstart=9_999).content, most=20)


@pytest.mark.parametrize(
    ("term", "pmids"),
    [
        ('"zebra fish"[ti]', {1}),
        ("zebra[ti] NOT fish[ti]", {2}),
        ("(zebra[ti] OR horse[ti]) AND 2020:2021[edat]", {2, 3}),
        ('zebra AND ("2021/01/01"[crdt] : "2021/12/31"[crdt])', {2}),
        ("1[uid] OR Lee[au]", {1, 3}),
        ('"case reports"[pt] horse', {3}),
    ],
)
def test_its_query_language(term: str, pmids: set[int]) -> None:
    with Standin(DATA / "eutils") as ncbi:  # a folder without records
        for xml in (a_record(1, title="Zebra fish.", year=2019), a_record(2, title="Zebra.", year=2021)):
            ncbi.library.take(xml.encode())
        ncbi.library.take(a_record(3, title="Horse.", year=2020, author="Lee", kind="Case Reports").encode())
        assert set(answers.found(asked(ncbi, "esearch", term=term).content, most=20).pmids) == pmids


def test_it_converts_what_is_in_pmc_and_only_that(ncbi: Standin) -> None:
    known = next(r for r in ncbi.library.values() if r.pmcid)
    said = httpx.get(ncbi.idconv_url, params={"ids": f"{known.pmcid},PMC1", "format": "json"})
    assert answers.converted(said.content).pmids == {known.pmcid.lower(): int(known.pmid)}
    assert said.json()["records"][1]["errmsg"] == "Identifier not found in PMC"
    assert httpx.get(ncbi.idconv_url, params={"ids": ",".join(["PMC1"] * 201)}).status_code == 400


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ("429", 429, b"API rate limit exceeded"),
        ("500", 500, b"Internal Server Error"),
        ("html", 200, b"<html>"),
        ("half", 200, b"<?xml"),
        ("empty", 200, b"<Count>0</Count>"),
        ("count", 200, b"<Count>"),
        ("redirect", 302, b""),
        ("round", 302, b""),
        ("ok", 200, b"</eSearchResult>"),
    ],
)
def test_it_misbehaves_once(ncbi: Standin, how: str, status: int, said: bytes) -> None:
    httpx.post(f"{ncbi.root}behave", data={"next": how})
    answer = asked(ncbi, "esearch", term="myositis")
    assert (answer.status_code, said in answer.content) == (status, True)
    assert asked(ncbi, "esearch", term="myositis").content.endswith(b"</eSearchResult>")


def test_one_byte_after_another(ncbi: Standin) -> None:
    ncbi.behave("trickle")
    with httpx.stream("POST", f"{ncbi.url}esearch.fcgi", data={"term": "x"}, timeout=5) as answer:
        assert next(answer.iter_raw()) == b"<"


def test_it_knows_what_it_cannot_do(ncbi: Standin) -> None:
    with pytest.raises(ValueError, match="sing"):
        ncbi.behave("sing")
    assert {"429", "500", "half", "html", "count", "trickle", "empty", "redirect"} <= set(MISBEHAVIOURS)
