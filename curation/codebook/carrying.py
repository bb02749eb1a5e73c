"""Values carried from one version of a codebook to the next, by its changes. Pure.

Every value comes out of ``carry`` once: carried over as it is, changed as the mapping says, or left for a person, with the
reason. Nothing is guessed: what says there is nothing (excluded, not tested, not reported) is said of every part of a feature
that was split, while what says there is something needs a person; two answers that meet in one feature become one only
where they are the same, or where one of them is silence beside something present.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from curation.choices import Status, ValueType
from curation.codebook.changes import Change, Changes, Specs, same_unit
from curation.codebook.spec import FeatureSpec, Value
from curation.codebook.text import Unfit

K = TypeVar("K", bound=Hashable)

VALUED = (Status.PRESENT, Status.INDETERMINATE)
CARRIED, CHANGED, PERSON = "carried", "changed", "person"


class Kept(Protocol):
    """A value as annotations and findings keep it."""

    status: Any
    value: Any
    low: Any
    high: Any
    qualifiers: Any


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one feature's values. ``why``: no value of it can be carried over without a person, and why not."""

    old: FeatureSpec
    new: Sequence[FeatureSpec]
    options: Mapping[str, str] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    factor: float | None = None
    removed: str = ""
    why: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether whatever may have been said of it is said of the new version word for word."""
        if self.why or self.removed or self.options or self.lost or self.factor is not None or len(self.new) != 1:
            return False
        new = self.new[0]
        same = (self.old.slug, self.old.value_type, _repeats(self.old)) == (new.slug, new.value_type, _repeats(new))
        return same and set(self.old.options) <= set(new.options) and _range(self.old) == _range(new) and same_unit(self.old, new)


@dataclass(frozen=True, slots=True)
class Plan:
    """By the old features' slugs; derived ones are not in it, as rules compute them anew."""

    steps: Mapping[str, Step]

    @property
    def touched(self) -> frozenset[str]:
        """Features whose values have to be looked at one by one: not carried over as they are, or joined by another's."""
        return self.meeting | {slug for slug, step in self.steps.items() if not step.is_plain}

    @property
    def meeting(self) -> frozenset[str]:
        """Features of which several go to the same one."""
        met = defaultdict(list)
        for slug, step in self.steps.items():
            for new in step.new:
                met[new.slug].append(slug)
        return frozenset(slug for slugs in met.values() if len(slugs) > 1 for slug in slugs)


@dataclass(frozen=True, slots=True)
class Said(Generic[K]):
    """One value of one patient: ``key`` is the caller's name for it."""

    key: K
    slug: str
    instance: int
    answer: Kept


@dataclass(frozen=True, slots=True)
class Made(Generic[K]):
    """What stands in the new version, and which values it came from."""

    slug: str
    instance: int
    answer: Value
    of: tuple[K, ...]


@dataclass(frozen=True, slots=True)
class Carried(Generic[K]):
    """``kept``: as they are. ``made``: new values; ``ended``: those the mapping gives up. ``left``: for a person, with why."""

    kept: Sequence[K]
    made: Sequence[Made[K]]
    ended: Sequence[K]
    left: Mapping[K, str]

    @property
    def counts(self) -> dict[str, int]:
        """Every value once."""
        changed = {key for made in self.made for key in made.of} | set(self.ended)
        return {CARRIED: len(self.kept), CHANGED: len(changed), PERSON: len(self.left)}


def plan(changes: Changes | None, old: Specs, new: Specs) -> Plan:
    recorded = {slug: spec for slug, spec in old.items() if not spec.derived}
    return Plan({slug: _step(spec, changes.of(slug) if changes else None, new) for slug, spec in recorded.items()})


def _step(old: FeatureSpec, said: Change | None, new: Specs) -> Step:
    change = said or Change(old.slug, (old.slug,))
    if change.removed or change.person:
        return Step(old, (), removed=change.removed, why=change.person.rstrip(". "))
    goes_to = [new[slug] for slug in change.to if slug in new]
    step = Step(old, goes_to, change.options, change.lost, change.factor)
    return replace(step, why=_in_the_way(step))


def _in_the_way(step: Step) -> str:
    if not step.new:
        return f"“{step.old.label}” is no longer in the codebook"
    if any(spec.derived for spec in step.new):
        return f"“{step.old.label}” is derived by a rule now"
    if len(step.new) > 1:
        return ""
    new = step.new[0]
    if new.value_type != step.old.value_type:
        return f"“{new.label}” asks for another kind of answer now"
    if not same_unit(step.old, new) and step.factor is None:
        return f"“{new.label}” has another unit now"
    return ""


def carry(plan: Plan, said: Sequence[Said[K]]) -> Carried[K]:
    """All values of one patient (in one reading, or all that is published of them)."""
    left: dict[K, str] = {}
    ended: list[K] = []
    places: dict[tuple[str, int], list[tuple[Said[K], Value]]] = defaultdict(list)
    for each in said:
        step = plan.steps[each.slug]
        if step.removed:
            ended.append(each.key)
            continue
        try:
            for slug, value in _carried(step, each):
                places[slug, each.instance].append((each, value))
        except Unfit as why:
            left[each.key] = str(why)
    _leave_what_differs(places, left)
    kept, made = [], []
    for (slug, instance), meeting in places.items():
        of = tuple(each.key for each, _ in meeting if each.key not in left)
        if of and len(meeting) == 1 and len(plan.steps[meeting[0][0].slug].new) == 1 and _is_same(meeting[0], slug):
            kept.append(of[0])
        elif of:
            made.append(Made(slug, instance, _strongest(meeting)[1], of))
    return Carried(kept, made, ended, left)


