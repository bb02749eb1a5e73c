"""Files as one would not wish them: refused whole with a sentence, or each record with its own fate, and nothing else."""

import gzip
from io import BytesIO
from pathlib import Path

import pytest

from curation.articles import actions, run
from curation.errors import Invalid
from curation.models import Article, Batch
from curation.tests.articles.conftest import uploads
from curation.tests.records import a_record
from curation.tests.worlds import People

__all__ = ["uploads"]
pytestmark = pytest.mark.django_db

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
DTD = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
MATH = "<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>"
AUTHORS = "".join(f"<Author><LastName>Name{n}</LastName><Initials>A</Initials></Author>" for n in range(6_000))


def a_set(*parts: str, head: str = HEAD, attributes: str = "") -> bytes:
    return f"{head}<PubmedArticleSet{attributes}>{''.join(parts)}</PubmedArticleSet>".encode()


def with_(pmid: int, old: str, new: str) -> str:
    record = a_record(pmid)
    assert old in record
    return record.replace(old, new, 1)


def worked_off(who: People, data: bytes) -> Batch:
    batch = actions.open_batch_of_file(project=None, name="nasty.xml", stream=BytesIO(data), by=who.administrator)
    run.run_batch(batch.pk)
    assert run.close(batch)
    batch.refresh_from_db()
    assert (batch.trouble, batch.items.count()) == ("", batch.seen)
    return batch


ONE_AND_TWO = [(1, "new"), (2, "new")]
FATES = {
    "a document type without entities": (a_set(a_record(1), a_record(2), head=HEAD + DTD), ONE_AND_TWO),
    "a mark of byte order": (b"\xef\xbb\xbf" + a_set(a_record(1), a_record(2)), ONE_AND_TWO),
    "lines as Windows ends them": (a_set(a_record(1), a_record(2)).replace(b"><", b">\r\n<"), ONE_AND_TWO),
    "two documents in one file": (a_set(a_record(1)) + b"\n" + a_set(a_record(2), head=HEAD + DTD), ONE_AND_TWO),
    "records without a set": ((HEAD + a_record(1) + a_record(2)).encode(), ONE_AND_TWO),
    "two .gz in one": (gzip.compress(a_set(a_record(1))) + gzip.compress(a_set(a_record(2))), ONE_AND_TWO),
    "a prefix that the set declares": (
        a_set(with_(1, "Text.", MATH), a_record(2), attributes=' xmlns:mml="http://www.w3.org/1998/Math/MathML"'),
        ONE_AND_TWO,
    ),
    "a prefix that nobody declares": (
        a_set(with_(1, "Text.", MATH), with_(2, "<Article ", '<Article xlink:x="y" ')),
        ONE_AND_TWO,
    ),
    "a set of another namespace": (a_set(a_record(1), a_record(2), attributes=' xmlns="urn:x"'), ONE_AND_TWO),
    "thousands of authors": (a_set(with_(1, "</AuthorList>", AUTHORS + "</AuthorList>"), a_record(2)), ONE_AND_TWO),
    "Latin letters in their old code": (
        a_set(a_record(1), a_record(2, title="Sjögren."), head='<?xml version="1.0" encoding="ISO-8859-1"?>')
        .decode()
        .encode("latin-1"),
        ONE_AND_TWO,
    ),
    "markup in CDATA": (a_set(with_(1, "Text.", "<![CDATA[a < b </PubmedArticle>]]>"), a_record(2)), ONE_AND_TWO),
    "no PMID": (a_set(with_(1, '<PMID Version="1">1</PMID>', ""), a_record(2)), [(None, "quarantined"), (2, "new")]),
    "a PMID in a comment": (
        a_set(with_(1, '<PMID Version="1">1</PMID>', "<!-- <PMID>9</PMID> -->"), a_record(2)),
        [(9, "quarantined"), (2, "new")],
    ),
    "a PMID that is too long": (
        a_set(with_(1, '<PMID Version="1">1</PMID>', f"<PMID>{'9' * 30}</PMID>"), a_record(2)),
        [(None, "quarantined"), (2, "new")],
    ),
    "an entity that nobody declares": (a_set(with_(1, "Text.", "&eacute;"), a_record(2)), [(1, "quarantined"), (2, "new")]),
    "a document type within a record": (
        a_set(with_(1, "<Article ", '<!DOCTYPE x [<!ENTITY a "b">]><Article '), a_record(2)),
        [(1, "quarantined"), (2, "new")],
    ),
    "bytes that are no letters": (
        a_set(a_record(1), a_record(2)).replace(b"A case", b"\xff\xfe", 1),
        [(1, "quarantined"), (2, "new")],
    ),
    "a NUL": (a_set(a_record(1), a_record(2)).replace(b"A case", b"A\0case", 1), [(1, "quarantined"), (2, "new")]),
    "a depth without bottom": (
        a_set(with_(1, "Text.", "<i>" * 5_000 + "x" + "</i>" * 5_000), a_record(2)),
        [(1, "quarantined"), (2, "new")],
    ),
    "a file cut off within a record": (a_set(a_record(1), a_record(2))[:-120], [(1, "new"), (2, "quarantined")]),
    "words between two records": (a_set(a_record(1), "words", a_record(2)), [(1, "new"), (None, "quarantined"), (2, "new")]),
    "deletions of what is not here": (
        a_set(a_record(1), "<DeleteCitation><PMID>98</PMID><PMID>99</PMID></DeleteCitation>"),
        [(1, "new"), (98, "deleted"), (99, "deleted")],
    ),
    "a later version before an earlier one": (
        a_set(with_(1, 'Version="1"', 'Version="2"'), a_record(1)),
        [(1, "new"), (1, "unchanged")],
    ),
}


