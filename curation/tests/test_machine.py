"""Ten thousand steps of anybody doing anything: what is refused changes nothing, and what is done keeps every promise.

The audit trail is the witness: each step is judged by the rows it says were written.
"""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Exists, OuterRef
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from curation import moves
from curation.annotation import actions as annotation
from curation.challenges import actions as challenges
from curation.choices import READING_OPEN, RulingKind
from curation.codebook.actions import load_codebook
from curation.errors import Refusal
from curation.models import (
    Annotation,
    Article,
    AuditEvent,
    Evidence,
    Finding,
    Project,
    Proposal,
    Reading,
    Ruling,
    Screening,
    User,
)
from curation.permissions import is_moderator
from curation.safekeeping import replaying, verifying
from curation.screening import flow
from curation.screening.queries import counts
from curation.tests import later_acts as later_acts
from curation.tests import worlds
from curation.tests.acts import ACTS, Site

EXAMPLES, STEPS = 25, 400  # of each: ten thousand
MOVES = {
    "curation_screening": moves.SCREENING_MOVES,
    "curation_reading": moves.READING_MOVES,
    "curation_finding": moves.FINDING_MOVES,
    "curation_proposal": moves.PROPOSAL_MOVES,
    "curation_flag": moves.FLAG_MOVES,
    "curation_samepatient": moves.SAME_MOVES,
    "curation_unmoved": moves.UNMOVED_MOVES,
}
#: What a finding says, and where it has it from: written once.
SETTLED = (
    "value",
    "status",
    "patient_id",
    "feature_id",
    "instance",
    "low",
    "high",
    "qualifiers",
    "comment",
    "ruling_id",
    "rule_id",
)
#: The only acts that may touch what a reading says while its reader may not: they say of whom it is said.
MEETING = {"reading.submit", "adjudication.publish", "adjudication.publish_agreed", "project.move_codebook"}
ARTICLES = range(1, 9)
#: These are tried more often, or little would ever be handed in; the first most often.
OFTEN = [*["answer", "submit", "take_next"] * 3, "publish_adjudicated", "decide", "publish_agreed", "add_patient", "merge", *ACTS]
#: The clock may always be looked at.
NEVER = {"release refused"}
CODEBOOK = """
codebook: tiny
title: A tiny codebook
version: 1.0.0
language: en
hpo_release: hp/releases/2025-01-16
statuses:
- {value: present, label: Present}
- {value: excluded, label: Excluded}
- {value: indeterminate, label: Indeterminate}
- {value: not_tested, label: Not tested}
- {value: not_reported, label: Not reported}
- {value: not_applicable, label: Not applicable}
groups:
- {slug: person, label: Person, description: ""}
features:
- {slug: side, group: person, label: Side, question: "Which side?", value_type: choice, tier: core, evidence_required: false,
   options: [{value: left, label: Left}, {value: right, label: Right}, {value: both, label: Both}]}
- {slug: sex, group: person, label: Sex, question: "Which sex?", value_type: choice, tier: core, evidence_required: false,
   options: [{value: female, label: Female}, {value: male, label: Male}]}
"""
LATER = (
    CODEBOOK.replace("1.0.0", "1.1.0")
    .replace(", {value: both, label: Both}", "")
    .replace("language: en", "language: en\nchanges: {since: 1.0.0, features: [{feature: side, lost: [both]}]}")
)


@pytest.fixture
def site(db: None) -> Site:
    """Two projects and the same articles in both: published, handed in (the readers of one differ), begun, to be read, and to be
    screened, by two who differ. Readings go back to the pool; nobody may have many."""
    who = worlds.some_people()
    codebook = load_codebook(text=CODEBOOK, by=who.administrator)
    load_codebook(text=LATER, by=who.administrator)
    solo = worlds.a_project(who, codebook, slug="solo")
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    for project in (solo, pair):
        worlds.set_up(project, who.moderator, abandoned_after=30, most_open=4)
        for pmid in ARTICLES[:-2]:
            worlds.included(project, worlds.an_article(pmid), who.moderator)
    for pmid in ARTICLES[-2:]:
        worlds.to_screen(solo, worlds.an_article(pmid), who.moderator)
        worlds.in_conflict(worlds.with_two_screeners(pair, who.moderator), worlds.an_article(pmid), who.curator, who.curator2)
    first = [read(solo, pmid, who.curator, side) for pmid, side in ((1, "left"), (2, "both"), (3, "both"))]
    agreeing = [read(pair, 1, by, "left") for by in (who.curator, who.curator2)]
    for reading in (*first[:2], agreeing[-1]):
        worlds.decided(reading, who.moderator)
    for pmid, sides in ((2, ("left", "right")), (3, ("both", "left"))):
        for by, side in zip((who.curator, who.curator2), sides, strict=True):
            read(pair, pmid, by, side)
    finding = Finding.objects.published().earliest("pk")
    for rival in (who.curator2, who.moderator2):
        challenges.propose(finding_id=finding.pk, field="comment", new="See figure 1.", reason="It helps.", by=rival)
    challenges.flag(finding_id=finding.pk, text="Look again.", by=who.stranger)
    people = [who.curator, who.curator2, who.moderator, who.moderator2, who.stranger]
    return Site(people, who.administrator, solo, pair)


