"""Intervals against worked examples in print, and against an independent library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from curation.cohorts.statistics import Proportion, Tally, shares, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [  # Newcombe RG. Stat Med 1998;17:857-872, table I, method 3 (score without continuity correction)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_printed(part: int, whole: int, low: float, high: float) -> None:
    interval = wilson(part, whole)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_as_scipy_has_it(case: tuple[int, int]) -> None:
    part, whole = case
    interval, other = wilson(part, whole), binomtest(part, whole).proportion_ci(method="wilson")
    assert interval.low == pytest.approx(other.low, abs=1e-9)
    assert interval.high == pytest.approx(other.high, abs=1e-9)
    assert 0 <= interval.low <= part / whole <= interval.high <= 1


def test_of_nothing_there_is_no_proportion() -> None:
    assert Proportion(0, 0).value is None
    assert Proportion(0, 0).interval is None


def test_silence_is_never_absence() -> None:
    tally = Tally.of({"present": 3, "excluded": 1, "not_reported": 4, "indeterminate": 1}, patients=12)
    assert (tally.share.part, tally.share.whole) == (3, 4)
    assert (tally.nothing, tally.silent, tally.spoken) == (3, 7, 5)


def test_shares_are_of_those_who_have_a_value() -> None:
    assert shares({"left": 2, "right": 1}, whole=3) == {"left": Proportion(2, 3), "right": Proportion(1, 3)}
