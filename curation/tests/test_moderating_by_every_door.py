"""The same ruling by page, API and admin: the same thing is done, and the same sentence refuses it."""

from collections.abc import Callable
from html import unescape

import pytest
from django.db.models import Model
from django.test import Client

from curation.choices import FindingState, ReadingState, ScreeningState
from curation.models import Finding, Reading, Ruling, Screening, User
from curation.tests import worlds
from curation.tests.worlds import People, fresh

#: door(client, person, verb, row, version, fields) -> the words that came back
Door = Callable[[Client, User, str, Model, int | None, dict[str, str]], str]

PATHS = {
    "publish": ("/review/{}/publish/", "/api/v1/readings/{}/publish", "reading"),
    "send_back": ("/review/{}/send-back/", "/api/v1/readings/{}/send-back", "reading"),
    "retract": ("/findings/{}/retract/", "/api/v1/findings/{}/retract", "finding"),
    "include": ("/screenings/{}/include/", "/api/v1/screenings/{}/include", "screening"),
    "exclude": ("/screenings/{}/exclude/", "/api/v1/screenings/{}/exclude", "screening"),
    "reopen": ("/screenings/{}/reopen/", "/api/v1/screenings/{}/reopen", "screening"),
}


def by_page(client: Client, person: User, verb: str, row: Model, version: int | None, fields: dict[str, str]) -> str:
    client.force_login(person)
    sent = fields if version is None else {**fields, "version": version}
    return unescape(client.post(PATHS[verb][0].format(row.pk), sent, follow=True).content.decode())


def by_api(client: Client, person: User, verb: str, row: Model, version: int | None, fields: dict[str, str]) -> str:
    headers = {"Authorization": worlds.token_of(person)} | ({} if version is None else {"If-Match": f'"{version}"'})
    answer = client.post(PATHS[verb][1].format(row.pk), fields, content_type="application/json", headers=headers)
    assert answer.status_code < 500
    body = answer.json()
    return " ".join([str(body.get("detail", "")), *(fault["reason"] for fault in body.get("faults", ()))])


def by_admin(client: Client, person: User, verb: str, row: Model, version: int | None, fields: dict[str, str]) -> str:
    client.force_login(person)
    sent = {"action": verb, "_selected_action": row.pk, "apply": "yes", **fields}
    if version is not None:
        sent[f"version_{row.pk}"] = version
    return unescape(client.post(f"/admin/curation/{PATHS[verb][2]}/", sent, follow=True).content.decode())


every_door = pytest.mark.parametrize("door", [by_page, by_api, by_admin])


@every_door
def test_publish(client: Client, submitted: Reading, who: People, door: Door) -> None:
    door(client, who.moderator, "publish", submitted, submitted.version, {})
    assert fresh(submitted).state == ReadingState.ACCEPTED
    assert Finding.objects.published().exists()


@every_door
def test_send_back(client: Client, submitted: Reading, who: People, door: Door) -> None:
    door(client, who.moderator, "send_back", submitted, submitted.version, {"note": "See figure 1."})
    assert (fresh(submitted).state, fresh(submitted).note) == (ReadingState.RETURNED, "See figure 1.")


@every_door
def test_retract(client: Client, published: Ruling, who: People, door: Door) -> None:
    finding = published.findings.first()
    door(client, who.moderator, "retract", finding, finding.version, {"reason": "Another patient's."})
    assert fresh(finding).state == FindingState.RETRACTED


@every_door
def test_screen(client: Client, to_screen: Screening, who: People, door: Door) -> None:
    door(client, who.moderator, "include", to_screen, 1, {"patients_described": "2"})
    assert fresh(to_screen).patients_described == 2
    door(client, who.moderator, "reopen", to_screen, 2, {})
    door(client, who.moderator, "exclude", to_screen, 3, {"reason": "Not a case report"})
    assert fresh(to_screen).state == ScreeningState.EXCLUDED


@every_door
@pytest.mark.parametrize(("verb", "fields"), [("publish", {}), ("send_back", {"note": "Again."})])
def test_own_work_is_refused(
    client: Client, own_submitted: Reading, who: People, door: Door, verb: str, fields: dict[str, str]
) -> None:
    words = door(client, who.moderator, verb, own_submitted, own_submitted.version, fields)
    assert "This is your own reading; another moderator has to decide on it." in words
    assert fresh(own_submitted) == own_submitted
    assert fresh(own_submitted).state == ReadingState.SUBMITTED
    assert not Ruling.objects.exists()


@every_door
def test_retracting_own_work_is_refused(client: Client, own_submitted: Reading, who: People, door: Door) -> None:
    (finding, *_) = worlds.decided(own_submitted, who.moderator2).findings.all()
    words = door(client, who.moderator, "retract", finding, finding.version, {"reason": "Wrong."})
    assert "This finding comes from your own reading" in words
    assert fresh(finding).state == FindingState.PUBLISHED


@every_door
def test_a_stale_version_is_refused(client: Client, submitted: Reading, who: People, door: Door) -> None:
    words = door(client, who.moderator, "publish", submitted, submitted.version - 1, {})
    assert "was changed since you read it" in words
    assert "Say which version" in door(client, who.moderator, "publish", submitted, None, {})
    assert fresh(submitted).state == ReadingState.SUBMITTED


@every_door
def test_a_settled_reading_is_refused(client: Client, published: Ruling, who: People, door: Door) -> None:
    version = fresh(published.reading).version
    words = door(client, who.moderator, "send_back", published.reading, version, {"note": "Again."})
    assert "is accepted and cannot become returned" in words
    assert fresh(published.reading).state == ReadingState.ACCEPTED


@every_door
@pytest.mark.parametrize(("verb", "field"), [("send_back", "note"), ("exclude", "reason")])
def test_words_are_required(
    client: Client, submitted: Reading, included: Screening, who: People, door: Door, verb: str, field: str
) -> None:
    row = submitted if verb == "send_back" else included
    words = door(client, who.moderator, verb, row, row.version, {field: ""})
    assert any(said in words for said in ("say why", "choose one", "may not be blank", "This field is required"))
    assert fresh(row).state == row.state


@every_door
def test_a_reason_that_is_none_of_the_projects(client: Client, to_screen: Screening, who: People, door: Door) -> None:
    words = door(client, who.moderator, "exclude", to_screen, 1, {"reason": "I dislike it"})
    assert "“I dislike it” is none of them: Not a case report" in words
    assert fresh(to_screen).state == ScreeningState.TO_SCREEN


@every_door
def test_a_curator_moderates_nowhere(client: Client, submitted: Reading, who: People, door: Door) -> None:
    door(client, who.curator, "publish", submitted, submitted.version, {})
    door(client, who.curator2, "publish", submitted, submitted.version, {})
    assert fresh(submitted).state == ReadingState.SUBMITTED


@pytest.mark.parametrize("scope", ["read", "annotate", "import"])
def test_a_token_without_the_scope_moderates_nothing(client: Client, submitted: Reading, who: People, scope: str) -> None:
    headers = {"Authorization": worlds.token_of(who.moderator, scope), "If-Match": f'"{submitted.version}"'}
    answer = client.post(f"/api/v1/readings/{submitted.pk}/publish", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert fresh(submitted).state == ReadingState.SUBMITTED