def read(project: Project, pmid: int, by: User, side: str) -> Reading:
    article = Article.objects.get(pmid=pmid)
    reading = annotation.start_reading(project=project, article=article, patients=["The man"], by=by)
    worlds.answered(reading, "sex", "present", "male")
    worlds.answered(reading, "side", "present", side)
    reading = worlds.fresh(reading)
    return annotation.submit(reading_id=reading.pk, version=reading.version, by=by)


def test_no_order_of_acts_breaks_a_promise(site: Site) -> None:
    done: Counter[str] = Counter()

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.undoing = transaction.atomic()
            self.undoing.__enter__()
            self.last = last_event()

        @rule(name=st.sampled_from(OFTEN), by=st.sampled_from(site.people), n=st.integers(0, 9_999))
        def somebody_tries(self, name: str, by: User, n: int) -> None:
            try:
                ACTS[name](site, by, n)
            except Refusal:
                done[f"{name} refused"] += 1
                assert last_event() == self.last, f"{name} was refused and yet wrote"
                return
            events = list(AuditEvent.objects.filter(pk__gt=self.last).order_by("pk"))
            done[name if events else f"{name} on nothing"] += 1
            if events:
                self.last = events[-1].pk
                for event in events:
                    judge(event)
                assert_blind(by)

        def teardown(self) -> None:
            add_up(site)
            assert [table.table for table in replaying.replay() if not table.is_equal] == []
            assert list(verifying.faults()) == []
            transaction.set_rollback(True)
            self.undoing.__exit__(None, None, None)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # to try four hundred acts again in fewer takes hours, and what is wrong is said anyway
        ),
    )
    assert sum(done.values()) >= EXAMPLES * STEPS
    never = [name for act in ACTS for name in (act, f"{act} refused") if not done[name] and name not in NEVER]
    assert not never, f"what never comes about proves nothing: {never} of {sorted(done.items())}"


def assert_blind(by: User) -> None:
    """Whoever still reads an article sees no reading of it but their own."""
    mine = Reading.objects.open().filter(curator=by, project=OuterRef("project"), article=OuterRef("article"))
    theirs = Reading.objects.filter(Exists(mine)).exclude(curator=by)
    assert not (theirs & Reading.objects.visible_to(by)).exists()
    assert not Annotation.objects.visible_to(by).filter(reading__in=theirs).exists()


def last_event() -> int:
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def judge(event: AuditEvent) -> None:
    """Whether what was written may be written."""
    before, after = event.before or {}, event.after or {}
    said = f"{event.verb} of {event.table} {event.row_id}: {before} -> {after}"
    if event.table in MOVES and event.operation == "INSERT":
        assert after["state"] == next(iter(MOVES[event.table])), said
    if event.table in MOVES and event.operation == "UPDATE" and before["state"] != after["state"]:
        assert after["state"] in MOVES[event.table][before["state"]], said
    if event.table in ("curation_ruling", "curation_findingsource", "curation_auditevent"):
        assert event.operation == "INSERT", said
    if event.table == "curation_finding":
        assert event.operation != "DELETE", said
        assert event.operation == "INSERT" or all(before[name] == after[name] for name in SETTLED), said
    if event.table in ("curation_annotation", "curation_evidence") and event.verb not in MEETING:
        assert is_open_to(event, {**before, **after}), said
    if event.table == "curation_ruling":
        assert_not_own(event.actor_id, Ruling.objects.get(pk=event.row_id))
    if event.table == "curation_proposal" and after.get("state") == "accepted":
        assert Proposal.objects.get(pk=event.row_id).proposed_by_id != event.actor_id, said


def is_open_to(event: AuditEvent, row: dict[str, Any]) -> bool:
    """Whether the row's reading is its reader's to write in, and they write."""
    if event.table == "curation_evidence":
        found = Evidence.objects.filter(pk=row["id"]).values_list("annotation__reading", flat=True).first()
        return found is None or Reading.objects.get(pk=found).state in READING_OPEN
    reading = Reading.objects.get(pk=row["reading_id"])
    return reading.state in READING_OPEN and reading.curator_id == event.actor_id


def assert_not_own(actor: int, ruling: Ruling) -> None:
    """Nobody decides on what they recorded themselves; whoever decides moderates there. A mapping decides on nothing."""
    assert is_moderator(User.objects.get(pk=actor), ruling.project)
    if ruling.kind == RulingKind.UPGRADE:
        return
    if ruling.reading is not None:
        assert ruling.reading.curator_id != actor
    findings = Finding.objects.filter(ruling=ruling) | Finding.objects.filter(retraction=ruling)
    assert not findings.filter(annotations__reading__curator=actor).exists()


def add_up(site: Site) -> None:
    """Every number of articles is the number of its rows."""
    for project in (site.solo, site.pair):
        rows = Screening.objects.filter(project=project)
        assert sum(counts(project).values()) == rows.count() == len(ARTICLES)
        told = {
            line.box: line.number for _phase, line in flow.flow(site.administrator, project).lines if line.box and not line.detail
        }
        assert told["screened"] + told.get("waiting", 0) == len(ARTICLES)
        assert told["sought"] == told["not_retrieved"] + told["assessed"]
        assert told["assessed"] == told["excluded_later"] + told["included"]
