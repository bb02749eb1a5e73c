"""Every kind of value under every status: normalised, or refused with the reason and the way out."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.choices import RECORDABLE, ValueType
from curation.codebook.retyped import retyped
from curation.codebook.rules import Value, applicable, check, display, inapplicable, status_words, unfinished
from curation.codebook.spec import FeatureSpec
from curation.errors import Invalid

PAIN = {"id": "HP:0003419", "label": "Low back pain"}
ATROPHY = {"id": "HP:0003202", "label": "Skeletal muscle atrophy"}
SPECS = {
    kind: FeatureSpec("x", "X", kind)
    for kind in (
        *("finding", "age_iso8601", "duration_iso8601", "duration_signed_iso8601", "time", "text", "variant", "choice_open"),
        *("measurement", "derived", "ontology_term"),
    )
} | {
    "choice": FeatureSpec("x", "X", "choice", options=("left", "right"), option_labels={"left": "Left", "right": "Right"}),
    "choice_multi": FeatureSpec("x", "X", "choice_multi", options=("a", "b", "c")),
    "number": FeatureSpec("x", "X", "number", unit={"ucum": "U/L", "label": "U/L"}, range={"min": 0, "max": 500000}),
    "terms": FeatureSpec("x", "X", "ontology_term", repeatable=True),
}


def keep(kind: str, value: Any, status: str = "present", **qualifiers: Any) -> Value:
    return check(SPECS[kind], status=status, value=value, qualifiers=qualifiers)


def reasons(kind: str, value: Any, status: str = "present", **qualifiers: Any) -> str:
    with pytest.raises(Invalid) as refusal:
        keep(kind, value, status, **qualifiers)
    return "; ".join(map(str, refusal.value.faults))


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("finding", None, None),
        ("finding", "", None),
        ("choice", "left", "left"),
        ("choice_multi", ["c", "a", "a"], ["a", "c"]),
        ("choice_multi", "b", ["b"]),
        ("choice_open", " DE ", "DE"),
        ("number", 7200, 7200.0),
        ("number", "7,200 U/L", 7200.0),
        ("number", "7 200 u/l", 7200.0),
        ("number", "0.5", 0.5),
        ("age_iso8601", "35 years", "P35Y"),
        ("age_iso8601", 35, "P35Y"),
        ("duration_iso8601", "2 weeks", "P2W"),
        ("duration_signed_iso8601", "2 years before", "-P2Y"),
        ("time", "2021", "2021"),
        ("time", "2021-03-15", "2021-03-15"),
        ("time", "2 weeks", "P2W"),
        ("time", "15 March 2021", "2021-03-15"),
        ("time", "at age 35", "P35Y"),
        ("time", "3 months before treatment", "-P3M"),
        ("choice", "Left ", "left"),
        ("choice_open", "IV Ig", "IV Ig"),
        ("ontology_term", "lumbago", PAIN),
        ("ontology_term", "HP:0003419", PAIN),
        ("ontology_term", "Lumbago (HP:0003419)", PAIN),
        ("ontology_term", {"id": "ORPHA:206569", "label": "IMNM"}, {"id": "ORPHA:206569", "label": "IMNM"}),
        ("text", " as printed\n1:320 ", "as printed\n1:320"),
        ("variant", "NM_000833.5:c.123A>G", "NM_000833.5:c.123A>G"),
        ("ontology_term", PAIN, PAIN),
        ("ontology_term", "Low back pain (HP:0003419)", PAIN),
        ("ontology_term", "HP:0003419 Low back pain", PAIN),
        ("terms", [ATROPHY, PAIN], [ATROPHY, PAIN]),
        ("terms", PAIN, [PAIN]),
        ("terms", "Skeletal muscle atrophy (HP:0003202)\n\nLow back pain (HP:0003419)", [ATROPHY, PAIN]),
        ("measurement", {"name": "LDH", "number": "1,200 U/L"}, {"name": "LDH", "number": 1200.0, "unit": "U/L"}),
        ("measurement", {"name": "pH", "number": 7.4, "unit": ""}, {"name": "pH", "number": 7.4, "unit": ""}),
    ],
)
def test_values_are_normalised(kind: str, given: Any, kept: Any) -> None:
    assert keep(kind, given).value == kept
    assert keep(kind, kept).value == kept


@pytest.mark.parametrize(
    ("kind", "given", "low", "high", "told"),
    [
        ("number", ">= 12", 12, None, {"comparator": ">="}),
        ("number", "< 40 U/L", None, 40, {"comparator": "<"}),
        ("number", "5", 5, 5, {}),
        ("number", "5.32 kU/L", 5320, 5320, {"unit": "kU/L"}),
        ("number", "5,320 U/L (ref < 200)", 5320, 5320, {"upper_limit": 200, "times_upper_limit": 26.6}),
        (
            "number",
            "88.7 µkat/L, reference range 0.5–3.3",
            5322,
            5322,
            {"unit": "µkat/L", "upper_limit": 198, "times_upper_limit": 26.88},
        ),
        ("number", "26.6 × ULN", None, None, {"times_upper_limit": 26.6}),
        ("number", "> 40 times the upper limit of normal", None, None, {"times_upper_limit": 40, "comparator": ">"}),
        ("number", "26.6 × ULN (ref < 200)", 5320, 5320, {"upper_limit": 200, "times_upper_limit": 26.6, "precision": "derived"}),
        ("age_iso8601", "late 40s", 40, 49, {"precision": "decade", "part": "late"}),
        ("time", "March 2021", None, None, {"precision": "month"}),
        ("time", "2 weeks after symptom onset", None, None, {"since": "onset"}),
        ("time", "in her fifties", None, None, {"precision": "decade", "since": "birth"}),
        ("age_iso8601", "in his sixties", 60, 69, {"precision": "decade"}),
        ("age_iso8601", "11 years 6 months", 11.5, 11.5, {}),
        ("duration_iso8601", "at least 12 years", 4383, None, {"comparator": ">="}),
        ("choice", "left", None, None, {}),
    ],
)
def test_bounds_and_qualifiers_are_read(kind: str, given: str, low: float | None, high: float | None, told: dict) -> None:
    kept = keep(kind, given)
    assert (kept.low, kept.high, kept.qualifiers) == (low, high, told)


def test_qualifiers_given_are_kept_and_bound_the_value() -> None:
    kept = keep("duration_iso8601", "P12Y", comparator=">=", precision="derived", side="")
    assert (kept.low, kept.high, kept.qualifiers) == (4383, None, {"comparator": ">=", "precision": "derived"})
    severity = {"id": "HP:0012828", "label": "Severe"}
    assert keep("finding", None, severity=severity, quantity="scant").qualifiers == {"severity": severity, "quantity": "scant"}


@pytest.mark.parametrize(
    ("kind", "given", "reason"),
    [
        ("choice", "up", "'up' is not an option; choose from left, right"),
        ("choice", ["left"], "is not an option"),
        ("choice", None, "is missing: choose from left, right"),
        ("choice_multi", ["a", "z"], "'z' is not an option; choose from a, b, c"),
        ("choice_multi", ["a"] * 101, "at most 100"),
        ("number", "many", "is not a number"),
        ("number", "7.200,5", "is not a number"),
        ("number", "12,5", "is not a number"),
        ("number", float("nan"), "must be a number"),
        ("number", 10**400, "must be a number"),
        ("number", True, "must be a number"),
        ("number", -1, "outside the range of this feature, 0 to 500,000"),
        ("number", "500,001", "outside the range"),
        ("number", "7 mg/dl", "give it in U/L or mU/mL or kU/L"),
        ("number", "from 7,200 to 310 IU/L", "two values, 7,200 IU/L and 310 IU/L; give each an entry of its own"),
        ("number", "300-400 U/L", "write its lower end with ≥"),
        ("number", "5320 (ref > 50)", "names no upper limit"),
        ("number", "5320 (ref < 200 mg/dl)", "give it in U/L"),
        ("number", "501 kU/L", "501,000 is outside the range"),
        ("time", "03/04/2021", "may be read in two ways"),
        ("time", "31 June 2021", "is not a date"),
        ("ontology_term", "Lumbagoo", "did you mean “Low back pain (HP:0003419)”"),
        ("ontology_term", "Fever (HP:0003419)", "HP:0003419 is “Low back pain”, and “Fever” is HP:0001945"),
        ("measurement", {"name": "CK", "number": "26 × ULN"}, "write the number, and the limit"),
        ("age_iso8601", "long ago", "cannot be read"),
        ("age_iso8601", {"years": 3}, "must be text"),
        ("duration_iso8601", "-P2Y", "is negative"),
        ("time", "2021-02-30", "is not a date"),
        ("time", "then", "is no time"),
        ("text", "a\x00b", "cannot be stored"),
        ("text", "a\ud800b", "cannot be stored"),
        ("text", "   ", "is empty"),
        ("text", "x" * 2001, "at most 2000"),
        ("text", 3, "must be text"),
        ("variant", "c.1A>G\nc.2A>G", "takes one variant"),
        ("choice_open", "x" * 301, "at most 300"),
        ("ontology_term", "low back pains", "written as “Low back pain (HP:0003419)”"),
        ("ontology_term", {"id": "3419", "label": "x"}, "PREFIX:NUMBER"),
        ("ontology_term", {"id": "HP:1"}, "with id and label"),
        ("ontology_term", [PAIN, ATROPHY], "takes one term"),
        ("terms", [PAIN, PAIN], "names a term twice"),
        ("terms", "\n", "names no term"),
        ("measurement", 5, "must have a name"),
        ("measurement", {"name": "x", "number": 1, "more": 2}, "must have a name"),
        ("measurement", {"name": "", "number": 1}, "the name is empty"),
        ("finding", "yes", "must be left empty"),
        ("derived", "x", "derived by a rule"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_way_out(kind: str, given: Any, reason: str) -> None:
    assert reason in reasons(kind, given)


@pytest.mark.parametrize("status", ["excluded", "not_tested", "not_reported"])
def test_only_what_is_there_has_a_value(status: str) -> None:
    assert "must be left empty where the status is" in reasons("choice", "left", status)
    assert keep("choice", None, status) == Value(status)


def test_what_is_unsettled_may_have_a_value() -> None:
    assert keep("choice", "left", "indeterminate").value == "left"
    assert keep("choice", None, "indeterminate").value is None


@pytest.mark.parametrize("status", ["not_applicable", "maybe", "", None, 3, ["present"]])
def test_statuses_that_nobody_records(status: Any) -> None:
    assert "must be one of present" in reasons("choice", "left", status)


@pytest.mark.parametrize(
    ("kind", "value", "qualifiers", "reason"),
    [
        ("number", "> 5", {"comparator": "<"}, "the value itself says >"),
        ("number", 5, {"comparator": "=="}, "must be one of"),
        ("number", 5, {"colour": "red"}, "colour: is unknown"),
        ("number", 5, {"precision": ["day"]}, "must be one of"),
        ("choice", "left", {"comparator": "<"}, "belongs to numbers"),
        ("finding", None, {"severity": "dreadful"}, "must be a term"),
        ("finding", None, {"certainty": "sure"}, "must be one of definite, probable, possible"),
        ("finding", None, {"upper_limit": 200}, "belongs to numbers"),
        ("number", 5, {"upper_limit": 0}, "must be a number above nothing"),
        ("number", 5, {"times_upper_limit": "lots"}, "must be a number above nothing"),
        ("finding", None, {"scope": ["title", "attic"]}, "may name only"),
        ("time", "2021", {"since": "Easter"}, "must be one of"),
        ("finding", None, {"quantity": "x" * 101}, "at most 100"),
    ],
)
def test_qualifiers_that_do_not_fit(kind: str, value: Any, qualifiers: dict, reason: str) -> None:
    assert reason in reasons(kind, value, **qualifiers)


def test_qualifiers_need_something_to_qualify() -> None:
    assert "must be left out" in reasons("finding", None, "not_reported", quantity="scant")
    with pytest.raises(Invalid, match="cannot be recorded"):
        check(SPECS["finding"], status="present", qualifiers=["x"])  # type: ignore[arg-type]


def test_what_a_program_says_beside_a_number() -> None:
    kept = keep("number", 5320, upper_limit="200", times_upper_limit=3)
    assert kept.qualifiers == {"upper_limit": 200, "times_upper_limit": 26.6}, "what is computed goes before what is said"
    assert keep("number", None, times_upper_limit=26.6).value is None
    assert keep("finding", None, severity="severe", certainty="probable").qualifiers == {
        "severity": {"id": "HP:0012828", "label": "Severe"},
        "certainty": "probable",
    }


def test_what_was_read_goes_with_not_reported_only() -> None:
    assert keep("finding", None, "not_reported", scope=["abstract", "title"]).qualifiers == {"scope": ["title", "abstract"]}
    assert keep("finding", None, "present", scope=["title"]).qualifiers == {}


LINES = {
    "number": [
        *("5,320 U/L (ref < 200)", "26.6 × ULN", "26.6 × ULN (ref < 200)", "5.32 kU/L", "88.7 µkat/L (ref < 3.3)", "> 40 × ULN"),
        *("about 5000", "≥ 7,200 U/L", "5320 IU/L", "5320 [30–200]", "0"),
    ],
    "age_iso8601": ["35 y", "late 40s", "in his sixties", "3½ years", "about 50", "over 60 years", "40-45 years", "P1Y6M/P2Y"],
    "duration_iso8601": ["2 weeks", "about 3 months", "P1Y14D", "48 hours", "2 to 3 weeks"],
    "duration_signed_iso8601": ["2 years before", "6 months after", "2 to 3 days before"],
    "time": [
        *("March 2021", "at age 35", "2 weeks after onset", "3 months before treatment", "at presentation", "2 weeks"),
        *("in his late sixties", "about 2 weeks after onset", "2 to 3 weeks before diagnosis", "over 3 months after onset"),
    ],
}


@pytest.mark.parametrize(("kind", "typed"), [(kind, line) for kind, lines in LINES.items() for line in lines])
def test_what_was_typed_is_edited_again(kind: str, typed: str) -> None:
    kept = keep(kind, typed)
    assert keep(kind, retyped(SPECS[kind], kept.value, kept.qualifiers)) == kept
    assert display(SPECS[kind], kept.value, kept.qualifiers)


figures = st.decimals(min_value=0, max_value=500, places=2, allow_nan=False)


@given(
    figures, st.sampled_from(["", " U/L", " IU/L", " kU/L", " µkat/L"]), st.sampled_from(["", "≥ ", "< "]), st.integers(0, 900)
)
def test_any_number_is_edited_again(number: Decimal, unit: str, comparator: str, limit: int) -> None:
    line = f"{comparator}{number}{unit}" + (f" (ref < {limit} U/L)" if limit else "")
    kept = keep("number", line)
    again = keep("number", retyped(SPECS["number"], kept.value, kept.qualifiers))
    assert (again.value, again.low, again.high) == (kept.value, kept.low, kept.high)
    assert again.qualifiers.get("times_upper_limit") == kept.qualifiers.get("times_upper_limit")


@given(st.sampled_from(sorted(LINES)), st.text(max_size=40))
def test_any_line_is_edited_again_or_refused(kind: str, typed: str) -> None:
    try:
        kept = keep(kind, typed)
    except Invalid:
        return
    assert keep(kind, retyped(SPECS[kind], kept.value, kept.qualifiers)).value == kept.value


def test_all_faults_come_at_once() -> None:
    assert "value: " in (said := reasons("choice", "up", colour="red"))
    assert "qualifiers: " in said


names = st.text(max_size=10)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.sampled_from(sorted(SPECS)), st.sampled_from([*RECORDABLE, "x"]), values, st.dictionaries(st.text(), values, max_size=2)
)
def test_whatever_is_sent_is_kept_as_json_or_refused(kind: str, status: str, value: Any, qualifiers: dict) -> None:
    try:
        kept = check(SPECS[kind], status=status, value=value, qualifiers=qualifiers)
    except Invalid:
        return
    json.dumps([kept.value, kept.qualifiers], allow_nan=False).encode()


def test_every_kind_has_a_spec_here() -> None:
    assert {spec.value_type for spec in SPECS.values()} == set(ValueType.values)


@pytest.mark.parametrize(
    ("kind", "value", "qualifiers", "words"),
    [
        ("choice", "left", {}, "Left"),
        ("choice_multi", ["a", "b"], {}, "a, b"),
        ("number", 7200.0, {}, "7,200 U/L"),
        ("number", 0.5, {"comparator": ">="}, "≥ 0.5 U/L"),
        ("age_iso8601", "P35Y", {}, "35 years"),
        ("age_iso8601", "P23Y", {"precision": "derived"}, "23 years (derived)"),
        ("age_iso8601", "P11Y6M", {}, "11 years 6 months"),
        ("age_iso8601", "P60Y/P69Y", {"precision": "decade"}, "60 to 69 years"),
        ("duration_iso8601", "P1D", {}, "1 day"),
        ("duration_iso8601", "P12Y", {"comparator": ">="}, "≥ 12 years"),
        ("duration_signed_iso8601", "-P2Y", {}, "2 years before"),
        ("duration_signed_iso8601", "P3M", {}, "3 months after"),
        ("time", "2021-03", {}, "2021-03"),
        ("ontology_term", PAIN, {}, "Low back pain (HP:0003419)"),
        ("measurement", {"name": "LDH", "number": 1200.0, "unit": "U/L"}, {}, "LDH 1,200 U/L"),
        ("finding", None, {}, ""),
        ("number", 5320.0, {"upper_limit": 200.0, "times_upper_limit": 26.6}, "5,320 U/L (26.6 × ULN of 200)"),
        ("number", 5320.0, {"unit": "kU/L"}, "5,320 U/L (given in kU/L)"),
        ("number", None, {"times_upper_limit": 40.0, "comparator": ">"}, "> 40 × ULN"),
        ("age_iso8601", "P40Y/P49Y", {"precision": "decade", "part": "late"}, "40 to 49 years (late)"),
        ("time", "P2W", {"since": "onset"}, "2 weeks after onset"),
        ("time", "-P3W/-P2W", {"since": "diagnosis"}, "2 to 3 weeks before diagnosis"),
        ("time", "P35Y", {"since": "birth"}, "at age 35 years"),
        ("time", "P0D", {"since": "presentation"}, "at presentation"),
    ],
)
def test_values_in_words(kind: str, value: Any, qualifiers: dict, words: str) -> None:
    assert display(SPECS[kind], value, qualifiers) == words


def test_statuses_in_the_codebooks_words() -> None:
    spec = FeatureSpec("ab", "Antibody", "finding", status_labels={"present": "Positive"})
    assert (status_words(spec, "present"), status_words(spec, "not_reported")) == ("Positive", "Not reported")


WEAK = FeatureSpec("weak", "Weak", "finding")
SYMMETRY = FeatureSpec("symmetry", "Symmetry", "choice", shown_when={"feature": "weak", "status_in": ["present"]})
SIDE = FeatureSpec("side", "Side", "choice", shown_when={"feature": "symmetry", "value_in": ["asymmetric"]})


@pytest.mark.parametrize(
    ("spec", "answers", "expected"),
    [
        (WEAK, {}, True),
        (SYMMETRY, {}, None),
        (SYMMETRY, {"weak": Value("present")}, True),
        (SYMMETRY, {"weak": Value("not_reported")}, False),
        (SIDE, {"symmetry": Value("present", "asymmetric")}, True),
        (SIDE, {"symmetry": Value("present", ["x", "asymmetric"])}, True),
        (SIDE, {"symmetry": Value("present", "symmetric")}, False),
        (SIDE, {"symmetry": Value("excluded")}, False),
    ],
)
def test_whether_a_feature_applies(spec: FeatureSpec, answers: dict, expected: bool | None) -> None:
    assert applicable(spec, answers) is expected


def test_what_hangs_on_what_does_not_apply_does_not_apply() -> None:
    specs = {spec.slug: spec for spec in (WEAK, SYMMETRY, SIDE)}
    assert inapplicable(specs, {"weak": Value("excluded")}) == {"symmetry", "side"}
    assert inapplicable(specs, {}) == set()


@pytest.mark.parametrize(
    ("status", "comment", "evidence", "count"),
    [
        ("present", "", 1, 0),
        ("present", "", 0, 1),
        ("not_reported", "", 0, 0),
        ("indeterminate", "", 0, 2),
        ("indeterminate", " ", 1, 1),
        ("indeterminate", "text and table differ", 1, 0),
    ],
)
def test_what_an_answer_still_needs(status: str, comment: str, evidence: int, count: int) -> None:
    assert len(unfinished(WEAK, status=status, comment=comment, evidence=evidence)) == count