@pytest.mark.parametrize("what", FATES)
def test_each_record_has_its_own_fate(uploads: Path, who: People, what: str) -> None:
    data, fates = FATES[what]
    batch = worked_off(who, data)
    assert list(batch.items.order_by("position").values_list("pmid", "state")) == fates
    for item in batch.items.filter(state="quarantined"):
        assert item.reason
        assert item.offset is not None
        assert item.raw or "cut off" in item.reason


def test_the_prefix_of_a_formula_does_not_matter(uploads: Path, who: People) -> None:
    worked_off(who, FATES["a prefix that nobody declares"][0])
    assert Article.objects.get(pmid=1).sections.get(key="abstract").html == "x<sup>2</sup>"


DECLARES = "declares XML entities of its own"
REFUSED = {
    "an entity": (a_set(with_(1, "Text.", "&a;"), head=f'{HEAD}<!DOCTYPE a [<!ENTITY a "b">]>'), DECLARES),
    "a file that is asked for": (
        a_set(a_record(1), head=f'{HEAD}<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        DECLARES,
    ),
    "an address that is asked for": (
        a_set(a_record(1), head=f'{HEAD}<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]>'),
        DECLARES,
    ),
    "a billion laughs": (
        a_set(
            with_(1, "Text.", "&l9;"),
            head='<!DOCTYPE a [<!ENTITY l0 "ha">'
            + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
            + "]>",
        ),
        DECLARES,
    ),
    "UTF-16": (a_set(a_record(1)).decode().encode("utf-16"), "UTF-16"),
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n\t", "empty"),
    "an empty set": (a_set(), "holds no record"),
    "an empty set of one tag": (b"<PubmedArticleSet/>", "holds no record"),
    "a .gz that was cut off": (gzip.compress(a_set(a_record(1)))[:-5], "cut off"),
    "a .gz that grows without measure": (gzip.compress(b"<PubmedArticleSet>" + b" " * 60_000_000), "grows more than"),
    "a .gz within a .gz": (gzip.compress(gzip.compress(a_set(a_record(1)))), "neither PubMed XML nor NBIB nor RIS"),
    "a web page": (b"<!DOCTYPE html><html><body>Blocked</body></html>", "a web page"),
    "JSON": (b'{"error":"API rate limit exceeded"}', "JSON"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_whole_and_nothing_stays(uploads: Path, who: People, what: str) -> None:
    data, said = REFUSED[what]
    with pytest.raises(Invalid, match=said):
        actions.open_batch_of_file(project=None, name="nasty.xml", stream=BytesIO(data), by=who.administrator)
    assert not Batch.objects.exists()
    assert not [path for path in uploads.rglob("*") if path.is_file()]
