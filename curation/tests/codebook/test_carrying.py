"""Every value comes out of a mapping once: carried over, changed, or left for a person with the reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.codebook.carrying import Carried, Said, carry, plan
from curation.codebook.file import read_codebook
from curation.codebook.spec import Value
from curation.tests.codebook.versions import CHANGES, EVERY_KIND, edited
from curation.tests.worlds import SMALL_CODEBOOK

OLD = read_codebook(SMALL_CODEBOOK.read_text())
NEW = read_codebook(edited(EVERY_KIND, CHANGES))
PLAN = plan(NEW.changes, OLD.specs, NEW.specs)
ASYMMETRIC = Value("present", "asymmetric")


def carried(*said: tuple[str, Value], instance: int = 1) -> Carried[int]:
    return carry(PLAN, [Said(n, slug, instance, value) for n, (slug, value) in enumerate(said)])


@pytest.mark.parametrize(
    ("slug", "value", "made"),
    [
        ("sex", Value("present", "female"), [("gender", "present", "f")]),
        ("sex", Value("present", "male"), [("gender", "present", "male")]),
        ("sex", Value("not_reported"), [("gender", "not_reported", None)]),
        ("weakness", Value("excluded"), [("arm_weakness", "excluded", None), ("leg_weakness", "excluded", None)]),
        ("side", Value("present", "left"), [("symmetry", "present", "asymmetric")]),
        ("ck", Value("present", 5320.0, 5320.0, None), [("ck", "present", 88.6666666667)]),
    ],
)
def test_what_the_mapping_says(slug: str, value: Value, made: list[tuple[str, str, Any]]) -> None:
    found = carried((slug, value))
    assert [(each.slug, each.answer.status, each.answer.value) for each in found.made] == made
    assert found.counts == {"carried": 0, "changed": 1, "person": 0}


def test_bounds_and_limits_follow_their_number() -> None:
    (made,) = carried(("ck", Value("present", 600.0, 600.0, None, {"comparator": ">=", "upper_limit": 180.0}))).made
    assert (made.answer.low, made.answer.high, made.answer.qualifiers["upper_limit"]) == (10.0, None, 3.0)


@pytest.mark.parametrize(
    ("slug", "value", "why"),
    [
        ("age", Value("present", "P35Y", 35.0, 36.0), "It was an age"),
        ("weakness", Value("present"), "was split into “Muscle weakness” and “Muscle weakness”"),
        ("symmetry", Value("present", "symmetric"), "its option “Symmetric” is gone"),
        ("side", Value("present", "right"), "its option “Right” is gone"),
        ("ck", Value("present", 500_000.0), "outside the range"),
    ],
)
def test_what_a_person_has_to_say(slug: str, value: Value, why: str) -> None:
    found = carried((slug, value))
    assert why in found.left[0]
    assert found.counts == {"carried": 0, "changed": 0, "person": 1}


def test_what_is_the_same_is_left_alone_and_what_is_removed_ends() -> None:
    found = carried(("regions", Value("present", ["arms"])), ("remark", Value("present", "Odd.")))
    assert (found.kept, found.ended, found.made) == ([0], [1], [])


def test_answers_that_meet_become_one_where_they_say_the_same() -> None:
    (made,) = carried(("symmetry", ASYMMETRIC), ("side", Value("present", "left"))).made
    assert (made.of, made.answer) == ((0, 1), ASYMMETRIC)
    (made,) = carried(("symmetry", ASYMMETRIC), ("side", Value("not_reported"))).made
    assert (made.of, made.answer) == ((0, 1), ASYMMETRIC)
    assert set(carried(("symmetry", ASYMMETRIC), ("side", Value("excluded"))).left) == {0, 1}
    assert set(carried(("symmetry", Value("excluded")), ("side", Value("not_reported"))).left) == {0, 1}


def test_a_version_that_says_nothing_carries_what_is_the_same_and_leaves_the_rest() -> None:
    quiet = read_codebook(edited(EVERY_KIND, None))
    steps = plan(None, OLD.specs, quiet.specs)
    said = [("sex", Value("present", "male")), ("age", Value("present", "P35Y")), ("ck", Value("present", 1.0))]
    found = carry(steps, [Said(n, slug, 1, value) for n, (slug, value) in enumerate(said)])
    assert list(found.left.values()) == [
        "“Sex” is no longer in the codebook",
        "“Age at report” asks for another kind of answer now",
        "“CK value” has another unit now",
    ]
    assert carry(steps, [Said(1, "regions", 1, Value("excluded"))]).kept == [1]


def test_what_no_longer_repeats() -> None:
    single = read_codebook(edited({"ck": {"repeatable": False, "repeat_group": None}}, []))
    steps = plan(single.changes, OLD.specs, single.specs)
    assert "ck" in steps.touched
    found = carry(steps, [Said(n, "ck", n, Value("present", 1.0)) for n in (1, 2)])
    assert (found.kept, list(found.left)) == ([1], [2])


def test_only_what_may_change_has_to_be_looked_at() -> None:
    assert PLAN.touched == {"sex", "weakness", "symmetry", "side", "ck", "remark", "age"}
    same = read_codebook(edited({}, []))
    assert not plan(same.changes, OLD.specs, same.specs).touched


STATUSES = st.sampled_from(["present", "excluded", "indeterminate", "not_tested", "not_reported"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "sex": st.sampled_from(["female", "male"]),
    "symmetry": st.sampled_from(["symmetric", "asymmetric"]),
    "side": st.sampled_from(["left", "right"]),
    "regions": st.lists(st.sampled_from(["arms", "legs", "neck"]), min_size=1, unique=True),
    "ck": st.floats(0, 500_000),
    "age": st.just("P35Y"),
    "remark": st.text(min_size=1),
    "weakness": st.none(),
}


@st.composite
def answers(draw: st.DrawFn) -> list[tuple[str, int, Value]]:
    places = draw(st.lists(st.tuples(st.sampled_from(sorted(VALUES)), st.integers(1, 3)), unique=True, max_size=12))
    found = []
    for slug, instance in places:
        status = draw(STATUSES)
        value = draw(VALUES[slug]) if status == "present" else None
        number = value if slug == "ck" else None
        found.append((slug, instance if slug == "ck" else 1, Value(status, value, number, number)))
    return list({(slug, instance): (slug, instance, value) for slug, instance, value in found}.values())


@given(answers())
def test_every_value_comes_out_once(said: list[tuple[str, int, Value]]) -> None:
    found = carry(PLAN, [Said((slug, instance), slug, instance, value) for slug, instance, value in said])
    assert sum(found.counts.values()) == len(said)
    out = [*found.kept, *found.ended, *found.left, *{key for made in found.made for key in made.of}]
    assert sorted(out) == sorted((slug, instance) for slug, instance, _ in said)
    assert len({(made.slug, made.instance) for made in found.made}) == len(found.made)
    assert {made.slug for made in found.made} <= set(NEW.specs)
