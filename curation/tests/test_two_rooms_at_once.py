"""Two rooms at work on the same rows, with real connections: none waits for ever, and what is left is as if one came after."""

import pytest

from curation.adjudication import actions as adjudication
from curation.annotation import actions as annotation
from curation.annotation.actions import Quote
from curation.assignment import actions as assignment
from curation.challenges import actions as challenges
from curation.choices import FindingState, FlagState, ReadingState
from curation.errors import NotAllowed, NotFound, Refusal, Stale, WrongState
from curation.models import (
    Annotation,
    Article,
    CodebookVersion,
    Finding,
    Flag,
    Notice,
    PatientMerge,
    Project,
    Proposal,
    Reading,
    Ruling,
    Section,
    Unmoved,
)
from curation.patients import actions as patients
from curation.review import actions as review
from curation.standing import queries as standing
from curation.tests import worlds
from curation.tests.adjudication.conftest import DIFFERING, Case
from curation.tests.review.test_two_moderators import at_once, publish
from curation.tests.upgrades.conftest import later
from curation.tests.worlds import People, fresh
from curation.upgrades import actions as upgrades

__all__ = ["later"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_flag_comes_while_the_finding_is_retracted(published: Ruling, who: People) -> None:
    """It is kept, and still to be answered."""
    finding = published.findings.get(feature__slug="sex")
    flag, ruling = at_once(
        lambda: challenges.flag(finding_id=finding.pk, text="A woman.", by=who.stranger),
        lambda: review.retract(finding_id=finding.pk, version=finding.version, reason="A slip.", by=who.moderator),
    )
    assert isinstance(ruling, Ruling)
    assert isinstance(flag, Flag)
    challenges.resolve(flag_id=flag.pk, version=flag.version, answer="It is taken back.", by=who.moderator2)
    assert (fresh(flag).state, fresh(finding).state) == (FlagState.RESOLVED, FindingState.RETRACTED)


def test_a_change_is_proposed_while_the_finding_is_retracted(published: Ruling, who: People) -> None:
    """An open proposal is one that can still be decided on."""
    finding = published.findings.get(feature__slug="sex")
    section = Section.objects.current().get(article=published.article, key="abstract")
    quotes = [Quote(section_id=section.pk, exact="A 35-year-old male")]
    proposal, ruling = at_once(
        lambda: challenges.propose(
            finding_id=finding.pk, field="comment", new="See there.", reason="It helps.", quotes=quotes, by=who.curator2
        ),
        lambda: review.retract(finding_id=finding.pk, version=finding.version, reason="A slip.", by=who.moderator),
    )
    assert isinstance(ruling, Ruling)
    assert isinstance(proposal, Proposal | WrongState)
    if isinstance(proposal, Proposal):
        with pytest.raises(WrongState, match="Reject it"):
            challenges.accept(proposal_id=proposal.pk, version=proposal.version, by=who.moderator2)
        challenges.reject(proposal_id=proposal.pk, version=proposal.version, reason="It is gone.", by=who.moderator2)


def test_a_notice_comes_while_a_moderator_publishes(submitted: Reading, who: People) -> None:
    """Whichever is first, the article asks for another look."""
    told = {"position": 1, "kind": "RetractionIn", "source": "J. 2026", "pmid": 1}
    ruling, _notice = at_once(publish(submitted, who.moderator), lambda: Notice.objects.create(article=submitted.article, **told))
    assert isinstance(ruling, Ruling)
    assert set(standing.of_articles(who.moderator, submitted.project, [submitted.article_id]).values()) == {"to_reevaluate"}


def test_patients_are_merged_while_the_reading_is_handed_in(project: Project, article: Article, who: People) -> None:
    worlds.included(project, article, who.moderator)
    reading = worlds.complete(project, article, who.curator)
    kept = reading.patients.get()
    gone = annotation.add_patient(reading_id=reading.pk, label="The man", by=who.curator)
    reading = fresh(reading)
    merge, handed_in = at_once(
        lambda: patients.merge(reading_id=reading.pk, kept_id=kept.pk, gone_id=gone.pk, choices={}, by=who.curator),
        lambda: annotation.submit(reading_id=reading.pk, version=reading.version, by=who.curator),
    )
    assert isinstance(merge, PatientMerge), "a patient of whom nothing is said cannot be handed in"
    assert isinstance(handed_in, Reading | Refusal)
    assert isinstance(handed_in, Reading) == (fresh(reading).state == ReadingState.SUBMITTED)
    assert reading.patients.get() == kept


@pytest.fixture
def case(who: People, codebook: CodebookVersion, article: Article) -> Case:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    worlds.included(pair, article, who.moderator)
    one, other = worlds.read_twice(pair, article, who.curator, who.curator2, differing=DIFFERING)
    return Case(pair, article, one, other, who.moderator)


def test_a_moderator_decides_while_the_codebook_moves(case: Case, later: CodebookVersion, who: People) -> None:
    """The decision is one on what the readings say by then, or is refused."""
    version, place = case.desk().version, case.point("age").place
    moved, decided = at_once(
        lambda: upgrades.move(project_id=case.project.pk, version=case.project.version, number="1.1.0", by=who.moderator2),
        lambda: adjudication.decide(
            project=case.project,
            article_id=case.article.pk,
            version=version,
            place=place,
            outcome="followed",
            reading_id=case.one.pk,
            reason="So it says.",
            by=who.moderator,
        ),
    )
    assert not isinstance(moved, Refusal)
    assert fresh(case.one).codebook_version == fresh(case.other).codebook_version == later
    assert not isinstance(decided, Refusal) or isinstance(decided, Stale | WrongState | NotFound)
    case.desk()


def test_a_moderator_publishes_both_while_the_codebook_moves(case: Case, later: CodebookVersion, who: People) -> None:
    """What is public is in the new codebook, or waits for a person; nothing under a feature that is gone."""
    case.settle()
    version = case.desk().version
    moved, ruled = at_once(
        lambda: upgrades.move(project_id=case.project.pk, version=case.project.version, number="1.1.0", by=who.moderator2),
        lambda: adjudication.publish(project=case.project, article_id=case.article.pk, version=version, by=who.moderator),
    )
    assert not isinstance(moved, Refusal)
    assert isinstance(ruled, Ruling | Stale | WrongState)
    public = Finding.objects.published().filter(rule=None)
    assert not public.exclude(feature__slug__in=later.features.values("slug")).exists()
    assert isinstance(ruled, Ruling) == Unmoved.objects.filter(finding__isnull=False).exists()


def test_a_member_is_removed_while_they_save(project: Project, article: Article, who: People) -> None:
    """What was saved is kept in the draft; what came too late is refused; nothing of theirs stays open."""
    worlds.included(project, article, who.moderator)
    reading = worlds.started(project, article, who.curator)
    patient = reading.patients.get()
    saved, left = at_once(
        lambda: annotation.record(
            reading_id=reading.pk, patient_id=patient.pk, feature_slug="sex", status="present", value="male", by=who.curator
        ),
        lambda: assignment.leave(project=project, user=who.curator, by=who.administrator),
    )
    assert not isinstance(left, Refusal)
    assert isinstance(saved, Annotation | NotAllowed | NotFound | WrongState)
    assert fresh(reading).state == ReadingState.RELEASED
    assert reading.annotations.exists() == isinstance(saved, Annotation)


def test_a_member_is_removed_while_they_hand_in(project: Project, article: Article, who: People) -> None:
    worlds.included(project, article, who.moderator)
    reading = worlds.complete(project, article, who.curator)
    handed_in, left = at_once(
        lambda: annotation.submit(reading_id=reading.pk, version=reading.version, by=who.curator),
        lambda: assignment.leave(project=project, user=who.curator, by=who.administrator),
    )
    assert not isinstance(left, Refusal)
    state = ReadingState.SUBMITTED if isinstance(handed_in, Reading) else ReadingState.RELEASED
    assert fresh(reading).state == state


def test_a_member_is_removed_while_they_take_the_next(project: Project, article: Article, who: People) -> None:
    """Nobody who is gone has anything open."""
    worlds.included(project, article, who.moderator)
    at_once(
        lambda: assignment.take_next(project=project, by=who.curator),
        lambda: assignment.leave(project=project, user=who.curator, by=who.administrator),
    )
    assert not Reading.objects.open().exists()
