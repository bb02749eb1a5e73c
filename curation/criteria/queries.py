"""Rules read, and what they need to know of a codebook."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from curation.choices import ValueType
from curation.codebook.queries import features, specs_of
from curation.criteria.file import Book
from curation.criteria.logic import Fact
from curation.criteria.wording import condition_words, number_words, outcome_words
from curation.models import Codebook, CodebookVersion, Feature, Finding, Patient, Rule


def rules(codebook: Codebook) -> QuerySet[Rule]:
    """The version of each rule that was loaded last: those in force."""
    return Rule.objects.filter(codebook=codebook).order_by("slug", "-id").distinct("slug")


def book(version: CodebookVersion) -> Book:
    """What rules may speak of under a codebook's version, by two queries."""
    listed = list(features(version))
    return Book(version.codebook.slug, specs_of(listed), {feature.slug: attributes(feature) for feature in listed})


def attributes(feature: Feature) -> dict[str, str]:
    """By what a rule may choose features: their group, and an antibody's class and subtype."""
    antibody = {f"antibody.{name}": value for name, value in (feature.antibody or {}).items()}
    return {"group": feature.group.slug, **antibody}


@dataclass(frozen=True, slots=True)
class Derivation:
    """The rule in force for a derived feature, and its cases, or what its number is made of, in words: (outcome, condition)."""

    rule: Rule
    cases: Sequence[tuple[str, str]]

    @property
    def is_number(self) -> bool:
        return "cases" not in self.rule.definition


def derivation(version: CodebookVersion, slug: str) -> Derivation | None:
    """How the feature is derived; None where no rule derives it."""
    rule = next((rule for rule in rules(version.codebook) if rule.derives == slug), None)
    if rule is None:
        return None
    specs = book(version).specs
    if (cases := rule.definition.get("cases")) is None:
        return Derivation(rule, number_words(rule.definition, specs))
    return Derivation(rule, [(outcome_words(case, specs[slug]), condition_words(case.get("when"), specs)) for case in cases])


def patients_under(codebook: Codebook) -> QuerySet[Patient]:
    """Everybody whose project uses the codebook, in key order."""
    return Patient.objects.filter(project__codebook_version__codebook=codebook).order_by("pk")


def derived_features(version: CodebookVersion) -> QuerySet[Feature]:
    return Feature.objects.filter(codebook_version=version, value_type=ValueType.DERIVED)


def facts_of(patients: Sequence[int]) -> dict[int, dict[str, list[Fact]]]:
    """The published, recorded findings of each patient who has any, by the feature's slug."""
    facts: dict[int, dict[str, list[Fact]]] = {}
    rows = Finding.objects.published().filter(patient__in=patients, rule=None).order_by("instance", "pk")
    fields = ("patient_id", "feature__slug", "status", "value", "low", "high", "pk", "instance")
    for patient, slug, *fact in rows.values_list(*fields):
        facts.setdefault(patient, {}).setdefault(slug, []).append(Fact(*fact))
    return facts


def derived_findings(patients: Sequence[int]) -> dict[tuple[int, str], Finding]:
    """What is derived and published now, by patient and feature slug."""
    rows = Finding.objects.published().filter(patient__in=patients).exclude(rule=None).select_related("feature")
    return {(finding.patient_id, finding.feature.slug): finding for finding in rows}
