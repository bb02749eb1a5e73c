"""The coefficients against published worked examples, and against another library on made ratings."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from curation.agreement.coefficients import chance, pooled
from curation.agreement.intervals import Unit, agreement


def units(first: str, second: str, *, feature: str = "f") -> list[Unit]:
    return [Unit(n, feature, one, other) for n, (one, other) in enumerate(zip(first, second, strict=True))]


def of_table(rows: list[list[int]]) -> list[Unit]:
    said = [(str(i), str(j)) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)]
    return [Unit(n, "f", one, other) for n, (one, other) in enumerate(said)]


@pytest.mark.parametrize(
    ("first", "second", "alpha"),
    [
        # Krippendorff, Computing Krippendorff's alpha-reliability (2011), A: two observers, binary
        ("0100000010", "1110010000", 0.095),
        # the same, B: two observers, nominal
        ("aabbdcccedda", "babbbccceddd", 0.692),
    ],
)
def test_alpha_of_krippendorffs_own_examples(first: str, second: str, alpha: float) -> None:
    assert agreement(units(first, second))["alpha"].value == pytest.approx(alpha, abs=0.0005)


def test_kappa_of_the_textbook_example() -> None:
    """Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions (2003), table 18.1: 100 patients, kappa 0.68."""
    made = agreement(of_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
    assert made["percent"].value == pytest.approx(0.89)
    assert made["kappa"].value == pytest.approx(0.676, abs=0.0005)


def test_ac1_of_gwets_example_where_kappa_fails() -> None:
    """Gwet, Kappa statistic is not satisfactory ... (2002): 125 subjects, one answer rare; kappa -0.0234, AC1 0.9408."""
    made = agreement(of_table([[118, 5], [2, 0]]))
    assert made["percent"].value == pytest.approx(0.944)
    assert made["kappa"].value == pytest.approx(-0.0234, abs=0.00005)
    assert made["ac1"].value == pytest.approx(0.9408, abs=0.00005)


ratings = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=40)


@given(ratings)
def test_kappa_is_another_librarys(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    value = agreement(units("".join(first), "".join(second)), resamples=1)["kappa"].value
    if value is None:
        assert len({*first, *second}) == 1
    else:
        assert value == pytest.approx(cohen_kappa_score(first, second))


@given(ratings)
def test_no_coefficient_is_above_full_agreement_and_full_agreement_is_one(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    for name, made in agreement(units("".join(first), "".join(second)), resamples=1).items():
        assert made.value is None or made.value <= 1 + 1e-12
        if first == second and len(set(first)) > 1:
            assert made.value == pytest.approx(1), name


def test_where_every_rating_is_the_same_only_percent_and_ac1_could_speak() -> None:
    made = agreement(units("aaaa", "aaaa"))
    assert made["percent"].value == 1
    assert (made["kappa"].value, made["alpha"].value) == (None, None)


def test_nothing_rated_is_nothing_said() -> None:
    assert {made.value for made in agreement([]).values()} == {None}


def test_pooled_is_the_weighted_mean_corrected_afterwards() -> None:
    """De Vries et al. 2008: mean observed 0.75 and mean chance 0.5 over features of equal size give 0.5."""
    one, other = np.array([[[4.0, 0], [0, 4]]]), np.array([[[2.0, 2], [2, 2]]])
    both = pooled([chance(one), chance(other)])
    assert (both.observed[0], both.kappa[0]) == (0.75, 0.5)
    assert both.corrected("kappa")[0] == 0.5
    empty = pooled([chance(one), chance(np.zeros((1, 2, 2)))])
    assert empty.corrected("kappa")[0] == chance(one).corrected("kappa")[0] == 1


def test_intervals_hold_the_value_are_the_same_each_time_and_narrow_with_more_articles() -> None:
    few, many = units("ababab" * 3, "abbaab" * 3), units("ababab" * 30, "abbaab" * 30)
    one, again, more = agreement(few)["kappa"], agreement(few)["kappa"], agreement(many)["kappa"]
    assert one == again
    assert one.low is not None and one.high is not None and more.low is not None and more.high is not None  # noqa: PT018
    assert one.low <= one.value <= one.high  # type: ignore[operator]
    assert more.high - more.low < one.high - one.low


def test_whole_articles_are_drawn() -> None:
    """Twelve units of two articles are two draws, not twelve: the interval is as wide as their difference."""
    apart = [Unit(n % 2, "f", "a" if n % 4 < 2 else "b", "a" if n % 2 else "b") for n in range(12)]
    made = agreement(apart)["percent"]
    assert (made.low, made.high) == (pytest.approx(0.5), pytest.approx(0.5)) or made.high > made.low  # type: ignore[operator]
    single = agreement([Unit(1, "f", "a", "b"), Unit(1, "f", "a", "a")])["percent"]
    assert (single.value, single.low) == (0.5, None)


def test_alpha_equals_its_definition_by_coincidences() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.integers(0, 4, 50), rng.integers(0, 4, 50)
    coincidences = np.zeros((4, 4))
    for one, other in zip(first, second, strict=True):
        coincidences[one, other] += 1
        coincidences[other, one] += 1
    n = coincidences.sum(axis=0)
    off = ~np.eye(4, dtype=bool)
    expected = 1 - (n.sum() - 1) * coincidences[off].sum() / np.outer(n, n)[off].sum()
    made = agreement([Unit(k, "f", str(one), str(other)) for k, (one, other) in enumerate(zip(first, second, strict=True))])
    assert math.isclose(made["alpha"].value or 0, expected)
