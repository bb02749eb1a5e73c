"""Rules whose answer is a number: points summed, a ratio, a count of kinds, a logistic of another number. Pure.

Where something that bears on it is not told the number is an interval: from what is certain to what is possible.

============  =========================================================================================================
items         the sum of points; an item with ``one_of`` gives the points of one of its parts
ratio         ``of`` by ``by``, of what was recorded together (the same entry of a series); the highest where there are several
distinct      how many different ones of the values were recorded; what nobody wrote down is not counted
logistic      1 / (1 + exp(midpoint - number)) of an earlier number
============  =========================================================================================================

``columns`` choose among several tables of points: the first whose condition is known to hold counts, the others are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import exp
from typing import Any

from curation.choices import Status
from curation.criteria.logic import Condition, Fact, Known, Verdict, evaluate

#: Points have one decimal; sums of binary fractions must not show more.
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One table's result; ``low`` is None where nothing at all was told."""

    label: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Number:
    """``counts`` is the index of the column that counts."""

    columns: tuple[Column, ...]
    counts: int
    used: frozenset[str]
    missing: frozenset[str]

    @property
    def low(self) -> float | None:
        return self.columns[self.counts].low

    @property
    def high(self) -> float | None:
        return self.columns[self.counts].high


@dataclass(frozen=True, slots=True)
class Part:
    """What one part gives in each column, surely and at most; ``told`` whether anything was said of it."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    told: bool
    used: frozenset[str]
    missing: frozenset[str]


def compute(rule: Mapping[str, Any], known: Known) -> Number:
    """(A rule with one of KINDS, what is known) -> its number in every column."""
    columns = rule.get("columns") or [{"column": ""}]
    chosen = [evaluate(column["when"], known) if "when" in column else Verdict(True) for column in columns]
    counts = next((n for n, verdict in enumerate(chosen) if verdict.truth), len(columns) - 1)
    kind = next(name for name in KINDS if name in rule)
    part = KINDS[kind](rule[kind], len(columns), known)
    bounds = zip(columns, part.low, part.high, strict=True)
    return Number(
        tuple(
            Column(column["column"], *((round(low, DECIMALS), round(high, DECIMALS)) if part.told else (None, None)))
            for column, low, high in bounds
        ),
        counts,
        part.used.union(*(verdict.used for verdict in chosen)),
        part.missing.union(*(verdict.missing for verdict in chosen)),
    )


def _sum(items: Sequence[Condition], columns: int, known: Known) -> Part:
    parts = [_item(item, columns, known) for item in items]
    return Part(
        tuple(sum(part.low[n] for part in parts) for n in range(columns)),
        tuple(sum(part.high[n] for part in parts) for n in range(columns)),
        any(part.told for part in parts),
        frozenset().union(*(part.used for part in parts)),
        frozenset().union(*(part.missing for part in parts)),
    )


def _item(item: Condition, columns: int, known: Known) -> Part:
    """Of parts that exclude one another the one that holds gives the points; where that is open, the range of those that may."""
    options = item.get("one_of") or [item]
    verdicts = [evaluate(option["when"], known) for option in options]
    used = frozenset().union(*(verdict.used for verdict in verdicts))
    settled = next((n for n, verdict in enumerate(verdicts) if verdict.truth), None)
    if settled is not None:
        points = _points(options[settled], columns)
        return Part(points, points, True, used, frozenset())
    open_ = [_points(option, columns) for option, verdict in zip(options, verdicts, strict=True) if verdict.truth is None]
    if not open_:
        none = (0.0,) * columns
        return Part(none, none, True, used, frozenset())
    # some option holds for certain only where all but the open ones are ruled out, which nothing says: from nothing on
    most = tuple(max(points[n] for points in open_) for n in range(columns))
    missing = frozenset().union(*(verdict.missing for verdict in verdicts if verdict.truth is None))
    return Part((0.0,) * columns, most, len(open_) < len(options), used, missing)


def _points(option: Condition, columns: int) -> tuple[float, ...]:
    given = option["points"]
    return tuple(float(points or 0) for points in (given if isinstance(given, list) else [given] * columns))


def _ratio(ratio: Condition, columns: int, known: Known) -> Part:
    above, below = known.facts.get(ratio["of"], ()), known.facts.get(ratio["by"], ())
    found = [_bounds_of(one, other) for one, other in product(above, below) if one.instance == other.instance]
    bounds = [pair for pair in found if pair]
    names = frozenset({ratio["of"], ratio["by"]})
    if not bounds:
        silent = frozenset(name for name in (ratio["of"], ratio["by"]) if not known.is_settled(name))
        return _untold(columns, names, silent or names)
    low, high = max(low for low, _ in bounds), max(high for _, high in bounds)
    return Part((low,) * columns, (high,) * columns, True, names, frozenset())


def _bounds_of(one: Fact, other: Fact) -> tuple[float, float] | None:
    if one.low is None or one.high is None or not other.low or not other.high or one.status != Status.PRESENT:
        return None
    return one.low / other.high, one.high / other.low


def _distinct(wanted: Condition, columns: int, known: Known) -> Part:
    facts = known.facts.get(wanted["feature"], ())
    name = frozenset({wanted["feature"]})
    if not any(fact.status in (Status.PRESENT, Status.EXCLUDED) for fact in facts):
        return _untold(columns, name, name)
    kinds = {value for fact in facts if fact.status == Status.PRESENT for value in _values(fact) if value in wanted["value"]}
    return Part((float(len(kinds)),) * columns, (float(len(kinds)),) * columns, True, name, frozenset())


def _values(fact: Fact) -> list[Any]:
    return fact.value if isinstance(fact.value, list) else [fact.value]


def _logistic(of: Condition, columns: int, known: Known) -> Part:
    name = frozenset({of["of"]})
    fact = next((fact for fact in known.facts.get(of["of"], ()) if fact.low is not None and fact.high is not None), None)
    if fact is None:
        return _untold(columns, name, name)
    middles = of["midpoint"] if isinstance(of["midpoint"], list) else [of["midpoint"]] * columns
    return Part(
        tuple(1 / (1 + exp(middle - fact.low)) for middle in middles),
        tuple(1 / (1 + exp(middle - fact.high)) for middle in middles),
        True,
        name,
        frozenset() if fact.low == fact.high else name,
    )


def _untold(columns: int, used: frozenset[str], missing: frozenset[str]) -> Part:
    return Part((0.0,) * columns, (0.0,) * columns, False, used, missing)


KINDS: Mapping[str, Callable[[Any, int, Known], Part]] = {
    "items": _sum,
    "ratio": _ratio,
    "distinct": _distinct,
    "logistic": _logistic,
}
