"""Whatever is wrong with a file of rules is said at once: line, rule, reason."""

import pytest

from curation.codebook.spec import FeatureSpec
from curation.criteria.file import Book, read_rules
from curation.errors import Invalid

BOOK = Book(
    "small",
    {
        spec.slug: spec
        for spec in (
            FeatureSpec("fever", "Fever", "finding"),
            FeatureSpec("age", "Age", "age_iso8601"),
            FeatureSpec("side", "Side", "choice", options=("left", "right")),
            FeatureSpec("kind", "Kind", "derived", options=("hot", "cold"), derived=True),
        )
    },
    {"fever": {"group": "signs"}, "age": {"group": "person"}},
)


def rules(when: str = "{feature: fever, is: present}", case: str = "value: hot") -> str:
    return f"""codebook: small
rules:
- rule: kind
  version: 1.0.0
  derives: kind
  title: T
  reference: R
  verified: false
  cases:
  - {{{case}, when: {when}}}
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        read_rules(text, BOOK)
    return [str(fault) for fault in refusal.value.faults]


def test_a_sound_file_is_read() -> None:
    (rule,) = read_rules(rules(), BOOK)
    assert rule["cases"] == [{"value": "hot", "when": {"feature": "fever", "is": "present"}}]


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("{feature: rash, is: present}", "“rash” is no recorded feature"),
        ("{feature: kind, is: present}", "“kind” is no recorded feature"),
        ("{first_of: [fever, rash], is: present}", "“rash” is no recorded feature"),
        ("{feature: fever, is: maybe}", "unknown “maybe”"),
        ("{feature: fever, status: [gone]}", "unknown “gone”"),
        ("{feature: side, value: [up]}", "“up” is no option of side"),
        ("{feature: fever, at_least: 3}", "fever has no number to compare"),
        ("{feature: age, at_least: old}", "must be a number"),
        ("{feature: age}", "tests exactly one of"),
        ("{feature: fever, is: present, status: [present]}", "tests exactly one of"),
        ("{is: present}", "asks exactly one of"),
        ("{feature: fever, first_of: [fever], is: present}", "asks exactly one of"),
        ("{all: []}", "“all” needs a list"),
        ("{any: {feature: fever, is: present}}", "“any” needs a list"),
        ("{not: [a]}", "a condition must be a mapping"),
        ("{known: {feature: fever}}", "tests exactly one of"),
        ("{all: [{feature: fever, is: present}], not: {}}", "“all” must stand alone"),
        ("{feature: fever, is: present, because: x}", "unknown name “because”"),
        ("{any_feature: {where: {colour: [red]}}, is: present}", "unknown attribute “colour”"),
        ("{any_feature: {where: {group: [x]}}, is: present}", "chooses no feature"),
        ("{any_feature: {where: {group: signs}}, is: present}", "lists of words"),
        ("{any_feature: {where: {group: [signs]}, except: [rash]}, is: present}", "excepts the unknown “rash”"),
        ("{any_feature: {}, is: present}", "needs “where”"),
        ("x", "must be a mapping"),
    ],
)
def test_a_condition_that_cannot_be_asked(when: str, reason: str) -> None:
    (fault,) = faults_of(rules(when))
    assert fault.startswith("line 10, rule kind: ")
    assert reason in fault


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (rules(case="value: warm"), "“warm” is no option of kind"),
        (rules(case="status: gone"), "unknown “gone”"),
        (rules().replace("value: hot, ", ""), "a case needs a value or a status"),
        (rules().replace("derives: kind", "derives: fever"), "“fever” is no derived feature"),
        (rules().replace("  verified: false\n", ""), "“verified” is missing"),
        (rules().replace("1.0.0", "one"), "must be three numbers"),
        (rules().replace("codebook: small", "codebook: big"), "the rules are for “big”"),
        (rules() + rules().partition("rules:\n")[2], "stands in the file more than once"),
        ("codebook: small", "“rules” is missing"),
        ("codebook: small\nrules: [1]", "must be a mapping"),
    ],
)
def test_a_rule_that_is_not_one(text: str, reason: str) -> None:
    assert any(reason in fault for fault in faults_of(text))


def test_every_fault_is_listed() -> None:
    text = rules("{feature: rash, is: present}", case="value: warm").replace("title: T", "titel: T")
    assert len(faults_of(text)) == 2  # the cases of a rule that is not whole are not looked at
    assert len(faults_of(rules("{all: [{feature: rash, is: present}, {feature: side, value: [up]}]}", case="value: warm"))) == 3


NUMBERED = Book(
    "small",
    {**BOOK.specs, "score": FeatureSpec("score", "Score", "derived", derived=True)},
    BOOK.attributes,
)


def numbered(form: str, *, derives: str = "score", more: str = "", terms: str = "") -> str:
    head = "version: 1.0.0, title: T, reference: R, verified: false"
    return f"codebook: small\n{terms}rules:\n- {{rule: number, derives: {derives}, {head}, {form}}}\n{more}"


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("cases: [{value: x}], ratio: {of: age, by: age}", "exactly one of cases"),
        ("title: T", "stands twice"),
        ("ratio: {of: age}", "“by” is missing"),
        ("ratio: {of: age, by: rash}", "“rash” is no recorded feature"),
        ("logistic: {of: score, midpoint: 3}", "“score” is no recorded feature"),
        ("distinct: {feature: side}", "“value” is missing"),
        ("items: [{item: A}]", "either “when” and “points”, or “one_of”"),
        ("items: [{item: A, when: {feature: fever, is: present}}]", "“points” is missing"),
        ("items: [{item: A, when: {feature: rash, is: present}, points: 1}]", "“rash” is no recorded feature"),
        ("items: [{item: A, when: {feature: fever, is: present}, points: [1, 2]}]", "has 2 numbers for 1 column"),
        ("items: [{item: A, when: {feature: fever, is: present}, points: many}]", "must be a number"),
        ("columns: [{column: a, when: {feature: fever, is: present}}], ratio: {of: age, by: age}", "the last column"),
        ("items: [{item: A, one_of: [{when: {feature: age, below: 3}}]}]", "“points” is missing"),
    ],
)
def test_a_number_that_cannot_be_computed(form: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rules(numbered(form), NUMBERED)
    assert any(reason in str(fault) for fault in refusal.value.faults), refusal.value.faults


def test_a_rule_may_ask_what_another_derives_but_not_in_a_circle() -> None:
    head = "version: 1.0.0, title: T, reference: R, verified: false"
    more = f"- {{rule: other, derives: kind, {head}, cases: [{{value: hot, when: {{feature: score, above: 1}}}}]}}"
    assert len(read_rules(numbered("ratio: {of: age, by: age}", more=more), NUMBERED)) == 2
    circle = "items: [{item: A, when: {feature: kind, is: present}, points: 1}]"
    with pytest.raises(Invalid) as refusal:
        read_rules(numbered(circle, more=more), NUMBERED)
    assert "ask each other in a circle" in str(refusal.value.faults[0])


def test_terms_are_written_out() -> None:
    terms = "terms: {hot: {feature: fever, is: present}, warm: {any: [{term: hot}, {feature: age, above: 3}]}}\n"
    (rule,) = read_rules(numbered("items: [{item: A, when: {not: {term: warm}}, points: 1}]", terms=terms), NUMBERED)
    assert rule["items"][0]["when"] == {"not": {"any": [{"feature": "fever", "is": "present"}, {"feature": "age", "above": 3}]}}


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ("terms: {cold: {feature: fever, is: present}}", "“hot” is no term of this file"),
        ("terms: {hot: {not: {term: hot}}}", "“hot” asks for itself"),
        ("terms: {hot: {term: cold, is: present}, cold: {feature: fever, is: present}}", "“cold” must stand alone"),
        ("terms: [a]", "must be a mapping"),
        ("terms: {hot: {feature: rash, is: present}}", "“rash” is no recorded feature"),
    ],
)
def test_a_term_that_cannot_be_used(terms: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rules(numbered("items: [{item: A, when: {term: hot}, points: 1}]", terms=f"{terms}\n"), NUMBERED)
    assert any(reason in str(fault) for fault in refusal.value.faults), refusal.value.faults


@pytest.mark.parametrize(
    ("enough", "reason"),
    [
        ("{count: 1}", "“of” is missing"),
        ("{count: few, of: [{feature: fever, is: present}]}", "must be a number"),
        ("{count: 1, of: []}", "is empty"),
    ],
)
def test_a_count_of_conditions_that_cannot_be_asked(enough: str, reason: str) -> None:
    assert reason in faults_of(rules(f"{{at_least_of: {enough}}}"))[0]
