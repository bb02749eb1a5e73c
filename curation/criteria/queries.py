"""Rules read, and what they need to know of a codebook."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from curation.choices import ValueType
from curation.codebook.queries import features, specs_of
from curation.codebook.spec import FeatureSpec
from curation.criteria.file import Book
from curation.criteria.logic import Fact
from curation.criteria.wording import condition_words, outcome_words
from curation.models import Codebook, CodebookVersion, Feature, Finding, Patient, Rule


def rules(codebook: Codebook) -> QuerySet[Rule]:
    """The version of each rule that was loaded last: those in force."""
    return Rule.objects.filter(codebook=codebook).order_by("slug", "-id").distinct("slug")


def rule_for(feature: Feature) -> Rule | None:
    """The rule in force that derives this feature."""
    return next((rule for rule in rules(feature.codebook_version.codebook) if rule.derives == feature.slug), None)


def book(version: CodebookVersion) -> Book:
    """What rules may speak of under a codebook's version, by two queries."""
    listed = list(features(version))
    return Book(version.codebook.slug, specs_of(listed), {feature.slug: attributes(feature) for feature in listed})


def attributes(feature: Feature) -> dict[str, str]:
    """By what a rule may choose features: their group, and an antibody's class and subtype."""
    antibody = {f"antibody.{name}": value for name, value in (feature.antibody or {}).items()}
    return {"group": feature.group.slug, **antibody}


def cases_in_words(rule: Rule, specs: Mapping[str, FeatureSpec]) -> list[dict[str, str]]:
    """{outcome, condition} of each case, in order."""
    derived = specs[rule.derives]
    return [
        {"outcome": outcome_words(case, derived), "condition": condition_words(case.get("when"), specs)}
        for case in rule.definition["cases"]
    ]


def patients_under(codebook: Codebook) -> QuerySet[Patient]:
    """Everybody whose project uses the codebook, in key order."""
    return Patient.objects.filter(project__codebook_version__codebook=codebook).order_by("pk")


def derived_features(version: CodebookVersion) -> QuerySet[Feature]:
    return Feature.objects.filter(codebook_version=version, value_type=ValueType.DERIVED)


def facts_of(patients: Sequence[int]) -> dict[int, dict[str, list[Fact]]]:
    """The published, recorded findings of each patient who has any, by the feature's slug."""
    facts: dict[int, dict[str, list[Fact]]] = {}
    rows = Finding.objects.published().filter(patient__in=patients, rule=None).order_by("instance", "pk")
    fields = ("patient_id", "feature__slug", "status", "value", "low", "high", "pk")
    for patient, slug, *fact in rows.values_list(*fields):
        facts.setdefault(patient, {}).setdefault(slug, []).append(Fact(*fact))
    return facts


def derived_findings(patients: Sequence[int]) -> dict[tuple[int, str], Finding]:
    """What is derived and published now, by patient and feature slug."""
    rows = Finding.objects.published().filter(patient__in=patients).exclude(rule=None).select_related("feature")
    return {(finding.patient_id, finding.feature.slug): finding for finding in rows}
