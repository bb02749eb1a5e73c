"""What we count on NCBI and PMC for. Stand-ins are held to it always, the real ones with CASEBOOK_LIVE_NCBI=yes."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from curation.articles import converting, cutting, jats, ncbi, parsing, pmc
from curation.tests.articles.conftest import DATA
from curation.tests.articles.fulltexts import a_full_text
from curation.tests.articles.pictures import a_picture
from curation.tests.records import a_record
from curation.tests.standin.bucket import Bucket
from curation.tests.standin.server import Standin

SEED = Path(__file__).parents[3] / "seeds" / "pubmed_34829411.xml"
REAL = {
    "NCBI_BASE_URL": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/",
    "IDCONV_BASE_URL": "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/",
    "PMC_OA_BASE_URL": "https://pmc-oa-opendata.s3.amazonaws.com/",
}
#: An open case report with figures, by the layout of 2026.
OPEN = "PMC12295507"
live = pytest.mark.skipif(not os.environ.get("CASEBOOK_LIVE_NCBI"), reason="set CASEBOOK_LIVE_NCBI=yes to ask the real NCBI")


@pytest.fixture(scope="module")
def places() -> Iterator[dict[str, str]]:
    """Addresses of stand-ins that hold what the contracts ask for."""
    with Standin(DATA) as server, Bucket() as bucket:
        server.library.take(SEED.read_bytes())
        entered = (
            '<History><PubMedPubDate PubStatus="entrez"><Year>2021</Year><Month>11</Month><Day>9</Day></PubMedPubDate></History>'
        )
        recent = a_record(5, title="Necrotizing myopathy.").replace("<PubmedData>", f"<PubmedData>{entered}")
        similar = a_record(9298984, title="Wistaria wonders."), a_record(8794856, title="Wistaria wonders again.")
        citing = a_record(6, title="Review.", cites=1).replace('"pubmed">1<', '"pubmed">9298984<')
        crowd = (a_record(n, title="Myositis.") for n in range(1_000_000, 1_010_100))
        server.library.take("".join((recent, *similar, citing, *crowd)).encode())
        bucket.put(OPEN, a_full_text(OPEN), {"case-g001.jpg": a_picture("JPEG")}, license_code="CC BY")
        yield {"NCBI_BASE_URL": server.url, "IDCONV_BASE_URL": server.idconv_url, "PMC_OA_BASE_URL": bucket.url}


@pytest.fixture(autouse=True, params=["stand-in", pytest.param("real", marks=[pytest.mark.live, live])])
def asked(request: pytest.FixtureRequest, settings: SimpleNamespace) -> None:
    """Whom the contracts are asked of."""
    found = REAL if request.param == "real" else request.getfixturevalue("places")
    for name, address in found.items():
        setattr(settings, name, address)
    if request.param == "stand-in":
        settings.NCBI_API_KEY = "a-key"


def test_a_record() -> None:
    (cut,) = cutting.records([ncbi.fetch([34829411])])
    record = parsing.parse(cut)
    assert (record.pmid, record.doi) == (34829411, "10.3390/diagnostics11112064")


def test_an_unknown_record_is_left_out() -> None:
    assert list(cutting.records([ncbi.fetch([37909814])])) == []


def test_a_search_and_its_summaries_from_the_history() -> None:
    found = ncbi.search("34829411[uid] OR 33093664[uid]")
    assert set(found.pmids) == {34829411, 33093664}
    assert {summary.pmid for summary in ncbi.first_of(found, 10)} == set(found.pmids)


def test_no_more_than_9999_are_listed() -> None:
    found = ncbi.search("myositis")
    assert (found.count > 9_999, len(found.pmids)) == (True, 9_999)


def test_windows_of_days() -> None:
    found = ncbi.search("necrotizing myopathy", window=ncbi.Window("2021/11/01", "2021/11/30"))
    assert 0 < found.count < 100


def test_links() -> None:
    links = ncbi.links([9298984, 33093664])
    assert set(links) == {9298984, 33093664}
    assert 8794856 in links[9298984]["similar"]
    assert links[9298984]["cited_by"]


def test_conversion() -> None:
    fates = converting.pmids_of(["10.3390/diagnostics11112064", "10.1000/no.such.doi"])
    assert fates["10.3390/diagnostics11112064"] == 34829411
    assert isinstance(fates["10.1000/no.such.doi"], str)


def test_a_full_text_with_its_pictures_and_their_checksums() -> None:
    with pmc.Visit() as visit:
        deposit = visit.deposit(OPEN)
        assert deposit is not None
        assert deposit.is_open
        assert deposit.xml is not None
        read = jats.parse(visit.text(deposit.xml))
        assert (read.pmcid, bool(read.figures)) == (OPEN, True)
        picture = deposit.picture(read.figures[0].stem)
        assert picture is not None
        assert picture.md5
        assert visit.picture(picture)


def test_what_pmc_does_not_have() -> None:
    with pmc.Visit() as visit:
        assert visit.deposit("PMC999999999999") is None
