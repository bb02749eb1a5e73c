"""Values, series and who is who without script: plain forms that keep what was typed."""

import pytest
from django.test import Client

from curation.annotation import actions as annotation
from curation.models import Annotation, Patient, Reading
from curation.tests import worlds
from curation.tests.patients.conftest import first, here, reading, say, second, there

__all__ = ["first", "here", "reading", "second", "there"]


@pytest.fixture
def curator(client: Client, who: worlds.People) -> Client:
    client.force_login(who.curator)
    return client


def at(reading: Reading, rest: str) -> str:
    return f"/readings/{reading.pk}/{rest}"


def test_a_term_is_found_by_a_search_form(curator: Client, reading: Reading, first: Patient) -> None:
    sent = {"patient": first.pk, "instance": 1, "term": "lumbago", "comment": "kept"}
    page = curator.post(at(reading, "features/symptoms/terms/"), sent)
    assert 'value="Low back pain (HP:0003419)"' in page.text
    assert "kept" in page.text
    assert "No term is called that" in curator.post(at(reading, "features/symptoms/terms/"), sent | {"term": "xyzzy"}).text


def test_an_answer_opens_with_what_was_typed(curator: Client, reading: Reading, first: Patient) -> None:
    say(reading, first, "ck", "5.32 kU/L (ref < 200 U/L)")
    form = curator.get(at(reading, f"features/ck/?patient={first.pk}")).text
    assert 'value="5.32 kU/L (ref &lt; 200 U/L)"' in form
    assert "converted from" in form


def test_rows_without_script(curator: Client, reading: Reading, first: Patient) -> None:
    page = curator.post(at(reading, "series/ck/add/"), {"patient": first.pk, "value-ck": "from 7,200 to 310 U/L"}, follow=True)
    assert page.redirect_chain[0][0].endswith("#series-ck")
    assert "7,200 U/L" in page.text
    curator.post(at(reading, "series/ck/1/copy/"), {"patient": first.pk})
    curator.post(at(reading, "series/ck/3/move/"), {"patient": first.pk, "up": "1"})
    assert list(Annotation.objects.order_by("instance").values_list("value", flat=True)) == [7200.0, 7200.0, 310.0]
    assert curator.post(at(reading, "series/ck/3/remove/"), {"patient": first.pk, "version": 9}).status_code == 412
    refused = curator.post(at(reading, "series/ck/add/"), {"patient": first.pk, "value-ck": "many"})
    assert (refused.status_code, "“many” is not a number" in refused.text) == (422, True)


def test_a_script_is_refused_a_row_that_changed_with_the_rows_as_they_are(
    curator: Client, reading: Reading, first: Patient
) -> None:
    curator.post(at(reading, "series/ck/add/"), {"patient": first.pk, "value-ck": "7,200"})
    sent, by_script = {"patient": first.pk, "version": 9, "key": "k"}, {"HX-Request": "true"}
    for act in ("copy", "move", "remove"):
        refused = curator.post(at(reading, f"series/ck/1/{act}/"), sent, headers=by_script)
        assert refused.status_code == 412
        assert "was changed since you read it" in refused.text
        assert 'data-series-row="1" data-words="7,200 U/L"' in refused.text
    sent["version"] = 1
    for _again in range(2):  # its reply was lost
        kept = curator.post(at(reading, "series/ck/1/copy/"), sent, headers=by_script)
        assert (kept.status_code, 'data-made="2"' in kept.text) == (200, True)
    assert Annotation.objects.count() == 2
    assert curator.post(at(reading, "series/ck/9/copy/"), sent | {"key": "other"}, headers=by_script).status_code == 422


