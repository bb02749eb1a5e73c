"""Agreement of readers on categories: what the libraries compute, and the sums that no library has. Pure.

=====  =========================  =====================================================================================
kappa  statsmodels                Cohen, Educ Psychol Meas 1960;20:37-46: chance from each reader's own shares
alpha  krippendorff               Krippendorff, Computing Krippendorff's alpha-reliability, 2011, nominal: chance from the
                                  shares of all ratings, drawn without putting back
AC1    here, no kept library has  Gwet, Br J Math Stat Psychol 2008;61:29-48: chance only among ratings that may be random
=====  =========================  =====================================================================================

Ratings are counts of shape (units, categories): how many readers said which. Undefined is NaN.
"""

import krippendorff
import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import cohens_kappa

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def kappa(first: Ints, second: Ints) -> float:
    """Of two readers' ratings of the same units, each with a one in every row."""
    if _is_uniform(first + second):
        return np.nan
    return float(cohens_kappa(first.T @ second, return_results=False))


def alpha(ratings: Ints) -> float:
    """Of any number of readers. A unit with less than two ratings cannot be paired and does not count."""
    if _is_uniform(ratings[ratings.sum(axis=1) > 1]):
        return np.nan
    return float(krippendorff.alpha(value_counts=ratings, level_of_measurement="nominal"))


def _is_uniform(ratings: Ints) -> bool:
    return bool(np.count_nonzero(ratings.sum(axis=0)) < 2)


def sums(agreed: Floats, first: Floats, second: Floats) -> Floats:
    """How many units there are, in how many readers agree, and in how many they would by the chance of kappa, alpha and AC1.

    One feature, drawn anew any number of times: ``agreed`` (draws,), and how often each reader gave each answer (draws,
    categories); returns (5, draws). Sums over features are sums of these: observed and chance agreement are averaged, weighted
    by units, and then corrected (de Vries, Elliott, Kanouse & Teleki, Field Methods 2008;20:272-282).
    """
    units, both = first.sum(axis=-1), first + second
    some = np.maximum(units, 1)  # nothing drawn: every sum is zero
    share = both / (2 * some)[..., None]
    return np.stack(
        [
            units,
            agreed,
            (first * second).sum(axis=-1) / some,
            (both * (both - 1)).sum(axis=-1) / (2 * some - 1) / 2,
            units * (share * (1 - share)).sum(axis=-1) / max(both.shape[-1] - 1, 1),
        ]
    )


def corrected(summed: Floats) -> Floats:
    """Percent, kappa, alpha, AC1 (the first axis) of sums."""
    units, agreed, *chance = summed
    room = np.stack([units, *(units - each for each in chance)])
    over = np.stack([agreed, *(agreed - each for each in chance)])
    return np.divide(over, room, out=np.full_like(over, np.nan), where=room > 1e-9 * np.maximum(units, 1))
