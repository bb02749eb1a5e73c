"""A file of rules: YAML in, definitions out, or every fault with its line, rule and reason. See ``logic`` for conditions."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from typing import Any

from curation.choices import Status, ValueType
from curation.codebook import marked
from curation.codebook.file import VERSION
from curation.codebook.marked import Lined
from curation.codebook.shapes import Key, Place, Shape, a_mapping, each, faults_in, flag, number, one_of, slug, words
from curation.codebook.spec import FeatureSpec
from curation.criteria.logic import LIMITS, choose, subjects
from curation.criteria.number_file import FORMS, number_faults
from curation.criteria.terms import written_out
from curation.errors import Fault, Invalid

MEASURED = (ValueType.NUMBER, ValueType.AGE, ValueType.DURATION, ValueType.DURATION_SIGNED)
JOINERS = ("all", "any", "not", "known", "at_least_of")
SUBJECTS = ("feature", "first_of", "any_feature")
TESTS = ("is", "value", "status", *LIMITS)
NAMES = each(slug(80), most=50)
CHOICE = each(words(80), most=500)
TEST: Shape = {
    "feature": Key(slug(80)),
    "first_of": Key(NAMES),
    "any_feature": Key(a_mapping),
    "is": Key(one_of(Status.PRESENT, Status.EXCLUDED)),
    "value": Key(CHOICE),
    "unsure": Key(CHOICE),
    "status": Key(each(one_of(*Status.values), most=10)),
} | {limit: Key(number) for limit in LIMITS}
RULE: Shape = {
    "rule": Key(slug(50), required=True),
    "version": Key(VERSION, required=True),
    "derives": Key(slug(80), required=True),
    "title": Key(words(300), required=True),
    "reference": Key(words(2000), required=True),
    "verified": Key(flag, required=True),
    "cases": Key(each(a_mapping, most=100)),
    "untold": Key(words(80)),
    "columns": Key(each(a_mapping, most=10)),
} | {form: Key(kind) for form, kind in FORMS.items()}
ENOUGH: Shape = {"count": Key(number, required=True), "of": Key(each(a_mapping, most=50), required=True)}
CASE: Shape = {"value": Key(words(80)), "status": Key(one_of(*Status.values)), "when": Key(a_mapping)}
WHOLE: Shape = {
    "codebook": Key(words(50), required=True),
    "rules": Key(each(a_mapping, most=200), required=True),
    "terms": Key(a_mapping),
}


@dataclass(frozen=True, slots=True)
class Book:
    """What rules may speak of: a codebook's features, the attributes by which they are chosen, and what other rules compute."""

    slug: str
    specs: Mapping[str, FeatureSpec]
    attributes: Mapping[str, Mapping[str, str]]
    computed: frozenset[str] = frozenset()


def read_rules(text: str, book: Book) -> list[Lined]:
    """The file's rules as data. Raises Invalid with every fault there is."""
    root, faults = marked.read(text)
    faults += faults_in(root, WHOLE, Place(1))
    terms = root.get("terms")
    root["rules"] = written_out(root.get("rules"), terms if isinstance(terms, Lined) else {}, faults)
    if root.get("codebook") not in (None, book.slug):
        faults.append(Place(root.line_of("codebook")).fault(f"the rules are for “{root['codebook']}”, not for “{book.slug}”"))
    listed = root.get("rules")
    rules = [rule for rule in listed if isinstance(rule, Lined)] if isinstance(listed, list) else []
    names = Counter(str(rule.get("rule")) for rule in rules)
    book = replace(book, computed=frozenset(str(rule.get("derives")) for rule in rules))
    for rule in rules:
        faults += _rule_faults(rule, replace(book, computed=book.computed - {rule.get("derives")}))
        if names[str(rule.get("rule"))] > 1:
            faults.append(_place(rule).fault("stands in the file more than once"))
    if not faults:
        faults += _circles(rules)
    if faults:
        raise Invalid(f"The rules were not loaded: {len(faults)} fault{'s' * (len(faults) > 1)}.", faults=faults)
    return rules


