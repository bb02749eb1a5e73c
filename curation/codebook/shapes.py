"""What a mapping of a file may hold, said as data; ``faults_in`` lists everything wrong with one, each with its line."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from curation.codebook.marked import Lined
from curation.codebook.text import Unfit, clean
from curation.errors import Fault


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file, as a fault names it: "line 12, feature ck_value"."""

    line: int
    thing: str = ""

    def fault(self, reason: str) -> Fault:
        return Fault(f"line {self.line}, {self.thing}" if self.thing else f"line {self.line}", reason)


#: Yields the faults of a value that stands at a place under a name.
Kind = Callable[[Any, Place, str], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Key:
    kind: Kind
    required: bool = field(default=False, kw_only=True)


Shape = Mapping[str, Key]


def faults_in(mapping: object, shape: Shape, place: Place) -> Iterator[Fault]:
    """Unknown names, missing names, values of the wrong kind."""
    if not isinstance(mapping, Lined):
        yield place.fault("must be a mapping of names to values")
        return
    for name in mapping:
        if name not in shape:
            yield replace(place, line=mapping.line_of(name)).fault(f"unknown name “{name[:60]}”; there are {', '.join(shape)}")
    for name, key in shape.items():
        if mapping.get(name) is not None:  # a name with nothing behind it is as good as none
            yield from key.kind(mapping[name], replace(place, line=mapping.line_of(name)), name)
        elif key.required:
            yield place.fault(f"“{name}” is missing")


def words(limit: int, *, pattern: str = "", form: str = "", may_be_empty: bool = False) -> Kind:
    """Text of at most ``limit`` characters; ``form`` says in words what ``pattern`` demands."""

    def kind(value: Any, place: Place, name: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield place.fault(f"{name}: {value!r} is not text; put it in quotes")
            return
        if may_be_empty and not value:
            return
        try:
            clean(value, limit=limit, name=name)
        except Unfit as reason:
            yield place.fault(str(reason))
            return
        if pattern and not re.fullmatch(pattern, value):
            yield place.fault(f"{name}: “{value[:60]}” must be {form}")

    return kind


def slug(limit: int) -> Kind:
    return words(limit, pattern="[a-z][a-z0-9_]*", form="small letters, digits and _, beginning with a letter")


def one_of(*known: str) -> Kind:
    def kind(value: Any, place: Place, name: str) -> Iterator[Fault]:
        if value not in known:
            yield place.fault(f"{name}: unknown “{str(value)[:60]}”; there are {', '.join(known)}")

    return kind


def flag(value: Any, place: Place, name: str) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield place.fault(f"{name}: must be true or false")


def number(value: Any, place: Place, name: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e15:
        yield place.fault(f"{name}: must be a number")


def a_mapping(value: Any, place: Place, name: str) -> Iterator[Fault]:
    if not isinstance(value, Lined):
        yield place.fault(f"{name}: {str(value)[:60]!r} must be a mapping of names to values")


def mapping(shape: Shape) -> Kind:
    def kind(value: Any, place: Place, name: str) -> Iterator[Fault]:
        for fault in faults_in(value, shape, place):
            yield replace(fault, reason=f"{name}: {fault.reason}")

    return kind


def each(inner: Kind, *, most: int, may_be_empty: bool = False) -> Kind:
    """A list of at most ``most`` things of the inner kind."""

    def kind(value: Any, place: Place, name: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield place.fault(f"{name}: must be a list")
        elif not value and not may_be_empty:
            yield place.fault(f"{name}: is empty")
        elif len(value) > most:
            yield place.fault(f"{name}: has {len(value)} entries; at most {most} are read")
        else:
            for entry in value:
                at = replace(place, line=entry.line) if isinstance(entry, Lined) else place
                yield from inner(entry, at, name)

    return kind
