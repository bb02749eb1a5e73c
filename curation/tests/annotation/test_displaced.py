"""Quotes that lost their place: who sees them, where they may be put, and that each is settled once."""

import pytest
from django.test import Client

from curation.annotation import actions as annotation
from curation.annotation.displaced import actions, queries
from curation.choices import EvidenceState
from curation.errors import Invalid, NotAllowed, NotFound, Stale, VersionMissing, WrongState
from curation.models import AuditEvent, Evidence, Project, Reading
from curation.tests import worlds
from curation.tests.records import a_record, taken_in
from curation.tests.worlds import People, fresh

pytestmark = pytest.mark.django_db

WORDS = "35-year-old"


@pytest.fixture
def lost(submitted: Reading) -> Evidence:
    worlds.displaced(submitted)
    return Evidence.objects.get(annotation__reading=submitted, exact=WORDS)


def republished(reading: Reading, abstract: str) -> None:
    taken_in(a_record(reading.article.pmid, title=worlds.TITLE, abstract=abstract))
    annotation.follow_text(article_ids=[reading.article_id], by=reading.curator)


def version(evidence: Evidence) -> int:
    return fresh(evidence.annotation).version


def test_a_moderator_puts_a_quote_where_its_words_stand(lost: Evidence, who: People, project: Project) -> None:
    (shown,) = [each for each in queries.lost(who.moderator, project) if each.evidence.pk == lost.pk]
    assert shown.may_settle
    section, second = shown.places[1]
    assert (len(shown.places), second.exact) == (2, WORDS)
    before = version(lost)
    actions.place(evidence_id=lost.pk, version=before, section_id=section.pk, start=second.start, by=who.moderator)
    settled = fresh(lost)
    assert (settled.state, settled.section_id, settled.start) == (EvidenceState.ANCHORED, section.pk, second.start)
    assert settled.section.text[settled.start : settled.end] == WORDS
    assert version(lost) == before + 1
    assert AuditEvent.objects.of_row("curation_evidence", lost.pk).first().verb == "evidence.place"
    with pytest.raises(WrongState, match="settled it already"):
        actions.keep(evidence_id=lost.pk, version=version(lost), by=who.moderator)


def test_a_quote_that_was_left_stays_where_it_is(lost: Evidence, who: People, submitted: Reading) -> None:
    actions.keep(evidence_id=lost.pk, version=version(lost), by=who.moderator)
    republished(submitted, worlds.ABSTRACT + " Once more.")
    kept = fresh(lost)
    assert (kept.state, kept.section_id, kept.start) == (EvidenceState.KEPT, lost.section_id, lost.start)
    assert lost.pk not in {each.evidence.pk for each in queries.lost(who.moderator, submitted.project)}


def test_words_written_a_little_otherwise_are_offered(started: Reading, who: People) -> None:
    quoted = worlds.answered(started, "ck", "present", 5320, "Creatine kinase was 5,320 U/L").evidence.get()
    republished(started, "The creatine kinase was 5,320 U/L at first.")
    assert fresh(quoted).state == EvidenceState.ORPHAN
    ((section, near),) = queries.places(fresh(quoted), queries.current_text(started.article_id))
    actions.place(evidence_id=quoted.pk, version=version(quoted), section_id=section.pk, start=near.start, by=who.curator)
    assert fresh(quoted).exact == "creatine kinase was 5,320 U/L"


def test_only_the_places_that_are_offered(lost: Evidence, who: People) -> None:
    with pytest.raises(Invalid, match="cannot be put there"):
        actions.place(evidence_id=lost.pk, version=version(lost), section_id=lost.section_id, start=lost.start, by=who.moderator)
    assert fresh(lost).state == EvidenceState.MOVED


def test_words_that_are_evidence_already_are_not_doubled(started: Reading, who: People) -> None:
    answer = worlds.answered(started, "age", "present", "P35Y", WORDS)
    quoted = answer.evidence.get()
    worlds.displaced(started)
    now = fresh(started.article.sections.current().get(key="abstract"))
    again = annotation.Quote(now.pk, WORDS, start=now.text.index(WORDS))
    annotation.add_evidence(annotation_id=answer.pk, version=version(quoted), quote=again, by=who.curator)
    with pytest.raises(Invalid, match="cannot be put there") as refused:
        actions.place(
            evidence_id=quoted.pk, version=version(quoted), section_id=now.pk, start=now.text.index(WORDS), by=who.curator
        )
    assert "evidence for this answer already" in str(refused.value.faults[0])