def _leave_what_differs(places: Mapping[tuple[str, int], Sequence[tuple[Said[K], Value]]], left: dict[K, str]) -> None:
    """A value that a person has to settle is settled whole: what else came of it is left too, and whatever that meets."""
    while True:
        before = len(left)
        for meeting in places.values():
            if any(each.key in left for each, _ in meeting) or not _agree([value for _, value in meeting]):
                for each, _ in meeting:
                    left.setdefault(each.key, "two answers meet here that are not the same")
        if len(left) == before:
            return


def _agree(values: Sequence[Value]) -> bool:
    told = [value for value in values if value.status != Status.NOT_REPORTED]
    if len(told) < len(values) and any(value.status != Status.PRESENT for value in told):
        return False
    return all(_content(value) == _content(values[0] if not told else told[0]) for value in told)


def _strongest(meeting: Sequence[tuple[Said[K], Value]]) -> tuple[Said[K], Value]:
    return next((each for each in meeting if each[1].status != Status.NOT_REPORTED), meeting[0])


def _content(value: Value) -> tuple[Any, ...]:
    return value.status, value.value, {name: told for name, told in value.qualifiers.items() if name != "scope"}


def _is_same(found: tuple[Said[K], Value], slug: str) -> bool:
    each, value = found
    now = each.answer
    before = (now.status, now.value, now.low, now.high, dict(now.qualifiers or {}))
    return each.slug == slug and before == (value.status, value.value, value.low, value.high, value.qualifiers)


def _carried(step: Step, said: Said[K]) -> list[tuple[str, Value]]:
    """Where the value goes and what it is there. Raises Unfit, with the reason, where a person has to say."""
    if step.why:
        raise Unfit(step.why)
    kept = said.answer
    value = Value(str(kept.status), kept.value, kept.low, kept.high, dict(kept.qualifiers or {}))
    if len(step.new) > 1:
        if value.status in VALUED:
            raise Unfit(f"“{step.old.label}” was split into {' and '.join(f'“{spec.label}”' for spec in step.new)}")
        return [(spec.slug, value) for spec in step.new]
    new = step.new[0]
    if said.instance > 1 and not _many(new):
        raise Unfit(f"“{new.label}” takes one answer now")
    return [(new.slug, CARRIERS.get(new.value_type, _as_it_is)(step, value))]


def _as_it_is(step: Step, value: Value) -> Value:
    return value


def _choice(step: Step, value: Value) -> Value:
    return value if value.value is None else replace(value, value=_option(step, value.value))


def _choice_multi(step: Step, value: Value) -> Value:
    if value.value is None:
        return value
    chosen = {_option(step, option) for option in value.value}
    return replace(value, value=[option for option in step.new[0].options if option in chosen])


def _choice_open(step: Step, value: Value) -> Value:
    return _choice(step, value) if value.value in step.old.options else value


def _option(step: Step, option: str) -> str:
    now = step.options.get(option, option)
    if option in step.lost or now not in step.new[0].options:
        raise Unfit(f"its option “{step.old.option_labels.get(option, option)}” is gone")
    return now


def _number(step: Step, value: Value) -> Value:
    times = step.factor or 1.0
    moved = replace(
        value,
        value=_times(value.value, times),
        low=_times(value.low, times),
        high=_times(value.high, times),
        qualifiers=value.qualifiers | {k: _times(v, times) for k, v in value.qualifiers.items() if k == "upper_limit"},
    )
    limits = step.new[0].range
    if moved.value is not None and limits and not limits["min"] <= moved.value <= limits["max"]:
        raise Unfit(f"{moved.value:,.10g} is outside the range of this feature, {limits['min']:,.10g} to {limits['max']:,.10g}")
    return moved


def _times(number: float | None, factor: float) -> float | None:
    return number if number is None or factor == 1.0 else float(f"{number * factor:.12g}")


def _terms(step: Step, value: Value) -> Value:
    """One term, or a list of them where the feature repeats."""
    if value.value is None or step.old.repeatable == step.new[0].repeatable:
        return value
    if step.new[0].repeatable:
        return replace(value, value=[value.value])
    if len(value.value) != 1:
        raise Unfit(f"“{step.new[0].label}” takes one term now")
    return replace(value, value=value.value[0])


CARRIERS: Mapping[str, Callable[[Step, Value], Value]] = {
    ValueType.CHOICE: _choice,
    ValueType.CHOICE_MULTI: _choice_multi,
    ValueType.CHOICE_OPEN: _choice_open,
    ValueType.NUMBER: _number,
    ValueType.ONTOLOGY_TERM: _terms,
}


def _repeats(spec: FeatureSpec) -> tuple[bool, bool]:
    return (spec.repeatable, bool(spec.repeat_group)) if spec.value_type == ValueType.ONTOLOGY_TERM else (_many(spec), False)


def _many(spec: FeatureSpec) -> bool:
    return spec.repeatable or bool(spec.repeat_group)


def _range(spec: FeatureSpec) -> tuple[float, float] | None:
    return (spec.range["min"], spec.range["max"]) if spec.range else None
