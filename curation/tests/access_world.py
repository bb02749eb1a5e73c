"""The people and things that ``test_access`` tries every route with, each thing reached by actions, everywhere twice:
in a public project and in a private one."""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.test import Client

from curation import tasks
from curation.adjudication import actions as adjudication
from curation.adjudication import queries as adjudicated
from curation.annotation import actions as annotation
from curation.annotation import reversal
from curation.articles import actions as imports
from curation.challenges import actions as challenges
from curation.choices import ITEM_RETRYABLE
from curation.codebook.actions import load_codebook
from curation.cohorts import actions as cohorts
from curation.models import (
    Annotation,
    ApiToken,
    Article,
    Batch,
    BatchItem,
    CodebookVersion,
    Cohort,
    Evidence,
    Figure,
    Finding,
    Flag,
    Judged,
    Patient,
    PatientMerge,
    Project,
    Proposal,
    Reading,
    ReadingNote,
    SamePatient,
    Screening,
    Section,
    StandingSearch,
    Unmoved,
    User,
)
from curation.notices.mail import actions as mail
from curation.patients import actions as patients
from curation.people import actions as people
from curation.searches import actions as searches
from curation.suggestions import actions as suggestions
from curation.suggestions import queries as suggested
from curation.tests import worlds
from curation.tests.articles.fulltexts import a_bucket, given
from curation.tests.codebook.versions import CHANGES, EVERY_KIND, edited
from curation.upgrades import actions as upgrades


class Person(StrEnum):
    """Who tries. ``CURATOR`` owns the readings, ``OWN_MODERATOR`` moderates the project and meets their own work there."""

    NOBODY = "nobody"
    STRANGER = "stranger"
    OUTSIDER = "curator of another project"
    CURATOR = "curator"
    OTHER_CURATOR = "other curator"
    MODERATOR = "moderator"
    OWN_MODERATOR = "moderator of own work"
    ADMINISTRATOR = "administrator"


class Row(NamedTuple):
    """Of a series: its version, as a versioned thing's."""

    version: int


@dataclass(frozen=True)
class Contest:
    """An article of two readings; ``version`` as the adjudication is written at."""

    project: Project
    article: Article
    moderator: User

    @property
    def version(self) -> int:
        return adjudicated.desk(self.moderator, worlds.fresh(self.project), self.article.pk).version

    @property
    def follows(self) -> dict[str, Any]:
        """A decision on the CK value, as programs send it."""
        reading = self.article.readings.earliest("pk")
        patient = reading.patients.get().pk
        return {"patient": patient, "feature": "ck", "outcome": "followed", "reading": reading.pk, "reason": "Table 1."}


