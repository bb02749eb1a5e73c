"""What a person or program sent as a status and a value -> what may be kept, or every reason why not."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from curation.choices import RECORDABLE, Status, ValueType
from curation.codebook import durations, qualifiers
from curation.codebook.qualifiers import COMPARATORS, PRECISIONS, SIDES, read_term
from curation.codebook.quantities import Quantity, read_quantity
from curation.codebook.spec import FeatureSpec, Value
from curation.codebook.text import Unfit, clean
from curation.codebook.times import read_time
from curation.errors import Fault, Invalid

__all__ = ["COMPARATORS", "PRECISIONS", "SIDES", "check", "read_term"]

TEXT_LIMIT = 2000
LINE_LIMIT = 300
LIST_LIMIT = 100
MEASURED = (ValueType.NUMBER, ValueType.AGE, ValueType.DURATION, ValueType.DURATION_SIGNED, ValueType.MEASUREMENT)
LIMITED = (ValueType.NUMBER, ValueType.MEASUREMENT)
VALUED = (Status.PRESENT, Status.INDETERMINATE)


def check(spec: FeatureSpec, *, status: str, value: object = None, qualifiers: Mapping[str, object] | None = None) -> Value:
    """The answer as it may be kept. Raises Invalid with a fault per part ("status", "value", "qualifiers.…")."""
    faults = _status_faults(spec, status, value, qualifiers)
    kept, told = Value(status), dict[str, Any]()
    if not faults and not _empty(value):
        try:
            kept = READERS[spec.value_type](spec, value)
        except Unfit as reason:
            faults.append(Fault("value", str(reason)))
    try:
        told = _qualified(spec, status, qualifiers or {}, kept)
    except Unfit as reason:
        faults.append(Fault("qualifiers", str(reason)))
    if faults:
        raise Invalid(f"This cannot be recorded for “{spec.label}”.", faults=faults)
    low, high = durations.bounded(told.get("comparator", ""), kept.low, kept.high)
    return Value(str(status), kept.value, low, high, told)


def _status_faults(spec: FeatureSpec, status: object, value: object, told: object) -> list[Fault]:
    if spec.derived or spec.value_type == ValueType.DERIVED:
        return [Fault("feature", "is derived by a rule from other findings and is never typed")]
    if not isinstance(status, str) or status not in RECORDABLE:
        return [Fault("status", f"must be one of {', '.join(RECORDABLE)}")]
    if _empty(value):
        needs = status == Status.PRESENT and spec.has_value and not _multiple_only(spec, told)
        return [Fault("value", f"is missing: {_wanted(spec)}")] if needs else []
    if not spec.has_value:
        return [Fault("value", "must be left empty: for this feature the status says it all")]
    if status not in VALUED:
        return [Fault("value", f"must be left empty where the status is {status.replace('_', ' ')}")]
    return []


def _multiple_only(spec: FeatureSpec, told: object) -> bool:
    """Whether all that is known of a number is how many times the upper limit of normal it is."""
    return spec.value_type == ValueType.NUMBER and isinstance(told, Mapping) and not _empty(told.get("times_upper_limit"))


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def _wanted(spec: FeatureSpec) -> str:
    return f"choose from {_list(spec.options)}" if spec.options else f"give the {ValueType(spec.value_type).label.lower()}"


def _list(options: tuple[str, ...]) -> str:
    return ", ".join(options)


def _choice(spec: FeatureSpec, value: object) -> Value:
    return Value("", _option(spec, value))


def _option(spec: FeatureSpec, value: object) -> str:
    """The option by its value, or by its label as the pages show it."""
    if isinstance(value, str) and value not in spec.options:
        wanted = " ".join(value.split()).casefold()
        value = next((option for option, label in spec.option_labels.items() if label.casefold() == wanted), value)
    if not isinstance(value, str) or value not in spec.options:
        raise Unfit(f"{str(value)[:60]!r} is not an option; choose from {_list(spec.options)}")
    return value


def _choice_multi(spec: FeatureSpec, value: object) -> Value:
    """Options in the codebook's order, each once."""
    chosen = {_option(spec, v) for v in _many(value)}
    return Value("", [option for option in spec.options if option in chosen])


def _many(value: object) -> list[object]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    if len(values) > LIST_LIMIT:
        raise Unfit(f"holds {len(values)} entries; at most {LIST_LIMIT} are kept")
    return values


def _choice_open(spec: FeatureSpec, value: object) -> Value:
    """An option where its label was typed, else the article's own words."""
    words = clean(value, limit=LINE_LIMIT)
    labels = {label.casefold(): option for option, label in spec.option_labels.items()}
    return Value("", words if words in spec.options else labels.get(" ".join(words.split()).casefold(), words))


def _number(spec: FeatureSpec, value: object) -> Value:
    """In the feature's unit; the unit as given, the upper limit of normal and the multiple of it become qualifiers."""
    read = _quantity(value, spec.unit)
    if read.number is not None:
        low, high = (spec.range or {}).get("min", -math.inf), (spec.range or {}).get("max", math.inf)
        if not low <= read.number <= high:
            raise Unfit(f"{read.number:,.10g} is outside the range of this feature, {low:,.10g} to {high:,.10g}")
    told = {
        "comparator": read.comparator,
        "precision": read.precision,
        "unit": "" if spec.unit and read.unit in spec.unit.values() else read.unit,
        "upper_limit": read.upper_limit,
        "times_upper_limit": read.times,
    }
    return Value("", read.number, read.number, read.number, {name: said for name, said in told.items() if said})


