"""What a codebook's file says became of the version before it: its ``changes``, and every fault in them. Pure.

    changes:
      since: 1.0.0
      features:
      - {feature: ck, to: ck_value}                          # renamed
      - {feature: arm_weakness, to: limb_weakness}           # merged, where two name the same
      - {feature: rash_or_ulcer, to: [rash, ulcer]}          # split
      - {feature: symmetry, options: {asym: asymmetric}, lost: [patchy]}
      - {feature: height, factor: 0.01}                      # its unit changed
      - {feature: remark, removed: "Nobody asked for it."}
      - {feature: onset, person: "It was words, and is a date now."}

What is not named carries over where it is the same in both. A file with ``changes`` tells of everything that is gone or lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from curation.choices import ValueType
from curation.codebook import units
from curation.codebook.marked import Lined
from curation.codebook.shapes import Key, Kind, Place, each, mapping, number, words
from curation.codebook.shapes import slug as a_slug
from curation.codebook.spec import FeatureSpec
from curation.codebook.text import Unfit
from curation.errors import Fault

Specs = Mapping[str, FeatureSpec]
OPTION_WORD = words(80)


def _one_or_several(value: Any, place: Place, name: str) -> Iterator[Fault]:
    named = each(a_slug(80), most=20) if isinstance(value, list) else a_slug(80)
    yield from named(value, place, name)


def _pairs(value: Any, place: Place, name: str) -> Iterator[Fault]:
    if not isinstance(value, Lined):
        yield place.fault(f"{name}: must be a mapping of old options to new ones")
        return
    for old, new in value.items():
        yield from OPTION_WORD(new, Place(value.line_of(old), place.thing), f"{name}, {old[:80]}")


CHANGE: Mapping[str, Key] = {
    "feature": Key(a_slug(80), required=True),
    "to": Key(_one_or_several),
    "options": Key(_pairs),
    "lost": Key(each(OPTION_WORD, most=500)),
    "factor": Key(number),
    "removed": Key(words(500)),
    "person": Key(words(500)),
}
CHANGES: Kind = mapping({
    "since": Key(words(20, pattern=r"\d{1,4}\.\d{1,4}\.\d{1,4}", form="three numbers such as 1.0.0"), required=True),
    "features": Key(each(mapping(CHANGE), most=3000, may_be_empty=True), required=True),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one feature of the version before. ``to`` is where its values go: its own name unless another is said."""

    feature: str
    to: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    factor: float | None = None
    removed: str = ""
    person: str = ""
    line: int = 1

    def fault(self, reason: str) -> Fault:
        return Place(self.line, f"change of {self.feature}").fault(reason)


@dataclass(frozen=True, slots=True)
class Changes:
    since: str
    features: Sequence[Change]
    line: int = 1

    def of(self, slug: str) -> Change | None:
        return next((change for change in self.features if change.feature == slug), None)


def changes_in(root: Lined) -> Changes | None:
    """Of a file whose shape was found sound; None where it tells of none."""
    told = root.get("changes")
    return Changes(told["since"], [_change(entry) for entry in told["features"]], root.line_of("changes")) if told else None


def _change(entry: Lined) -> Change:
    to = entry.get("to") or entry["feature"]
    return Change(
        feature=entry["feature"],
        to=tuple(to) if isinstance(to, list) else (to,),
        options=dict(entry.get("options") or {}),
        lost=frozenset(entry.get("lost") or ()),
        factor=entry.get("factor"),
        removed=entry.get("removed") or "",
        person=entry.get("person") or "",
        line=entry.line,
    )


def faults(changes: Changes, old: Specs, new: Specs) -> Iterator[Fault]:
    """What does not fit the two versions, and what was left unsaid."""
    named = [change.feature for change in changes.features]
    for change in changes.features:
        if named.count(change.feature) > 1:
            yield change.fault("is named twice")
        elif change.feature not in old:
            yield change.fault(f"{changes.since} has no feature “{change.feature}”")
        elif old[change.feature].derived:
            yield change.fault("is derived by a rule, which computes it anew; nothing of it is carried over")
        else:
            yield from _faults_of(change, old[change.feature], new)
    for slug, spec in old.items():
        if slug not in named and not spec.derived:
            yield from _unsaid(Change(slug, (slug,), line=changes.line), spec, new)


def _faults_of(change: Change, old: FeatureSpec, new: Specs) -> Iterator[Fault]:
    if bool(change.removed) + bool(change.person) > 1:
        yield change.fault("says removed and person: choose one")
    if change.removed or change.person:
        return
    for slug in change.to:
        if slug not in new:
            yield change.fault(f"goes to “{slug}”, which this version does not have")
        elif new[slug].derived:
            yield change.fault(f"goes to “{slug}”, which a rule derives")
    if len(change.to) > 1 and (change.options or change.lost or change.factor is not None):
        yield change.fault("was split; its options and numbers are told apart by a person")
    if len(change.to) == 1 and change.to[0] in new:
        yield from _values_lost(change, old, new[change.to[0]])


def _values_lost(change: Change, old: FeatureSpec, new: FeatureSpec) -> Iterator[Fault]:
    """Of a feature that goes to one: its options and its unit."""
    for option in (*change.options, *change.lost):
        if option not in old.options:
            yield change.fault(f"“{option}” was no option of it")
    for option in change.options.values():
        if option not in new.options:
            yield change.fault(f"“{option}” is no option of {new.slug}")
    if old.value_type != new.value_type:
        yield change.fault(f"was a {old.value_type} and is a {new.value_type}; say “person” and why, or “removed”")
        return
    for option in old.options:
        if option not in new.options and option not in change.options and option not in change.lost:
            yield change.fault(f"its option “{option}” is gone; say under “options” what it is now, or name it under “lost”")
    yield from _unit_faults(change, old, new)


def _unit_faults(change: Change, old: FeatureSpec, new: FeatureSpec) -> Iterator[Fault]:
    if old.value_type != ValueType.NUMBER:
        if change.factor is not None:
            yield change.fault(f"has a factor, but is a {old.value_type}")
        return
    if change.factor is not None and change.factor <= 0:
        yield change.fault("factor: must be more than nothing")
    elif not same_unit(old, new) and change.factor is None:
        yield change.fault(f"its unit was {_unit(old)} and is {_unit(new)}; say by which “factor” its numbers turn into it")
    elif change.factor is not None and (known := _known_factor(old, new)) and abs(change.factor / known - 1) > 1e-6:
        yield change.fault(f"factor: 1 {_unit(old)} is {known:.10g} {_unit(new)}, not {change.factor:.10g}")


def _unsaid(change: Change, old: FeatureSpec, new: Specs) -> Iterator[Fault]:
    if old.slug not in new:
        yield change.fault("is gone; say what it is now (“to”), or that it is “removed”, and why")
    else:
        yield from _values_lost(change, old, new[old.slug])


def same_unit(old: FeatureSpec, new: FeatureSpec) -> bool:
    return (old.unit or {}).get("ucum") == (new.unit or {}).get("ucum")


def _unit(spec: FeatureSpec) -> str:
    return (spec.unit or {}).get("label", "no unit")


def _known_factor(old: FeatureSpec, new: FeatureSpec) -> float | None:
    """None where the units are not known to turn into each other."""
    try:
        return units.convert(1, _unit(old), new.unit) if new.unit else None
    except Unfit:
        return None
