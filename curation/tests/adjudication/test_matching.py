"""Which patients of two readings are offered as one."""

from hypothesis import given
from hypothesis import strategies as st

from curation.adjudication.matching import Described, offer


def patient(key: int, label: str, **told: object) -> Described:
    return Described(key, label, {slug: (said,) for slug, said in told.items()})


def test_by_name() -> None:
    assert offer([patient(1, "Case 1"), patient(2, "Case 2")], [patient(12, "case  2"), patient(11, "Patient 1")]) == {
        1: 11,
        2: 12,
    }


def test_by_age_and_sex_where_names_tell_nothing() -> None:
    ones = [patient(1, "The man", age="P35Y", sex="male"), patient(2, "His sister", age="P31Y", sex="female")]
    others = [patient(11, "Proband's sib", age="P31Y", sex="female"), patient(12, "Proband", age="P35Y", sex="male")]
    assert offer(ones, others) == {1: 12, 2: 11}


def test_by_order_where_all_else_is_equal() -> None:
    ones = [patient(n, "", sex="male") for n in (1, 2)]
    others = [patient(n, "x", sex="male") for n in (11, 12)]
    assert offer(ones, others) == {1: 11, 2: 12}


def test_who_fits_nobody_stays_alone() -> None:
    ones = [patient(1, "Mother", sex="female"), patient(2, "Son", sex="male")]
    assert offer(ones, [patient(11, "Boy", sex="male")]) == {2: 11}
    assert offer(ones, [patient(11, "Boy"), patient(12, "Woman")]) == {}


def test_the_only_ones_are_offered_whatever_they_say() -> None:
    assert offer([patient(1, "Man", sex="male")], [patient(11, "Woman", sex="female")]) == {1: 11}
    assert offer([], [patient(11, "Woman")]) == {}


people = st.lists(st.tuples(st.sampled_from(["Case 1", "Case 2", "Boy"]), st.sampled_from(["male", "female"])), max_size=4)


@given(people, people)
def test_nobody_is_in_two_pairs(ones: list[tuple[str, str]], others: list[tuple[str, str]]) -> None:
    one = [patient(n, label, sex=sex) for n, (label, sex) in enumerate(ones)]
    other = [patient(100 + n, label, sex=sex) for n, (label, sex) in enumerate(others)]
    found = offer(one, other)
    assert len(set(found.values())) == len(found)
    assert found == offer(one, other)
