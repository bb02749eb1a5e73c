"""Cutting: each record by itself, at its own place, whatever is wrong with its neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.articles import cutting, parsing
from curation.articles.cutting import Cut
from curation.errors import Invalid


def record(pmid: int, inside: str = "") -> bytes:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID><Article>'
        f"<ArticleTitle>Case {pmid}.</ArticleTitle>{inside}</Article></MedlineCitation></PubmedArticle>"
    ).encode()


def a_set(*records: bytes, head: bytes = b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "x" "y">\n') -> bytes:
    return head + b"<PubmedArticleSet>\n" + b"\n".join(records) + b"\n</PubmedArticleSet>\n"


def cut(data: bytes, step: int = 1 << 20) -> list[Cut]:
    return list(cutting.records(data[n : n + step] for n in range(0, len(data), step)))


def test_each_record_is_cut_at_its_own_place() -> None:
    data = a_set(record(1), record(2))
    cuts = cut(data)
    assert [c.pmid for c in cuts] == [1, 2]
    assert all(data[c.offset : c.offset + len(c.body)] == c.body for c in cuts)


@pytest.mark.parametrize("step", [1, 7, 64, 1000])
def test_it_does_not_matter_how_the_bytes_arrive(samples: dict[str, bytes], step: int) -> None:
    data = samples["biopython_pubmed1"]
    assert cut(data, step) == cut(data)


def test_books_and_deletions_are_told_apart() -> None:
    book = b"<PubmedBookArticle><BookDocument><PMID>9</PMID></BookDocument></PubmedBookArticle>"
    gone = b'<DeleteCitation>\n<PMID Version="1">3</PMID><PMID Version="1">4</PMID></DeleteCitation>'
    data = a_set(record(1), book, gone)
    cuts = cut(data)
    assert [(c.kind, c.pmid) for c in cuts] == [
        ("PubmedArticle", 1),
        ("PubmedBookArticle", 9),
        ("DeleteCitation", 3),
        ("DeleteCitation", 4),
    ]
    assert data[cuts[3].offset :].startswith(b'<PMID Version="1">4')


def test_a_list_of_deletions_that_names_nothing_is_damage() -> None:
    assert [c.kind for c in cut(a_set(record(1), b"<DeleteCitation><PMID>x</PMID></DeleteCitation>"))] == [
        "PubmedArticle",
        "damaged",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- </PubmedArticle> -->",
        "<!-- <PubmedArticle> -->",
        "<Abstract><AbstractText><![CDATA[</PubmedArticle><PubmedArticle>]]></AbstractText></Abstract>",
        "<Abstract><AbstractText><![CDATA[<!-- ]]></AbstractText></Abstract>",
    ],
)
def test_tags_in_comments_and_cdata_cut_nothing(hidden: str) -> None:
    cuts = cut(a_set(record(1), record(2, hidden), record(3)))
    assert [c.pmid for c in cuts] == [1, 2, 3]
    assert parsing.parse(cuts[1]).title == "Case 2."


def test_a_record_that_was_commented_out_is_none() -> None:
    assert [c.pmid for c in cut(a_set(record(1), b"<!-- " + record(2) + b" -->", record(3)))] == [1, 3]


@pytest.mark.parametrize("opener", ["<!-- never closed", "<![CDATA[ never closed", "<!-- ill -- closed -->"])
def test_a_comment_that_is_not_closed_swallows_no_neighbour(opener: str) -> None:
    cuts = cut(a_set(record(1), record(2, opener), record(3, "<!-- proper -->"), record(4, "<Abstract/>")))
    assert [c.pmid for c in cuts] == [1, 2, 3, 4]
    with pytest.raises(Invalid, match="well-formed"):
        parsing.parse(cuts[1])
    assert [parsing.parse(c).pmid for c in (cuts[0], cuts[2], cuts[3])] == [1, 3, 4]


def test_a_lost_start_or_end_is_reported_and_harms_nobody_else() -> None:
    no_end = record(2).replace(b"</PubmedArticle>", b"")
    no_start = record(4).replace(b"<PubmedArticle>", b"<Pubm3dArticle>")
    cuts = cut(a_set(record(1), no_end, record(3), no_start, record(5)))
    assert [(c.kind, c.pmid) for c in cuts] == [
        ("PubmedArticle", 1),
        ("damaged", 2),
        ("PubmedArticle", 3),
        ("damaged", 4),
        ("PubmedArticle", 5),
    ]
    assert all(c.trouble for c in cuts if c.kind == "damaged")


def test_an_end_whose_bracket_is_lost_does_not_take_the_next_start() -> None:
    cuts = cut(a_set(record(1), record(2)[:-1], record(3)))
    assert [(c.kind, c.pmid) for c in cuts] == [("PubmedArticle", 1), ("damaged", 2), ("PubmedArticle", 3)]


def test_a_file_cut_off_between_two_records_says_so() -> None:
    data = a_set(record(1), record(2))
    cuts = cut(data[: data.index(b"<PubmedArticle>", 200)])
    assert [c.kind for c in cuts] == ["PubmedArticle", "damaged"]
    assert "cut off" in cuts[1].trouble


def test_several_sets_one_after_another_are_one_file() -> None:
    assert [c.pmid for c in cut(a_set(record(1)) + a_set(record(2)))] == [1, 2]


def test_an_empty_set_holds_nothing() -> None:
    assert cut(b"<PubmedArticleSet></PubmedArticleSet>") == cut(b'<?xml version="1.0"?><PubmedArticleSet/>') == []


def test_other_encodings_become_utf8() -> None:
    head = b'<?xml version="1.0" encoding="ISO-8859-1"?>\n'
    data = a_set(record(1, "<Abstract><AbstractText>Müller</AbstractText></Abstract>").decode().encode("latin-1"), head=head)
    assert parsing.parse(cut(data)[0]).passages[1].text == "Müller"


def test_memory_stays_within_one_record() -> None:
    cutter = cutting.Cutter()
    largest = 0
    for n in range(2_000):
        list(cutter.feed(record(n + 1, "x" * 2_000)))
        largest = max(largest, len(cutter.buffer))
    assert largest < 10_000


def test_a_record_without_end_is_given_up_before_memory_is() -> None:
    cutter = cutting.Cutter()
    cuts = [c for _ in range(40) for c in cutter.feed(b"<PubmedArticle>" * (not _) + b"x" * (1 << 20))]
    cuts += [*cutter.feed(record(7)), *cutter.close()]
    assert {c.kind for c in cuts[:-1]} == {"damaged"}
    assert cuts[-1].pmid == 7


RECORDS = [record(n, "<Abstract><AbstractText>A &amp; <i>b</i> – ü.</AbstractText></Abstract>") for n in range(1, 8)]


@given(
    which=st.integers(0, len(RECORDS) - 1),
    at=st.floats(0, 1, exclude_max=True),
    gone=st.integers(0, 60),
    put=st.binary(max_size=30)
    | st.sampled_from([b"<", b">", b"&x;", b"<!--", b"<![CDATA[", b"]]>", b"-->", b"<PubmedArticle>", b"\0"]),
)
def test_one_damaged_record_leaves_all_others_as_they_were(which: int, at: float, gone: int, put: bytes) -> None:
    """Damage anywhere inside one record, of any kind: the others are read exactly as from the whole file."""
    hurt = RECORDS[which]
    place = int(at * len(hurt))
    damaged = hurt[:place] + put + hurt[place + gone :]
    data = a_set(*RECORDS[:which], damaged, *RECORDS[which + 1 :])
    read = {}
    for piece in cut(data, 512):
        try:
            parsed = parsing.parse(piece)
        except Invalid:
            continue
        read.setdefault(piece.body, parsed)
    for n, whole in enumerate(RECORDS):
        if n != which:
            assert read[whole].pmid == n + 1


@pytest.mark.parametrize("size", [1, 60, 10_000])
def test_medlines_files_of_before_2016_hold_the_citations_bare(size: int) -> None:
    bare = [whole[whole.index(b"<MedlineCitation") :].removesuffix(b"</PubmedArticle>") for whole in (record(1), record(2))]
    doctype = b'<?xml version="1.0"?><!DOCTYPE MedlineCitationSet PUBLIC "-//NLM//DTD Medline Citation//EN" "http://x/y.dtd">'
    gone = b'<DeleteCitation><PMID Version="1">77</PMID></DeleteCitation>'
    found = list(cut(doctype + b"<MedlineCitationSet>" + b"\n".join(bare) + gone + b"</MedlineCitationSet>", size))
    assert [(c.kind, c.pmid) for c in found] == [("PubmedArticle", 1), ("PubmedArticle", 2), ("DeleteCitation", 77)]
    assert [c.body for c in found[:2]] == bare
    read = parsing.parse(found[0])
    assert read.title == "Case 1."
    assert parsing.read_again("pubmed", bare[0]) == read


@given(st.binary(max_size=2_000))
def test_any_bytes_are_cut_without_an_error_and_none_is_lost(data: bytes) -> None:
    for piece in cut(b"<PubmedArticleSet>" + data, 64):
        try:
            parsing.parse(piece)
        except Invalid:
            continue