@dataclass(frozen=True)
class World:
    """One project with a thing in every state; ``own_`` things are those that OWN_MODERATOR read."""

    who: worlds.People
    project: Project
    to_screen: Screening
    conflict: Screening
    included: Screening
    pictured: Screening
    started: Reading
    complete: Reading
    submitted: Reading
    own_submitted: Reading
    note: ReadingNote
    token: ApiToken
    waiting: Batch
    stopped: Batch
    failed: Batch
    cohort: Cohort
    search: StandingSearch
    paused: StandingSearch
    finding: Finding
    own_finding: Finding
    doubled: Reading
    merge: PatientMerge
    proposed: SamePatient
    own_proposed: SamePatient
    confirmed: SamePatient
    rejected: Judged
    displaced: Reading
    own_displaced: Reading
    proposal: Proposal
    own_proposal: Proposal
    flag: Flag
    noticed: Finding
    unmoved: Unmoved
    own_unmoved: Unmoved
    contest: Contest
    own_contest: Contest
    agreeing: Contest
    adjudicated: Contest

    def user(self, person: Person) -> User | AnonymousUser:
        who = self.who
        return {
            Person.NOBODY: AnonymousUser(),
            Person.STRANGER: who.stranger,
            Person.OUTSIDER: who.outsider,
            Person.CURATOR: who.curator,
            Person.OTHER_CURATOR: who.curator2,
            Person.MODERATOR: who.moderator2,
            Person.OWN_MODERATOR: who.moderator,
            Person.ADMINISTRATOR: who.administrator,
        }[person]

    @property
    def own_agreeing(self) -> Contest:
        return self.own_contest

    @property
    def own_adjudicated(self) -> Contest:
        return self.own_contest

    @property
    def figure(self) -> Figure:
        """Of the article whose full text is here."""
        return self.pictured.article.figures.get()

    @property
    def failed_item(self) -> BatchItem:
        return self.failed.items.filter(state__in=ITEM_RETRYABLE).earliest("pk")

    @property
    def patient(self) -> Patient:
        """Of the complete reading."""
        return self.complete.patients.get()

    @property
    def mistaken(self) -> Patient:
        """Of the reading just started; nothing is recorded of them."""
        return self.started.patients.get()

    @property
    def answer(self) -> Annotation:
        """Of the complete reading, with evidence."""
        return self.complete.annotations.get(feature__slug="age")

    @property
    def proof(self) -> Evidence:
        return self.answer.evidence.get()

    @property
    def known(self) -> Patient:
        """Of whom something is published."""
        return self.finding.patient

    @property
    def row(self) -> Row:
        """The one row of the complete reading's series."""
        return Row(self.complete.annotations.get(feature__slug="ck").version)

    @property
    def lost_answer(self) -> Annotation:
        """Handed in; its quote lost its place."""
        return self.displaced.annotations.get(feature__slug="age")

    @property
    def own_lost_answer(self) -> Annotation:
        return self.own_displaced.annotations.get(feature__slug="age")

    @property
    def lost(self) -> Evidence:
        return self.lost_answer.evidence.get()

    @property
    def own_lost(self) -> Evidence:
        return self.own_lost_answer.evidence.get()

    @property
    def section(self) -> Section:
        return self.complete.article.sections.get(key="abstract")

    def met_by(self, person: Person, thing: str) -> Any:
        """The thing of this name; for OWN_MODERATOR their own, where there is one."""
        own = f"own_{thing}"
        return getattr(self, own if person is Person.OWN_MODERATOR and hasattr(self, own) else thing)


def reconsidered(reading: Reading) -> Reading:
    """The same, with a remark that was taken back: something to undo, and something to do again."""
    worlds.answered(reading, "remark", "present", "Never mind.")
    reversal.undo(reading_id=reading.pk, by=reading.curator)
    return worlds.fresh(reading)


