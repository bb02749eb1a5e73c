"""What became of each thing, in sentences: complete for whoever may know, and silent for whoever may not."""

import pytest
from django.test import Client

from curation.annotation import actions as annotation
from curation.annotation.notes.actions import NoteOn
from curation.articles import actions as imports
from curation.challenges import actions as challenges
from curation.cohorts import actions as cohorts
from curation.errors import NotFound
from curation.models import Article, CodebookVersion, Project, Reading, Ruling, Screening, User
from curation.people import actions as people
from curation.review import actions as review
from curation.stories import queries
from curation.tests import worlds
from curation.tests.worlds import People, fresh


def told(user: object, kind: str, **address: object) -> list[str]:
    """Oldest first."""
    story = queries.story(user, kind, queries.find(user, kind, **address))
    return [
        " | ".join([f"{event.actor} {event.did}", *event.effects]) + (f" – {event.reason}" if event.reason else "")
        for event in reversed(story.events)
    ]


def test_a_reading_from_its_beginning_to_its_publication(submitted: Reading, who: People) -> None:
    back = worlds.sent_back(submitted, who.moderator, NoteOn("Where?", submitted.patients.get().pk, "age"))
    lines = told(who.curator, "reading", pk=back.pk)
    assert lines[0].startswith("The curator began the reading")
    assert "The curator added the patient | Patient 1" in lines
    (answers,) = [line for line in lines if line.startswith("The curator recorded an answer")]  # one transaction, in a test
    assert "Age at report: Present 35 years | “35-year-old”" in answers
    assert any(line.startswith("The curator submitted the reading | state: In progress → Submitted") for line in lines)
    assert "The moderator asked the reader | Age at report: “Where?”" in lines


def test_a_removed_answer_and_patient_stay_in_the_story(started: Reading, who: People) -> None:
    answer = worlds.answered(started, "age", "present", "P35Y", "35-year-old")
    annotation.remove(annotation_id=answer.pk, version=answer.version, by=who.curator)
    patient = started.patients.get()
    annotation.remove_patient(reading_id=started.pk, patient_id=patient.pk, version=patient.version, by=who.curator)
    lines = told(who.curator, "reading", pk=started.pk)
    assert "The curator removed an answer | “35-year-old” | Age at report: Present 35 years" in lines
    assert any(line.startswith("The curator removed the patient") for line in lines)


def test_a_finding_with_its_proposals_flags_and_successors(published: Ruling, who: People) -> None:
    finding = published.findings.get(feature__slug="age")
    quote = annotation.Quote(section_id=published.article.sections.get(key="abstract").pk, exact="12 years")
    made = challenges.propose(
        finding_id=finding.pk, field="value", new="P36Y", reason="At biopsy.", quotes=[quote], by=who.curator2
    )
    challenges.flag(finding_id=finding.pk, text="Look again.", by=who.stranger)
    challenges.accept(proposal_id=made.pk, version=1, by=who.moderator2)
    lines = told(who.moderator, "finding", pk=finding.pk)
    assert lines[0] == "The moderator published a reading | Age at report: Present 35 years"
    assert lines[1].startswith("The curator2 proposed a change | “At biopsy.”")
    assert lines[2] == "The stranger raised a flag | “Look again.”"
    changed = "Age at report: Published → Superseded | Age at report: Present 36 years"
    assert f"The moderator2 changed a finding | {changed} – At biopsy." in lines
    public = told(None, "finding", pk=finding.pk)
    assert not any("flag" in line or "proposed" in line for line in public)
    assert len(told(who.curator2, "proposal", pk=made.pk)) >= 2


def test_an_article_of_a_project_a_patient_a_ruling_and_a_flag(published: Ruling, who: People) -> None:
    screening = Screening.objects.get(article=published.article)
    lines = told(who.moderator, "screening", pk=screening.pk)
    assert lines[0].startswith("The moderator brought the article in to be screened")
    assert any(line.startswith("The moderator published a reading") for line in lines)
    finding = published.findings.get(feature__slug="sex")
    review.retract(finding_id=finding.pk, version=finding.version, reason="A slip.", by=who.moderator2)
    retracted = "The moderator2 retracted a finding | Sex: Published → Retracted – A slip."
    assert retracted in told(None, "patient", pk=finding.patient_id)
    assert retracted in told(None, "ruling", pk=published.pk)
    flag = challenges.flag(finding_id=finding.pk, text="Look again.", by=who.stranger)
    assert told(who.stranger, "flag", pk=flag.pk) == ["The stranger raised a flag | “Look again.”"]
    with pytest.raises(NotFound):
        told(who.curator, "flag", pk=flag.pk)