def in_order(rules: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """(Definitions by the feature they derive) -> those features, each after all that its rule asks. Raises CycleError."""
    return list(TopologicalSorter({slug: subjects(rule) & set(rules) for slug, rule in rules.items()}).static_order())


def _circles(rules: Sequence[Lined]) -> list[Fault]:
    try:
        in_order({rule["derives"]: rule for rule in rules})
    except CycleError as error:
        return [_place(rules[0]).fault(f"rules ask each other in a circle: {' → '.join(error.args[1])}")]
    return []


def digest(rule: Mapping[str, Any]) -> str:
    """Of what the rule says, not of how its file is laid out."""
    return sha256(json.dumps(rule, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _place(rule: Lined, key: str = "") -> Place:
    return Place(rule.line_of(key), f"rule {str(rule.get('rule', 'without a name'))[:80]}")


def _rule_faults(rule: Lined, book: Book) -> Iterator[Fault]:
    found = list(faults_in(rule, RULE, _place(rule)))
    yield from found
    if found:
        return
    derived = book.specs.get(rule["derives"])
    if derived is None or not derived.derived:
        yield _place(rule, "derives").fault(f"“{rule['derives']}” is no derived feature of the codebook")
        return
    forms = [form for form in ("cases", *FORMS) if rule.get(form) is not None]
    if len(forms) != 1:
        yield _place(rule).fault(f"a rule has exactly one of cases, {', '.join(FORMS)}")
    elif forms == ["cases"]:
        yield from _cases_faults(rule, derived, book)
    else:
        yield from number_faults(
            rule,
            forms[0],
            _place(rule),
            condition=lambda condition, place: _condition_faults(condition, place, book),
            feature=lambda slug, place: (place.fault(reason) for reason in _asked({"feature": slug}, book)[1]),
        )


def _cases_faults(rule: Lined, derived: FeatureSpec, book: Book) -> Iterator[Fault]:
    for case in rule["cases"]:
        yield from _case_faults(case, Place(case.line, _place(rule).thing), derived, book)
    if rule.get("untold") is not None and rule["untold"] not in derived.options:
        yield _place(rule, "untold").fault(f"“{rule['untold'][:60]}” is no option of {derived.slug}")


def _case_faults(case: Lined, place: Place, derived: FeatureSpec, book: Book) -> Iterator[Fault]:
    yield from faults_in(case, CASE, place)
    if case.get("value") is None and case.get("status") is None:
        yield place.fault("a case needs a value or a status")
    if case.get("value") is not None and derived.options and case["value"] not in derived.options:
        yield place.fault(f"“{str(case['value'])[:60]}” is no option of {derived.slug}")
    if isinstance(case.get("when"), Lined):
        yield from _condition_faults(case["when"], place, book)


def _condition_faults(condition: object, place: Place, book: Book) -> Iterator[Fault]:
    if not isinstance(condition, Lined):
        yield place.fault("a condition must be a mapping of names to values")
        return
    place = Place(condition.line, place.thing)
    joiners = [name for name in JOINERS if name in condition]
    if not joiners:
        yield from _test_faults(condition, place, book)
    elif len(condition) > 1:
        yield place.fault(f"“{joiners[0]}” must stand alone")
    elif joiners == ["at_least_of"]:
        found = list(faults_in(condition["at_least_of"], ENOUGH, place))
        yield from found
        for part in [] if found else condition["at_least_of"]["of"]:
            yield from _condition_faults(part, place, book)
    else:
        inner = condition[joiners[0]]
        many = joiners[0] in ("all", "any")
        if many and (not isinstance(inner, list) or not inner):
            yield place.fault(f"“{joiners[0]}” needs a list of conditions")
            return
        for part in inner if many else [inner]:
            yield from _condition_faults(part, place, book)


def _test_faults(condition: Lined, place: Place, book: Book) -> Iterator[Fault]:
    found = list(faults_in(condition, TEST, place))
    subjects = [name for name in SUBJECTS if name in condition]
    kinds = {"limit" if name in LIMITS else name for name in TESTS if name in condition}
    if len(subjects) != 1:
        found.append(
            place.fault(f"a condition asks exactly one of {', '.join(SUBJECTS)}, or joins others by {', '.join(JOINERS)}")
        )
    if len(kinds) != 1:
        found.append(place.fault(f"a condition tests exactly one of is, value, status, or limits ({', '.join(LIMITS)})"))
    yield from found
    if not found:
        asked, faults = _asked(condition, book)
        yield from (place.fault(reason) for reason in faults)
        for feature in asked:
            yield from (place.fault(reason) for reason in _unanswerable(condition, feature))


def _asked(condition: Mapping[str, Any], book: Book) -> tuple[list[FeatureSpec], list[str]]:
    """The features a test is put to, and what is wrong with naming them so."""
    if "any_feature" in condition:
        selection = condition["any_feature"]
        if reasons := _selection_faults(selection, book):
            return [], reasons
        chosen = [book.specs[slug] for slug in choose(selection, book.attributes)]
        return chosen, [] if chosen else ["any_feature chooses no feature of the codebook"]
    slugs: Sequence[str] = condition.get("first_of") or [condition["feature"]]
    known = [slug for slug in slugs if slug in book.specs and (not book.specs[slug].derived or slug in book.computed)]
    reason = "“{}” is no recorded feature of the codebook, and no rule of this file derives it"
    return [book.specs[s] for s in known], [reason.format(s) for s in slugs if s not in known]


def _selection_faults(selection: Lined, book: Book) -> list[str]:
    where = selection.get("where")
    attributes = {name for own in book.attributes.values() for name in own}
    if set(selection) - {"where", "except"} or not isinstance(where, Lined) or not where:
        return ["any_feature needs “where” with attributes, and may have “except” with features"]
    if unknown := [name for name in where if name not in attributes]:
        return [f"any_feature: unknown attribute “{name[:60]}”; there are {', '.join(sorted(attributes))}" for name in unknown]
    lists = [*where.values(), selection.get("except", [])]
    if not all(isinstance(values, list) and all(isinstance(v, str) for v in values) for values in lists):
        return ["any_feature: attributes and exceptions are lists of words"]
    return [f"any_feature excepts the unknown “{s[:60]}”" for s in selection.get("except", []) if s not in book.specs]


def _unanswerable(condition: Lined, feature: FeatureSpec) -> Iterator[str]:
    """Tests that this kind of feature can never pass."""
    if "value" in condition:
        named = [*condition["value"], *condition.get("unsure", ())]
        yield from (f"“{v}” is no option of {feature.slug}" for v in named if v not in feature.options)
    if any(limit in condition for limit in LIMITS) and feature.value_type not in MEASURED and not feature.derived:
        yield f"{feature.slug} has no number to compare"
