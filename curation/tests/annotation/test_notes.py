"""A reading handed in, sent back with notes, answered and handed in again."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from curation.annotation import actions as annotation
from curation.annotation import lacks
from curation.annotation.notes import actions as notes
from curation.annotation.notes.actions import NoteOn
from curation.choices import ReadingState
from curation.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from curation.models import Article, AuditEvent, Project, Reading, ReadingNote
from curation.review import actions as review
from curation.review import queries as reviewing
from curation.tests import worlds
from curation.tests.access_matrix import READINGS, WORK
from curation.tests.worlds import People, fresh

QUESTION = "Is that the age at onset?"


@pytest.fixture
def article(db: None) -> Article:
    return worlds.an_article()


@pytest.fixture
def note(submitted: Reading, who: People) -> ReadingNote:
    return worlds.asked(submitted, "age", QUESTION, who.moderator)


def submit(reading: Reading) -> Reading:
    return annotation.submit(reading_id=reading.pk, version=fresh(reading).version, by=reading.curator)


def answer(note: ReadingNote, by: worlds.User, text: str = "At presentation.") -> ReadingNote:
    return notes.answer(note_id=note.pk, version=note.version, text=text, by=by)


def test_what_is_asked_is_answered_before_it_is_handed_in_again(note: ReadingNote, who: People) -> None:
    reading = fresh(note.reading)
    (fault,) = lacks.missing(reading)
    assert (fault.where, fault.reason) == ("Patient 1: Age at report", "the moderator's note has no answer yet")
    assert fault.link.endswith(f"#note-{note.pk}")
    with pytest.raises(Invalid):
        submit(reading)
    answer(note, who.curator)
    assert submit(reading).state == ReadingState.SUBMITTED
    shown = reviewing.reading_to_review(who.moderator2, reading.pk)
    assert [(each.text, each.answer) for each in shown.open_notes] == [(QUESTION, "At presentation.")]
    assert AuditEvent.objects.of_row("curation_readingnote", note.pk)[0].verb == "note.answer"


def test_an_answer_may_be_changed_until_then(note: ReadingNote, who: People) -> None:
    answer(note, who.curator)
    with pytest.raises(Stale):
        answer(note, who.curator, "Or not.")
    answer(fresh(note), who.curator, "At onset.")
    submit(fresh(note.reading))
    with pytest.raises(WrongState, match="can no longer be changed"):
        answer(fresh(note), who.curator)
    assert fresh(note).answer == "At onset."


def test_the_next_ruling_settles_them(note: ReadingNote, who: People) -> None:
    answer(note, who.curator)
    reading = submit(fresh(note.reading))
    worlds.sent_back(reading, who.moderator, NoteOn("Which sister?"))
    old, new = ReadingNote.objects.order_by("pk")
    assert (old.resolved_by, new.resolved_at) == (who.moderator, None)
    with pytest.raises(WrongState, match="settled"):
        answer(old, who.curator)
    answer(new, who.curator)
    worlds.decided(submit(fresh(reading)), who.moderator)
    assert not ReadingNote.objects.open().exists()


@pytest.mark.parametrize(("place", "words"), [((None, "no-such"), "no feature"), ((9999, ""), "no patient of this reading")])
def test_a_note_on_nothing(submitted: Reading, who: People, place: tuple[int | None, str], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        worlds.sent_back(submitted, who.moderator, NoteOn(QUESTION, *place))
    assert words in f"{refused.value} {refused.value.faults}"
    assert fresh(submitted).state == ReadingState.SUBMITTED


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001, "a\0b"])
def test_words_are_asked_for(submitted: Reading, note: ReadingNote, who: People, text: str) -> None:
    with pytest.raises(Invalid):
        answer(note, who.curator, text)
    assert not fresh(note).answer


def test_a_reading_goes_back_with_words_of_some_kind(submitted: Reading, who: People) -> None:
    with pytest.raises(Invalid):
        review.send_back(reading_id=submitted.pk, version=submitted.version, note=" ", by=who.moderator)
    assert not ReadingNote.objects.exists()


def test_nobody_asks_themselves(own_submitted: Reading, who: People) -> None:
    with pytest.raises(NotAllowed):
        worlds.sent_back(own_submitted, who.moderator, NoteOn(QUESTION))


@pytest.mark.parametrize(("person", "refusal"), [("moderator", NotAllowed), ("curator2", NotFound), ("stranger", NotFound)])
def test_only_the_reader_answers(note: ReadingNote, who: People, person: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        answer(note, getattr(who, person))


def test_a_blind_reader_sees_no_note_of_the_other(who: People, codebook: worlds.CodebookVersion, article: Article) -> None:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    worlds.included(pair, article, who.moderator)
    worlds.started(pair, article, who.moderator2)
    worlds.asked(worlds.submitted(pair, article, who.curator), "age", QUESTION, who.moderator)
    for person in (who.curator2, who.moderator2, who.administrator):
        assert not ReadingNote.objects.visible_to(person).exists()
    assert ReadingNote.objects.visible_to(who.curator).exists()


def test_the_form_brings_its_notes(client: Client, submitted: Reading, who: People) -> None:
    client.force_login(who.moderator)
    patient = submitted.patients.get().pk
    sent = {
        "version": submitted.version,
        "note": "",
        f"note-{patient}-age": QUESTION,
        f"note-{patient}-sex": "  ",
        f"note-{patient}": "Seen in the table?",
        f"on-{patient}": "remark",
    }
    client.post(f"/review/{submitted.pk}/send-back/", sent)
    assert set(ReadingNote.objects.values_list("feature__slug", "text")) == {("age", QUESTION), ("remark", "Seen in the table?")}


def test_the_workspace_shows_them_in_place(client: Client, note: ReadingNote, who: People) -> None:
    client.force_login(who.curator)
    page = client.get(f"/readings/{note.reading_id}/?patient={note.patient_id}").content.decode()
    assert page.index('id="feature-age"') < page.index(QUESTION) < page.index('id="feature-weakness"')
    answered = client.post(f"/notes/{note.pk}/answer/", {"version": note.version, "answer": "It is."}, follow=True)
    assert "It is." in answered.content.decode()
    refused = client.post(f"/notes/{note.pk}/answer/", {"version": note.version, "answer": "No."})
    assert refused.status_code == 412


def test_by_api(client: Client, note: ReadingNote, who: People) -> None:
    token = {"Authorization": worlds.token_of(who.curator)}
    (listed,) = client.get(f"/api/v1/readings/{note.reading_id}/notes", headers=token).json()
    assert (listed["feature"], listed["text"], listed["version"]) == ("age", QUESTION, 1)
    sent = {"data": {"answer": "It is."}, "content_type": "application/json"}
    assert client.post(f"/api/v1/notes/{note.pk}/answer", **sent, headers=token).status_code == 428
    kept = client.post(f"/api/v1/notes/{note.pk}/answer", **sent, headers=token | {"If-Match": '"1"'})
    assert (kept.status_code, kept["ETag"], kept.json()["answer"]) == (200, '"2"', "It is.")


WRITING = [(name, method) for name, route in {**READINGS, **WORK}.items() for method in route.cells() if method != "get"]
NOT_IN_IT = {"web:reading-start", "api:readings", "web:reading-next", "api:reading-next", "web:reading-assign", "api:assignments"}


@pytest.mark.parametrize(("name", "method"), [each for each in WRITING if each[0] not in NOT_IN_IT])
def test_a_reading_that_was_handed_in_is_read_only_by_every_door(
    client: Client, project: Project, submitted: Reading, who: People, name: str, method: str
) -> None:
    """Whatever writes in a reading, found in the list of all routes: refused, and nothing is changed."""
    worlds.asked(submitted, "age", QUESTION, who.moderator)
    answer(submitted.notes.get(), who.curator)
    reading = submit(fresh(submitted))
    answered = reading.annotations.get(feature__slug="age")
    things = {"note": reading.notes.get(), "annotation": answered, "evidence": answered.evidence.get()}
    kind = next((thing for word, thing in things.items() if name.partition(":")[2].startswith(word)), reading)
    if name in ("web:annotation-record", "api:annotations"):
        kind = reading
    if name == "api:annotation-evidence":
        kind = answered
    patient = reading.patients.get()
    parts = {"pk": kind.pk, "patient": patient.pk, "slug": "remark"}
    address = next(found for found in _addresses(name, parts))
    everything = {
        "status": "present",
        "value": "P1Y",
        "patient": patient.pk,
        "group": "person",
        "label": "X",
        "scope": ["title"],
        "answer": "X",
        "feature": "remark",
        "section": reading.article.sections.first().pk,
        "exact": "male",
        "find": "male",
        "due_on": "",
        "place": f"{reading.article.sections.get(key='abstract').pk}:0",
        "start": 0,
        "version": kind.version if hasattr(kind, "version") else answered.version,
    }
    if name.startswith("api:"):
        everything |= {"due_on": None}
    version = patient.version if "patient" in name and "patients" not in name else everything["version"]
    before = _rows(reading)
    client.force_login(who.moderator if name in ("web:reading-due", "web:reading-unassign", "api:assignment") else who.curator)
    if name.startswith("api:"):
        headers = {"If-Match": f'"{version}"'}
        told = getattr(client, method)(address, everything, content_type="application/json", headers=headers)
    else:
        told = client.post(address, everything | {"version": version})
    if name != "web:reading-find":  # which writes nothing
        assert told.status_code in (403, 409), told.content.decode()[:2000]
    assert _rows(reading) == before


def _addresses(name: str, parts: dict[str, object]) -> list[str]:
    for names in (("pk",), ("pk", "patient"), ("pk", "slug")):
        try:
            return [reverse(name, kwargs={each: parts[each] for each in names})]
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def _rows(reading: Reading) -> list[object]:
    rows = (Reading.objects.filter(pk=reading.pk), reading.annotations, reading.notes, reading.patients)
    return [list(each.order_by("pk").values()) for each in rows]
