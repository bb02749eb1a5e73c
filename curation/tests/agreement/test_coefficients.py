"""What the libraries are handed, against published worked examples; the sums of our own, against the libraries."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.agreement.coefficients import Ints, alpha, corrected, kappa, sums

#: Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions (2003), table 18.1
FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
#: Cohen, A coefficient of agreement for nominal scales (1960), table 1, of 200
COHEN = [[88, 10, 2], [14, 40, 6], [18, 10, 12]]
#: Gwet, Kappa statistic is not satisfactory for assessing the extent of agreement between raters (2002): one answer is rare
RARE = [[118, 5], [2, 0]]
#: Gwet, Handbook of Inter-Rater Reliability (2014), three abstractors' categories and four diagnoses; as in his package irrCAC
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
DIAGNOSES = [[40, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]]


def of_table(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """The two readers' ratings of a table: the first said the row, the second the column."""
    said = np.array([(i, j) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)])
    return np.eye(len(rows), dtype=int)[said[:, 0]], np.eye(len(rows), dtype=int)[said[:, 1]]


def of_lines(*lines: str) -> Ints:
    """How many observers gave each answer, (units, answers); a line is an observer, "." no rating."""
    answers = sorted(set("".join(lines)) - {"."})
    return np.array([[unit.count(answer) for answer in answers] for unit in zip(*lines, strict=True)])


def summed(first: Ints, second: Ints) -> dict[str, float]:
    """By our own sums, of the ratings as they are."""
    made = sums((first * second).sum(keepdims=True)[0], first.sum(axis=0)[None], second.sum(axis=0)[None])
    return dict(zip(("percent", "kappa", "alpha", "ac1"), corrected(made)[:, 0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("lines", "value"),
    [  # Krippendorff, Computing Krippendorff's alpha-reliability (2011)
        (("0100000010", "1110010000"), 0.095),  # A: two observers, binary
        (("aabbdcccedda", "babbbccceddd"), 0.692),  # B: two observers, nominal
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),  # C: four observers, missing ratings
    ],
)
def test_alpha_as_krippendorff_printed_it(lines: tuple[str, ...], value: float) -> None:
    assert alpha(of_lines(*lines)) == pytest.approx(value, abs=0.0005)


@pytest.mark.parametrize(
    ("table", "value"), [(FLEISS, 0.676), (COHEN, 0.492), (RARE, -0.0234), (ABSTRACTORS, 0.7964094), (DIAGNOSES, 0.4315008)]
)
def test_kappa_as_cohen_fleiss_and_gwet_printed_it(table: list[list[int]], value: float) -> None:
    assert kappa(*of_table(table)) == pytest.approx(value, abs=0.0005)


@pytest.mark.parametrize(("table", "value"), [(RARE, 0.9408), (ABSTRACTORS, 0.8493305), (DIAGNOSES, 0.4561576)])
def test_ac1_as_gwet_printed_it(table: list[list[int]], value: float) -> None:
    assert summed(*of_table(table))["ac1"] == pytest.approx(value, abs=0.00005)


@pytest.mark.parametrize(("table", "value"), [(ABSTRACTORS, 0.7972585), (DIAGNOSES, 0.4316178)])
def test_alpha_as_gwets_package_has_it(table: list[list[int]], value: float) -> None:
    assert alpha(sum(of_table(table))) == pytest.approx(value, abs=1e-7)


pairs = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=40)


def rated(said: list[tuple[str, str]]) -> tuple[Ints, Ints]:
    ones = np.eye(4, dtype=int)
    return ones[["abcd".index(one) for one, _ in said]], ones[["abcd".index(other) for _, other in said]]


@given(pairs)
def test_our_sums_come_to_what_the_libraries_say(said: list[tuple[str, str]]) -> None:
    first, second = rated(said)
    made = summed(first, second)
    assert made["kappa"] == pytest.approx(kappa(first, second), nan_ok=True)
    assert made["alpha"] == pytest.approx(alpha(first + second), nan_ok=True)
    assert made["percent"] == pytest.approx(np.mean([one == other for one, other in said]))


@given(pairs, st.permutations(range(4)))
def test_neither_the_order_of_readers_nor_the_names_of_answers_matter(said: list[tuple[str, str]], named: list[int]) -> None:
    first, second = rated(said)
    assert kappa(first, second) == pytest.approx(kappa(second[:, named], first[:, named]), nan_ok=True)
    assert alpha(first + second) == pytest.approx(alpha((first + second)[:, named]), nan_ok=True)
    assert summed(first, second) == pytest.approx(summed(second[:, named], first[:, named]), nan_ok=True)


@given(pairs)
def test_none_is_above_full_agreement_and_full_agreement_is_one(said: list[tuple[str, str]]) -> None:
    first, second = rated(said)
    for ratings in ((first, second), (first, first)):
        made = [kappa(*ratings), alpha(sum(ratings)), *summed(*ratings).values()]
        assert np.nanmax(made) <= 1 + 1e-12
    assert np.array(made)[~np.isnan(made)] == pytest.approx(1)


@given(pairs, st.lists(st.sampled_from("abcd"), max_size=5))
def test_what_one_reader_alone_said_counts_in_no_alpha(said: list[tuple[str, str]], single: list[str]) -> None:
    """Krippendorff's rule for missing ratings: what cannot be paired is left out. For two readers it is the rule for all four."""
    first, second = rated(said)
    alone = np.eye(4, dtype=int)[["abcd".index(one) for one in single]].reshape(-1, 4)
    assert alpha(np.vstack([first + second, alone])) == pytest.approx(alpha(first + second), nan_ok=True)


def test_where_every_rating_is_the_same_chance_explains_it_all() -> None:
    """Kappa and alpha are undefined; AC1, by which a reader who never varies does not guess, is one."""
    same = np.array([[1, 0]] * 4)
    assert np.isnan([kappa(same, same), alpha(2 * same)]).all()
    assert summed(same, same) == pytest.approx({"percent": 1, "kappa": np.nan, "alpha": np.nan, "ac1": 1}, nan_ok=True)


def test_of_nothing_nothing_is_defined() -> None:
    none = np.zeros((0, 2), dtype=int)
    assert np.isnan([kappa(none, none), alpha(none), *summed(np.zeros((1, 2)), np.zeros((1, 2))).values()]).all()


def test_sums_over_features_are_averages_weighted_by_units_and_then_corrected() -> None:
    """De Vries et al. (2008): 8 units agree on 8 where chance is a half, 8 on 4: 0.75 observed, 0.5 by chance, so 0.5."""
    half = np.array([[4.0, 4.0]])
    one, other = sums(np.array([8.0]), half, half), sums(np.array([4.0]), half, half)
    assert corrected(one + other)[1, 0] == 0.5
    nobody = sums(np.array([0.0]), np.zeros((1, 2)), np.zeros((1, 2)))
    assert corrected(one + nobody)[1, 0] == corrected(one)[1, 0] == 1
