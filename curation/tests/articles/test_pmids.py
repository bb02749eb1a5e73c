"""PMIDs out of whatever was pasted."""

import pytest

from curation.articles import pmids
from curation.errors import Invalid

MESS = """PMID: 34829411, 33093664;PMID:9997  pmid 12091962.
https://pubmed.ncbi.nlm.nih.gov/38762411/ (219391) https://www.ncbi.nlm.nih.gov/pubmed/38048813?x=1
https://pubmed.ncbi.nlm.nih.gov/?term=38909159 "35649368" | PubMed ID 00037883555, 34829411"""


def test_any_mess_of_pmids() -> None:
    assert pmids.read(MESS) == [
        34829411, 33093664, 9997, 12091962, 38762411, 219391, 38048813, 38909159, 35649368, 37883555,
    ]  # fmt: skip


def test_everything_that_is_no_pmid_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        pmids.read("34829411 PMC123 10.3390/diagnostics11112064 abc 0 12345678901")
    assert [(f.where, f.reason.split(";")[0].split(":")[0]) for f in refused.value.faults] == [
        ("“PMC123”", "is a PMCID"),
        ("“10.3390/diagnostics11112064”", "is a DOI"),
        ("“abc”", "is no PMID"),
        ("“0”", "is no PMID"),
        ("“12345678901”", "is no PMID"),
    ]


@pytest.mark.parametrize("text", ["", "  \n", ",;", "PMID:"])
def test_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="no PMID here"):
        pmids.read(text)


def test_too_many_are_refused() -> None:
    with pytest.raises(Invalid, match="10,001"):
        pmids.read(" ".join(map(str, range(1, 10_002))))
