"""Notices on their page and by API."""

import pytest
from django.test import Client

from curation.assignment import actions as assignment
from curation.models import Reading, Screening
from curation.notices import queries
from curation.tests import worlds
from curation.tests.worlds import People


@pytest.fixture
def given(included: Screening, who: People) -> Reading:
    return assignment.assign(project=included.project, article=included.article, reader=who.curator, by=who.moderator)


def test_the_bell_counts_what_is_unread_and_opening_leads_to_the_thing(client: Client, given: Reading, who: People) -> None:
    client.force_login(who.curator)
    page = client.get("/notices/").content.decode()
    assert "1 unread notice" in page
    assert "The moderator gave you “Asymmetric weakness" in page
    notice = queries.notices(who.curator).get()
    answer = client.post(f"/notices/{notice.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, f"/readings/{given.pk}/")
    assert "unread notice" not in client.get("/notices/").content.decode()
    answer = client.post(f"/notices/{notice.pk}/unread/", {"asked": "kind=assigned\r\nX: y"})
    assert answer["Location"].startswith("/notices/?kind=assigned")
    assert "1 unread notice" in client.get("/").content.decode()
    assert "1 notice is marked as read." in client.post("/notices/read/", follow=True).content.decode()


def test_filters_and_what_an_empty_list_says(client: Client, given: Reading, who: People) -> None:
    client.force_login(who.curator)
    assert "Nothing of this kind" in client.get("/notices/?kind=decided").content.decode()
    assert "gave you" in client.get("/notices/?kind=assigned&unread=1").content.decode()
    client.force_login(who.stranger)
    assert "You have no notices" in client.get("/notices/").content.decode()


def test_by_api(client: Client, given: Reading, who: People) -> None:
    token = {"Authorization": worlds.token_of(who.curator)}
    (listed,) = client.get("/api/v1/notices?unread=true", headers=token).json()["results"]
    assert (listed["kind"], listed["act"], listed["page"]) == ("assigned", "reading.assign", f"/readings/{given.pk}/")
    assert client.get("/api/v1/notices/unread", headers=token).json() == {"unread": 1}
    assert client.post(f"/api/v1/notices/{listed['id']}/read", headers=token).json()["read_at"]
    assert client.get("/api/v1/notices?unread=true", headers=token).json()["results"] == []
    assert client.post(f"/api/v1/notices/{listed['id']}/unread", headers=token).json()["read_at"] is None
    assert client.post("/api/v1/notices/read", headers=token).json() == {"unread": 0}


def test_a_token_that_may_only_read_marks_nothing(client: Client, given: Reading, who: People) -> None:
    token = {"Authorization": worlds.token_of(who.curator, "read")}
    notice = queries.notices(who.curator).get()
    assert client.post(f"/api/v1/notices/{notice.pk}/read", headers=token).status_code == 403
    assert client.get("/api/v1/notices").status_code == 401