def build(who: worlds.People, *, is_public: bool) -> World:
    codebook = worlds.small_codebook(who.administrator)
    project = worlds.a_project(who, codebook, slug="public" if is_public else "private", is_public=is_public)
    articles = iter(worlds.an_article(pmid=n + 100 * is_public, pmcid=f"PMC{n + 100 * is_public}") for n in range(1, 100))

    def included() -> Screening:
        return worlds.included(project, next(articles), who.moderator2)

    def submitted(by: User) -> Reading:
        return worlds.submitted(project, included().article, by)

    mail.choose(address="one@example.org", kinds=["assigned"], every="day", by=who.curator)
    read = [submitted(who.curator) for _ in range(4)]
    found = [_first_finding(reading, who.moderator2) for reading in read]
    own_finding = _first_finding(submitted(who.moderator), who.moderator2)
    left, own_left = _left(who, codebook, (next(articles), next(articles)), is_public=is_public)
    pair = _pair(who, codebook, is_public=is_public)
    return World(
        who=who,
        project=project,
        to_screen=worlds.to_screen(project, next(articles), who.moderator2),
        conflict=_in_conflict(who, codebook, next(articles), is_public=is_public),
        included=included(),
        pictured=_pictured(included(), who.administrator),
        started=worlds.started(project, included().article, who.curator),
        complete=reconsidered(worlds.complete(project, included().article, who.curator)),
        submitted=submitted(who.curator),
        own_submitted=submitted(who.moderator),
        note=_asked(submitted(who.curator), who.moderator2),
        token=people.issue_token(name="a program", scopes=["read"], by=who.curator)[0],
        waiting=imports.open_batch_of_ids(project=project, text="1", by=who.curator),
        stopped=imports.stop(batch_id=imports.open_batch_of_ids(project=project, text="1", by=who.curator).pk, by=who.curator),
        failed=_failed_import(project, who.curator),
        cohort=cohorts.save_cohort(project=project, title="Men", question="sex = male", is_public=is_public, by=who.curator),
        search=_standing(project, "Kept", who.moderator2),
        paused=_paused(_standing(project, "Paused", who.moderator2)),
        finding=found[0],
        own_finding=own_finding,
        doubled=_doubled(project, included().article, who.curator),
        merge=_merged(_doubled(project, included().article, who.curator)),
        proposed=_same(found[0], found[1], who.curator),
        own_proposed=_same(own_finding, found[1], who.curator),
        confirmed=_same(found[2], found[3], who.moderator2),
        rejected=_rejected(worlds.started(project, included().article, who.curator)),
        displaced=worlds.displaced(submitted(who.curator)),
        own_displaced=worlds.displaced(submitted(who.moderator)),
        proposal=_proposed(_first_finding(submitted(who.curator), who.moderator2), who.curator2),
        own_proposal=_proposed(_first_finding(submitted(who.curator), who.moderator2), who.moderator),
        noticed=worlds.noticed(_first_finding(submitted(who.curator), who.moderator2)),
        contest=_decided(_contest(pair, next(articles), who, who.curator2, age="P36Y", ck=5200)),
        own_contest=_contest(pair, next(articles), who, who.moderator, age="P36Y", ck=5200),
        agreeing=_contest(pair, next(articles), who, who.curator2),
        adjudicated=_adjudicated(_contest(pair, next(articles), who, who.curator2)),
        flag=challenges.flag(
            finding_id=_first_finding(submitted(who.curator), who.moderator2).pk, text="Look again.", by=who.curator2
        ),
        unmoved=left,
        own_unmoved=own_left,
    )


def _in_conflict(who: worlds.People, codebook: CodebookVersion, article: Article, *, is_public: bool) -> Screening:
    """One that the curator and OWN_MODERATOR said the opposite of, in a project of two screeners."""
    slug = f"two-{'public' if is_public else 'private'}"
    pair = worlds.with_two_screeners(worlds.a_project(who, codebook, slug=slug, is_public=is_public), who.moderator2)
    return worlds.in_conflict(pair, article, who.curator, who.moderator)


def _left(
    who: worlds.People, codebook: CodebookVersion, articles: tuple[Article, Article], *, is_public: bool
) -> tuple[Unmoved, Unmoved]:
    """What a move left, read by the curator and by OWN_MODERATOR, in a project that moved to a later version."""
    load_codebook(text=edited(EVERY_KIND, CHANGES), by=who.administrator)
    project = worlds.a_project(who, codebook, slug=f"moved-{'public' if is_public else 'private'}", is_public=is_public)
    for article, reader in zip(articles, (who.curator, who.moderator), strict=True):
        worlds.included(project, article, who.moderator2)
        worlds.decided(worlds.submitted(project, article, reader), who.moderator2)
    upgrades.move(project_id=project.pk, version=project.version, number="1.1.0", by=who.moderator2)
    left = Unmoved.objects.filter(finding__project=project, finding__feature__slug="weakness")
    return left.get(finding__ruling__article=articles[0]), left.get(finding__ruling__article=articles[1])


def _pair(who: worlds.People, codebook: CodebookVersion, *, is_public: bool) -> Project:
    """A project of two readers, which publishes first what they agree on."""
    slug = f"pair-{'public' if is_public else 'private'}"
    pair = worlds.a_project(who, codebook, slug=slug, is_public=is_public, readers_required=2)
    version = pair.version
    return adjudication.set_merge_policy(project_id=pair.pk, version=version, policy="agreed_first", by=who.moderator2)


