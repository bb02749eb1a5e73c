"""Three-valued logic: decided is decided. More information settles what was open and never turns an answer round."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from curation.criteria.logic import Condition, Fact, Known, choose, decide, evaluate

SLUGS = ("a", "b", "c")
ATTRIBUTES = {"a": {"kind": "x"}, "b": {"kind": "x"}, "c": {"kind": "y"}}
SILENT = (None, Fact("not_reported"), Fact("indeterminate"), Fact("not_tested"))
SETTLED = (Fact("excluded"), *(Fact("present", value, low=n, high=n) for n, value in enumerate(("left", "right", "both"))))

asks = st.one_of(
    st.sampled_from(SLUGS).map(lambda slug: {"feature": slug}),
    st.sampled_from(["x", "y"]).map(lambda kind: {"any_feature": {"where": {"kind": [kind]}}}),
)
tests = st.one_of(
    st.sampled_from(["present", "excluded"]).map(lambda status: {"is": status}),
    st.sets(st.sampled_from(["left", "right", "both"]), min_size=1).map(lambda values: {"value": sorted(values)}),
    st.integers(0, 3).map(lambda n: {"at_least": n}),
    st.integers(0, 3).map(lambda n: {"below": n}),
)
leaves = st.builds(lambda ask, test: {**ask, **test}, asks, tests)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)
facts = st.fixed_dictionaries({slug: st.sampled_from([*SILENT, *SETTLED]) for slug in SLUGS})


def known(by_slug: dict[str, Fact | None]) -> Known:
    return Known({slug: (fact,) for slug, fact in by_slug.items() if fact}, ATTRIBUTES)


def more(by_slug: dict[str, Fact | None], new: dict[str, Fact]) -> dict[str, Fact | None]:
    """The same with what was open settled, and nothing else touched."""
    return {slug: new[slug] if fact in SILENT else fact for slug, fact in by_slug.items()}


settled = st.fixed_dictionaries({slug: st.sampled_from(SETTLED) for slug in SLUGS})


@given(conditions, facts, settled)
def test_more_information_never_turns_a_decision_round(condition: Condition, before: dict, new: dict) -> None:
    decided = evaluate(condition, known(before)).truth
    if decided is not None:
        assert evaluate(condition, known(more(before, new))).truth is decided


@given(conditions, facts)
def test_what_is_open_names_what_is_missing(condition: Condition, before: dict) -> None:
    verdict = evaluate(condition, known(before))
    assert bool(verdict.missing) or verdict.truth is not None
    assert all(before[slug] in SILENT or before[slug] == Fact("excluded") for slug in verdict.missing)


@given(conditions, facts)
def test_not_turns_round_and_leaves_the_unknown(condition: Condition, before: dict) -> None:
    truth = evaluate(condition, known(before)).truth
    assert evaluate({"not": condition}, known(before)).truth is (None if truth is None else not truth)
    assert evaluate({"not": {"not": condition}}, known(before)).truth is truth


@given(st.lists(conditions, min_size=1, max_size=3), facts)
def test_all_and_any_mirror_each_other(parts: list[Condition], before: dict) -> None:
    flipped = {"not": {"any": [{"not": part} for part in parts]}}
    assert evaluate({"all": parts}, known(before)).truth is evaluate(flipped, known(before)).truth


@given(conditions, facts)
def test_known_is_never_open(condition: Condition, before: dict) -> None:
    assert evaluate({"known": condition}, known(before)).truth is (evaluate(condition, known(before)).truth is True)


@given(st.lists(conditions, min_size=1, max_size=4), facts, settled)
def test_a_decided_rule_stays_decided(whens: list[Condition], before: dict, new: dict) -> None:
    cases: list[dict[str, Any]] = [{"value": str(n), "when": when} for n, when in enumerate(whens)] + [{"value": "else"}]
    first, later = decide(cases, known(before)), decide(cases, known(more(before, new)))
    if first.case is not None:
        assert later.outcome == first.outcome
    elif later.case is not None:
        assert later.outcome in first.possible


def test_an_open_earlier_case_that_says_the_same_does_not_block() -> None:
    cases = [{"value": "x", "when": {"feature": "a", "is": "present"}}, {"value": "x"}]
    decision = decide(cases, known({}))
    assert (decision.outcome.value, decision.case, decision.missing) == ("x", 1, {"a"})


def test_no_case_holds() -> None:
    decision = decide([{"value": "x", "when": {"feature": "a", "is": "present"}}], known({"a": Fact("excluded")}))
    assert (decision.outcome.status, decision.case, decision.possible) == ("not_reported", None, ())


def test_status_takes_silence_as_such() -> None:
    verdict = evaluate({"feature": "a", "status": ["not_reported"]}, known({}))
    assert (verdict.truth, verdict.missing) == (True, {"a"})


def test_one_of_several_records_is_enough() -> None:
    twice = Known({"a": (Fact("excluded"), Fact("present", "left"))})
    assert evaluate({"feature": "a", "value": ["left"]}, twice).truth is True


def test_a_list_says_what_there_is_and_not_what_there_is_not() -> None:
    listed = Known({"a": (Fact("present", ["left", "both"]),)})
    assert evaluate({"feature": "a", "value": ["left"]}, listed).truth is True
    assert evaluate({"feature": "a", "value": ["right"]}, listed).truth is None


def test_the_first_reported_is_asked_and_the_others_are_not() -> None:
    condition = {"first_of": ["a", "b"], "value": ["left"]}
    assert evaluate(condition, known({"a": SETTLED[2], "b": SETTLED[1]})).truth is False
    assert evaluate(condition, known({"a": Fact("indeterminate"), "b": SETTLED[1]})).truth is True
    assert evaluate(condition, known({})).missing == {"a", "b"}


def test_features_are_chosen_by_attributes() -> None:
    assert choose({"where": {"kind": ["x"]}, "except": ["a"]}, ATTRIBUTES) == ["b"]
    assert evaluate({"any_feature": {"where": {"kind": ["z"]}}, "is": "present"}, known({})).truth is False


def test_open_bounds_straddle() -> None:
    at_least_twelve = Known({"a": (Fact("present", "P12Y", low=12, high=None),)})
    assert evaluate({"feature": "a", "above": 10}, at_least_twelve).truth is True
    assert evaluate({"feature": "a", "at_most": 20}, at_least_twelve).truth is None
    assert evaluate({"feature": "a", "below": 12}, at_least_twelve).truth is False
    assert evaluate({"feature": "a", "below": 12}, Known({"a": (Fact("present", "x"),)})).truth is None
