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
