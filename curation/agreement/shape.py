"""What goes into the coefficients of agreement and what comes out. It loads none of the libraries that compute them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

NAMES = ("percent", "kappa", "alpha", "ac1")


@dataclass(frozen=True, slots=True)
class Unit:
    """One patient and feature that both readers answered, in words they share after normalisation."""

    article: Hashable
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


Coefficients = Mapping[str, Coefficient]
