"""The admin looks at every table, and nothing in it goes round an action."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from curation.models import Project, Screening
from curation.people import actions as people
from curation.tests.worlds import People

TABLES = list(apps.get_app_config("curation").get_models())


def listing(model: type) -> str:
    return f"/admin/curation/{model._meta.model_name}/"


def test_every_table_is_there() -> None:
    assert set(TABLES) == {m for m in admin.site._registry if m._meta.app_label == "curation"}
    assert {m._meta.app_label for m in admin.site._registry} == {"curation"}


@pytest.mark.parametrize("model", TABLES)
def test_every_table_can_be_looked_at_and_searched(client: Client, who: People, included: Screening, model: type) -> None:
    client.force_login(who.administrator)
    assert client.get(listing(model), {"q": "1"}).status_code == 200
    if row := model._default_manager.first():
        assert client.get(f"{listing(model)}{row.pk}/change/").status_code == 200
        assert client.get(f"{listing(model)}{row.pk}/history/").status_code == 200


@pytest.mark.parametrize("model", TABLES)
def test_nothing_is_added_changed_or_deleted(client: Client, who: People, included: Screening, model: type) -> None:
    client.force_login(who.administrator)
    assert client.post(f"{listing(model)}add/").status_code == 403
    if row := model._default_manager.first():
        assert client.post(f"{listing(model)}{row.pk}/change/").status_code == 403
        assert client.post(f"{listing(model)}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_moderators_see_their_own_projects(client: Client, who: People, included: Screening, private_project: Project) -> None:
    client.force_login(who.moderator)
    assert b"Private" in client.get("/admin/curation/project/").content
    people.end_membership(project=private_project, user=who.moderator, by=who.administrator)
    assert b"Private" not in client.get("/admin/curation/project/").content
    assert client.get(f"/admin/curation/project/{private_project.pk}/change/").status_code in (302, 404)
    assert client.get(f"/admin/curation/project/{private_project.pk}/history/").status_code == 404


@pytest.mark.parametrize("model", ["user", "apitoken", "auditevent"])
def test_some_tables_are_for_administrators(client: Client, who: People, project: Project, model: str) -> None:
    client.force_login(who.moderator)
    assert client.get(f"/admin/curation/{model}/").status_code == 403


@pytest.mark.parametrize(("actor", "status"), [("curator", 403), ("stranger", 403), ("moderator", 200), ("administrator", 200)])
def test_who_may_enter(client: Client, who: People, project: Project, actor: str, status: int) -> None:
    client.force_login(getattr(who, actor))
    assert client.get("/admin/", follow=True).status_code == status


def test_nobody_is_sent_to_the_sites_own_sign_in(client: Client, who: People) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/sign-in/?next=/admin/")


def test_history_is_told_in_words(client: Client, who: People, included: Screening) -> None:
    client.force_login(who.moderator)
    page = client.get(f"/admin/curation/screening/{included.pk}/history/").content.decode()
    assert "The moderator" in page
    assert "included the article" in page
    assert "state: To screen → Included" in page
