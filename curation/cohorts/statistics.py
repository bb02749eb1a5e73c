"""The numbers of a cohort: counts that keep silence apart from absence, proportions with their uncertainty."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Proportion:
    """``part`` of ``whole`` with its 95 % interval; of nothing there is no proportion."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.part, self.whole) if self.whole else None


def wilson(part: int, whole: int) -> Interval:
    """The 95 % score interval without continuity correction (Wilson 1927; method 3 of Newcombe, Stat Med 1998;17:857-872).

    Not a library's: for three lines every process would carry 60 MB more (docs/decisions/0021).
    """
    share, squared = part / whole, Z95 * Z95
    middle = (share + squared / (2 * whole)) / (1 + squared / whole)
    reach = Z95 * sqrt(share * (1 - share) / whole + squared / (4 * whole * whole)) / (1 + squared / whole)
    # at the ends the bound is 0 or 1 itself; floating point would miss it by a hair
    return Interval(max(0.0, middle - reach) if part else 0.0, min(1.0, middle + reach) if part < whole else 1.0)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a cohort's patients have which status for one feature. Each patient is in exactly one count.

    ``nothing`` are those with no finding at all (for them nobody has settled what the paper says).
    """

    present: int = 0
    excluded: int = 0
    indeterminate: int = 0
    not_tested: int = 0
    not_reported: int = 0
    not_applicable: int = 0
    nothing: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int], *, patients: int) -> "Tally":
        return cls(**counts, nothing=patients - sum(counts.values()))

    @property
    def share(self) -> Proportion:
        """present ÷ (present + excluded): of those of whom it is known either way."""
        return Proportion(self.present, self.present + self.excluded)

    @property
    def silent(self) -> int:
        """Those whose papers do not speak of it."""
        return self.not_reported + self.nothing

    @property
    def spoken(self) -> int:
        return self.present + self.excluded + self.indeterminate + self.not_tested


def shares(counts: Mapping[str, int], *, whole: int) -> dict[str, Proportion]:
    """Each value's share of the ``whole`` patients who have a value; where several may be chosen they need not add up to 1."""
    return {value: Proportion(count, whole) for value, count in counts.items()}
