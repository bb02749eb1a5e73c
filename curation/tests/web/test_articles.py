"""The pages of articles: what they show, to whom, in how many queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.articles import searching
from curation.models import Article, CodebookVersion, Project
from curation.tests import seed, worlds
from curation.tests.records import a_record, taken_in

MOST_QUERIES = 12


@pytest.fixture
def codebook(who: worlds.People) -> CodebookVersion:
    return seed.the_codebook(who.administrator)


@pytest.fixture
def report(project: Project, who: worlds.People) -> Article:
    article = seed.the_article(who.administrator)
    worlds.included(project, article, who.moderator)
    seed.published(project=project, article=article, reader=who.curator, moderator=who.moderator)
    return article


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as ran:
        assert client.get(address).status_code == 200
    return len(ran)


def test_the_page_stays_within_its_queries(client: Client, report: Article, project: Project, who: worlds.People) -> None:
    bare, long = taken_in(a_record(1001, cites=1), a_record(1002, cites=50))
    for article in (bare, long):
        worlds.included(project, article, who.moderator)
    client.force_login(who.curator)
    taken = [queries_of(client, f"/articles/{article.pk}/") for article in (bare, long, report)]
    assert taken[0] == taken[1]
    assert max(taken) <= MOST_QUERIES


def test_the_page_shows_the_record_and_what_was_made_of_it(client: Client, report: Article) -> None:
    page = client.get(f"/articles/{report.pk}/").text
    for words in (
        "Case Reports",
        "Diagnostics (Basel). 2021 Nov 8;11(11):2064.",
        "The record lists only this author.",
        "none in the record",
        "https://doi.org/10.3390/diagnostics11112064",
        "https://pubmed.ncbi.nlm.nih.gov/34829411/",
        "Magnetic resonance imaging (MRI) of the lumbar region.",
        "The authors declare no conflict of interest.",
        "Symmetry of weakness",
        "features not reported in what was read",
    ):
        assert words in page
    assert "<mark" not in page


def test_the_quotes_of_a_finding_are_marked_without_a_script(client: Client, report: Article, project: Project) -> None:
    finding = project.findings.published().get(feature__slug="weakness_symmetry")
    page = client.get(f"/articles/{report.pk}/", {"finding": finding.pk}).text
    assert ">unusual asymmetric muscle weakness and atrophy</mark>" in page
    assert page.count("<mark") == 2


@pytest.mark.parametrize("finding", ["x", "0", "99999999999999999999", "\x00"])
def test_a_finding_that_is_none_marks_nothing(client: Client, report: Article, finding: str) -> None:
    answer = client.get(f"/articles/{report.pk}/", {"finding": finding})
    assert answer.status_code == 200
    assert "<mark" not in answer.text


def test_a_retraction_stands_above_everything(client: Client, who: worlds.People) -> None:
    (article,) = taken_in(a_record(5, notice="RetractionIn", title="<b>Bold</b> claim", kind="Retracted Publication"))
    client.force_login(who.stranger)
    page = client.get(f"/articles/{article.pk}/").text
    assert page.index("Retracted in") < page.index("<h1")
    assert "Data were wrong." in page
    assert '<span class="badge badge--danger">Retracted</span>' in client.get("/articles/").text


def test_stored_text_does_not_run(client: Client, who: worlds.People) -> None:
    (article,) = taken_in(a_record(6, title="<script>alert(1)</script>", abstract="<img src=x onerror=alert(1)>"))
    client.force_login(who.stranger)
    for address in ("/articles/", f"/articles/{article.pk}/"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<img" not in page


def test_what_one_may_not_see_looks_like_what_is_not_there(client: Client, db: None) -> None:
    (article,) = taken_in(a_record(7))
    hidden, absent = client.get(f"/articles/{article.pk}/"), client.get("/articles/999999/")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text.replace(str(article.pk), "") == absent.text.replace("999999", "")


def test_the_list_keeps_its_filters_from_page_to_page(client: Client, who: worlds.People) -> None:
    taken_in(*(a_record(n, title="A rash.") for n in range(1, 4)))
    client.force_login(who.stranger)
    page = client.get("/articles/", {"words": "rash", "page_size": "1"}).text
    assert "/articles/?words=rash&amp;page_size=1&amp;page=2" in page
    assert 'value="rash"' in page
    assert "<strong>3</strong> articles" in page


def test_filters_in_use_are_not_folded_away(client: Client, who: worlds.People) -> None:
    client.force_login(who.stranger)
    assert '<details class="search-more" open>' in client.get("/articles/", {"kind": "Review"}).text
    assert '<details class="search-more" >' in client.get("/articles/", {"words": "rash"}).text


def test_the_list_answers_htmx_with_the_hits_alone(client: Client, who: worlds.People) -> None:
    client.force_login(who.stranger)
    part = client.get("/articles/", {"words": "rash"}, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="hits"')
    assert "No article fits all of this" in part


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"year_from": "long ago"}, "year_from"),
        ({"year_to": "20 20"}, "year_to"),
        ({"year_from": "2021", "year_to": "2020"}, "no later than"),
        ({"pmid": "PMID"}, "pmid"),
        ({"page": "-1"}, "page"),
        ({"words": "a\x00b"}, "words"),
    ],
)
def test_an_unreadable_filter_is_named(client: Client, db: None, given: dict[str, str], told: str) -> None:
    for address in ("/articles/", "/api/v1/articles"):
        answer = client.get(address, given)
        assert answer.status_code == 422
        assert told in answer.text


def test_a_refused_search_comes_back_with_what_was_typed(client: Client, db: None) -> None:
    given = {"words": "rash", "year_from": "long ago", "figures": "1"}
    page = client.get("/articles/", given)
    assert page.status_code == 422
    for part in ('value="rash"', 'value="long ago"', '<details class="search-more" open>', "must be a whole number"):
        assert part in page.text
    part = client.get("/articles/", given, headers={"HX-Request": "true"})
    assert (part.status_code, part.text.lstrip()[:11]) == (422, "<div class=")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "Case Repotrs"}, "No article here is of the type “Case Repotrs”."),
        ({"journal": "The <i>Lancet"}, "No article here is from a journal “The &lt;i&gt;Lancet”"),
        ({"author": "Parkk", "words": "rash"}, "No article here has an author “Parkk”."),
        ({"author": "&"}, "No article here has an author “&amp;”."),
    ],
)
def test_a_filter_that_names_nothing_is_told(client: Client, who: worlds.People, given: dict[str, str], told: str) -> None:
    taken_in(a_record(1, title="A rash."))
    client.force_login(who.stranger)
    answer = client.get("/articles/", given)
    assert answer.status_code == 200
    assert told in answer.text
    assert "Take a filter away" in answer.text
    assert client.get("/api/v1/articles", given).json()["count"] == 0


def test_a_page_past_the_end_leads_back(client: Client, who: worlds.People) -> None:
    taken_in(*(a_record(n, title="A rash.") for n in range(1, 4)))
    client.force_login(who.stranger)
    page = client.get("/articles/", {"words": "rash", "page": "9"}).text
    assert "There is no page 9" in page
    assert 'href="/articles/?words=rash"' in page


def test_a_search_is_leafed_through_only_so_far(client: Client, who: worlds.People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED", 2)
    taken_in(*(a_record(n, title="A rash.") for n in range(1, 6)))
    client.force_login(who.stranger)
    page = client.get("/articles/", {"words": "rash", "page_size": "1", "page": "2"}).text
    assert "<strong>More than 2</strong> articles" in page
    assert "Page 2 of the first 2" in page
    answer = client.get("/articles/", {"words": "rash", "page_size": "1", "page": "3"})
    assert (answer.status_code, "narrow it" in answer.text) == (422, True)


def test_the_page_says_what_is_searched(client: Client, who: worlds.People) -> None:
    client.force_login(who.stranger)
    assert "full text and figure captions where they are kept here" in client.get("/articles/").text


def test_the_list_stays_within_its_queries(client: Client, project: Project, who: worlds.People) -> None:
    taken_in(*(a_record(n) for n in range(1, 60)))
    client.force_login(who.curator)
    assert queries_of(client, "/articles/") <= 7
