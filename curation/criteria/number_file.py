"""What a rule that gives a number may say in its file (see ``numbers``), and everything wrong with one."""

from collections.abc import Callable, Iterator
from typing import Any

from curation.codebook.marked import Lined
from curation.codebook.shapes import Key, Kind, Place, Shape, a_mapping, each, faults_in, number, slug, words
from curation.errors import Fault

MOST = 100


def points(value: Any, place: Place, name: str) -> Iterator[Fault]:
    """One number for all columns, or one for each; null where the column does not know the item."""
    for given in value if isinstance(value, list) else [value]:
        if given is not None:
            yield from number(given, place, name)


COLUMN: Shape = {"column": Key(words(80), required=True), "when": Key(a_mapping)}
OPTION: Shape = {"when": Key(a_mapping, required=True), "points": Key(points, required=True)}
ITEM: Shape = {
    "item": Key(words(200), required=True),
    "when": Key(a_mapping),
    "points": Key(points),
    "one_of": Key(each(a_mapping, most=MOST)),
}
RATIO: Shape = {"of": Key(slug(80), required=True), "by": Key(slug(80), required=True)}
DISTINCT: Shape = {"feature": Key(slug(80), required=True), "value": Key(each(words(80), most=500), required=True)}
LOGISTIC: Shape = {"of": Key(slug(80), required=True), "midpoint": Key(points, required=True)}

#: By the name that makes a rule one of numbers: the shape of what stands there.
FORMS: dict[str, Kind] = {
    "items": each(a_mapping, most=MOST),
    "ratio": a_mapping,
    "distinct": a_mapping,
    "logistic": a_mapping,
}
SHAPES: dict[str, Shape] = {"ratio": RATIO, "distinct": DISTINCT, "logistic": LOGISTIC}

#: Yields the faults of a condition, and of the name of a feature, that stand at a place.
Check = Callable[[object, Place], Iterator[Fault]]


def number_faults(rule: Lined, kind: str, place: Place, *, condition: Check, feature: Check) -> Iterator[Fault]:
    columns = rule.get("columns") or []
    for column in columns:
        yield from faults_in(column, COLUMN, place)
        if "when" in column:
            yield from condition(column["when"], place)
    if columns and "when" in columns[-1]:
        yield place.fault("the last column stands for all who are left and has no “when”")
    if kind == "items":
        for item in rule["items"]:
            yield from _item_faults(item, len(columns) or 1, Place(item.line, place.thing), condition)
        return
    said = rule[kind]
    found = list(faults_in(said, SHAPES[kind], place))
    yield from found
    if not found:
        for name in ("of", "by", "feature"):
            if name in said:
                yield from feature(said[name], place)
        if kind == "logistic":
            yield from _width(said["midpoint"], len(columns) or 1, place)


def _item_faults(item: Lined, columns: int, place: Place, condition: Check) -> Iterator[Fault]:
    yield from faults_in(item, ITEM, place)
    whole = item.get("one_of")
    if (whole is None) == (item.get("when") is None):
        yield place.fault("an item has either “when” and “points”, or “one_of” with several of these")
        return
    for option in whole or [item]:
        if whole:
            yield from faults_in(option, OPTION, place)
        elif item.get("points") is None:
            yield place.fault("“points” is missing")
        if isinstance(option, Lined):
            yield from condition(option.get("when"), place)
            yield from _width(option.get("points"), columns, place)


def _width(given: object, columns: int, place: Place) -> Iterator[Fault]:
    if isinstance(given, list) and len(given) != columns:
        yield place.fault(f"has {len(given)} numbers for {columns} column{'s' * (columns > 1)}")
