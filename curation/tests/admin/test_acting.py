"""What the admin does besides rulings: people, memberships, projects, imports; and how refusals are told there."""

from html import unescape
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.db.models import Model
from django.test import Client

from curation import tasks
from curation.articles import actions as imports
from curation.assignment import actions as assignment
from curation.choices import FindingState, ItemState
from curation.models import (
    AuditEvent,
    CodebookVersion,
    Finding,
    Membership,
    Project,
    Reading,
    Reevaluation,
    Ruling,
    Screening,
    User,
)
from curation.tests import worlds
from curation.tests.worlds import People, fresh


def act(client: Client, table: str, verb: str, row: Model, **fields: object) -> str:
    sent = {"action": verb, "_selected_action": row.pk, "apply": "yes", **fields}
    return unescape(client.post(f"/admin/curation/{table}/", sent, follow=True).content.decode())


@pytest.fixture
def administrator(client: Client, who: People) -> Client:
    client.force_login(who.administrator)
    return client


def test_an_act_first_shows_its_rows_and_asks(client: Client, submitted: Reading, who: People) -> None:
    client.force_login(who.moderator)
    page = client.post("/admin/curation/reading/", {"action": "send_back", "_selected_action": submitted.pk, "index": 0})
    content = page.content.decode()
    assert f'name="version_{submitted.pk}" value="{submitted.version}"' in content
    assert "Note to the reader" in content
    assert fresh(submitted).version == submitted.version


def test_a_moderator_does_not_reach_another_projects_rows(client: Client, submitted: Reading, who: People) -> None:
    """The rows of an act come from the same cut query set as the list."""
    other = worlds.a_project(who, submitted.codebook_version, slug="other", is_public=False)
    worlds.people.end_membership(project=submitted.project, user=who.moderator, by=who.administrator)
    assert Membership.objects.filter(user=who.moderator, project=other).exists()
    client.force_login(who.moderator)
    act(client, "reading", "publish", submitted, **{f"version_{submitted.pk}": submitted.version})
    assert fresh(submitted).state == submitted.state


def test_an_administrator_makes_an_account(administrator: Client) -> None:
    person = {"username": "new", "name": "New Person", "email": "new@example.org", "password": "long-and-unusual-7"}
    administrator.post("/admin/curation/user/new/", person)
    assert User.objects.get(username="new").check_password("long-and-unusual-7")


@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [("username", "curator", "already exists"), ("username", "no spaces", "valid username"), ("password", "short", "too short")],
)
def test_an_account_that_cannot_be(administrator: Client, field: str, sent: str, said: str) -> None:
    before = User.objects.count()
    person = {"username": "new", "name": "", "email": "", "password": "long-and-unusual-7", field: sent}
    page = administrator.post("/admin/curation/user/new/", person)
    assert said in unescape(page.content.decode())
    assert User.objects.count() == before


def test_a_moderator_makes_no_accounts(client: Client, who: People, project: Project) -> None:
    client.force_login(who.moderator)
    assert client.get("/admin/curation/user/new/").status_code == 403
    assert client.post("/admin/curation/project/new/", {"slug": "mine"}).status_code == 403


def test_an_account_is_closed_and_opened_again(administrator: Client, who: People) -> None:
    act(administrator, "user", "close", who.curator, reason="Left the group.")
    assert not fresh(who.curator).is_active
    act(administrator, "user", "reopen", who.curator, reason="Came back.")
    assert fresh(who.curator).is_active


def test_an_administrator_does_not_lock_themselves_out(administrator: Client, who: People) -> None:
    assert "another administrator has to" in act(administrator, "user", "close", who.administrator, reason="x")
    assert fresh(who.administrator).is_active


def test_roles_are_given_and_ended(administrator: Client, who: People, project: Project) -> None:
    act(administrator, "user", "give_role", who.stranger, project=project.pk, role="curator", reason="Reads well.")
    membership = Membership.objects.get(user=who.stranger)
    assert (membership.project, membership.role) == (project, "curator")
    assert "0 open readings go back to the pool" in act(administrator, "membership", "end", membership, reason="Went home.")
    assert Membership.objects.filter(user=who.stranger).exists()
    act(administrator, "membership", "end", membership, reason="Went home.", confirmed="yes")
    assert not Membership.objects.filter(user=who.stranger).exists()
    assert said_of(membership) == [("membership.set", "Reads well."), ("membership.end", "Went home.")]


