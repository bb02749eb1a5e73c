"""The pages and the API translate, and reveal nothing that is hidden."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.models import Annotation, Judged, Patient, Project, Reading
from curation.tests import worlds
from curation.tests.suggestions.conftest import hidden_until_own_pass, offer_of

HTMX = {"HX-Request": "true"}
Ask = Callable[..., Any]


@pytest.fixture
def curator(client: Client, who: worlds.People) -> Client:
    client.force_login(who.curator)
    return client


@pytest.fixture
def ask(client: Client, who: worlds.People) -> Ask:
    def call(method: str, path: str, data: object = None, *, version: object = None, by: str = "curator") -> Any:
        headers = {"Authorization": worlds.token_of(getattr(who, by))} | ({"If-Match": f'"{version}"'} if version else {})
        return getattr(client, method)(f"/api/v1/{path}", data, content_type="application/json", headers=headers)

    return call


def test_the_workspace_fetches_them_by_itself_and_a_page_lists_them(curator: Client, started: Reading) -> None:
    page = curator.get(f"/readings/{started.pk}/")
    assert f'hx-get="/readings/{started.pk}/suggestions/' in page.text
    assert 'id="offers-sex"' in page.text
    part = curator.get(f"/readings/{started.pk}/suggestions/", headers=HTMX)
    assert '<div class="offers" id="offers-sex" hx-swap-oob="true">' in part.text
    assert "<html" not in part.text
    whole = curator.get(f"/readings/{started.pk}/suggestions/")
    assert "Suggestions from the text" in whole.text
    assert "weakness.1" in whole.text


def test_what_is_asked_of_the_database_does_not_grow(curator: Client, started: Reading) -> None:
    curator.get(f"/readings/{started.pk}/suggestions/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        curator.get(f"/readings/{started.pk}/suggestions/", headers=HTMX)
    assert len(asked) <= 12


def test_accepting_with_and_without_htmx(curator: Client, started: Reading, patient: Patient) -> None:
    sex, age = offer_of(started, "sex"), offer_of(started, "age")
    sent = {"patient": patient.pk}
    part = curator.post(f"/readings/{started.pk}/suggestions/{sex.key}/accept/", sent, headers=HTMX)
    assert 'id="feature-sex"' in part.text
    back = curator.post(f"/readings/{started.pk}/suggestions/{age.key}/accept/", sent)
    assert back.headers["Location"] == f"/readings/{started.pk}/suggestions/?patient={patient.pk}"
    assert Annotation.objects.count() == 2


def test_rejecting_and_taking_it_back(curator: Client, started: Reading, patient: Patient) -> None:
    address, sent = f"/readings/{started.pk}/suggestions/", {"patient": patient.pk}
    part = curator.post(f"{address}{offer_of(started, 'sex').key}/reject/", sent, headers=HTMX)
    assert '<div class="offers" id="offers-sex" hx-swap-oob="true"></div>' in part.text
    assert "Undo the last rejection (Sex)" in part.text
    part = curator.post(f"{address}rejected/{Judged.objects.get().pk}/undo/", sent, headers=HTMX)
    assert "data-offer" in part.text.split('id="offers-sex"')[1]


def test_refusals_are_told(curator: Client, started: Reading, patient: Patient, who: worlds.People) -> None:
    address = f"/readings/{started.pk}/suggestions/"
    gone = curator.post(f"{address}{'0' * 20}/accept/", {"patient": patient.pk})
    assert (gone.status_code, "no longer" in gone.text) == (404, True)
    curator.force_login(who.curator2)
    assert curator.get(address).status_code == 404


def test_hidden_ones_are_on_no_page(curator: Client, started: Reading, project: Project, who: worlds.People, ask: Ask) -> None:
    hidden_until_own_pass(project, who)
    for page in (curator.get(f"/readings/{started.pk}/suggestions/"), curator.get(f"/readings/{started.pk}/")):
        assert "data-offer" not in page.text
        assert "weakness.1" not in page.text
    part = curator.get(f"/readings/{started.pk}/suggestions/", headers=HTMX)
    assert "I have finished my own pass" in part.text
    told = ask("get", f"readings/{started.pk}/suggestions").json()
    assert (told["hidden"], told["offers"]) == ("own_pass", [])
    version = worlds.fresh(started).version
    curator.post(f"/readings/{started.pk}/own-pass/", {"version": version})
    assert ask("get", f"readings/{started.pk}/suggestions").json()["offers"]


def test_a_moderator_sets_it_on_the_projects_page(client: Client, project: Project, who: worlds.People) -> None:
    client.force_login(who.moderator)
    page = client.get("/projects/imnm/")
    assert "Hidden until the reader" in page.text
    sent = {"version": worlds.fresh(project).version, "suggestions": "off"}
    assert "Suggestions: off." in client.post("/projects/imnm/suggestions/", sent, follow=True).text
    client.force_login(who.curator)
    assert client.post("/projects/imnm/suggestions/", sent).status_code == 403


def test_the_whole_way_by_program(ask: Ask, started: Reading, patient: Patient, project: Project) -> None:
    told = ask("get", f"readings/{started.pk}/suggestions?patient={patient.pk}").json()
    assert (told["hidden"], told["patient"]) == ("", patient.pk)
    sex = next(each for each in told["offers"] if each["feature"] == "sex")
    assert (sex["status"], sex["value"], sex["exact"], sex["rule"]) == ("present", "male", "male", "sex.1")
    made = ask("post", f"readings/{started.pk}/suggestions/{sex['key']}/accept", {"patient": patient.pk})
    assert (made.status_code, made.json()["value"], made.headers["ETag"]) == (201, "male", '"1"')
    age = next(each for each in told["offers"] if each["feature"] == "age")
    rejected = ask("post", f"readings/{started.pk}/suggestions/{age['key']}/reject", {"patient": patient.pk})
    assert (rejected.status_code, rejected.json()["verdict"]) == (201, "rejected")
    undone = ask("delete", f"readings/{started.pk}/rejected-suggestions/{rejected.json()['id']}")
    assert undone.status_code == 204
    assert ask("post", f"readings/{started.pk}/suggestions/{sex['key']}/accept", {"patient": patient.pk}).status_code == 404
    mode = ask("put", "projects/imnm/suggestions", {"suggestions": "off"}, version=worlds.fresh(project).version, by="moderator")
    assert (mode.status_code, mode.json()["suggestions"]) == (200, "off")
    assert ask("put", "projects/imnm/suggestions", {"suggestions": "off"}, by="moderator").status_code == 428
    assert ask("put", "projects/imnm/suggestions", {"suggestions": "off"}, version=9, by="curator").status_code == 403
