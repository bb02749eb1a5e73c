"""Coefficients with 95 % percentile intervals: articles are drawn anew, with all their units, because units of one article
stand or fall together (cluster bootstrap; Field & Welsh, J R Stat Soc B 2007;69:369-390)."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from curation.agreement.coefficients import Chance, Floats, chance, pooled

RESAMPLES, SEED = 1000, 20080129
#: Where a coefficient is undefined in more resamples than this share, an interval over the rest would mislead.
MOST_UNDEFINED = 0.2
NAMES = ("percent", "kappa", "alpha", "ac1")


@dataclass(frozen=True, slots=True)
class Unit:
    """One patient and feature that both readers answered, in words they share after normalisation."""

    cluster: Hashable
    feature: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Coefficient:
    """None where it is not defined (every rating the same), or where too little is known for an interval."""

    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def drawn(self) -> Mapping[str, float] | None:
        """Its places on a line of 100 from chance (0) to full agreement (1); what lies below chance is drawn at its start."""
        if self.value is None:
            return None
        at, low, high = (100 * min(max(part, 0.0), 1.0) for part in (self.value, self.low or 0.0, self.high or 0.0))
        return {"at": at} if self.low is None else {"at": at, "low": low, "width": high - low}


def agreement(units: Sequence[Unit], *, resamples: int = RESAMPLES, seed: int = SEED) -> Mapping[str, Coefficient]:
    """Each of NAMES over the units, pooled over their features. The same units give the same intervals, always."""
    if not units:
        return {name: Coefficient(None) for name in NAMES}
    clusters = {cluster: n for n, cluster in enumerate(dict.fromkeys(unit.cluster for unit in units))}
    weights = np.vstack([np.ones(len(clusters)), _draws(len(clusters), resamples, seed)])
    parts = [chance(_tables(theirs, clusters, weights)) for theirs in _by_feature(units)]
    whole = pooled(parts)
    drawn = resamples if len(clusters) > 1 else 0
    return {name: _coefficient(_of(whole, name), drawn) for name in NAMES}


def _by_feature(units: Sequence[Unit]) -> list[list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(unit.feature, []).append(unit)
    return list(found.values())


@lru_cache(maxsize=16)
def _draws(clusters: int, resamples: int, seed: int) -> Floats:
    """How often each cluster is drawn, shape (resamples, clusters). The rows of one report share them; nobody writes in them."""
    return np.random.default_rng(seed).multinomial(clusters, np.full(clusters, 1 / clusters), size=resamples).astype(float)


def _tables(units: Sequence[Unit], clusters: Mapping[Hashable, int], weights: Floats) -> Floats:
    """One table per row of weights, shape (rows, q, q)."""
    words = {word: n for n, word in enumerate(sorted({unit.first for unit in units} | {unit.second for unit in units}))}
    q = len(words)
    counts = np.zeros((len(clusters), q * q))
    for unit in units:
        counts[clusters[unit.cluster], words[unit.first] * q + words[unit.second]] += 1
    return (weights @ counts).reshape(len(weights), q, q)


def _of(whole: Chance, name: str) -> Floats:
    return whole.observed if name == "percent" else whole.corrected(name)


def _coefficient(values: Floats, resamples: int) -> Coefficient:
    point = None if np.isnan(values[0]) else float(values[0])
    drawn = values[1 : 1 + resamples]
    defined = drawn[~np.isnan(drawn)]
    if point is None or not resamples or len(defined) < (1 - MOST_UNDEFINED) * resamples:
        return Coefficient(point)
    low, high = np.percentile(defined, [2.5, 97.5])
    return Coefficient(point, float(low), float(high))
