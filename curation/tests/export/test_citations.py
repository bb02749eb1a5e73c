"""Citations as other programs read them back."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import rispy
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.articles import cutting, parsing, tagged
from curation.articles.records import Record
from curation.export import citations, citing
from curation.export.citations import FORMATS, Citation
from curation.models import Article
from curation.tests.articles.conftest import samples
from curation.tests.records import a_record, taken_in
from curation.tests.worlds import People

__all__ = ["samples"]
DATA = Path(__file__).parent.parent / "data" / "tagged"
PARK = {"last_name": "Park", "fore_name": "Sunha", "initials": "S"}
SEED = Citation(
    id=1,
    title="Prominent Asymmetric Muscle Weakness and Atrophy in Seronegative Immune-Mediated Necrotizing Myopathy.",
    authors=[PARK],
    authors_complete=False,
    pmid=34829411,
    doi="10.3390/diagnostics11112064",
    journal_abbrev="Diagnostics (Basel)",
    volume="11",
    issue="11",
    pages="2064",
    date="2021 Nov 8",
    year=2021,
    month=11,
    day=8,
    languages=["eng"],
    kinds=["Case Reports"],
    keywords=["asymmetric muscle involvement", "immune-mediated necrotizing myopathy"],
    abstract="A 35-year-old male.\nWeak.",
    conflict="None.",
)


def read_nbib(text: str) -> list[Record]:
    return [parsing.parse(cut) for cut in tagged.records([text.encode()], "nbib")]


def test_ris_is_read_back() -> None:
    first, second = rispy.loads(citations.ris([SEED, replace(SEED, pmid=2, pages="1-9", day=None)]))
    assert (first["title"], first["authors"], first["doi"]) == (SEED.bare_title, ["Park, Sunha"], SEED.doi)
    assert (first["year"], first["date"], first["volume"], first["number"]) == ("2021", "2021/11/08/", "11", "11")
    assert (first["accession_number"], first["keywords"]) == ("34829411", list(SEED.keywords))
    assert first["abstract"] == "A 35-year-old male. Weak."
    assert (second["start_page"], second["end_page"], second["date"]) == ("1", "9", "2021/11//")


def test_every_line_of_the_ris_written_by_hand_is_in_ours() -> None:
    ours = citations.ris([SEED])
    theirs = [line for line in (DATA / "seed.ris").read_text().splitlines() if line[:2] not in ("AB", "KW")]
    assert [line for line in theirs if line.strip() and line.strip() not in map(str.strip, ours.splitlines())] == []


def test_nbib_is_read_back() -> None:
    group = {"collective_name": "The Group"}
    first, second = read_nbib(citations.nbib([SEED, replace(SEED, pmid=2, pmcid="PMC7", authors=[PARK, group])]))
    assert (first.pmid, first.title, first.doi, first.published.literal) == (34829411, SEED.title, SEED.doi, "2021 Nov 8")
    assert first.keywords == list(SEED.keywords)
    assert second.pmcid == "PMC7"
    assert [a["collective_name"] or a["last_name"] for a in second.authors] == ["Park", "The Group"]
    theirs = dict(tagged.lines((DATA / "seed.nbib").read_bytes()))
    ours = dict(tagged.lines(citations.nbib([SEED]).encode()))
    assert {tag: theirs[tag] for tag in ("PMID", "DP", "TI", "LID", "FAU", "AU", "TA", "SO")}.items() <= ours.items()


def test_csl_says_what_was_written_by_hand() -> None:
    (ours,), (theirs,) = json.loads(citations.csl_json([SEED])), json.loads((DATA / "seed.csl.json").read_text())
    assert {name: value for name, value in theirs.items() if name != "number"}.items() <= ours.items()


def test_bibtex_is_safe_and_its_keys_are_unique() -> None:
    odd = replace(SEED, id=2, pmid=None, title="50% of {CK} & x_1 \\ #2", authors=[{"collective_name": "Ärzte & Co"}])
    text = citations.bibtex([SEED, odd])
    assert "@article{Park2021-34829411," in text
    assert "author = {Park, Sunha and others}" in text
    assert "month = nov," in text
    assert "@article{ArzteCo2021-2," in text
    assert r"{{50\% of \{CK\} \& x\_1 \textbackslash{} \#2}}" in text
    bare = re.sub(r"\\.", "", text)
    assert bare.count("{") == bare.count("}")


def test_a_chapter_is_cited_as_one() -> None:
    chapter = replace(SEED, book="GeneReviews", publisher="University of Washington", journal_abbrev="")
    assert "TY  - CHAP" in citations.ris([chapter])
    assert citations.bibtex([chapter]).startswith("@incollection")
    assert json.loads(citations.csl_json([chapter]))[0]["container-title"] == "GeneReviews"


@pytest.mark.parametrize("written", FORMATS.values(), ids=FORMATS)
def test_an_article_that_says_nothing_is_written(written: citations.Format) -> None:
    assert written.write([Citation(id=1, title="A")])
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


def test_every_real_record_goes_round(samples: dict[str, bytes]) -> None:
    """What we write as NBIB we read again."""
    for data in samples.values():
        for cut in cutting.records([data]):
            record = parsing.parse(cut)
            citation = Citation(id=1, title=record.title, pmid=record.pmid, authors=record.authors, doi=record.doi)
            (again,) = read_nbib(citations.nbib([citation]))
            assert (again.pmid, again.title, again.doi) == (record.pmid, " ".join(record.title.split()), record.doi)
            assert [a["last_name"] for a in again.authors] == [a["last_name"] for a in record.authors]
