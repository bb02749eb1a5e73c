"""Citations as other programs read them back."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import jsonschema
import pytest
import rispy
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.articles import cutting, parsing, ris, tagged
from curation.articles.records import Author, Book, Concept, Heading, Passage, PublishedDate, Record
from curation.export import citations, citing
from curation.export.citations import FORMATS, Citation
from curation.models import Article
from curation.tests.articles.conftest import samples
from curation.tests.records import a_record, taken_in, taken_in_file
from curation.tests.worlds import People

__all__ = ["samples"]
DATA = Path(__file__).parent.parent / "data" / "tagged"
PERSON = {"suffix": "", "collective_name": "", "orcid": "", "equal_contrib": False, "affiliations": []}
PARK: Author = {**PERSON, "last_name": "Park", "fore_name": "Sunha", "initials": "S"}  # type: ignore[typeddict-item]
GROUP: Author = {**PERSON, "last_name": "", "fore_name": "", "initials": "", "collective_name": "Ärzte & Co"}  # type: ignore[typeddict-item]
ABSTRACT = "A 35-year-old male.\nWeak."
RECORD = Record(
    title="Prominent Asymmetric Muscle Weakness and Atrophy in Seronegative Immune-Mediated Necrotizing Myopathy.",
    title_html="",
    authors=[PARK],
    authors_complete=False,
    pmid=34829411,
    pmid_version=1,
    doi="10.3390/diagnostics11112064",
    journal_abbrev="Diagnostics (Basel)",
    volume="11",
    issue="11",
    pages="2064",
    published=PublishedDate("2021 Nov 8", 2021, 11, 8, "day"),
    languages=["eng"],
    publication_types=[{"ui": "", "name": "Case Reports"}],
    keywords=["asymmetric muscle involvement", "immune-mediated necrotizing myopathy"],
    conflict_of_interest="None.",
    passages=(Passage("abstract", "abstract", 1, ABSTRACT, ABSTRACT),),
)
SEED = Citation(1, RECORD)
BOOK: Book = {
    "title": "GeneReviews",
    "collection": "",
    "publisher": "University of Washington",
    "place": "Seattle (WA)",
    "edition": "2nd",
    "volume": "",
    "medium": "internet",
    "isbns": [],
    "editors": [PARK],
    "chapters": [],
}


def also(**other: object) -> Citation:
    """The seed, but for what is named."""
    return Citation(2, replace(RECORD, **other))  # type: ignore[arg-type]


_TEXT, _EITHER = {"type": "string"}, {"type": ["string", "number"]}
_NAMES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": dict.fromkeys(("family", "given", "suffix", "literal"), _TEXT),
        "additionalProperties": False,
    },
}
_DATE_PARTS = {"type": "array", "items": {"type": "array", "items": _EITHER, "minItems": 1, "maxItems": 3}, "minItems": 1}
#: Of CSL-JSON as its 1.0.2 describes it (https://docs.citationstyles.org/), in our own words: what a journal's article or a
#: chapter may say. Names it does not know are refused there too.
CSL_ITEM = {
    "type": "object",
    "required": ["id", "type"],
    "additionalProperties": False,
    "properties": {
        "id": _EITHER,
        "type": {"enum": ["article-journal", "chapter"]},
        "author": _NAMES,
        "editor": _NAMES,
        "issued": {"type": "object", "properties": {"date-parts": _DATE_PARTS, "literal": _TEXT}, "additionalProperties": False},
        **dict.fromkeys(("volume", "issue", "page", "edition"), _EITHER),
        **dict.fromkeys(("title", "container-title", "container-title-short", "publisher", "publisher-place"), _TEXT),
        **dict.fromkeys(("ISSN", "DOI", "PMID", "PMCID", "genre", "keyword", "abstract", "language"), _TEXT),
    },
}


def read_nbib(text: str) -> list[Record]:
    return [parsing.parse(cut) for cut in tagged.records([text.encode()], "nbib")]


def test_ris_is_read_back() -> None:
    first, second = rispy.loads(
        citations.ris([SEED, also(pmid=2, pages="1-9", published=PublishedDate("2021 Nov", 2021, 11, None, "month"))])
    )
    assert (first["title"], first["authors"], first["doi"]) == (SEED.title, ["Park, Sunha"], RECORD.doi)
    assert (first["year"], first["date"], first["volume"], first["number"]) == ("2021", "2021/11/08/", "11", "11")
    assert (first["accession_number"], first["keywords"]) == ("34829411", RECORD.keywords)
    assert first["abstract"] == "A 35-year-old male. Weak."
    assert (second["start_page"], second["end_page"], second["date"]) == ("1", "9", "2021/11//")


def test_every_line_of_the_ris_written_by_hand_is_in_ours() -> None:
    ours = citations.ris([SEED])
    theirs = [line for line in (DATA / "seed.ris").read_text().splitlines() if line[:2] not in ("AB", "KW")]
    assert [line for line in theirs if line.strip() and line.strip() not in map(str.strip, ours.splitlines())] == []


def test_nbib_is_read_back() -> None:
    first, second = read_nbib(citations.nbib([SEED, also(pmid=2, pmcid="PMC7", authors=[PARK, GROUP])]))
    assert (first.pmid, first.title, first.doi, first.published.literal) == (34829411, RECORD.title, RECORD.doi, "2021 Nov 8")
    assert first.keywords == RECORD.keywords
    assert second.pmcid == "PMC7"
    assert [a["collective_name"] or a["last_name"] for a in second.authors] == ["Park", "Ärzte & Co"]
    theirs = dict(tagged.lines((DATA / "seed.nbib").read_bytes()))
    ours = dict(tagged.lines(citations.nbib([SEED]).encode()))
    assert {tag: theirs[tag] for tag in ("PMID", "DP", "TI", "LID", "FAU", "AU", "TA", "SO")}.items() <= ours.items()


def test_csl_says_what_was_written_by_hand() -> None:
    (ours,), (theirs,) = json.loads(citations.csl_json([SEED])), json.loads((DATA / "seed.csl.json").read_text())
    assert {name: value for name, value in theirs.items() if name != "number"}.items() <= ours.items()


def test_bibtex_is_safe_and_its_keys_are_unique() -> None:
    odd = also(pmid=0, title="50% of {CK} & x_1 \\ #2 < 3 ~ ^ $", authors=[GROUP])
    text = citations.bibtex([SEED, odd])
    assert "@article{Park2021-34829411," in text
    assert "author = {Park, Sunha and others}" in text
    assert "month = nov," in text
    assert "@article{ArzteCo2021-2," in text
    assert r"{{50\% of \{CK\} \& x\_1 \textbackslash{} \#2 < 3 \textasciitilde{} \textasciicircum{} \$}}" in text
    bare = re.sub(r"\\.", "", text)
    assert bare.count("{") == bare.count("}")


def test_a_chapter_is_cited_as_one() -> None:
    chapter = also(book=BOOK, journal_abbrev="")
    assert "TY  - CHAP" in citations.ris([chapter])
    assert citations.bibtex([chapter]).startswith("@incollection")
    (said,) = json.loads(citations.csl_json([chapter]))
    assert (said["container-title"], said["publisher-place"], said["editor"]) == (
        "GeneReviews",
        "Seattle (WA)",
        [{"family": "Park", "given": "Sunha"}],
    )


@pytest.mark.parametrize("written", FORMATS.values(), ids=FORMATS)
def test_an_article_that_says_nothing_is_written(written: citations.Format) -> None:
    assert written.write([Citation(1, Record(pmid=0, pmid_version=1, title="A", title_html="A"))])
    assert written.write([]) in ("", "[]\n")


@pytest.mark.django_db
def test_an_article_of_each_format_at_its_page(client: Client, who: People) -> None:
    (article,) = taken_in(a_record(7, title="A case & more."))
    client.force_login(who.curator)
    page = client.get(f"/articles/{article.pk}/").content.decode()
    for suffix, written in FORMATS.items():
        address = f"/articles/{article.pk}/cite.{suffix}"
        assert address in page
        answer = client.get(address)
        assert answer["Content-Type"] == f"{written.media_type}; charset=utf-8"
        assert answer["Content-Disposition"] == f'attachment; filename="article-{article.pk}.{suffix}"'
        assert "A case" in answer.content.decode()


@pytest.mark.django_db
def test_refusals(client: Client, who: People) -> None:
    (article,) = taken_in(a_record(7))
    assert client.get(f"/articles/{article.pk}/cite.ris").status_code == 404  # no public project has it
    client.force_login(who.curator)
    assert client.get(f"/articles/{article.pk}/cite.docx").status_code == 404
    assert client.get("/articles/999/cite.ris").status_code == 404
    assert client.get("/articles/cite.ris?year_from=x").status_code == 422
    answer = client.get("/api/v1/articles/999/cite?format=ris")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert client.get(f"/api/v1/articles/{article.pk}/cite", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.django_db
def test_a_selection_is_what_the_list_shows(client: Client, who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    taken_in(a_record(1, year=2020), a_record(2, year=2021), a_record(3, year=2021))
    client.force_login(who.curator)
    assert "/articles/cite.ris?year_from=2021" in client.get("/articles/?year_from=2021").content.decode()
    found = rispy.loads(client.get("/articles/cite.ris?year_from=2021").content.decode())
    assert [entry["accession_number"] for entry in found] == ["3", "2"]
    answer = client.get("/api/v1/articles/cite?year_from=2021", headers={"accept": FORMATS["ris"].media_type})
    assert rispy.loads(answer.content.decode()) == found
    assert [entry["PMID"] for entry in client.get("/api/v1/articles/cite").json()] == ["3", "2", "1"]
    monkeypatch.setattr(citing, "MOST_CITED", 2)
    answer = client.get("/articles/cite.ris")
    assert (answer.status_code, b"more than 2" in answer.content) == (422, True)


@pytest.mark.django_db
def test_many_are_cited_in_as_many_queries_as_one(who: People) -> None:
    taken_in(*(a_record(n) for n in range(1, 30)))
    with CaptureQueriesContext(connection) as captured:
        assert len(citing.citations(Article.objects.all())) == 29
    assert len(captured) == 2


#: What NBIB has no place for, or says in less.
UNSAID_IN_NBIB = {
    *("pmid_version", "title_html", "authors_complete", "identifiers", "book", "passages", "references", "notices"),
    *("databanks", "history", "indexing_method", "published", "publication_types", "mesh", "authors", "keywords", "grants"),
}


def every_record(samples: dict[str, bytes]) -> list[Record]:
    return [parsing.parse(cut) for data in samples.values() for cut in cutting.records([data]) if cut.kind != "DeleteCitation"]


def one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def named(author: Author) -> tuple[str, ...]:
    parts = (author["last_name"], author["fore_name"] or author["initials"], author["suffix"], author["collective_name"])
    return tuple(" ".join(part.split()) for part in parts)


def subject(said: Heading | Concept) -> tuple[object, ...]:
    """All that NBIB can say of it: no numbers of the vocabulary."""
    if "kind" in said:
        return said["kind"], said["name"], said["registry"]
    return said["name"], said["major"], len(said["qualifiers"])


def test_every_real_record_goes_round_as_nbib(samples: dict[str, bytes]) -> None:
    """What we write we read again: every plain column, and what lists of it NBIB can say."""
    records = every_record(samples)
    for record in records:
        (again,) = read_nbib(citations.nbib([Citation(1, record)]))
        for column in [f.name for f in fields(Record) if f.name not in UNSAID_IN_NBIB]:
            assert one_line(getattr(again, column)) == one_line(getattr(record, column)), (record.pmid, column)
        assert list(map(named, again.authors)) == list(map(named, record.authors))
        assert [a["orcid"] for a in again.authors] == [a["orcid"] for a in record.authors]
        assert [k["name"] for k in again.publication_types] == [k["name"] for k in record.publication_types]
        assert list(map(subject, again.mesh)) == list(map(subject, record.mesh))
        assert again.keywords == [one_line(word) for word in record.keywords]
        assert again.published.literal == record.published.literal
        assert Citation(1, again).abstract == one_line(Citation(1, record).abstract)
    assert len(records) > 15


def test_every_real_record_goes_round_as_ris(samples: dict[str, bytes]) -> None:
    """Read by rispy, and by our own importer."""
    for record in every_record(samples):
        text = citations.ris([Citation(1, record)])
        (entry,) = rispy.loads(text)
        assert entry["title"] == one_line(record.title.removesuffix("."))
        again = ris.record(text.encode())
        for column in ("pmid", "doi", "volume", "issue", "issn", "journal", "journal_abbrev"):
            told = getattr(record, column) or (record.journal_abbrev if column == "journal" else "")
            assert one_line(getattr(again, column)) == one_line(told if not record.book else getattr(again, column)), column
        assert [named(a) for a in again.authors] == [
            (*named(a)[:3], named(a)[3].replace(",", "")) if a["collective_name"] else named(a) for a in record.authors
        ]
        date, read = record.published, again.published
        assert (read.year, read.month, read.day) == (date.year, date.month, date.day)
        assert again.keywords == [one_line(word) for word in record.keywords]


def test_every_real_record_is_csl_data(samples: dict[str, bytes]) -> None:
    for record in every_record(samples):
        (item,) = json.loads(citations.csl_json([Citation(1, record)]))
        jsonschema.validate(item, CSL_ITEM)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**item, "journal": "A name that CSL does not know"}, CSL_ITEM)


def test_every_real_record_is_balanced_bibtex(samples: dict[str, bytes]) -> None:
    for record in every_record(samples):
        entry = citations.bibtex([Citation(1, record)])
        bare = re.sub(r"\\[&%$#_{}]", "", entry)
        assert bare.count("{") == bare.count("}")
        assert not re.search(r"(?<!\\)[%&$#]", entry)
        assert len(re.findall(r"^  \w+ = ", entry, re.MULTILINE)) == entry.count("\n") - 2


def test_a_name_that_holds_and_is_one_name() -> None:
    author: Author = {**PARK, "last_name": "Ford and Sons", "suffix": "Jr"}
    assert "author = {{Ford and Sons}, Jr, Sunha}" in citations.bibtex([also(authors=[author], authors_complete=True)])


def test_what_follows_a_name_goes_round() -> None:
    author: Author = {**PARK, "last_name": "King", "fore_name": "Martin Luther", "initials": "ML", "suffix": "Jr"}
    text = citations.nbib([also(authors=[author])])
    assert "FAU - King, Martin Luther Jr\nAU  - King ML Jr\n" in text
    (again,) = read_nbib(text)
    assert again.authors == [author]
    assert ris.record(citations.ris([also(authors=[author])]).encode()).authors == [author]


@pytest.mark.django_db
def test_what_is_stored_is_cited_as_it_was_parsed(samples: dict[str, bytes]) -> None:
    """From the tables comes the record that went in, as far as citations tell of it."""
    for data in samples.values():
        for cut in cutting.records([data]):
            record = parsing.parse(cut)
            (article,) = taken_in_file(b"<PubmedArticleSet>" + cut.body + b"</PubmedArticleSet>")
            (stored,) = citing.citations([article])
            for written in FORMATS.values():
                assert written.write([stored]) == written.write([Citation(article.pk, record)])
