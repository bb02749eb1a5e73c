"""Which answers move when two patients become one, and who is counted for whom."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.patients.merging import Said, clashes, plan
from curation.patients.persons import roots


def said(key: int, slug: str, value: Any = None, status: str = "present", *, series: str = "", instance: int = 1) -> Said:
    return Said(key, slug, series, instance, status, value, {"scope": [str(key)]})


def test_what_only_one_says_moves_and_what_both_say_stays() -> None:
    kept = [said(1, "sex", "male"), said(2, "age", "P35Y")]
    gone = [said(11, "age", "P35Y"), said(12, "side", "left")]
    made = plan(kept, gone, {})
    assert (made.to_kept, made.to_gone, made.agreeing) == ({12: 1}, {}, [(2, 11)])


def test_silence_gives_way_and_is_no_clash() -> None:
    kept = [said(1, "sex", status="not_reported"), said(2, "age", "P35Y")]
    gone = [said(11, "sex", "male"), said(12, "age", status="not_reported")]
    assert clashes(kept, gone) == []
    made = plan(kept, gone, {})
    assert (made.to_kept, made.to_gone) == ({11: 1}, {1: 1})


@pytest.mark.parametrize(("choice", "to_kept", "to_gone"), [("kept", {}, {}), ("gone", {11: 1}, {1: 1}), ("", {}, {})])
def test_where_they_differ_a_person_chooses(choice: str, to_kept: dict, to_gone: dict) -> None:
    kept, gone = [said(1, "sex", "male")], [said(11, "sex", "female")]
    assert [clash.slug for clash in clashes(kept, gone)] == ["sex"]
    made = plan(kept, gone, {"sex": choice})
    assert (made.to_kept, made.to_gone) == (to_kept, to_gone)


def test_rows_of_a_series_stand_after_each_other() -> None:
    kept = [said(1, "ck", 1.0, series="ck"), said(2, "ck", 2.0, series="ck", instance=2)]
    gone = [said(11, "ck", 3.0, series="ck"), said(12, "kind", "peak", series="ck"), said(13, "ck", 4.0, series="ck", instance=4)]
    assert plan(kept, gone, {}).to_kept == {11: 3, 12: 3, 13: 4}


def test_a_series_that_says_nothing_gives_way() -> None:
    silent, telling = [said(1, "ck", status="not_reported", series="ck")], [said(11, "ck", 3.0, series="ck")]
    made = plan(silent, telling, {})
    assert (made.to_kept, made.to_gone) == ({11: 1}, {1: 2})
    assert plan(telling, silent, {}) == plan(telling, [], {})
    assert plan([], silent, {}).to_kept == {1: 1}


slugs, values = st.sampled_from("abc"), st.sampled_from(["x", "y", None])
sides = st.dictionaries(slugs, values, max_size=3)


@given(sides, sides, st.dictionaries(slugs, st.sampled_from(["kept", "gone"])))
def test_no_place_is_taken_twice(one: dict, other: dict, choices: dict) -> None:
    def answers(side: dict, start: int) -> list[Said]:
        return [
            said(start + n, slug, value, "present" if value else "not_reported") for n, (slug, value) in enumerate(side.items())
        ]

    kept, gone = answers(one, 1), answers(other, 11)
    made = plan(kept, gone, choices)
    places = [s.slug for s in kept if s.key not in made.to_gone] + [s.slug for s in gone if s.key in made.to_kept]
    assert sorted(places) == sorted({*one, *other})


def test_the_first_is_counted_for_all_that_are_the_same() -> None:
    assert roots([(5, 3), (5, 9)], {}) == {3: None, 5: 3, 9: 3}
    assert roots([], {7: 4}) == {7: 4}
    assert roots([(4, 2)], {7: 4}) == {2: None, 4: 2, 7: 2}
    assert roots([(7, 9)], {7: 4}) == {4: None, 7: 4, 9: 4}


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=8))
def test_nobody_is_counted_for_somebody_who_is_not(pairs: list[tuple[int, int]]) -> None:
    found = roots(pairs, {})
    assert all(root is None or found[root] is None for root in found.values())
    assert all((found[a] or a) == (found[b] or b) for a, b in pairs)