def _contest(pair: Project, article: Article, who: worlds.People, other: User, **differing: object) -> Contest:
    worlds.included(pair, article, who.moderator2)
    worlds.read_twice(pair, article, who.curator, other, differing=differing)
    return Contest(pair, article, who.moderator2)


def _decided(contest: Contest) -> Contest:
    """In one of the two points that the readers differ in."""
    by, desk = contest.moderator, adjudicated.desk(contest.moderator, contest.project, contest.article.pk)
    point = next(point for point in desk.points if point.feature.slug == "age")
    adjudication.decide(
        project=contest.project,
        article_id=contest.article.pk,
        version=desk.version,
        place=point.place,
        outcome="neither",
        reason="No.",
        by=by,
    )
    return contest


def _adjudicated(contest: Contest) -> Contest:
    adjudication.publish(project=contest.project, article_id=contest.article.pk, version=contest.version, by=contest.moderator)
    return contest


def _asked(reading: Reading, by: User) -> ReadingNote:
    """A question about the age, in a reading that was sent back with it."""
    return worlds.asked(reading, "age", "Where does it say so?", by)


def _doubled(project: Project, article: Article, by: User) -> Reading:
    """With a patient added twice."""
    reading = worlds.started(project, article, by)
    annotation.add_patient(reading_id=reading.pk, label="The man", by=by)
    return reading


def _merged(reading: Reading) -> PatientMerge:
    kept, gone = reading.patients.order_by("pk")
    return patients.merge(reading_id=reading.pk, kept_id=kept.pk, gone_id=gone.pk, choices={}, by=reading.curator)


def _same(one: Finding, other: Finding, by: User) -> SamePatient:
    return patients.mark_same(patient_id=one.patient_id, other_id=other.patient_id, reason="Same figures.", by=by)


def _pictured(screening: Screening, by: User) -> Screening:
    with a_bucket() as bucket:
        given(bucket, screening.article, by)
    return screening


def _rejected(reading: Reading) -> Judged:
    """The reader's no to the first suggestion."""
    found = suggested.offered(reading.curator, reading.pk)
    key, patient = found.offers[0].key, reading.patients.get().pk
    return suggestions.reject(reading_id=reading.pk, patient_id=patient, key=key, by=reading.curator)


def _standing(project: Project, title: str, by: User) -> StandingSearch:
    return searches.create(project=project, title=title, query="myositis", every_days=7, by=by)


def _paused(search: StandingSearch) -> StandingSearch:
    return searches.pause(search_id=search.pk, version=search.version, by=search.owner)


def _failed_import(project: Project, by: User) -> Batch:
    """A file of one record that holds no title, worked off."""
    file = BytesIO(b"<S><PubmedArticle><MedlineCitation><PMID>7</PMID></MedlineCitation></PubmedArticle></S>")
    batch = imports.open_batch_of_file(project=project, name="one.xml", stream=file, by=by)
    tasks.run_batch(batch.pk)
    return worlds.fresh(batch)


def _proposed(finding: Finding, by: User) -> Proposal:
    return challenges.propose(finding_id=finding.pk, field="comment", new="See figure 1.", reason="It helps.", by=by)


def _first_finding(reading: Reading, moderator: User) -> Finding:
    return worlds.decided(reading, moderator).findings.earliest("pk")


def everybody() -> worlds.People:
    """The people, and a project elsewhere in which the outsider is a curator."""
    who = worlds.some_people()
    elsewhere = worlds.a_project(who, worlds.small_codebook(who.administrator), slug="elsewhere", is_public=False)
    people.set_membership(project=elsewhere, user=who.outsider, role="curator", by=who.administrator)
    return who


def sessions(world: World) -> dict[Person, str]:
    """The session of each person who is signed in, by its key."""
    found = {}
    for person in Person:
        if (user := world.user(person)).is_authenticated:
            client = Client()
            client.force_login(user)
            found[person] = client.session.session_key
    return found
