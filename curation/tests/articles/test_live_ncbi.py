"""The real NCBI keeps to what we count on. Off by default: CASEBOOK_LIVE_NCBI=yes turns these on; about ten requests."""

import os
from types import SimpleNamespace

import pytest

from curation.articles import converting, cutting, ncbi, parsing

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not os.environ.get("CASEBOOK_LIVE_NCBI"), reason="set CASEBOOK_LIVE_NCBI=yes to ask the real NCBI"),
]


@pytest.fixture(autouse=True)
def real(settings: SimpleNamespace) -> None:
    settings.NCBI_BASE_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
    settings.IDCONV_BASE_URL = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"


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
