"""Rows of a report: their features pooled, their intervals by drawing whole articles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from curation.agreement.intervals import agreement
from curation.agreement.shape import NAMES, Coefficients, Unit


def units(first: str, second: str, *, feature: str = "f") -> list[Unit]:
    """An article each."""
    return [Unit(n, feature, one, other) for n, (one, other) in enumerate(zip(first, second, strict=True))]


def of(rated: list[Unit]) -> Coefficients:
    return agreement({"row": rated})["row"]


def test_an_interval_of_percent_is_that_of_the_binomial_distribution() -> None:
    """Of 60 articles with a unit each the number of agreements in a draw is binomial: its quantiles are known without drawing."""
    percent = of(units("a" * 60, "a" * 45 + "b" * 15))["percent"]
    low, high = binom(60, 0.75).ppf([0.025, 0.975]) / 60
    assert (percent.low, percent.high) == (pytest.approx(low, abs=0.02), pytest.approx(high, abs=0.02))


def test_intervals_come_near_to_gwets() -> None:
    """Gwet's asymptotic intervals of his abstractors (irrCAC, table of 2 x 100 ratings): kappa 0.680-0.913, AC1 0.764-0.935."""
    said = "aa" * 13 + "bb" * 20 + "bc" * 7 + "cb" * 4 + "cc" * 56
    made = of(units(said[::2], said[1::2]))
    assert (made["kappa"].low, made["kappa"].high) == (pytest.approx(0.680, abs=0.02), pytest.approx(0.913, abs=0.02))
    assert (made["ac1"].low, made["ac1"].high) == (pytest.approx(0.764, abs=0.02), pytest.approx(0.935, abs=0.02))


def test_intervals_hold_the_value_are_the_same_each_time_and_narrow_with_more_articles() -> None:
    few, again, many = (of(units("ababab" * n, "abbaab" * n))["kappa"] for n in (3, 3, 30))
    assert few == again
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low


def test_whole_articles_are_drawn() -> None:
    """Twelve units of two articles, agreed on in one and not in the other, are two draws and not twelve."""
    apart = [Unit(n % 2, "f", "a" if n % 4 < 2 else "b", "a" if n % 2 else "c") for n in range(12)]
    assert {unit.first == unit.second for unit in apart if unit.article == 0} == {False}
    percent = of(apart)["percent"]
    assert (percent.low, percent.high) == (0, pytest.approx(percent.value * 2))


def test_a_single_article_has_no_interval_though_the_report_has_more() -> None:
    one = [Unit(1, "f", "a", "b"), Unit(1, "f", "a", "a")]
    more = [Unit(n, "g", "a", "b") for n in range(30)]
    assert [(each.value, each.low) for each in (of(one)["percent"], agreement({1: one, 2: more})[1]["percent"])] == [
        (0.5, None)
    ] * 2


def test_where_a_coefficient_is_undefined_in_many_draws_there_is_a_value_and_no_interval() -> None:
    """One article of thirty says something else: a third of the draws are without it."""
    rare, often = of(units("b" + "a" * 29, "b" + "a" * 29)), of(units("b" * 9 + "a" * 21, "b" * 9 + "a" * 21))
    assert (rare["kappa"].value, rare["kappa"].low, rare["percent"].low) == (1, None, 1)
    assert (often["kappa"].value, often["kappa"].low) == (1, 1)


def test_where_every_rating_is_the_same_only_percent_and_ac1_speak() -> None:
    made = of(units("aaaa", "aaaa"))
    assert {name: made[name].value for name in NAMES} == {"percent": 1, "kappa": None, "alpha": None, "ac1": 1}


def test_nothing_rated_is_nothing_said() -> None:
    assert {made.value for made in of([]).values()} == {None}
    assert {made.value for made in agreement({1: [], 2: units("ab", "ab")})[1].values()} == {None}


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(*[st.sampled_from("abc")] * 2, st.sampled_from("fg")), min_size=2, max_size=20))
def test_a_row_says_the_same_alone_and_beside_its_parts(said: list[tuple[str, str, str]]) -> None:
    """And with the readers changed about. All articles have units of both features, so that all draw from the same."""
    whole = [
        Unit(n, part, *((one, other) if part == feature else (other, one)))
        for n, (one, other, feature) in enumerate(said)
        for part in "fg"
    ]
    turned = [Unit(unit.article, unit.feature, unit.second, unit.first) for unit in whole]
    parts = {part: [unit for unit in whole if unit.feature == part] for part in "fg"}
    together = agreement({"whole": whole, **parts}, resamples=50)
    for key, theirs in (("whole", whole), ("whole", turned), *parts.items()):
        alone = agreement({key: theirs}, resamples=50)[key]
        for name in NAMES:
            one, other = together[key][name], alone[name]
            assert [one.value, one.low, one.high] == [pytest.approx(value) for value in (other.value, other.low, other.high)]
