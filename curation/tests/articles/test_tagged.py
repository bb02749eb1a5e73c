"""NBIB and RIS: each record cut and read alone, real ones included."""

from datetime import date
from pathlib import Path

import pytest

from curation.articles import parsing, tagged
from curation.articles.cutting import Cut, Kind
from curation.articles.records import PublishedDate, Record
from curation.errors import Invalid

DATA = Path(__file__).parent.parent / "data" / "tagged"
NBIB = b"PMID- 7\nTI  - A title.\n"
RIS = b"TY  - JOUR\nTI  - A title\nAN  - 7\nER  - \n"


def cuts(data: bytes, kind: Kind, size: int = 0) -> list[Cut]:
    chunks = [data[n : n + size] for n in range(0, len(data), size)] if size else [data]
    return list(tagged.records(chunks, kind))


def read(name: str) -> list[Record]:
    data = (DATA / name).read_bytes()
    kind = tagged.layout(data)
    assert kind
    return [parsing.parse(cut) for cut in cuts(data, kind)]


@pytest.mark.parametrize("size", [0, 1, 7, 1000])
def test_the_same_records_whatever_the_chunks(size: int) -> None:
    data = (DATA / "biopython_pubmed_result2.nbib").read_bytes()
    found = cuts(data, "nbib", size)
    assert b"".join(cut.body for cut in found).strip() == data.strip()
    assert all(data[cut.offset :].startswith(cut.body) for cut in found)
    assert all(cut.pmid for cut in found)


def test_real_nbib_records() -> None:
    (found,) = read("biopython_pubmed_result1.nbib")
    assert (found.pmid, found.title) == (12230038, "The Bio* toolkits--a brief overview.")
    assert found.published == PublishedDate("2002 Sep", 2002, 9, None, "month")
    assert (found.journal_abbrev, found.journal, found.volume, found.issue, found.pages) == (
        "Brief Bioinform",
        "Briefings in bioinformatics",
        "3",
        "3",
        "296-302",
    )
    assert found.date_revised == date(2004, 11, 17)
    (author,) = found.authors
    assert (author["last_name"], author["fore_name"], author["initials"]) == ("Mangalam", "Harry", "H")
    assert [a["text"] for a in author["affiliations"]] == ["tacg Informatics, Irvine, CA 92612, USA."]
    assert [(h["name"], h["major"]) for h in found.mesh][:2] == [("Computational Biology", True), ("Computer Systems", False)]
    abstract = next(p for p in found.passages if p.kind == "abstract")
    assert abstract.key == "abstract"
    assert abstract.text.startswith("Bioinformatics research is often difficult")
    assert "  " not in abstract.text


def test_every_real_nbib_record_is_read() -> None:
    found = [r for path in sorted(DATA.glob("biopython*.nbib")) for r in read(path.name)]
    assert len(found) == len({r.pmid for r in found}) == sum(p.read_text().count("\nPMID-") for p in DATA.glob("bio*.nbib"))
    assert all(r.authors and r.published.year and r.journal_abbrev for r in found)


def test_one_citation_in_both_formats() -> None:
    (nbib,), (ris,) = read("seed.nbib"), read("seed.ris")
    for found in (nbib, ris):
        assert (found.pmid, found.doi) == (34829411, "10.3390/diagnostics11112064")
        assert found.published == PublishedDate("2021 Nov 8", 2021, 11, 8, "day")
        assert (found.journal_abbrev, found.volume, found.issue, found.pages) == ("Diagnostics (Basel)", "11", "11", "2064")
        assert [(a["last_name"], a["fore_name"]) for a in found.authors] == [("Park", "Sunha")]
        assert len(found.keywords) == 3
    assert nbib.passages[1].text == ris.passages[1].text


def test_a_labelled_abstract_is_in_parts() -> None:
    record = parsing.parse(Cut("nbib", 0, NBIB + b"AB  - BACKGROUND: Weak. CASE REPORT: A man\n      of 35: weak.\n"))
    assert [(p.key, p.label, p.text) for p in record.passages[1:]] == [
        ("abstract.1", "BACKGROUND", "Weak."),
        ("abstract.2", "CASE REPORT", "A man of 35: weak."),
    ]


def test_notices_grants_groups_and_subheadings_of_nbib() -> None:
    lines = (
        b"CN  - The Group\nRIN - J Rare Dis. 2022;1:1. PMID: 9\nGR  - R01 AR1/AR/NIAMS NIH HHS/United States\n"
        b"MH  - Myositis/diagnosis/*drug therapy\n"
    )
    record = parsing.parse(Cut("nbib", 0, NBIB + lines))
    assert record.authors[0]["collective_name"] == "The Group"
    assert [(n.kind, n.pmid) for n in record.notices] == [("RetractionIn", 9)]
    assert record.grants == [{"id": "R01 AR1", "acronym": "AR", "agency": "NIAMS NIH HHS", "country": "United States"}]
    assert record.mesh[0]["qualifiers"][1] == {"ui": "", "name": "drug therapy", "major": True}


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("nbib", b"PMID- x\nTI  - A title.\n", "no PMID"),
        ("nbib", b"PMID- 7\n", "no title"),
        ("nbib", b"PMID- 7\nTI  - \xff\n", "UTF-8"),
        ("ris", b"TY  - JOUR\nTI  - A\nDO  - 10.1/x\nER  - \n", "10.1/x: import it by that"),
        ("ris", b"TY  - JOUR\nTI  - A\nAN  - 7\nDB  - Embase\nER  - \n", "no PMID"),
        ("ris", b"TY  - JOUR\nAN  - 7\nER  - \n", "no title"),
        ("ris", b"TY  - JOUR\nTI  - \xff\nER  - \n", "RIS"),
    ],
)
def test_what_cannot_be_read_says_why(kind: Kind, body: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parsing.parse(Cut(kind, 0, body))


def test_what_is_damaged_stops_only_itself() -> None:
    found = cuts(b"garbage\n" + RIS + b"TY  - JOUR\nTI  - No end\n" + RIS, "ris")
    assert [c.kind for c in found] == ["damaged", "ris", "damaged", "ris"]


def test_a_pmid_at_an_address_of_pubmed_is_one() -> None:
    body = b"TY  - JOUR\nTI  - A\nUR  - https://pubmed.ncbi.nlm.nih.gov/34829411/\nER  - \n"
    assert parsing.parse(Cut("ris", 0, body)).pmid == 34829411


@pytest.mark.parametrize(("head", "kind"), [(NBIB, "nbib"), (b"\xef\xbb\xbf\n" + RIS, "ris"), (b"<x/>", None), (b"", None)])
def test_a_layout_is_known_by_what_it_holds(head: bytes, kind: str | None) -> None:
    assert tagged.layout(head) == kind
