"""The account page: memberships, password, tokens; and the pages of projects and the first one."""

import pytest
from django.test import Client

from curation.models import ApiToken, Project
from curation.screening import actions as screening
from curation.tests import worlds

NEW = "another long secret"


def test_the_account_is_for_whoever_signed_in(client: Client, project: Project, who: worlds.People) -> None:
    assert client.get("/account/").url == "/sign-in/?next=/account/"
    client.force_login(who.curator)
    page = client.get("/account/").text
    assert "The curator" in page
    assert 'href="/projects/imnm/"' in page


def test_a_password_is_changed_and_the_session_stays(client: Client, who: worlds.People) -> None:
    client.force_login(who.curator)
    sent = {"old": worlds.PASSWORD, "new": NEW, "again": NEW}
    assert client.post("/account/password/", sent).url == "/account/"
    assert "Your password was changed" in client.get("/account/").text
    assert Client().login(username="curator", password=NEW)


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, "is not your password"),
        ({"old": worlds.PASSWORD, "new": NEW, "again": "other"}, "differs from the new password"),
        ({"old": worlds.PASSWORD, "new": "1234567890", "again": "1234567890"}, "entirely numeric"),
        ({}, "is not your password"),
    ],
)
def test_a_bad_password_is_refused_and_the_old_one_stays(
    client: Client, who: worlds.People, sent: dict[str, str], fault: str
) -> None:
    client.force_login(who.curator)
    answer = client.post("/account/password/", sent)
    assert answer.status_code == 422
    assert fault in answer.text
    assert Client().login(username="curator", password=worlds.PASSWORD)


def test_a_token_is_shown_once(client: Client, who: worlds.People) -> None:
    client.force_login(who.curator)
    made = client.post("/account/tokens/", {"name": "script", "scopes": ["read"]})
    assert "cb_" in made.text
    assert "no-store" in made["Cache-Control"]
    secret = made.context["secret"]
    assert secret not in client.get("/account/").text
    token = ApiToken.objects.get()
    assert client.post(f"/account/tokens/{token.pk}/revoke/").url == "/account/"
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_token_without_a_name_is_refused(client: Client, who: worlds.People) -> None:
    client.force_login(who.curator)
    answer = client.post("/account/tokens/", {"name": " ", "scopes": []})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_another_persons_token_is_not_there(client: Client, who: worlds.People) -> None:
    worlds.token_of(who.curator)
    client.force_login(who.stranger)
    assert client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404


def test_reading_changes_nothing(client: Client, who: worlds.People) -> None:
    client.force_login(who.curator)
    for address in ("/account/password/", "/account/tokens/", "/account/tokens/1/revoke/"):
        assert client.get(address).status_code == 405


def test_a_project_shows_its_people_to_members_only(client: Client, project: Project, who: worlds.People) -> None:
    page = client.get("/projects/imnm/").text
    assert "How many are asymmetric?" in page
    assert "The moderator" not in page
    client.force_login(who.curator)
    page = client.get("/projects/imnm/").text
    assert "The moderator2" in page
    assert "Where the articles stand" in page


def test_a_project_counts_exclusions_by_their_reason(client: Client, project: Project, who: worlds.People) -> None:
    for pmid, reason in ((1, "No patient data"), (2, "Not a case report"), (3, "No patient data")):
        entered = worlds.to_screen(project, worlds.an_article(pmid), who.moderator)
        screening.exclude(screening_id=entered.pk, version=entered.version, reason=reason, by=who.moderator)
    client.force_login(who.administrator)
    assert client.get("/projects/imnm/").context["exclusions"] == [("No patient data", 2), ("Not a case report", 1)]


def test_a_private_project_is_not_there_for_others(client: Client, private_project: Project, who: worlds.People) -> None:
    client.force_login(who.outsider)
    assert client.get("/projects/private/").status_code == 404
    assert "private" not in client.get("/projects/").text
    client.force_login(who.curator)
    assert client.get("/projects/private/").status_code == 200


def test_the_first_page_tells_strangers_what_this_is_and_members_what_waits(
    client: Client, project: Project, who: worlds.People
) -> None:
    assert "cohort that can be questioned" in client.get("/").text
    client.force_login(who.curator)
    assert "What waits for you" in client.get("/").text