def test_forms_to_be_kept_are_the_forms_that_open(curator: Client, reading: Reading, first: Patient, second: Patient) -> None:
    say(reading, first, "ck", "5.32 kU/L (ref < 200 U/L)")
    kept = curator.get(at(reading, f"forms/?patient={first.pk}")).json()
    assert list(kept) == [f"{first.pk}/ck/1"]
    opened = curator.get(at(reading, f"features/ck/?patient={first.pk}")).text
    for part in (
        'value="5.32 kU/L (ref &lt; 200 U/L)"',
        f'action="/readings/{reading.pk}/features/ck/record/"',
        'name="version" value="1"',
    ):
        assert (part in opened, part in kept[f"{first.pk}/ck/1"]) == (True, True)
    assert "csrfmiddlewaretoken" not in kept[f"{first.pk}/ck/1"]
    assert curator.get(at(reading, f"forms/?patient={first.pk}&feature=sex")).json() == {}
    assert curator.get(at(reading, f"forms/?patient={second.pk}")).json() == {}


def test_blank_forms_are_fetched_once(curator: Client, client: Client, reading: Reading) -> None:
    version = reading.codebook_version
    address = f"/codebooks/{version.codebook.slug}/{version.version}/forms/"
    blank = curator.get(address)
    assert {place.split("/")[1] for place in blank.json()} >= {"ck", "sex"}
    assert curator.get(address, headers={"If-None-Match": blank["ETag"]}).status_code == 304
    client.logout()
    assert client.get(address).status_code == 302


def test_silence_is_told_with_what_was_read(curator: Client, reading: Reading, first: Patient, who: worlds.People) -> None:
    annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=first.pk, group_slug="person", by=who.curator)
    assert "in title, abstract" in curator.get(at(reading, "")).text
    scope = ["title", "abstract", "full_text"]
    annotation.set_scope(reading_id=reading.pk, version=worlds.fresh(reading).version, scope=scope, by=who.curator)
    assert "read again: full text was not in scope" in curator.get(at(reading, "")).text
    annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=first.pk, group_slug="person", by=who.curator)
    page = curator.get(at(reading, "")).text
    assert "read again" not in page
    assert "in title, abstract, full text" in page


def test_two_patients_side_by_side(curator: Client, reading: Reading, first: Patient, second: Patient) -> None:
    say(reading, first, "sex", "male")
    say(reading, second, "sex", "female")
    merge = at(reading, f"patients/{first.pk}/merge/")
    page = curator.get(merge, {"gone": second.pk}).text
    assert "Male" in page
    assert "Female" in page
    assert curator.get(merge, {"gone": first.pk}).status_code == 404
    refused = curator.post(merge, {"gone": second.pk})
    assert (refused.status_code, "Choose for each difference" in refused.text) == (422, True)
    done = curator.post(merge, {"gone": second.pk, "choice-sex": "gone"}, follow=True).text
    assert "The man is Patient 1 now" in done
    assert "was merged into Patient 1" in done


def test_a_patients_page(client: Client, published: object, who: worlds.People) -> None:
    known = Patient.objects.get()
    page = client.get(f"/patients/{known.pk}/").text
    assert "Reported in another article too?" not in page, "strangers propose nothing"
    client.force_login(who.curator)
    assert "Reported in another article too?" in client.get(f"/patients/{known.pk}/").text
    nobody = client.get(f"/patients/{known.pk}/", {"q": "xyzzy"}).text
    assert "No patient of this project is found that way" in nobody


def test_patients_change_places(curator: Client, reading: Reading, first: Patient, second: Patient) -> None:
    curator.post(at(reading, f"patients/{second.pk}/move/"), {"back": "1"})
    assert curator.get(at(reading, "")).text.index("The man</a>") < curator.get(at(reading, "")).text.index("Patient 1</a>")
    curator.post(at(reading, f"patients/{second.pk}/move/"))
    assert curator.get(at(reading, "")).text.index("Patient 1</a>") < curator.get(at(reading, "")).text.index("The man</a>")


def test_what_was_chosen_and_typed_comes_back(curator: Client, here: Patient, there: Patient) -> None:
    sent = {"q": "asymmetric", "other": there.pk, "reason": " "}
    again = curator.post(f"/patients/{here.pk}/same-as/", sent)
    assert again.status_code == 422
    assert f'value="{there.pk}" required checked' in again.text
