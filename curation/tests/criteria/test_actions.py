"""Rules loaded, and findings derived by them: in step with what is published, explained, never twice, never a guess."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from curation.audit import acting
from curation.choices import FindingState, RulingKind
from curation.codebook.actions import load_codebook
from curation.criteria import queries
from curation.criteria.actions import load_rules, recompute, recompute_all
from curation.errors import Invalid, NotAllowed
from curation.models import AuditEvent, Codebook, CodebookVersion, Feature, Finding, Patient, Project, Rule, Ruling
from curation.tests import worlds

SEEDS = Path(settings.BASE_DIR) / "seeds"
BOOK = """
codebook: small
title: Small
version: 1.0.0
language: en
statuses: [{value: present, label: Present}]
groups: [{slug: signs, label: Signs}]
features:
- {slug: fever, group: signs, label: Fever, question: Fever?, value_type: finding, tier: core, evidence_required: true}
- {slug: rash, group: signs, label: Rash, question: Rash?, value_type: finding, tier: core, evidence_required: true}
- {slug: kind, group: signs, label: Kind, question: (derived), value_type: derived, tier: core,
   derivation: from both, evidence_required: false, options: [{value: both, label: Both}, {value: not_both, label: Not both}]}
"""
RULES = """
codebook: small
rules:
- rule: kind
  version: 1.0.0
  derives: kind
  title: Both or not
  reference: Written for the tests.
  verified: true
  cases:
  - {value: both, when: {all: [{feature: fever, is: present}, {feature: rash, is: present}]}}
  - {value: not_both}
