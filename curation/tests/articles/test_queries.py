"""Articles found and read: who sees which, what each filter leaves, in how many queries."""

import json
from collections.abc import Mapping

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curation.articles import actions, filters, queries, searching
from curation.errors import Invalid, NotFound
from curation.models import Article, Project
from curation.tests import worlds
from curation.tests.records import a_record, taken_in

NOBODY = AnonymousUser()


@pytest.fixture
def shelf(who: worlds.People) -> list[Article]:
    articles = taken_in(
        a_record(11, title="Asymmetric weakness.", year=2021, author="Lee", kind="Case Reports"),
        a_record(12, title="Symmetric weakness.", year=2019, author="Selva-O’Callaghan", journal="Lancet Neurol", kind="Review"),
        a_record(13, title="A rash of Lee.", year=2023, author="Trallero-Araguás", notice="RetractionIn"),
    )
    figure = {"key": "figure1", "label": "Figure 1", "caption": "A thigh."}
    actions.attach_figures(text=json.dumps({"pmid": 12, "figures": [figure]}), by=who.administrator)
    return articles


def pmids(user: object, **given: str) -> list[int | None]:
    return [article.pmid for article in searching.search(user, filters.read(given)).rows]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, [13, 11, 12]),
        ({"words": "weakness"}, [11, 12]),
        ({"words": "weaknesses -asymmetric"}, [12]),
        ({"words": '"asymmetric weakness"'}, [11]),
        ({"author": "lee"}, [11]),
        ({"author": "Ann Lee"}, [11]),
        ({"author": "O’Callaghan"}, [12]),
        ({"author": "araguás a"}, [13]),
        ({"author": "rash"}, []),
        ({"author": "&"}, []),
        ({"journal": "lancet neurol"}, [12]),
        ({"kind": "Review"}, [12]),
        ({"year_from": "2020", "year_to": "2022"}, [11]),
        ({"pmid": "12"}, [12]),
        ({"notices": "1"}, [13]),
        ({"figures": "1"}, [12]),
        ({"figures": "1", "notices": "1"}, []),
        ({"figures": "1", "kind": "review", "words": "weakness", "author": "callaghan", "journal": "LANCET NEUROL"}, [12]),
        ({"kind": "case reports", "words": "asymmetric weakness"}, [11]),
        ({"year_from": "2021"}, [13, 11]),
        ({"year_to": "2021"}, [11, 12]),
        ({"year_from": "2023", "words": "weakness"}, []),
        ({"words": "rash OR asymmetric"}, [13, 11]),
        ({"words": "lee"}, [13, 11]),
        ({"words": "weakness", "kind": "Review", "year_to": "2019"}, [12]),
        ({"page": "2"}, []),
        ({"page_size": "1", "page": "2"}, [11]),
    ],
)
def test_each_filter_leaves_what_it_should(
    shelf: list[Article], who: worlds.People, given: dict[str, str], found: list[int]
) -> None:
    assert pmids(who.stranger, **given) == found


def test_nobody_sees_only_what_a_public_project_included(shelf: list[Article], project: Project, who: worlds.People) -> None:
    assert pmids(NOBODY) == []
    worlds.included(project, shelf[0], who.moderator)
    worlds.to_screen(project, shelf[1], who.moderator)
    assert pmids(NOBODY) == [11]
    with pytest.raises(NotFound):
        queries.page(NOBODY, shelf[1].pk)


def test_the_screening_filter_shows_no_more_than_the_person_may_see(
    shelf: list[Article], private_project: Project, who: worlds.People
) -> None:
    worlds.included(private_project, shelf[0], who.moderator)
    worlds.to_screen(private_project, shelf[1], who.moderator)
    assert pmids(who.curator, project="private") == [11, 12]
    assert pmids(who.curator, project="private", state="to_screen") == [12]
    assert pmids(who.stranger, project="private") == []


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"year_from": "x"}, "year_from"),
        ({"page": "0"}, "page"),
        ({"page": "201"}, "page"),
        ({"page": "1" * 40}, "page"),
        ({"page_size": "500"}, "page_size"),
        ({"words": "a\x00b"}, "words"),
        ({"author": "a" * 301}, "author"),
        ({"project": "p", "state": "lost"}, "state"),
        ({"state": "included"}, "state"),
        ({"year_to": "٢٠٢٠"}, "year_to"),
        ({"year_from": "2021", "year_to": "2020"}, "year_from"),
    ],
)
def test_what_cannot_be_searched_for_is_named(given: Mapping[str, str], where: str) -> None:
    with pytest.raises(Invalid) as refusal:
        filters.read(given)
    assert [fault.where for fault in refusal.value.faults] == [where]


def test_hits_are_counted_to_a_cap(shelf: list[Article], who: worlds.People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED", 1)
    monkeypatch.setattr(searching, "PAGES", 2)
    hits = searching.search(who.stranger, filters.read({"author": "lee"}))
    assert (hits.count, hits.is_exact) == (1, True)
    hits = searching.search(who.stranger, filters.read({"words": "weakness", "page_size": "1"}))
    assert (hits.count, hits.is_exact, hits.pages) == (1, False, 1)
    assert [article.pmid for article in hits.rows] == [11]
    hits = searching.search(who.stranger, filters.read({"page_size": "1"}))
    assert (hits.count, hits.is_exact, hits.pages) == (2, False, 2)
    assert [article.pmid for article in hits.rows] == [13]


def test_a_cited_article_that_is_here_is_named(who: worlds.People) -> None:
    cited, citing = taken_in(a_record(2), a_record(100, cites=3))
    assert [reference.here for reference in queries.references(who.stranger, citing)] == [None, cited.pk, None]
    assert [reference.here for reference in queries.references(NOBODY, citing)] == [None, None, None]


def test_a_page_takes_as_many_queries_for_fifty_references_as_for_one(who: worlds.People) -> None:
    short, long = taken_in(a_record(100, cites=1), a_record(101, cites=50))
    taken = []
    for article in (short, long):
        with CaptureQueriesContext(
            connection,
        ) as ran:
            page = queries.page(who.curator, article.pk)
        taken.append(len(ran))
    assert taken == [7, 7]
    assert len(page.references) == 50
