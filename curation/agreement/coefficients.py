"""Agreement of two readers on categories, by tables of counts. Pure; every function takes a stack of tables at once.

A table counts how often the first reader said the row and the second the column: shape (..., q, q). Undefined is NaN.

=====  ================================================================================================================
kappa  Cohen, Educ Psychol Meas 1960;20:37-46: chance from each reader's own shares
alpha  Krippendorff, Computing Krippendorff's alpha-reliability, 2011, nominal: chance from the shares of all ratings,
       drawn without putting back
AC1    Gwet, Br J Math Stat Psychol 2008;61:29-48: chance only among ratings that may be random
=====  ================================================================================================================

Pooled over features (each with tables of its own): observed and chance agreement are averaged, weighted by the units, and
then corrected (de Vries, Elliott, Kanouse & Teleki, Field Methods 2008;20:272-282).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chance:
    """Of each table in the stack: its units, the agreement observed, and what each coefficient calls chance."""

    units: Floats
    observed: Floats
    kappa: Floats
    alpha: Floats
    ac1: Floats

    def corrected(self, name: str) -> Floats:
        chance = getattr(self, name)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(chance < 1 - 1e-12, (self.observed - chance) / (1 - chance), np.nan)


def chance(tables: Floats) -> Chance:
    units = tables.sum(axis=(-2, -1))
    q = tables.shape[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = tables / units[..., None, None]
        observed = np.trace(shares, axis1=-2, axis2=-1)
        first, second = shares.sum(axis=-1), shares.sum(axis=-2)
        kappa = (first * second).sum(axis=-1)
        both = (first + second) / 2
        ratings = 2 * units
        # 1 - alpha = (n - 1) * disagreements observed / disagreements expected, which drawing without putting back makes
        alike = ((both * ratings[..., None]) * (both * ratings[..., None] - 1)).sum(axis=-1) / (ratings * (ratings - 1))
        ac1 = (both * (1 - both)).sum(axis=-1) / (q - 1) if q > 1 else np.zeros_like(units)
    return Chance(units, observed, kappa, alike, ac1)


def pooled(parts: Sequence[Chance]) -> Chance:
    """Averages weighted by units; a part without units does not count."""
    units = sum(part.units for part in parts)

    def mean(name: str) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return sum(np.where(part.units > 0, part.units * getattr(part, name), 0.0) for part in parts) / units  # type: ignore[return-value]

    return Chance(units, mean("observed"), mean("kappa"), mean("alpha"), mean("ac1"))  # type: ignore[arg-type]