def test_who_settles_what(lost: Evidence, who: People) -> None:
    for person, refusal in ((who.curator, NotAllowed), (who.curator2, NotFound), (who.stranger, NotFound)):
        with pytest.raises(refusal):
            actions.keep(evidence_id=lost.pk, version=version(lost), by=person)


def test_while_a_reading_is_open_its_reader_settles(complete: Reading, who: People, project: Project) -> None:
    worlds.displaced(complete)
    mine = queries.lost(who.curator, project)
    assert mine
    assert all(each.may_settle for each in mine)
    assert list(queries.lost(who.moderator, project)) == []  # they have not been handed in
    with pytest.raises(NotFound):
        actions.keep(evidence_id=mine[0].evidence.pk, version=1, by=who.moderator)
    with pytest.raises(NotAllowed):
        queries.lost(who.stranger, project)


def test_two_at_once(lost: Evidence, who: People) -> None:
    read = version(lost)
    with pytest.raises(VersionMissing):
        actions.keep(evidence_id=lost.pk, version=None, by=who.moderator)
    actions.keep(evidence_id=lost.pk, version=read, by=who.moderator)
    with pytest.raises(Stale):
        actions.keep(evidence_id=lost.pk, version=read, by=who.moderator2)


def test_the_page_of_an_accepted_reading(
    lost: Evidence, submitted: Reading, who: People, project: Project, client: Client
) -> None:
    worlds.decided(fresh(submitted), who.moderator)
    client.force_login(who.moderator)
    assert "Lost quotes" in client.get(f"/projects/{project.slug}/").content.decode()
    page = client.get(f"/projects/{project.slug}/quotes/").content.decode()
    assert "Found in more than one place" in page
    assert f'action="/evidence/{lost.pk}/place/"' in page
    section = submitted.article.sections.current().get(key="abstract")
    sent = {"version": version(lost), "place": f"{section.pk}:{section.text.index(WORDS)}"}
    said = client.post(f"/evidence/{lost.pk}/place/", sent, follow=True).content.decode()
    assert "The quote stands where you put it." in said
    assert fresh(lost).section_id == section.pk
    other = Evidence.objects.filter(annotation__reading=submitted, state=EvidenceState.MOVED).first()
    assert client.post(f"/evidence/{other.pk}/place/", {"version": version(other), "place": "x"}).status_code == 422
    client.post(f"/evidence/{other.pk}/keep/", {"version": version(other)})
    assert fresh(other).state == EvidenceState.KEPT
    client.force_login(who.curator)
    page = client.get(f"/projects/{project.slug}/quotes/").content.decode()
    assert "A moderator who did not read it settles this." in page


def test_by_api(lost: Evidence, submitted: Reading, who: People, project: Project, client: Client) -> None:
    told = {"HTTP_AUTHORIZATION": worlds.token_of(who.moderator)}
    listed = client.get(f"/api/v1/projects/{project.slug}/displaced-quotes", **told).json()
    (mine,) = [each for each in listed if each["id"] == lost.pk]
    assert [place["exact"] for place in mine["places"]] == [WORDS, WORDS]
    address, place = f"/api/v1/evidence/{lost.pk}/place", mine["places"][0]
    sent = {"section": place["section"], "start": place["start"]}
    assert client.post(address, sent, content_type="application/json", **told).status_code == 428
    stale = client.post(address, sent, content_type="application/json", HTTP_IF_MATCH='"99"', **told)
    assert stale.status_code == 412
    kept = client.post(address, sent, content_type="application/json", HTTP_IF_MATCH=f'"{mine["version"]}"', **told)
    assert (kept.status_code, kept.json()["evidence"][0]["state"]) == (200, "anchored")
    assert kept.headers["ETag"] == f'"{kept.json()["version"]}"'
