"""Coefficients of agreement with 95 % percentile intervals: whole articles are drawn anew, because units of one article stand or
fall together (cluster bootstrap; Field & Welsh, J R Stat Soc B 2007;69:369-390)."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from scipy.stats import bootstrap, quantile

from curation.agreement.coefficients import Floats, Ints, alpha, corrected, kappa, sums
from curation.agreement.shape import NAMES, Coefficient, Coefficients, Unit

RESAMPLES, SEED = 1000, 20080129
#: Where a coefficient is undefined in more resamples than this share, an interval over the rest would mislead.
MOST_UNDEFINED = 0.2

Key = TypeVar("Key", bound=Hashable)
Units = tuple[Unit, ...]


def agreement(rows: Mapping[Key, Sequence[Unit]], *, resamples: int = RESAMPLES, seed: int = SEED) -> dict[Key, Coefficients]:
    """Each of NAMES over the units of each row, pooled over its features.

    All rows share the draws, of all their articles. The same units give the same intervals, always.
    """
    table = Table(rows)
    values, (low, high) = table.values(), table.bounds(resamples, seed)
    return {
        key: {name: _coefficient(values[n, row], low[n, row], high[n, row]) for n, name in enumerate(NAMES)}
        for row, key in enumerate(table.features)
    }


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Of one feature: the place of each unit's article, and what each reader said of it, a one in (units, categories)."""

    articles: Ints
    first: Ints
    second: Ints

    @classmethod
    def of(cls, units: Units, places: Mapping[Hashable, int]) -> "Ratings":
        words = {word: n for n, word in enumerate(dict.fromkeys(said for unit in units for said in (unit.first, unit.second)))}
        ones = np.eye(len(words), dtype=np.int64)
        return cls(
            np.array([places[unit.article] for unit in units]),
            ones[[words[unit.first] for unit in units]],
            ones[[words[unit.second] for unit in units]],
        )

    def summed(self, weights: Floats) -> Floats:
        """(5, draws); ``weights`` says how often each draw has each article, (draws, articles)."""
        theirs = weights[:, self.articles]
        return sums(theirs @ (self.first * self.second).sum(axis=1), theirs @ self.first, theirs @ self.second)


class Table(Generic[Key]):
    """The rows of a report, each by its features; one that stands in several rows is computed once."""

    def __init__(self, rows: Mapping[Key, Sequence[Unit]]) -> None:
        articles = dict.fromkeys(unit.article for units in rows.values() for unit in units)
        self.articles = np.arange(len(articles))
        self.features = {key: _by_feature(units) for key, units in rows.items()}
        places = {article: n for n, article in enumerate(articles)}
        self.ratings = {units: Ratings.of(units, places) for theirs in self.features.values() for units in theirs}

    def values(self) -> Floats:
        """(coefficients, rows). A single feature's kappa and alpha are the libraries' own."""
        found = corrected(self.summed(self.articles[None]))[..., 0]
        for row, theirs in enumerate(self.features.values()):
            if len(theirs) == 1:
                said = self.ratings[theirs[0]]
                found[1:3, row] = kappa(said.first, said.second), alpha(said.first + said.second)
        return found

    def bounds(self, resamples: int, seed: int) -> Floats:
        """(2, coefficients, rows); NaN where there is no interval."""
        if len(self.articles) < 2:
            return np.full((2, len(NAMES), len(self.features)), np.nan)
        # Its own interval has no way to leave out the draws in which a coefficient is undefined; of sums none is.
        drawn = bootstrap(
            (self.articles,),
            self.summed,
            n_resamples=resamples,
            method="percentile",
            vectorized=True,
            rng=np.random.default_rng(seed),
        )
        found = corrected(drawn.bootstrap_distribution)
        bounds = np.moveaxis(quantile(found, np.array([0.025, 0.975]), axis=-1, nan_policy="omit"), -1, 0)
        return np.where(np.isnan(found).mean(axis=-1) > MOST_UNDEFINED, np.nan, bounds)

    def summed(self, drawn: Ints, axis: int = -1) -> Floats:
        """(5, rows, draws) of articles drawn, (draws, articles)."""
        weights = np.stack([np.bincount(each, minlength=len(self.articles)) for each in drawn]).astype(np.float64)
        found = {units: ratings.summed(weights) for units, ratings in self.ratings.items()}
        nothing = np.zeros((5, len(drawn)))
        return np.stack([sum((found[units] for units in row), start=nothing) for row in self.features.values()], axis=1)


def _by_feature(units: Sequence[Unit]) -> list[Units]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        found[unit.feature].append(unit)
    return [tuple(theirs) for theirs in found.values()]


def _coefficient(*numbers: float) -> Coefficient:
    value, low, high = (None if np.isnan(number) else float(number) for number in numbers)
    return Coefficient(value) if value is None else Coefficient(value, low, high)
