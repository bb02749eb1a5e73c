"""Whatever is wrong with a codebook's file is said at once: line, feature, reason."""

from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from curation.codebook.marked import MAX_CHARACTERS, decode
from curation.codebook.rules import read_codebook
from curation.errors import Invalid

HEAD = """codebook: small
title: Small
version: 1.0.0
language: en
statuses: [{value: present, label: Present}]
groups: [{slug: signs, label: Signs}]
features:
"""
FEVER = (
    "- {slug: fever, group: signs, label: Fever, question: Fever?, value_type: finding, tier: core, evidence_required: true}\n"
)


def feature(extra: str = "", **changed: str) -> str:
    """One feature on line 9, fever standing on line 8."""
    keys = {"slug": "x", "group": "signs", "label": "X", "question": "X?", "value_type": "finding", "tier": "core"} | changed
    keys = {"evidence_required": "true"} | keys
    listed = ", ".join(f"{key}: {value}" for key, value in keys.items() if value)
    return f"{HEAD}{FEVER}- {{{listed}{', ' + extra if extra else ''}}}\n"


def faults_of(text: str) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        read_codebook(text)
    return [str(fault) for fault in refusal.value.faults] or [refusal.value.detail]


def test_a_sound_file_is_read() -> None:
    book = read_codebook(feature("unit: {ucum: kg, label: kg}, range: {min: 0, max: 9}", value_type="number"))
    assert (book.slug, book.version, [f["slug"] for f in book.features]) == ("small", "1.0.0", ["fever", "x"])


