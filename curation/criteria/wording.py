"""Rules in words, drawn from the very conditions that are evaluated."""

from collections.abc import Mapping, Sequence
from typing import Any

from curation.codebook.spec import FeatureSpec
from curation.codebook.wording import status_words
from curation.criteria.logic import LIMITS, Condition

LIMIT_WORDS = {"at_least": "at least", "above": "above", "at_most": "at most", "below": "below"}


def outcome_words(case: Mapping[str, Any], derived: FeatureSpec) -> str:
    """What a case says: the option's label, or the status where it has no value."""
    if (value := case.get("value")) is not None:
        return derived.option_labels.get(value, value)
    return status_words(derived, case["status"])


def condition_words(condition: Condition | None, specs: Mapping[str, FeatureSpec]) -> str:
    """(A case's ``when``) -> "Anti-SRP: Positive and Anti-HMGCR: Positive"; the last case may have none."""
    return _words(condition, specs) if condition else "none of the cases above"


def _words(condition: Condition, specs: Mapping[str, FeatureSpec]) -> str:
    if "all" in condition:
        return " and ".join(_part(inner, specs) for inner in condition["all"])
    if "any" in condition:
        return " or ".join(_part(inner, specs) for inner in condition["any"])
    if "at_least_of" in condition:
        enough = condition["at_least_of"]
        return f"at least {enough['count']} of: {'; '.join(_part(inner, specs) for inner in enough['of'])}"
    if "not" in condition:
        return f"not: {_part(condition['not'], specs)}"
    if "known" in condition:
        return f"it is known that {_part(condition['known'], specs)}"
    return f"{_subject(condition, specs)} {_test(condition, _sample(condition, specs))}"


def number_words(rule: Mapping[str, Any], specs: Mapping[str, FeatureSpec]) -> list[tuple[str, str]]:
    """A rule that gives a number, row by row: ("Age at onset: 1.5 with biopsy, 1.3 without biopsy", its condition)."""
    columns = [column["column"] for column in rule.get("columns") or [{"column": ""}]]
    if "items" in rule:
        return [
            (f"{item['item']}: {_points(option['points'], columns)}", _words(option["when"], specs))
            for item in rule["items"]
            for option in item.get("one_of") or [item]
        ]
    if "ratio" in rule:
        of, by = (_label(rule["ratio"][name], specs) for name in ("of", "by"))
        return [("the highest", f"{of} divided by {by} of the same measurement")]
    if "distinct" in rule:
        feature = rule["distinct"]["feature"]
        labels = specs[feature].option_labels if feature in specs else {}
        kinds = _listed([f"“{labels.get(value, value)}”" for value in rule["distinct"]["value"]], "and")
        return [("how many different ones", f"{_label(feature, specs)} of {kinds}")]
    middle = _points(rule["logistic"]["midpoint"], columns)
    return [("1 / (1 + exp(m − x))", f"x: {_label(rule['logistic']['of'], specs)}; m: {middle}")]


def _points(given: Any, columns: Sequence[str]) -> str:
    points = given if isinstance(given, list) else [given] * len(columns)
    told = [f"{'–' if n is None else format(n, 'g')} {column}".strip() for n, column in zip(points, columns, strict=True)]
    return ", ".join(told)


def _part(condition: Condition, specs: Mapping[str, FeatureSpec]) -> str:
    """In brackets where it joins several itself."""
    several = any(len(condition.get(joiner, ())) > 1 for joiner in ("all", "any"))
    return f"({_words(condition, specs)})" if several else _words(condition, specs)


def _label(slug: str, specs: Mapping[str, FeatureSpec]) -> str:
    return f"“{specs[slug].label}”" if slug in specs else f"“{slug}”"


def _subject(condition: Condition, specs: Mapping[str, FeatureSpec]) -> str:
    if "feature" in condition:
        return _label(condition["feature"], specs)
    if "first_of" in condition:
        return f"{_listed([_label(slug, specs) for slug in condition['first_of']], 'or else')}"
    selection = condition["any_feature"]
    wanted = [f"{name.replace('.', ' ')} {_listed(values, 'or')}" for name, values in selection["where"].items()]
    excepted = [_label(slug, specs) for slug in selection.get("except", ())]
    return f"any feature with {' and '.join(wanted)}" + (f" (except {_listed(excepted, 'and')})" if excepted else "")


def _sample(condition: Condition, specs: Mapping[str, FeatureSpec]) -> FeatureSpec | None:
    slugs: Sequence[str] = condition.get("first_of") or [condition.get("feature", "")]
    return specs.get(slugs[0])


def _test(condition: Condition, spec: FeatureSpec | None) -> str:
    if "value" in condition:
        return f"is {_listed([f'“{spec.option_labels.get(v, v)}”' if spec else v for v in condition['value']], 'or')}"
    if "status" in condition:
        statuses = [status_words(spec, s) if spec else s.replace("_", " ") for s in condition["status"]]
        return f"is reported as {_listed(statuses, 'or')}"
    if "is" in condition:
        return f"is {status_words(spec, condition['is']) if spec else condition['is']}"
    return "is " + " and ".join(f"{LIMIT_WORDS[name]} {condition[name]:g}" for name in LIMITS if name in condition)


def _listed(words: Sequence[str], joint: str) -> str:
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
