"""What the rules in force make of patients' published findings. Reads and computes; ``actions`` writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curation.choices import Status
from curation.criteria import queries
from curation.criteria.file import Book, in_order
from curation.criteria.logic import Decision, Fact, Known, Outcome, decide
from curation.criteria.numbers import KINDS, Number, compute
from curation.criteria.wording import condition_words, outcome_words
from curation.models import CodebookVersion, Feature, Patient, Rule

Facts = Mapping[str, Sequence[Fact]]


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived answer and why: ``explanation`` {case, inputs, missing, possible, columns}, see ``_explanation``."""

    rule: Rule
    feature: Feature
    outcome: Outcome
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
            for derived in derived_of(desk, facts[patient.pk]):
                yield patient, derived


def _desk(version: CodebookVersion) -> Desk:
    features = {feature.slug: feature for feature in queries.derived_features(version)}
    rules = {rule.derives: rule for rule in queries.rules(version.codebook) if rule.derives in features}
    order = in_order({slug: rule.definition for slug, rule in rules.items()})
    return Desk(queries.book(version), [(rules[slug], features[slug]) for slug in order])


@dataclass(frozen=True, slots=True)
class Basis:
    """What a derived value rests on, by features that were recorded."""

    used: frozenset[str]
    missing: frozenset[str]


def derived_of(desk: Desk, recorded: Facts) -> Iterator[Derived]:
    """Every rule in its order: what one derives, those after it can ask."""
    facts, bases = dict(recorded), dict[str, Basis]()
    for rule, feature in desk.rules:
        known = Known(facts, desk.book.attributes)
        if any(kind in rule.definition for kind in KINDS):
            number = compute(rule.definition, known)
            outcome, basis = _of(number), _basis(number.used, number.missing, bases)
            case, possible = number.columns[number.counts].label, []
        else:
            number, decision = None, decide(rule.definition["cases"], known, untold=rule.definition.get("untold"))
            outcome, basis = decision.outcome, _basis(decision.used, decision.missing, bases)
            case, possible = _reason(rule, decision, desk.book), list(decision.possible)
        if outcome.low is not None or outcome.status in (Status.PRESENT, Status.EXCLUDED):
            told = Status.EXCLUDED if outcome.status == Status.EXCLUDED else Status.PRESENT
            facts[feature.slug] = [Fact(told, outcome.value, outcome.low, outcome.high)]
        bases[feature.slug] = basis
        explanation = _explanation(basis, recorded, desk.book) | {
            "case": case,
            "possible": [outcome_words({"status": o.status, "value": o.value}, desk.book.specs[rule.derives]) for o in possible],
            "columns": _columns(number),
        }
        yield Derived(rule, feature, outcome, explanation)


def _of(number: Number) -> Outcome:
    """A number as it is; an interval while something is open; nothing where nothing was told."""
    low, high = number.low, number.high
    if low is None:
        return Outcome(Status.NOT_REPORTED)
    if low == high:
        return Outcome(Status.PRESENT, low, low, high)
    return Outcome(Status.INDETERMINATE, {"low": low, "high": high}, low, high)


def _basis(used: frozenset[str], missing: frozenset[str], bases: Mapping[str, Basis]) -> Basis:
    """Derived features replaced by what they rest on themselves."""
    return Basis(
        frozenset().union(*(bases[slug].used if slug in bases else {slug} for slug in used)),
        frozenset().union(*(bases[slug].missing if slug in bases else {slug} for slug in missing)),
    )


def _reason(rule: Rule, decision: Decision, book: Book) -> str:
    cases = rule.definition["cases"]
    return "" if decision.case is None else condition_words(cases[decision.case].get("when"), book.specs)


def _columns(number: Number | None) -> list[dict[str, Any]]:
    """Every table's result where there are several: [{column, low, high, counts}]."""
    if number is None or len(number.columns) < 2:
        return []
    return [
        {"column": column.label, "low": column.low, "high": column.high, "counts": n == number.counts}
        for n, column in enumerate(number.columns)
    ]


def _explanation(basis: Basis, recorded: Facts, book: Book) -> dict[str, Any]:
    """``inputs``: the findings that bore on it; ``missing``: labels of features whose silence did. With these go ``case``, the
    deciding case (or table of points) in words, empty where it cannot be told, and ``possible``, the outcomes still open."""
    return {
        "inputs": [
            {"feature": slug, "status": fact.status, "value": fact.value, "finding_id": fact.finding_id}
            for slug in book.specs
            if slug in basis.used
            for fact in recorded.get(slug, ())
        ],
        "missing": [spec.label for slug, spec in book.specs.items() if slug in basis.missing],
    }
