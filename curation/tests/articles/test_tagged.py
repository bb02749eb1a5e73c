"""NBIB and RIS: each record cut and read alone, real ones included."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from curation.articles import parsing, reading, tagged
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
        ("ris", b"TY  - JOUR\nTI  - \xff\nER  - \n", "save the file as UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why(kind: Kind, body: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parsing.parse(Cut(kind, 0, body))


def test_what_is_damaged_stops_only_itself() -> None:
    found = cuts(b"AU  - Lost, Ann\nER  - \n" + RIS + b"TY  - JOUR\nTI  - No end\n" + RIS, "ris")
    assert [c.kind for c in found] == ["damaged", "ris", "damaged", "ris"]


def test_a_pmid_at_an_address_of_pubmed_is_one() -> None:
    body = b"TY  - JOUR\nTI  - A\nUR  - https://pubmed.ncbi.nlm.nih.gov/34829411/\nER  - \n"
    assert parsing.parse(Cut("ris", 0, body)).pmid == 34829411


@pytest.mark.parametrize(
    "line",
    [
        "AN  - 34829411",
        "N1  - First note.\nN1  - PMID: 34829411",
        "DB  - Scopus\nC2  - 34829411\nAN  - 5",
        "DB  - EndNote\nAN  - 5\nUR  - http://a.org; https://www.ncbi.nlm.nih.gov/pubmed/34829411",
    ],
)
def test_where_reference_managers_write_a_pmid(line: str) -> None:
    assert parsing.parse(Cut("ris", 0, f"TY  - JOUR\nTI  - A\n{line}\nER  - \n".encode())).pmid == 34829411


@pytest.mark.parametrize("size", [0, 1, 30])
@pytest.mark.parametrize("between", ["%d. \n", 'Record #%d of 2\nProvider: Site\nContent: text/plain; charset="UTF-8"\n\n'])
def test_what_numbers_and_heads_records_of_ris_is_none_of_them(between: str, size: int) -> None:
    data = b"".join((between % n).encode() + RIS for n in (1, 2)) + b"\n\n"
    assert tagged.layout(data) == "ris"
    found = cuts(data, "ris", size)
    assert [c.kind for c in found] == ["ris", "ris"]
    assert all(data[c.offset :].startswith(c.body) for c in found)
    assert [parsing.parse(c).title for c in found] == ["A title", "A title"]


@pytest.mark.parametrize(
    ("said", "code"), [("English", ["eng"]), ("eng", ["eng"]), ("de; fr", ["ger", "fre"]), ("Klingon", []), ("", [])]
)
def test_languages_of_ris_are_codes(said: str, code: list[str]) -> None:
    assert parsing.parse(Cut("ris", 0, f"TY  - JOUR\nTI  - A\nAN  - 7\nLA  - {said}\nER  - \n".encode())).languages == code


def test_journals_of_ris_in_full_and_short() -> None:
    found = parsing.parse(Cut("ris", 0, b"TY  - JOUR\nTI  - A\nAN  - 7\nJF  - Journal of Cases\nJA  - J Cases\nER  - \n"))
    assert (found.journal, found.journal_abbrev) == ("Journal of Cases", "J Cases")


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
@pytest.mark.parametrize("one", [NBIB, RIS])
def test_lines_however_they_end(one: bytes, end: bytes) -> None:
    found = list(reading.records(BytesIO((one + b"\n" + one).replace(b"\n", end))))
    assert [parsing.parse(c).title.rstrip(".") for c in found] == ["A title", "A title"]
    assert [c.pmid for c in found] == [7, 7]


def an_nbib(*lines: str) -> Record:
    return parsing.parse(Cut("nbib", 0, "\n".join(("PMID- 7", "STAT- MEDLINE", "TI  - A.", *lines, "")).encode()))


def test_the_history_of_nbib() -> None:
    found = an_nbib("DCOM- 20200102", "EDAT- 2019/03/30 06:00", "CRDT- 2019/03/29 06:00", "PHST- 2019/01/21 00:00 [received]")
    new = an_nbib("EDAT- 2019/03/30 06:00", "PHST- 2019/01/21 [received]", "PHST- 2019/03/30 06:00 [pubmed]")
    assert found.history == [
        {"status": "received", "date": "2019-01-21"},
        {"status": "pubmed", "date": "2019-03-30"},
        {"status": "entrez", "date": "2019-03-29"},
        {"status": "completed", "date": "2020-01-02"},
    ]
    assert [e["status"] for e in new.history] == ["received", "pubmed"]


def test_substances_and_data_in_other_archives_of_nbib() -> None:
    found = an_nbib(
        "MH  - Humans", "RN  - 0 (Autoantibodies)", "RN  - EC 1.1.1.34 (Reductases (CoA))", "NM  - Rare disease",
        "SI  - ClinicalTrials.gov/NCT1", "SI  - GENBANK/A1", "SI  - GENBANK/A2",
    )  # fmt: skip
    assert [(c.get("kind"), c["name"], c.get("registry")) for c in found.mesh] == [
        (None, "Humans", None),
        ("substance", "Autoantibodies", ""),
        ("substance", "Reductases (CoA)", "EC 1.1.1.34"),
        ("supplement", "Rare disease", ""),
    ]
    assert found.databanks == [
        {"name": "ClinicalTrials.gov", "accessions": ["NCT1"]},
        {"name": "GENBANK", "accessions": ["A1", "A2"]},
    ]


@pytest.mark.parametrize(
    ("line", "number", "acronym", "agency", "country"),
    [
        ("BB/E010652/1/BB_/Research Council/United Kingdom", "BB/E010652/1", "BB_", "Research Council", "United Kingdom"),
        ("G0400546/1/Medical Research Council/United Kingdom", "G0400546/1", "", "Medical Research Council", "United Kingdom"),
        ("R01 AR1/AR/NIAMS NIH HHS/United States", "R01 AR1", "AR", "NIAMS NIH HHS", "United States"),
        ("MITOCON, Italian Association/", "", "", "MITOCON, Italian Association", ""),
        ("Agency alone", "", "", "Agency alone", ""),
    ],
)
def test_grants_of_nbib(line: str, number: str, acronym: str, agency: str, country: str) -> None:
    assert an_nbib(f"GR  - {line}").grants == [{"id": number, "acronym": acronym, "agency": agency, "country": country}]


def test_notices_and_abstracts_in_other_languages_of_nbib() -> None:
    found = an_nbib("PRIN- J Cases. 2020;1:1. PMID: 8", "RRI - J Cases. 2021;1:1", "LA  - ENG", "OAB - Resumen.", "OABL- spa")
    assert [(n.kind, n.pmid) for n in found.notices] == [("PartialRetractionIn", 8), ("RetractedandRepublishedIn", None)]
    assert [(p.text, p.language) for p in found.passages if p.kind == "other_abstract"] == [("Resumen.", "spa")]
    assert found.languages == ["eng"]


def test_an_nbib_record_of_which_pubmed_has_no_title() -> None:
    assert parsing.parse(Cut("nbib", 0, b"PMID- 7\nOWN - NLM\nSTAT- PubMed-not-MEDLINE\n")).title == "[No title]"


@pytest.mark.parametrize(("head", "kind"), [(NBIB, "nbib"), (b"\xef\xbb\xbf\n" + RIS, "ris"), (b"<x/>", None), (b"", None)])
def test_a_layout_is_known_by_what_it_holds(head: bytes, kind: str | None) -> None:
    assert tagged.layout(head) == kind
