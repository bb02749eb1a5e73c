"""What the rules in force make of patients' published findings. Reads and computes; ``actions`` writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curation.criteria import queries
from curation.criteria.file import Book
from curation.criteria.logic import Decision, Fact, Known, decide
from curation.criteria.wording import condition_words, outcome_words
from curation.models import CodebookVersion, Feature, Patient, Rule

Facts = Mapping[str, Sequence[Fact]]


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived answer and why: ``explanation`` {case, inputs, missing, possible}, see ``_explanation``."""

    rule: Rule
    feature: Feature
    status: str
    value: Any
    explanation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What deriving under one codebook version needs: its book, the rules in force and the features they fill."""

    book: Book
    rules: Sequence[tuple[Rule, Feature]]


def derive(patients: Iterable[Patient]) -> Iterator[tuple[Patient, Derived]]:
    """One answer per patient and rule, for patients who have any published finding (``project`` and its codebook loaded)."""
    patients = list(patients)
    facts = queries.facts_of([patient.pk for patient in patients])
    desks: dict[int, Desk] = {}
    for patient in patients:
        version = patient.project.codebook_version
        desk = desks.get(version.pk) or desks.setdefault(version.pk, _desk(version))
        if patient.pk in facts:
            for rule, feature in desk.rules:
                yield patient, _derived(rule, feature, facts[patient.pk], desk.book)


def _desk(version: CodebookVersion) -> Desk:
    features = {feature.slug: feature for feature in queries.derived_features(version)}
    rules = [(rule, features[rule.derives]) for rule in queries.rules(version.codebook) if rule.derives in features]
    return Desk(queries.book(version), rules)


def _derived(rule: Rule, feature: Feature, facts: Facts, book: Book) -> Derived:
    decision = decide(rule.definition["cases"], Known(facts, book.attributes))
    explanation = _explanation(rule, decision, facts, book)
    return Derived(rule, feature, decision.outcome.status, decision.outcome.value, explanation)


def _explanation(rule: Rule, decision: Decision, facts: Facts, book: Book) -> dict[str, Any]:
    """``case``: the deciding case in words, empty where it cannot be told; ``inputs``: the findings that bore on it;
    ``missing``: labels of features whose silence did; ``possible``: the outcomes still open, in words."""
    cases = rule.definition["cases"]
    derived = book.specs[rule.derives]
    return {
        "case": "" if decision.case is None else condition_words(cases[decision.case].get("when"), book.specs),
        "inputs": [
            {"feature": slug, "status": fact.status, "value": fact.value, "finding_id": fact.finding_id}
            for slug in book.specs
            if slug in decision.used
            for fact in facts.get(slug, ())
        ],
        "missing": [spec.label for slug, spec in book.specs.items() if slug in decision.missing],
        "possible": [outcome_words({"status": o.status, "value": o.value}, derived) for o in decision.possible],
    }