def _quantity(value: object, unit: Mapping[str, str] | None) -> Quantity:
    if isinstance(value, str):
        return read_quantity(value, unit)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e15:
        raise Unfit("must be a number")
    return Quantity(float(value))


def _age(spec: FeatureSpec, value: object) -> Value:
    span = durations.read_age(_line(value))
    return _spanned(span, durations.YEAR)


def _duration(spec: FeatureSpec, value: object) -> Value:
    return _spanned(durations.read_duration(_line(value), signed=spec.value_type == ValueType.DURATION_SIGNED), 1.0)


def _spanned(span: durations.Span, unit: float) -> Value:
    said = {"comparator": span.comparator, "precision": span.precision, "part": span.part}
    told = {name: word for name, word in said.items() if word}
    low, high = (None if days is None else round(days / unit, 6) for days in (span.low, span.high))
    return Value("", span.iso, low, high, told)


def _line(value: object) -> str:
    return clean(str(value) if isinstance(value, int | float) and abs(value) < 1e6 else value, limit=LINE_LIMIT)


def _terms(spec: FeatureSpec, value: object) -> Value:
    """One {id, label}, or a list of them where the feature is repeatable; text may hold one "label (id)" per line."""
    given = value.splitlines() if isinstance(value, str) else _many(value)
    terms = [read_term(v) for v in given if not _empty(v)]
    if not spec.repeatable and len(terms) != 1:
        raise Unfit("takes one term")
    if not terms or len({t["id"] for t in terms}) < len(terms):
        raise Unfit("names a term twice" if terms else "names no term")
    return Value("", terms if spec.repeatable else terms[0])


def _time(spec: FeatureSpec, value: object) -> Value:
    """A date as far as it is known, an age, or the time since something."""
    read = read_time(_line(value))
    told = {"comparator": read.comparator, "precision": read.precision, "since": read.since}
    return Value("", read.iso, qualifiers={name: word for name, word in told.items() if word})


def _measurement(spec: FeatureSpec, value: object) -> Value:
    if not isinstance(value, Mapping) or not {"name", "number"} <= set(value) <= {"name", "number", "unit"}:
        raise Unfit("must have a name, a number and, where there is one, a unit")
    read = _quantity(value["number"], None)
    if read.number is None:
        raise Unfit("is a multiple of the upper limit of normal; write the number, and the limit behind it: 5,320 (ref < 200)")
    given = value.get("unit") or read.unit
    kept = {
        "name": clean(value["name"], limit=LINE_LIMIT, name="the name"),
        "number": read.number,
        "unit": clean(given, limit=40, name="the unit") if given else "",
    }
    told = {"comparator": read.comparator, "precision": read.precision, "upper_limit": read.upper_limit}
    return Value("", kept, qualifiers={name: said for name, said in told.items() if said})


def _variant(spec: FeatureSpec, value: object) -> Value:
    text = clean(value, limit=LINE_LIMIT)
    if "\n" in text:
        raise Unfit("takes one variant; add another entry for the next")
    return Value("", text)


def _text(spec: FeatureSpec, value: object) -> Value:
    return Value("", clean(value, limit=TEXT_LIMIT))


READERS: Mapping[str, Callable[[FeatureSpec, object], Value]] = {
    ValueType.CHOICE: _choice,
    ValueType.CHOICE_MULTI: _choice_multi,
    ValueType.CHOICE_OPEN: _choice_open,
    ValueType.NUMBER: _number,
    ValueType.AGE: _age,
    ValueType.DURATION: _duration,
    ValueType.DURATION_SIGNED: _duration,
    ValueType.ONTOLOGY_TERM: _terms,
    ValueType.TIME: _time,
    ValueType.MEASUREMENT: _measurement,
    ValueType.VARIANT: _variant,
    ValueType.TEXT: _text,
}


def _qualified(spec: FeatureSpec, status: object, given: Mapping[str, object], kept: Value) -> dict[str, Any]:
    """Those given, checked, together with those read from the value's wording and those that follow. Raises Unfit."""
    told = qualifiers.read(given)
    if status in (Status.NOT_REPORTED, Status.NOT_TESTED) and set(told) - {"scope"}:
        raise Unfit(f"must be left out where the status is {str(status).replace('_', ' ')}")
    if "scope" in told and status != Status.NOT_REPORTED:
        del told["scope"]
    if "comparator" in told and spec.value_type not in (*MEASURED, ValueType.TIME):
        raise Unfit("comparator: belongs to numbers, ages and durations")
    if (limits := {"unit", "upper_limit", "times_upper_limit"} & set(told)) and spec.value_type not in LIMITED:
        raise Unfit(f"{sorted(limits)[0]}: belongs to numbers")
    read = kept.qualifiers
    if told.get("comparator", read.get("comparator")) != read.get("comparator", told.get("comparator")):
        raise Unfit(f"comparator: says {told['comparator']}, but the value itself says {read['comparator']}")
    return qualifiers.completed({**read, **told}, kept.value)