"""

Publish = Callable[..., dict[str, Finding]]


@pytest.fixture
def who(db: None) -> worlds.People:
    return worlds.some_people()


@pytest.fixture
def version(who: worlds.People) -> CodebookVersion:
    return load_codebook(text=BOOK, by=who.administrator)


@pytest.fixture
def project(who: worlds.People, version: CodebookVersion) -> Project:
    return worlds.a_project(who, version)


@pytest.fixture
def rule(who: worlds.People, version: CodebookVersion) -> Rule:
    return load_rules(text=RULES, codebook=version.codebook, by=who.administrator)[0]


@pytest.fixture
def patient(who: worlds.People, project: Project) -> Patient:
    with acting(by=who.moderator, verb="test.patient"):
        return Patient.objects.create(project=project, label="P1")


@pytest.fixture
def publish(who: worlds.People, project: Project, patient: Patient, version: CodebookVersion) -> Publish:
    """Findings as publishing leaves them, without the reading before it: this room sees nothing else of one."""

    def go(**statuses: str) -> dict[str, Finding]:
        with acting(by=who.moderator, verb="test.publish"):
            ruling = Ruling.objects.create(
                project=project, article=worlds.an_article(len(statuses)), kind=RulingKind.PUBLISH, moderator=who.moderator
            )
            Finding.objects.filter(patient=patient, feature__slug__in=statuses).update(state=FindingState.SUPERSEDED)
            return {
                slug: Finding.objects.create(
                    project=project, patient=patient, feature=version.features.get(slug=slug), status=status, ruling=ruling
                )
                for slug, status in statuses.items()
            }

    return go


def derived(patient: Patient) -> Finding:
    return Finding.objects.published().exclude(rule=None).get(patient=patient)


def test_an_answer_is_derived_with_its_reasons(rule: Rule, patient: Patient, publish: Publish, who: worlds.People) -> None:
    made = publish(fever="present", rash="present")
    assert recompute(patients=[patient], by=who.moderator) == 1
    finding = derived(patient)
    assert (finding.status, finding.value, finding.rule, finding.feature.slug) == ("present", "both", rule, "kind")
    assert finding.explanation == {
        "case": "“Fever” is Present and “Rash” is Present",
        "inputs": [
            {"feature": "fever", "status": "present", "value": None, "finding_id": made["fever"].pk},
            {"feature": "rash", "status": "present", "value": None, "finding_id": made["rash"].pk},
        ],
        "missing": [],
        "possible": [],
        "columns": [],
    }
    assert AuditEvent.objects.filter(table="curation_finding", verb="criteria.recompute", actor_id=who.moderator.pk).count() == 1


def test_what_is_missing_is_named_and_not_guessed(rule: Rule, patient: Patient, publish: Publish, who: worlds.People) -> None:
    publish(fever="present")
    recompute(patients=[patient], by=who.moderator)
    finding = derived(patient)
    assert (finding.status, finding.value) == ("not_reported", None)
    assert (finding.explanation["missing"], finding.explanation["possible"]) == (["Rash"], ["Both", "Not both"])


def test_again_without_news_changes_nothing(rule: Rule, patient: Patient, publish: Publish, who: worlds.People) -> None:
    publish(fever="excluded")
    recompute(patients=[patient], by=who.moderator)
    before = derived(patient)
    assert recompute(patients=[patient], by=who.moderator) == 0
    assert (derived(patient).pk, derived(patient).version) == (before.pk, before.version)


def test_a_changed_answer_supersedes(rule: Rule, patient: Patient, publish: Publish, who: worlds.People) -> None:
    publish(fever="present", rash="present")
    recompute(patients=[patient], by=who.moderator)
    before = derived(patient)
    publish(rash="excluded")
    assert recompute(patients=[patient], by=who.moderator) == 1
    before.refresh_from_db()
    assert (before.state, before.version) == (FindingState.SUPERSEDED, 2)
    assert derived(patient).value == "not_both"


def test_with_nothing_published_left_nothing_is_derived(
    rule: Rule, patient: Patient, publish: Publish, who: worlds.People
) -> None:
    publish(fever="present")
    recompute(patients=[patient], by=who.moderator)
    with acting(by=who.moderator, verb="test.supersede"):
        Finding.objects.filter(rule=None).update(state=FindingState.SUPERSEDED)
    assert recompute(patients=[patient], by=who.moderator) == 1
    assert not Finding.objects.published().exists()


def test_who_does_not_moderate_derives_nothing(rule: Rule, patient: Patient, publish: Publish, who: worlds.People) -> None:
    publish(fever="present")
    for person in (who.curator, who.stranger, who.outsider):
        with pytest.raises(NotAllowed):
            recompute(patients=[patient], by=person)
    assert not Finding.objects.exclude(rule=None).exists()


def test_deriving_asks_as_much_for_many_as_for_one(
    rule: Rule, patient: Patient, publish: Publish, who: worlds.People, project: Project, django_assert_max_num_queries: object
) -> None:
    publish(fever="present", rash="present")
    with acting(by=who.moderator, verb="test.patient"):
        others = [Patient.objects.create(project=project, label=f"P{n}") for n in range(2, 12)]
        ruling = Ruling.objects.get()
        fever = Feature.objects.get(slug="fever")
        for other in others:
            Finding.objects.create(project=project, patient=other, feature=fever, status="present", ruling=ruling)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert recompute(patients=[patient, *others], by=who.moderator) == 11


def test_the_rule_loaded_last_is_in_force(rule: Rule, patient: Patient, publish: Publish, who: worlds.People) -> None:
    publish(fever="present", rash="present")
    recompute(patients=[patient], by=who.moderator)
    changed = RULES.replace("1.0.0", "1.1.0").replace("all:", "any:")
    (second,) = load_rules(text=changed, codebook=rule.codebook, by=who.administrator)
    assert list(queries.rules(rule.codebook)) == [second]
    assert recompute_all(codebook=rule.codebook, by=who.administrator) == 1
    assert derived(patient).rule == second


def test_the_same_rules_again_are_the_same_rows(rule: Rule, who: worlds.People) -> None:
    assert load_rules(text=f"# said otherwise\n{RULES}", codebook=rule.codebook, by=who.administrator) == [rule]
    assert Rule.objects.count() == 1


def test_another_wording_under_a_taken_version_is_refused(rule: Rule, who: worlds.People) -> None:
    with pytest.raises(Invalid, match="a version never changes") as refusal:
        load_rules(text=RULES.replace("all:", "any:"), codebook=rule.codebook, by=who.administrator)
    assert "rule kind: version 1.0.0" in str(refusal.value.faults[0])


def test_only_an_administrator_loads_rules(version: CodebookVersion, who: worlds.People) -> None:
    with pytest.raises(NotAllowed):
        load_rules(text=RULES, codebook=version.codebook, by=who.moderator)
    with pytest.raises(NotAllowed):
        recompute_all(codebook=version.codebook, by=who.moderator)
    assert not Rule.objects.exists()


def test_a_codebook_without_a_version_takes_no_rules(who: worlds.People) -> None:
    with acting(by=who.administrator, verb="test.codebook"):
        empty = Codebook.objects.create(slug="small", title="x")
    with pytest.raises(Invalid, match="no version yet"):
        load_rules(text=RULES, codebook=empty, by=who.administrator)


def test_the_seed_rules_load_and_the_command_says_so(who: worlds.People) -> None:
    load_codebook(text=(SEEDS / "codebooks" / "imnm.yaml").read_text(), by=who.administrator)
    call_command(
        "load_rules", str(SEEDS / "rules" / "imnm.yaml"), codebook="imnm", by="administrator", stdout=(out := StringIO())
    )
    assert out.getvalue().startswith(
        "Loaded: serostatus 1.0.0, onset_age_class 1.0.0, biopsy_side_vs_weak_side 1.0.0, ck_multiple"
    )
    version = CodebookVersion.objects.get()
    derivation = queries.derivation(version, "onset_age_class")
    assert derivation
    assert derivation.cases[0] == ("<16 years", "“Age at first symptom” is below 16")
    assert queries.derivation(version, "sex") is None