def said_of(row: Model) -> list[tuple[str, str]]:
    """Each act and its reason, as the trail has it, the first first."""
    return list(AuditEvent.objects.of_row(row._meta.db_table, row.pk).order_by("id").values_list("verb", "reason"))


def test_what_is_taken_from_somebody_is_taken_for_a_reason(client: Client, who: People, project: Project) -> None:
    screening = worlds.included(project, worlds.an_article(77), who.moderator)
    reading = assignment.assign(project=project, article=screening.article, reader=who.curator, by=who.moderator2)
    client.force_login(who.moderator)
    version = {f"version_{reading.pk}": reading.version}
    assert "This field is required" in act(client, "reading", "unassign", reading, **version)
    assert Reading.objects.filter(pk=reading.pk).exists()
    act(client, "reading", "unassign", reading, reason="She is on leave.", **version)
    assert said_of(reading)[-1] == ("reading.unassign", "She is on leave.")


def test_a_moderator_ends_no_membership(client: Client, who: People, project: Project) -> None:
    client.force_login(who.moderator)
    membership = Membership.objects.get(user=who.curator)
    assert "Only an administrator" in act(client, "membership", "end", membership, reason="No.")
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_a_project_is_made(administrator: Client, codebook: CodebookVersion) -> None:
    wanted = {"title": "Another", "slug": "another", "codebook_version": codebook.pk, "readers_required": 2}
    administrator.post("/admin/curation/project/new/", wanted)
    assert Project.objects.get(slug="another").readers_required == 2
    page = administrator.post("/admin/curation/project/new/", wanted)
    assert "Project with this Slug already exists." in unescape(page.content.decode())


def test_what_failed_is_tried_again(
    client: Client, who: People, project: Project, settings: SimpleNamespace, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = BytesIO(b"<S><PubmedArticle><MedlineCitation><PMID>7</PMID></MedlineCitation></PubmedArticle></S>")
    batch = imports.open_batch_of_file(project=project, name="one.xml", stream=file, by=who.curator)
    tasks.run_batch(batch.pk)
    assert batch.items.filter(state=ItemState.QUARANTINED).exists()
    client.force_login(who.moderator)
    act(client, "batch", "retry", batch, reason="PubMed was down.")
    assert said_of(batch.acts.latest("pk"))[-1] == ("import.retry", "PubMed was down.")
    assert not batch.items.filter(state=ItemState.QUARANTINED).exists()
    assert "nothing to retry" in act(client, "batch", "retry", batch)


def test_a_retracted_article_is_looked_at_again(client: Client, published: Ruling, who: People) -> None:
    client.force_login(who.moderator)
    screening = Screening.objects.get(article=published.article)
    assert "Nothing asks for another look" in act(
        client, "screening", "reevaluate", screening, outcome="stands", reason="Read it."
    )
    worlds.noticed(Finding.objects.published().filter(rule=None).earliest("pk"))
    act(client, "screening", "reevaluate", screening, outcome="falls", reason="The paper was withdrawn.")
    assert not Finding.objects.published().filter(ruling=published).exists()
    assert Reevaluation.objects.get().reason == "The paper was withdrawn."


def test_nobody_looks_again_at_what_they_read(client: Client, own_submitted: Reading, who: People) -> None:
    worlds.decided(own_submitted, who.moderator2)
    finding = worlds.noticed(Finding.objects.published().filter(rule=None).earliest("pk"))
    client.force_login(who.moderator)
    screening = Screening.objects.get(article=own_submitted.article)
    act(client, "screening", "reevaluate", screening, outcome="falls", reason="Withdrawn.")
    assert fresh(finding).state == FindingState.PUBLISHED
    assert not Reevaluation.objects.exists()
