"""The cohort's pages, as a browser without JavaScript meets them."""

import csv

import pytest
from django.test import Client

from curation.articles import spreadsheet
from curation.cohorts import actions
from curation.models import Article, Cohort, Finding, Project
from curation.tests.cohorts.conftest import ASYMMETRIC
from curation.tests.worlds import People

PAGE = "/projects/imnm/cohort/"


def test_the_count_the_table_and_the_quotes(report: Article, client: Client) -> None:
    response = client.get(PAGE, {"q": ASYMMETRIC})
    finding = Finding.objects.get(feature__slug="symmetry")
    body = " ".join(response.content.decode().split())
    assert "<strong>1</strong> of 1 patient in 1 article" in body
    assert "left lower extremity weakness. Although" in body
    assert f'href="/findings/{finding.pk}/"' in body
    assert f"/articles/{report.pk}/?finding={finding.pk}#mark-" in body


def test_silence_is_said_in_words(report: Article, client: Client) -> None:
    assert "1 more patient may belong here" in client.get(PAGE, {"q": "side = right"}).content.decode()
    assert "Nobody is left out for silence" in client.get(PAGE, {"q": "symmetry = symmetric"}).content.decode()
    leaning = client.get(PAGE, {"q": "NOT side = right"}).content.decode()
    assert "only because nothing speaks against it" in leaning


def test_a_fault_is_marked_and_can_be_mended_by_a_click(report: Article, client: Client) -> None:
    response = client.get(PAGE, {"q": "symetry = asymmetric"})
    body = response.content.decode()
    assert response.status_code == 422
    assert "<mark>symetry</mark> = asymmetric" in body
    assert "?q=symmetry+%3D+asymmetric" in body


@pytest.mark.parametrize("q", ["\0", "(" * 3000, "x" * 9000, '"', "<script>alert(1)</script>", "ck = " + "9" * 400])
def test_no_question_breaks_the_page(report: Article, client: Client, q: str) -> None:
    response = client.get(PAGE, {"q": q})
    assert response.status_code == 422
    assert b"<script>alert" not in response.content


def test_a_condition_is_built_without_writing(report: Article, client: Client) -> None:
    first = client.get(PAGE, {"q": "sex = male", "feature": "symmetry"})
    assert 'action="/projects/imnm/cohort/narrow/"' in first.content.decode()
    built = {"q": "sex = male", "feature": "symmetry", "operator": "=", "value": "asymmetric", "is_word": "yes"}
    response = client.get(f"{PAGE}narrow/", built)
    assert response.status_code == 302
    assert client.get(response.url).context["answer"].text == "sex = male AND symmetry = asymmetric"


@pytest.mark.parametrize(
    ("sent", "question"),
    [
        ({"feature": "age", "operator": "<", "value": "40", "unit": "y"}, "age < 40 y"),
        ({"feature": "weakness", "operator": "IS", "value": "excluded", "negated": "yes"}, "NOT weakness IS excluded"),
        ({"feature": "remark", "operator": "=", "value": 'a "b"', "is_word": "yes"}, 'remark = "a \\"b\\""'),
        ({"q": "a = ", "feature": "weakness", "operator": "IS", "value": "present"}, "a =  AND weakness IS present"),
    ],
)
def test_what_the_builder_makes(report: Article, client: Client, sent: dict[str, str], question: str) -> None:
    response = client.get(f"{PAGE}narrow/", sent, follow=True)
    assert response.context["text"] == question


def test_the_builder_asks_what_a_feature_can_hold(report: Article, client: Client) -> None:
    assert b"Asymmetric, both sides" in client.get(f"{PAGE}condition/", {"feature": "symmetry"}).content
    assert b"U/L" in client.get(f"{PAGE}condition/", {"feature": "ck"}).content
    assert client.get(f"{PAGE}condition/", {"feature": "nothing"}).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "9" * 30])
def test_pages_that_do_not_exist(report: Article, client: Client, page: str) -> None:
    assert client.get(PAGE, {"page": page}).status_code in (404, 422)


def test_an_empty_project_says_so(project: Project, client: Client) -> None:
    assert "Nothing to ask yet" in client.get(PAGE).content.decode()


def test_a_retracted_article_is_marked(report: Article, client: Client) -> None:
    Article.objects.update(publication_types=[{"ui": "", "name": "Retracted Publication"}])
    assert "badge--danger" in client.get(PAGE, {"q": ASYMMETRIC}).content.decode()
    assert client.get(PAGE, {"q": "article.retracted = no"}).context["answer"].patients == 0


def test_the_table_as_a_file(report: Article, client: Client) -> None:
    response = client.get(f"{PAGE}table.csv", {"q": ASYMMETRIC})
    head, row = csv.reader(response.content.decode().splitlines())
    assert head == [
        "patient",
        "patient_id",
        "pmids",
        "retracted",
        "notices",
        "symmetry.status",
        "symmetry.value",
        "symmetry.quote",
    ]
    assert row[3:] == ["no", "", "present", "Asymmetric, both sides", "left lower extremity weakness. Although"]
    assert client.get(f"{PAGE}table.csv", {"q": "symetry = a"}).status_code == 422


def test_no_cell_runs_as_a_formula() -> None:
    assert spreadsheet.line(["=1+1", "fine"]) == "'=1+1,fine\r\n"


def test_saving_changing_deleting(report: Article, client: Client, who: People) -> None:
    client.force_login(who.curator)
    saved = client.post("/projects/imnm/cohorts/save/", {"title": "Ours", "question": ASYMMETRIC}, follow=True)
    cohort = Cohort.objects.get()
    assert saved.redirect_chain[-1][0] == f"/cohorts/{cohort.pk}/"
    assert "Your cohort" in saved.content.decode()
    sent = {"title": "All", "question": "", "version": cohort.version, "is_public": "yes"}
    client.post(f"/cohorts/{cohort.pk}/change/", sent)
    assert b"All" in Client().get("/projects/imnm/cohorts/").content
    assert client.post(f"/cohorts/{cohort.pk}/delete/", {"version": 1}).status_code == 412
    client.post(f"/cohorts/{cohort.pk}/delete/", {"version": 2})
    assert not Cohort.objects.exists()


def test_strangers_sign_in_before_they_save(report: Article, client: Client) -> None:
    response = client.post("/projects/imnm/cohorts/save/", {"title": "T", "question": ""})
    assert response.status_code == 302
    assert "/sign-in/" in response.url
    assert not Cohort.objects.exists()


def test_what_is_not_ones_own(report: Article, project: Project, client: Client, who: People) -> None:
    own = actions.save_cohort(project=project, title="Own", question="", by=who.curator)
    public = actions.save_cohort(project=project, title="Public", question="", is_public=True, by=who.curator)
    client.force_login(who.stranger)
    assert client.get(f"/cohorts/{own.pk}/").status_code == 404
    assert client.get(f"/cohorts/{public.pk}/").status_code == 200
    assert client.post(f"/cohorts/{public.pk}/delete/", {"version": 1}).status_code == 403
    assert client.post(f"/cohorts/{own.pk}/delete/", {"version": 1}).status_code == 404


def test_a_private_project_is_nowhere(private_project: Project, client: Client, who: People) -> None:
    client.force_login(who.stranger)
    for address in ("cohort/", "cohort/condition/", "cohort/narrow/", "cohort/table.csv", "cohorts/"):
        assert client.get(f"/projects/private/{address}").status_code == 404
