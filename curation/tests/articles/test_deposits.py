"""What PMC's bucket says of an article, with all its ways of saying it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.articles import deposits
from curation.articles.deposits import Deposit, Kept
from curation.errors import Invalid
from curation.tests.standin.bucket import Bucket

MD5 = "0123456789abcdef0123456789ABCDEF"
TOLD = {"pmcid": "PMC1", "is_pmc_openaccess": True}


def read(**told: object) -> Deposit:
    return deposits.read(json.dumps({**TOLD, **told}).encode(), "PMC1", 2)


def test_the_versions_of_a_listing() -> None:
    bucket = Bucket()
    for version in (1, 2, 11):
        bucket.put("PMC1", b"", version=version)
    bucket.put("PMC12", b"")
    bucket.server.server_close()
    assert deposits.versions(bucket.listing("PMC1."), "PMC1") == [11, 2, 1]
    assert deposits.versions(bucket.listing("PMC3."), "PMC3") == []


@pytest.mark.parametrize("body", [b"", b"<html/>", b"<ListBucketResult>", b"{}"])
def test_what_is_no_listing(body: bytes) -> None:
    with pytest.raises(Invalid, match="no listing"):
        deposits.versions(body, "PMC1")


@pytest.mark.parametrize(
    ("said", "meant"),
    [(True, True), ("yes", True), ("True", True), (1, True), (False, False), ("no", False), (None, False), ("", False)],
)
def test_yes_and_no_in_every_form(said: object, meant: bool) -> None:
    assert read(is_manuscript=said).is_manuscript is meant


def test_a_licence_that_is_null() -> None:
    assert read(license_code=None).licence_code == read().licence_code == ""
    assert read(license_code=" CC BY ").licence_code == "CC BY"


def test_addresses_become_paths_of_the_articles_own_folder() -> None:
    deposit = read(
        xml_url=f"s3://pmc-oa-opendata/PMC1.2/PMC1.2.xml?md5={MD5}",
        media_urls=[
            f"s3://pmc-oa-opendata/PMC1.2/a-g001.gif?md5={MD5}",
            "https://pmc-oa-opendata.s3.amazonaws.com/PMC1.2/a-g001.jpg",
            f"s3://pmc-oa-opendata/PMC1.2/b%20c.JPG?md5={MD5}",
            "s3://pmc-oa-opendata/PMC9.1/other.jpg",
            "s3://pmc-oa-opendata/PMC1.2/../PMC9.1/other.jpg",
            "s3://pmc-oa-opendata/PMC1.2/x.jpg?md5=short",
            "file:///etc/passwd",
            "http://[bad",
            7,
        ],
    )
    assert deposit.xml == Kept("PMC1.2/PMC1.2.xml", MD5.lower())
    assert set(deposit.media) == {"a-g001.gif", "a-g001.jpg", "b c.JPG", "x.jpg"}
    assert deposit.media["x.jpg"].md5 == ""


def test_a_figure_finds_its_picture_by_the_stem_and_the_better_kind_first() -> None:
    names = ["f1.gif", "f1.jpg", "F2.JPG", "pone.0046493.g001.tif", "f3.svg", "f4.png"]
    deposit = read(media_urls=[f"s3://b/PMC1.2/{name}" for name in names])
    stems = ("f1", "f2", "pone.0046493.g001", "f3", "f4.png", "f5", "f1.tif", "f4.jpeg", "f5.tif")
    found = [kept and kept.path.rpartition("/")[2] for kept in map(deposit.picture, stems)]
    assert found == ["f1.jpg", "F2.JPG", "pone.0046493.g001.tif", None, "f4.png", None, "f1.jpg", "f4.png", None]


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"null", b'{"pmcid": "PMC2"}', b"{}", b'{"pmcid": "PMC1", "is_manuscript": "maybe"}', b"[" * 100_000]
)
def test_what_is_refused(text: bytes) -> None:
    with pytest.raises(Invalid, match="PMC1"):
        deposits.read(text, "PMC1", 2)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3))
KEYS = st.sampled_from(["pmid", "license_code", "is_manuscript", "is_retracted", "xml_url", "media_urls", "is_historical_ocr"])


@given(st.dictionaries(KEYS, JSON))
def test_whatever_it_says_it_is_read_or_refused(told: dict[str, object]) -> None:
    try:
        read(**told)
    except Invalid:
        return
