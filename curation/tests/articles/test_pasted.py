"""PMIDs, PMCIDs and DOIs out of whatever was pasted."""

import pytest

from curation.articles import pasted
from curation.articles.pasted import Pasted
from curation.errors import Invalid

MESS = """PMID: 34829411, 33093664;PMID:9997  pmid 12091962.
https://pubmed.ncbi.nlm.nih.gov/38762411/ (219391) https://www.ncbi.nlm.nih.gov/pubmed/38048813?x=1
https://pubmed.ncbi.nlm.nih.gov/?term=38909159 "35649368" | PubMed ID 00037883555, 34829411"""
SICI = "10.1002/(SICI)1097-4598(199911)22:11<1541::AID-MUS1>3.0.CO;2-Z"


def test_any_mess_of_pmids() -> None:
    assert [each.pmid for each in pasted.read(MESS)] == [
        34829411, 33093664, 9997, 12091962, 38762411, 219391, 38048813, 38909159, 35649368, 37883555,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "identifiers"),
    [
        ("PMC11798830", ["PMC11798830"]),
        ("pmc11798830.2, PMCID: PMC0012", ["PMC11798830", "PMC12"]),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC11798830/", ["PMC11798830"]),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC11798830/#sec1", ["PMC11798830"]),
        ("https://europepmc.org/article/MED/34829411", ["34829411"]),
        ("10.3390/diagnostics11112064", ["10.3390/diagnostics11112064"]),
        ("doi:10.3390/diagnostics11112064.", ["10.3390/diagnostics11112064"]),
        ("DOI: 10.3390/diagnostics11112064;", ["10.3390/diagnostics11112064"]),
        ("(https://doi.org/10.3390/diagnostics11112064)", ["10.3390/diagnostics11112064"]),
        ("http://dx.doi.org/10.1000/ABC 10.1000/abc", ["10.1000/ABC"]),
        ("https://onlinelibrary.wiley.com/doi/10.1002/mus.123?x=1", ["10.1002/mus.123"]),
        ("10.1/2", None),
        ("10.1000/a,10.1000/b;PMC7,34829411", ["10.1000/a", "10.1000/b", "PMC7", "34829411"]),
        (SICI, [SICI]),
        (f"({SICI}), 9997", [SICI, "9997"]),
        ("10.1016/S0140-6736(05)12345-6)", ["10.1016/S0140-6736(05)12345-6"]),
        ("doi:10.1000/a PMC7 PMID 5", ["10.1000/a", "PMC7", "5"]),
        ("pubmed.ncbi.nlm.nih.gov/34829411/ and doi.org/10.1000/a.", ["34829411", "10.1000/a"]),
        ("www.doi.org/10.1000/a; pmc.ncbi.nlm.nih.gov/articles/PMC7 & PMC 8", ["10.1000/a", "PMC7", "PMC8"]),
        ("https://pmc.ncbi.nlm.nih.gov/articles/pmid/34829411/?report=reader", ["34829411"]),
        ("https://ncbi.nlm.nih.gov/pmc/articles/8625797/", ["PMC8625797"]),
        ("https://pubmed-ncbi-nlm-nih-gov.proxy.uni.org/34829411/", ["34829411"]),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=34829411+33093664%2C5&sort=date", ["34829411", "33093664", "5"]),
        ("https://doi.org/10.1016%2Fj.x.2020.01 info:doi/10.1000/a", ["10.1016/j.x.2020.01", "10.1000/a"]),
        ("34829411[uid] OR 33093664[PMID] or PMID9997", ["34829411", "33093664", "9997"]),
        ("\ufeffPMID\r\n34829411.0\r\n33093664.0\t\r\n", ["34829411", "33093664"]),
        ("34829411\u200b\nPMID：３３０９３６６４，9997", ["34829411", "33093664", "9997"]),
        ("1. 34829411\n2. PMC7\n", ["34829411", "PMC7"]),
        ("[1] 34829411\n(12) PMC7\n3) 9997", ["34829411", "PMC7", "9997"]),
        ("1\t34829411\n2\t33093664\n\n3\t9997", ["34829411", "33093664", "9997"]),
        ("1 34829411\n5 33093664", ["1", "34829411", "5", "33093664"]),
        ("100 101 102 103", ["100", "101", "102", "103"]),
        ("10.1000/not.in.pmc 10.1000/b-PMC 5", ["10.1000/not.in.pmc", "10.1000/b-PMC", "5"]),
    ],
)
def test_every_shape(text: str, identifiers: list[str] | None) -> None:
    if identifiers is None:
        with pytest.raises(Invalid):
            pasted.read(text)
    else:
        assert [each.identifier for each in pasted.read(text)] == identifiers


def test_only_a_pmid_is_known_before_ncbi_is_asked() -> None:
    assert pasted.read("007 PMC7") == [Pasted("7", 7), Pasted("PMC7")]


def test_everything_that_is_none_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        pasted.read("34829411 PMCabc 10.3390 abc 0 12345678901")
    assert [(f.where, f.reason.split(";")[0].split(":")[0]) for f in refused.value.faults] == [
        ("“PMCabc”", "is no PMCID"),
        ("“10.3390”", "is no DOI"),
        ("“abc”", "is no PMID, PMCID or DOI"),
        ("“0”", "is no PMID"),
        ("“12345678901”", "is no PMID"),
    ]


@pytest.mark.parametrize(
    ("text", "named", "why"),
    [
        ("34,829,411", "“34,829,411”", "one PMID or several"),
        ("PMID: 34 829 411\n9997", "“34 829 411”", "one PMID or several"),
        ("3.4829411E7", "“3.4829411E7”", "spreadsheet"),
        ("3,48E+07", "“48E+07”", "no PMID"),
    ],
)
def test_numbers_that_spreadsheets_and_people_write_are_not_guessed(text: str, named: str, why: str) -> None:
    with pytest.raises(Invalid, match="take it out and try again") as refused:
        pasted.read(text)
    (fault,) = [fault for fault in refused.value.faults if fault.where == named]
    assert why in fault.reason


def test_three_thousand_with_their_labels_twice() -> None:
    text = "\n".join(f"PMID: {n}; " for n in range(30_000_000, 30_003_000))
    assert [each.pmid for each in pasted.read(f"{text}\n{text}")] == list(range(30_000_000, 30_003_000))


@pytest.mark.parametrize("text", ["", "  \n", ",;", "PMID:", "doi:"])
def test_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="PMID, PMCID or DOI here"):
        pasted.read(text)


def test_too_many_are_refused() -> None:
    with pytest.raises(Invalid, match="10,001"):
        pasted.read(" ".join(map(str, range(1, 10_002))))


def test_a_query_is_one_line() -> None:
    assert pasted.query(" myositis[ti]\n AND  case reports[pt] ") == "myositis[ti] AND case reports[pt]"


@pytest.mark.parametrize("text", ["", " \n", "a\0b", "x" * 4_001, "\ud800"])
def test_a_query_that_cannot_be_asked(text: str) -> None:
    with pytest.raises(Invalid):
        pasted.query(text)