def test_a_name_with_nothing_behind_it_is_as_good_as_none() -> None:
    read_codebook(feature("note: null, options: []"))
    assert "“label” is missing" in faults_of(feature(label="null"))[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (feature(group="other"), "unknown group “other”"),
        (feature(value_type="feeling"), "value_type: unknown “feeling”"),
        (feature(tier="best"), "tier: unknown “best”"),
        (feature(question=""), "“question” is missing"),
        (feature("colour: red"), "unknown name “colour”"),
        (feature(slug="fever"), "slug “fever” is used 2 times"),
        (feature(slug="No-Slug"), "small letters, digits and _"),
        (feature(slug="1"), "put it in quotes"),
        (feature(evidence_required="maybe"), "must be true or false"),
        (feature(label='"a\\0b"'), "cannot be stored"),
        (feature(label="x" * 201), "at most 200"),
        (feature(label="2021-01-01"), "put it in quotes"),
        (feature(label="!!python/object:os.system x"), "put it in quotes"),
        (feature(value_type="choice"), "is a choice without options"),
        (feature("options: []", value_type="choice"), "is a choice without options"),
        (feature("options: [{value: a, label: A}]"), "has options, but is a finding"),
        (feature("options: [{value: a, label: A}, {value: a, label: B}]", value_type="choice"), "value “a” is used 2 times"),
        (feature("options: [{value: no, label: No}]", value_type="choice"), "is not text; put it in quotes"),
        (feature("options: [{value: a}]", value_type="choice"), "options: “label” is missing"),
        (feature("options: [a]", value_type="choice"), "options: must be a mapping"),
        (feature("options: {a: b}", value_type="choice"), "options: must be a list"),
        (feature(value_type="number"), "is a number without a unit"),
        (feature("unit: {ucum: kg, label: kg}"), "has a unit, but is a finding"),
        (
            feature("unit: {ucum: kg, label: kg}, range: {min: 9, max: 1}", value_type="number"),
            "begins at 9 and ends before",
        ),
        (feature("unit: {ucum: kg, label: kg}, range: {min: a, max: 1}", value_type="number"), "must be a number"),
        (feature(value_type="derived"), "is derived, but says no derivation"),
        (feature("derivation: from others"), "disagree on whether it is derived"),
        (feature("derived: true"), "disagree on whether it is derived"),
        (feature("shown_when: {feature: gone, status_in: [present]}"), "names the unknown feature “gone”"),
        (feature("shown_when: {feature: fever, status_in: [gone]}"), "unknown “gone”"),
        (feature("shown_when: {feature: fever, value_in: [left]}"), "“left” is no option of fever"),
        (feature("shown_when: {feature: fever}"), "needs either status_in or value_in"),
        (feature("shown_when: {feature: fever, status_in: [present], value_in: [a]}"), "needs either status_in or value_in"),
        (feature("shown_when: {feature: x, status_in: [present]}"), "runs in a circle: x → x"),
        (feature("ontology: {hpo: [{id: HP:123, name: X}]}"), "an HPO identifier such as HP:0001324"),
        (feature("ontology: {mondo: []}"), "ontology: unknown name “mondo”"),
        (feature("status_labels: {gone: Gone}"), "status_labels: unknown name “gone”"),
        (feature("antibody: {subtype: x}"), "antibody: “class” is missing"),
    ],
)
def test_a_fault_names_line_and_feature(text: str, reason: str) -> None:
    faults = faults_of(text)
    assert any(reason in fault for fault in faults), faults
    assert any(fault.startswith(("line 9", "line 8")) for fault in faults)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD + FEVER.replace("fever", "x", 1).replace("{slug: x", "{slug: x, slug: y"), "“slug” stands twice"),
        (feature().replace("1.0.0", "one"), "three numbers such as 1.0.0"),
        (feature().replace("1.0.0", "1.0"), "put it in quotes"),
        (feature().replace("codebook: small\n", ""), "“codebook” is missing"),
        (feature().replace("codebook: small", "codebook: Small!"), "small letters, digits, - and _"),
        (feature().replace("value: present", "value: gone"), "unknown “gone”"),
        (feature().replace("statuses: [", "statuses: [{value: present, label: Also}, "), "value “present” is used 2 times"),
        (feature().replace("groups: [", "groups: [{slug: signs, label: Also}, "), "slug “signs” is used 2 times"),
        (feature().replace("title:", "titel:"), "unknown name “titel”"),
        (HEAD + "- just words\n", "must be a mapping"),
        (HEAD + "- 7\n", "must be a mapping"),
        (HEAD.replace("features:", "features: []"), "features: is empty"),
        (HEAD.replace("features:", "features: fever"), "features: must be a list"),
        ("? [a]\n: b\n", "a name must be a plain word"),
    ],
)
def test_a_fault_of_the_whole_file(text: str, reason: str) -> None:
    faults = faults_of(text)
    assert any(reason in fault for fault in faults), faults
    assert all(fault.startswith("line ") for fault in faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "line 2, column 1"),
        ("a: b: c", "line 1, column 5"),
        ("\tx: 1", "line 1"),
        ("", "line 1: must begin with"),
        ("- a\n- b", "line 1: must begin with"),
        ("a: &x [1]\nb: *x", "line 1: write the value out"),
        ("a: " + "[" * 5000, "levels deep"),
        ("a: \x00", "somewhere"),
        ("a: \ud800", "lone surrogate"),
        ("a: " + "x" * MAX_CHARACTERS, "at most"),
    ],
)
def test_what_cannot_be_read_at_all(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_codebook(text)
    assert said in " ".join([refusal.value.detail, *map(str, refusal.value.faults)])


def test_a_circle_over_several_features_is_named_at_each() -> None:
    text = HEAD + "".join(
        FEVER.replace("fever", slug).replace("}\n", f", shown_when: {{feature: {parent}, status_in: [present]}}}}\n")
        for slug, parent in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    assert [fault.rpartition(": ")[2] for fault in faults_of(text)] == ["a → b → c → a", "b → c → a → b", "c → a → b → c"]


def test_every_fault_is_listed_in_the_order_of_the_file() -> None:
    book = (Path(settings.BASE_DIR) / "seeds" / "codebooks" / "imnm.yaml").read_text()
    broken = (
        book.replace("tier: rare", "tier: odd").replace("group: lung", "group: lungs").replace("version: 1.0.0", "version: x")
    )
    faults = faults_of(broken)
    assert len(faults) == broken.count("tier: odd") + broken.count("group: lungs") - 1 + 1  # one feature has both
    assert faults[0].startswith("line 3: version")
    lines = [int(fault.split()[1].strip(",:")) for fault in faults]
    assert lines == sorted(lines)


@pytest.mark.parametrize("data", [b"\xff", b"\xef\xbb\xbf" + b"\xc3", b"x" * (2 * MAX_CHARACTERS + 1)])
def test_bytes_that_are_no_text(data: bytes) -> None:
    with pytest.raises(Invalid):
        decode(data)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfa: 1") == "a: 1"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_codebook(text)


nested = st.recursive(
    st.sampled_from(["x", "fever", "1", "null", "true", "finding", "present"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(st.sampled_from(["slug", "feature", "value", "hpo", "min"]), inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"{k}: {v}" for k, v in parts.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.sampled_from(["options", "range", "shown_when", "ontology", "unit", "slug", "group", "status_labels"]), nested)
def test_any_shape_of_a_feature_is_read_or_refused(key: str, value: str) -> None:
    try:
        read_codebook(feature(**{key: value}))
    except Invalid as refusal:
        assert refusal.faults  # noqa: PT017
