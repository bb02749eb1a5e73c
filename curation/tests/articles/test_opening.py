"""Uploads: what is no PubMed XML is named, what is broken or too large is refused, and memory is never asked for it."""

import gzip
from collections.abc import Iterator

import pytest

from curation.articles import opening
from curation.articles.opening import Limits
from curation.errors import Invalid
from curation.tests.articles.test_cutting import a_set, record

SET = a_set(record(1), record(2))


def read(data: bytes, limits: Limits = opening.LIMITS, step: int = 1000) -> bytes:
    return b"".join(opening.opened((data[n : n + step] for n in range(0, len(data), step)), limits))


@pytest.mark.parametrize("step", [1, 13, 100_000])
def test_plain_and_packed_give_the_same_bytes(step: int) -> None:
    assert read(SET, step=step) == read(gzip.compress(SET), step=step) == SET


def test_members_and_padding_of_a_gz_are_read_on() -> None:
    assert read(gzip.compress(SET[:90]) + gzip.compress(SET[90:]) + b"\0" * 512) == SET


@pytest.mark.parametrize("missing", [1, 4, 8, 60])
def test_a_gz_that_was_cut_off_is_refused(missing: int) -> None:
    with pytest.raises(Invalid, match="cut off"):
        read(gzip.compress(SET)[:-missing])


def test_a_wrong_checksum_is_refused() -> None:
    packed = bytearray(gzip.compress(SET))
    packed[-5] ^= 1
    with pytest.raises(Invalid, match="checksum"):
        read(bytes(packed))


def test_a_gz_that_grows_without_measure_is_refused() -> None:
    bomb = gzip.compress(b"<PubmedArticleSet>" + b" " * 40_000_000)
    with pytest.raises(Invalid, match="grows more than"):
        read(bomb)


def test_a_file_that_is_too_large_is_not_read_to_its_end() -> None:
    def endless() -> Iterator[bytes]:
        yield SET
        while True:
            yield b" " * 1000

    with pytest.raises(Invalid, match="too large"):
        for _ in opening.opened(endless(), Limits(size=100_000)):
            pass


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"<!DOCTYPE html>\n<html><body>PubMed</body></html>", "a web page"),
        (b"<html><head></head></html>", "a web page"),
        (b'<?xml version="1.0"?><!DOCTYPE article PUBLIC "a" "b"><article><front/></article>', "JATS.* by its PMID or PMCID"),
        (b"<pmc-articleset><article/></pmc-articleset>", "JATS"),
        (b'<?xml version="1.0"?><!-- x --><feed/>', "<feed>"),
        (b'{"error": "no"}', "JSON"),
        (b"[1] A reference list\n", "plain text"),
        ("<PubmedArticleSet/>".encode("utf-16"), "UTF-16"),
        (b"34829411, 33093664", "a list of numbers. Paste the PMIDs"),
        (b"PMID\n34829411\n33093664\n", "a list of numbers"),
        (b"PMID,Title,Authors\n34829411,A case,Park\n", "a table. Paste the PMIDs"),
        (b'\xef\xbb\xbf"PMID","Title"\n', "a table"),
        (b"@article{park2021,\n title = {A case}}", "BibTeX"),
        (b"%0 Journal Article\n%T A case\n", "EndNote"),
        (b"FN Clarivate Analytics Web of Science\nVR 1.0\n", "Web of Science"),
        (b"<?xml version='1.0'?><!DOCTYPE eSummaryResult PUBLIC 'a' 'b'><eSummaryResult/>", "EFetch for the records"),
        (b"<eSearchResult><Count>1</Count></eSearchResult>", "list of a search"),
        (b"<eFetchResult><ERROR>no</ERROR></eFetchResult>", "an error that NCBI answered with"),
        (b"<xml><records><record/></records></xml>", "EndNote's XML"),
        (b"<modsCollection/>", "MODS"),
        (b"\x00\x01\x02", "plain text.* Taken are PubMed XML"),
    ],
)
def test_what_is_no_pubmed_xml_is_named(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(data)
    if data:
        with pytest.raises(Invalid, match=said):
            read(gzip.compress(data))


def test_entities_declared_in_the_file_are_refused() -> None:
    with pytest.raises(Invalid, match="entities"):
        read(a_set(record(1), head=b'<!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaa">]>'))


def test_a_byte_order_mark_is_no_harm() -> None:
    assert read(b"\xef\xbb\xbf" + SET).endswith(SET)


def test_a_damaged_root_does_not_hide_its_records() -> None:
    assert read(SET.replace(b"<PubmedArticleSet>", b"<PubmedArticleS>")).count(b"<PubmedArticle>") == 2
