"""The only writer of rules and of derived findings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone

from curation.audit import action
from curation.choices import FindingState
from curation.codebook.queries import latest
from curation.criteria import queries
from curation.criteria.deriving import Derived, derive
from curation.criteria.file import digest, read_rules
from curation.errors import Fault, Invalid
from curation.models import Codebook, Finding, Patient, Project, Rule, User
from curation.permissions import require_administrator, require_moderator

CHUNK = 1000


@action("rules.load")
def load_rules(*, text: str, codebook: Codebook, by: User) -> list[Rule]:
    """Keep the file's rules, each under its version; a rule that is loaded already stays as it is.

    Raises Invalid for a malformed text (every fault listed) and for another wording under a version that is taken.
    What was derived before stays until ``recompute``.
    """
    require_administrator(by)
    version = latest(codebook.slug)
    if version is None:
        raise Invalid(f"The codebook “{codebook.slug}” has no version yet; load one before its rules.")
    read = read_rules(text, queries.book(version))
    Codebook.objects.select_for_update().get(pk=codebook.pk)  # two loads for one codebook wait for each other
    taken = {(rule.slug, rule.version): rule for rule in Rule.objects.filter(codebook=codebook)}
    faults = [
        Fault(f"rule {rule['rule']}", f"version {rule['version']} is loaded with another wording; give this one the next version")
        for rule in read
        if (known := taken.get((rule["rule"], rule["version"]))) and known.sha256 != digest(rule)
    ]
    if faults:
        raise Invalid("The rules were not loaded: a version never changes.", faults=faults)
    return [taken.get((rule["rule"], rule["version"])) or _keep(codebook, rule) for rule in read]


def _keep(codebook: Codebook, rule: Mapping[str, Any]) -> Rule:
    return Rule.objects.create(
        codebook=codebook,
        slug=rule["rule"],
        version=rule["version"],
        derives=rule["derives"],
        title=rule["title"],
        reference=rule["reference"],
        verified=rule["verified"],
        definition=rule,
        sha256=digest(rule),
    )


@action("criteria.recompute_all")
def recompute_all(*, codebook: Codebook, by: User) -> int:
    """Derive anew for everybody under the codebook, so many at a time; how many findings changed."""
    require_administrator(by)
    keys = list(queries.patients_under(codebook).values_list("pk", flat=True))
    chunks = (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
    return sum(recompute(patients=Patient.objects.filter(pk__in=chunk), by=by) for chunk in chunks)


@action("criteria.recompute")
def recompute(*, patients: Iterable[Patient], by: User) -> int:
    """Bring the patients' derived findings in line with their published ones and the rules in force; how many changed."""
    wanted = [patient.pk for patient in patients]
    rows = Patient.objects.filter(pk__in=wanted).select_related("project__codebook_version__codebook")
    locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    _require_may_derive(locked, by)
    before = queries.derived_findings(wanted)
    outdated: list[int] = []
    fresh: list[Finding] = []
    for patient, derived in derive(locked):
        kept = before.pop((patient.pk, derived.feature.slug), None)
        if kept is None or not _says(kept, derived):
            outdated += [kept.pk] if kept else []
            fresh.append(_finding(patient, derived))
    outdated += [finding.pk for finding in before.values()]  # nothing derives them any more
    _supersede(outdated)
    Finding.objects.bulk_create(fresh)
    return max(len(fresh), len(outdated))


def _require_may_derive(patients: Sequence[Patient], by: User) -> None:
    if not by.is_administrator:
        projects: dict[int, Project] = {patient.project_id: patient.project for patient in patients}
        for project in projects.values():
            require_moderator(by, project)


def _says(finding: Finding, derived: Derived) -> bool:
    kept = (finding.rule_id, finding.feature_id, finding.status, finding.value, finding.explanation)
    return kept == (derived.rule.pk, derived.feature.pk, derived.outcome.status, derived.outcome.value, derived.explanation)


def _finding(patient: Patient, derived: Derived) -> Finding:
    return Finding(
        project=patient.project,
        patient=patient,
        feature=derived.feature,
        rule=derived.rule,
        status=derived.outcome.status,
        value=derived.outcome.value,
        low=derived.outcome.low,
        high=derived.outcome.high,
        explanation=derived.explanation,
    )


def _supersede(findings: Sequence[int]) -> None:
    if findings:
        rows = Finding.objects.filter(pk__in=findings, state=FindingState.PUBLISHED)
        rows.update(state=FindingState.SUPERSEDED, version=F("version") + 1, changed_at=timezone.now())
