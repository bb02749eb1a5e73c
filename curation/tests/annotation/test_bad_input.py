"""What is sent wrongly: each says what is wrong where it is wrong, by page and by API, and nothing is kept."""

import pytest
from django.test import Client

from curation.models import Annotation, Patient, Reading, Section
from curation.tests import worlds

HTMX = {"HX-Request": "true"}

WRONG = [
    ("sex", {"value": "x"}, "not an option"),
    ("ck", {"value": "9000000"}, "outside the range"),
    ("ck", {"value": "5320 bananas"}, "bananas"),
    ("no_such_feature", {"value": "x"}, "no feature"),
]


@pytest.mark.parametrize(("slug", "sent", "told"), WRONG)
def test_by_page(
    slug: str, sent: dict[str, str], told: str, client: Client, reading: Reading, patient: Patient, who: worlds.People
) -> None:
    client.force_login(who.curator)
    typed = {"patient": patient.pk, "status": "present", "comment": "typed with care", **sent}
    refused = client.post(f"/readings/{reading.pk}/features/{slug}/record/", typed, headers=HTMX)
    assert refused.status_code == 422
    assert told in refused.text
    assert slug == "no_such_feature" or "typed with care" in refused.text
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(("slug", "sent", "told"), WRONG)
def test_by_api(
    slug: str, sent: dict[str, str], told: str, client: Client, reading: Reading, patient: Patient, who: worlds.People
) -> None:
    body = {"patient": patient.pk, "feature": slug, "status": "present", **sent}
    refused = client.post(f"/api/v1/readings/{reading.pk}/annotations", body, content_type="application/json", headers=key(who))
    assert refused.status_code == 422
    assert told in refused.text
    assert not Annotation.objects.exists()


def key(who: worlds.People, name: str = "curator") -> dict[str, str]:
    return {"authorization": worlds.token_of(getattr(who, name))}


def test_a_quote_that_is_not_there(
    client: Client, reading: Reading, patient: Patient, abstract: Section, who: worlds.People
) -> None:
    client.force_login(who.curator)
    typed = {"patient": patient.pk, "status": "present", "quote": f"{abstract.pk}:0:no such words"}
    refused = client.post(f"/readings/{reading.pk}/features/weakness/record/", typed, headers=HTMX)
    assert refused.status_code == 422
    assert "do not stand in this section" in refused.text
    body = {"patient": patient.pk, "feature": "weakness", "status": "present"}
    quoted = {**body, "quotes": [{"section": abstract.pk, "exact": "no such words"}]}
    told = client.post(f"/api/v1/readings/{reading.pk}/annotations", quoted, content_type="application/json", headers=key(who))
    assert told.status_code == 422
    assert "do not stand in this section" in told.text


@pytest.mark.parametrize("turn", ["record", "undo", "redo"])
def test_somebody_elses_reading(turn: str, client: Client, reading: Reading, patient: Patient, who: worlds.People) -> None:
    client.force_login(who.curator2)
    address = f"/readings/{reading.pk}/" + ("features/sex/record/" if turn == "record" else f"{turn}/")
    assert client.post(address, {"patient": patient.pk, "value": "male"}, headers=HTMX).status_code == 404
    body = {"patient": patient.pk, "feature": "sex", "status": "present", "value": "male"} if turn == "record" else {}
    path = "annotations" if turn == "record" else turn
    by_api = f"/api/v1/readings/{reading.pk}/{path}"
    assert client.post(by_api, body, content_type="application/json", headers=key(who, "curator2")).status_code == 404


def test_a_lost_session_is_sent_to_sign_in_and_changes_nothing(client: Client, reading: Reading, patient: Patient) -> None:
    lost = client.post(f"/readings/{reading.pk}/features/sex/record/", {"patient": patient.pk, "value": "male"}, headers=HTMX)
    assert lost.status_code == 302
    assert lost.headers["Location"].startswith("/sign-in/")
    assert client.post(f"/api/v1/readings/{reading.pk}/undo", {}, content_type="application/json").status_code == 401
    assert not Annotation.objects.exists()


def test_undo_by_api_says_what_is_left(client: Client, reading: Reading, patient: Patient, who: worlds.People) -> None:
    worlds.answered(reading, "sex", "present", "male")
    told = client.get(f"/api/v1/readings/{reading.pk}/acts", headers=key(who)).json()
    assert [act["label"] for act in told["undo"]] == ["recorded an answer: Sex"]
    wrong = client.post(
        f"/api/v1/readings/{reading.pk}/undo",
        {"act": told["undo"][0]["act"] + 1},
        content_type="application/json",
        headers=key(who),
    )
    assert wrong.status_code == 412
    assert "Next to undo" in wrong.text
    done = client.post(f"/api/v1/readings/{reading.pk}/undo", {}, content_type="application/json", headers=key(who))
    assert done.status_code == 200
    assert not Annotation.objects.exists()
    history = client.get(f"/api/v1/readings/{reading.pk}/features/sex/history?patient={patient.pk}", headers=key(who)).json()
    assert history[-1]["after"] == "Present, Male"
