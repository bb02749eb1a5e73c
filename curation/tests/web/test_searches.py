"""Pages of query previews, standing searches, quarantine, accounting and what stands near an article."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from curation import tasks
from curation.articles import relating
from curation.models import Article, Batch, Project, Ruling, StandingSearch
from curation.tests import worlds
from curation.tests.articles.conftest import standin
from curation.tests.articles.test_cutting import a_set, record
from curation.tests.records import a_record, taken_in
from curation.tests.standin.server import Standin
from curation.tests.web.test_imports import upload

__all__ = ["standin"]


@pytest.fixture(autouse=True)
def uploads(settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def moderator(client: Client, who: worlds.People, project: Project) -> Client:
    client.force_login(who.moderator)
    return client


@pytest.fixture
def shelf(standin: Standin) -> Standin:
    for pmid in (901, 902):
        standin.library.take(a_record(pmid, title=f"Zebra <{pmid}>.").encode())
    return standin


def test_a_query_is_looked_at_before_it_is_imported(moderator: Client, shelf: Standin) -> None:
    assert 'name="query"' in moderator.get("/imports/new/").text
    assert "preview" not in moderator.get("/imports/query/").text
    page = moderator.get("/imports/query/", {"query": "zebra[ti]", "project": "imnm"}).text
    assert "PubMed finds 2 records" in page
    assert "Zebra &lt;901&gt;." in page
    assert not Batch.objects.exists()
    sent = moderator.post("/imports/query/open/", {"query": "zebra[ti]", "project": "imnm"})
    batch = Batch.objects.get()
    assert sent.headers["Location"] == f"/imports/{batch.pk}/"
    assert "PubMed is asked which records these are" in moderator.get(f"/imports/{batch.pk}/").text
    tasks.run_batch(batch.pk)
    done = moderator.get(f"/imports/{batch.pk}/").text
    assert "2 of 2 records ended" in done
    assert "2 new" in done
    assert "adds up" in done
    again = moderator.get("/imports/query/", {"query": "zebra[ti]", "project": "imnm"})
    assert (again.context["preview"].here, again.context["preview"].in_project) == (2, 2)


def test_pubmed_does_not_answer(moderator: Client, shelf: Standin) -> None:
    shelf.behave("html", "html")
    page = moderator.get("/imports/query/", {"query": "zebra[ti]"})
    assert page.status_code == 503
    assert "Try again later" in page.text
    assert ">zebra[ti]</textarea>" in page.text


def test_refusals_of_queries(moderator: Client, shelf: Standin) -> None:
    assert moderator.get("/imports/query/", {"query": "a\0b"}).status_code == 422
    assert moderator.get("/imports/query/", {"query": "a", "project": "nowhere"}).status_code == 404
    assert moderator.post("/imports/query/open/", {"query": " ", "project": "imnm"}).status_code == 422
    assert moderator.post("/imports/query/open/", {"query": "zebra"}).status_code == 403
    assert not Batch.objects.exists()


def test_a_standing_search_from_form_to_run(moderator: Client, shelf: Standin, project: Project) -> None:
    assert "There is none yet" in moderator.get("/projects/imnm/searches/", {"query": "zebra"}).text
    form = {"title": "Zebras", "query": "zebra[ti]", "every_days": "7", "since": "2019-01-01"}
    assert moderator.post("/projects/imnm/searches/create/", form).status_code == 302
    search = StandingSearch.objects.get()
    tasks.run_searches()
    tasks.run_batch(search.runs.get().pk)
    tasks.run_searches()
    page = moderator.get(f"/searches/{search.pk}/").text
    assert "every 7 days" in page
    assert "Done" in page
    assert "Zebras" in moderator.get("/projects/imnm/searches/").text
    assert project.screenings.count() == 2
    ran = moderator.post(f"/searches/{search.pk}/run/")
    assert ran.headers["Location"] == f"/imports/{Batch.objects.latest('pk').pk}/"
    for verb in ("pause", "resume", "delete"):
        search = worlds.fresh(search)
        assert moderator.post(f"/searches/{search.pk}/{verb}/", {"version": search.version}).status_code == 302
    assert not StandingSearch.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {"title": "", "query": "zebra"},
        {"title": "Zebras", "query": ""},
        {"title": "Zebras", "query": "zebra", "every_days": "5"},
        {"title": "Zebras", "query": "zebra", "since": "soon"},
        {"title": "Zebras", "query": "zebra", "since": "2999-01-01"},
    ],
)
def test_a_search_that_cannot_be_kept_comes_back_with_what_was_typed(moderator: Client, form: dict[str, str]) -> None:
    answer = moderator.post("/projects/imnm/searches/create/", form)
    assert answer.status_code == 422
    assert f'value="{form["title"]}"' in answer.text
    assert f">{form['query']}</textarea>" in answer.text
    assert not StandingSearch.objects.exists()


def test_quarantine_shows_the_bytes_and_nothing_runs(moderator: Client) -> None:
    batch = upload(moderator, a_set(record(1), record(2, "<script>alert(1)</script><b>\x07")))
    tasks.run_batch(batch.pk)
    item = batch.items.get(position=2)
    listed = moderator.get("/imports/quarantine/").text
    assert f"/import-items/{item.pk}/" in listed
    page = moderator.get(f"/import-items/{item.pk}/").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "\\x07" in page
    assert f"from byte {item.offset}" in page.replace("\xa0", " ").replace(",", "")
    assert "some.xml" in page
    moderator.post(f"/import-items/{item.pk}/dismiss/")
    assert "Nothing waits here" in moderator.get("/imports/quarantine/").text


def test_quarantine_of_others_is_not_open(client: Client, moderator: Client, who: worlds.People) -> None:
    batch = upload(moderator, a_set(record(2, "<b>")))
    tasks.run_batch(batch.pk)
    client.force_login(who.outsider)
    assert "Nothing waits here" in client.get("/imports/quarantine/").text
    assert client.get(f"/import-items/{batch.items.get().pk}/").status_code == 404
    assert client.get(f"/imports/{batch.pk}/accounting.csv").status_code == 404


def test_the_accounting_as_a_file(moderator: Client) -> None:
    batch = upload(moderator, a_set(record(1), record(2, "<b>")))
    tasks.run_batch(batch.pk)
    answer = moderator.get(f"/imports/{batch.pk}/accounting.csv")
    head, first, second = b"".join(answer.streaming_content).decode().splitlines()
    assert head.startswith("position,identifier,pmid,state,reason,offset")
    assert first.startswith("1,1,1,new,,")
    assert first.endswith("Case 1.")
    assert second.startswith("2,2,2,quarantined,")


def test_similar_and_citing_articles(moderator: Client, shelf: Standin) -> None:
    (article,) = taken_in(a_record(901, title="Zebra <901>."))
    page = moderator.get(f"/articles/{article.pk}/").text
    assert "Ask PubMed for similar and citing articles" in page
    moderator.post(f"/articles/{article.pk}/relations/fetch/")
    assert "PubMed is being asked" in moderator.get(f"/articles/{article.pk}/").text
    relating.fetch_some()
    page = moderator.get(f"/articles/{article.pk}/").text
    assert "Similar articles" in page
    assert "Zebra &lt;902&gt;." in page
    assert "https://pubmed.ncbi.nlm.nih.gov/902/" in page
    assert moderator.post(f"/articles/{article.pk}/relations/fetch/").status_code == 409


def test_a_second_report_is_pointed_out_to_members(
    moderator: Client, project: Project, who: worlds.People, client: Client
) -> None:
    first, second = (worlds.an_article(pmid=pmid) for pmid in (901, 902))
    for article in (first, second):
        worlds.to_screen(project, article, who.moderator)
    page = moderator.get(f"/articles/{first.pk}/resembling/").text
    assert "male, aged 35" in page
    assert f"/articles/{second.pk}/" in page
    part = moderator.get(f"/articles/{first.pk}/resembling/", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<section")
    assert f"/articles/{first.pk}/resembling/" in moderator.get("/projects/imnm/screening/").text
    client.force_login(who.outsider)
    assert "Nothing in your projects resembles" in client.get(f"/articles/{first.pk}/resembling/").text


def test_a_retraction_is_shown_on_everything_drawn_from_the_article(
    client: Client, published: Ruling, who: worlds.People
) -> None:
    finding = published.findings.earliest("pk")
    derived = published.project.findings.exclude(rule=None).first() if hasattr(published.project, "findings") else None
    taken_in(a_record(published.article.pmid, title=worlds.TITLE, abstract=worlds.ABSTRACT, notice="RetractionIn"))
    said = "Retracted in"
    for address in (f"/articles/{published.article_id}/", f"/findings/{finding.pk}/", "/projects/imnm/cohort/?q=sex = male"):
        assert said in client.get(address).text, address
    if derived:
        assert said in client.get(f"/findings/{derived.pk}/").text
    api = client.get(f"/api/v1/findings/{finding.pk}").json()
    assert [each["kind"] for each in api["cautions"]] == ["RetractionIn"]
    rows = client.get("/api/v1/projects/imnm/cohort", {"q": "sex = male"}).json()["patients"]
    assert rows[0]["articles"][0]["cautions"][0]["kind"] == "RetractionIn"
    client.force_login(who.moderator)
    assert said in client.get(f"/review/{published.reading_id}/").text
    client.force_login(who.curator)
    assert said in client.get(f"/readings/{published.reading_id}/").text


def test_a_newer_version_is_said(client: Client, who: worlds.People) -> None:
    (article,) = taken_in(a_record(903, notice="UpdateIn"))
    client.force_login(who.curator)
    assert "Update in" in client.get(f"/articles/{article.pk}/").text
    assert Article.objects.count() == 1