def test_a_project_a_codebook_and_an_import(project: Project, codebook: CodebookVersion, who: People) -> None:
    people.set_membership(project=project, user=who.curator, role="moderator", by=who.administrator)
    people.end_membership(project=project, user=who.curator2, by=who.administrator)
    lines = told(who.moderator, "project", slug=project.slug)
    assert lines[0].startswith("administrator made the project")
    assert "administrator gave the role" in lines[-2]
    assert "The curator: Curator → Moderator" in lines[-2]
    assert lines[-1] == "administrator ended the membership | The curator2: no longer Curator"
    with pytest.raises(NotFound):
        told(who.stranger, "project", slug="nowhere")
    assert told(None, "codebook", slug="imnm", number="1.0.0")[0].startswith("administrator loaded the codebook")
    batch = imports.open_batch_of_ids(project=project, text="1", by=who.moderator)
    imports.stop(batch_id=batch.pk, by=who.moderator2)
    imports.resume(batch_id=batch.pk, by=who.moderator)
    assert told(who.moderator, "batch", pk=batch.pk) == [
        "The moderator opened an import",
        "The moderator2 stopped the import",
        "The moderator resumed the import",
    ]


def test_of_a_cohort_others_learn_nothing_of_the_time_when_it_was_private(project: Project, who: People) -> None:
    kept = cohorts.save_cohort(project=project, title="Secret", question="sex = male", by=who.curator)
    for title in ("Told", "Told again"):
        kept = cohorts.change_cohort(
            cohort_id=kept.pk, version=kept.version, title=title, question="sex = male", is_public=True, by=who.curator
        )
    assert len(told(who.curator, "cohort", pk=kept.pk)) == 2  # saved, and changed twice in one transaction of this test
    (line,) = told(who.stranger, "cohort", pk=kept.pk)
    assert "Secret" not in line
    assert "title: Told → Told again" in line


def blind(user: User, screening: Screening) -> str:
    return "\n".join(told(user, "screening", pk=screening.pk))


def test_a_blind_reader_learns_nothing_of_the_other(who: People, codebook: CodebookVersion, article: Article) -> None:
    project = worlds.a_project(who, codebook, readers_required=2)
    screening = worlds.included(project, article, who.moderator2)
    own = worlds.started(project, article, who.moderator)
    other = worlds.submitted(project, article, who.curator)
    worlds.sent_back(other, who.moderator2, note="See figure 1.")
    for user in (who.moderator, who.curator2):
        assert "The curator" not in blind(user, screening).replace("The curator2", "")
        assert "sent the reading back" not in blind(user, screening)
        for kind, pk in (("reading", other.pk), ("ruling", other.rulings.get().pk), ("patient", other.patients.get().pk)):
            with pytest.raises(NotFound):
                told(user, kind, pk=pk)
    assert told(who.moderator, "patient", pk=own.patients.get().pk) == ["The moderator added the patient"]
    assert "began the reading" in blind(who.moderator, screening)
    assert "sent the reading back" in blind(who.moderator2, screening)


def test_pages_go_backwards_to_the_beginning(client: Client, submitted: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_ACTS", 2)
    client.force_login(submitted.curator)
    address, seen = f"/api/v1/readings/{submitted.pk}/history", []
    asked = address
    while True:
        page = client.get(asked).json()
        seen += page["events"]
        if page["older"] is None:
            break
        asked = f"{address}?before={page['older']}"
    assert seen[-1]["did"] == "began the reading"
    assert "What was before" in client.get(f"/readings/{submitted.pk}/history/").content.decode()
    assert fresh(submitted).state == "submitted"
