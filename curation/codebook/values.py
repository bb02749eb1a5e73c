"""What a person or program sent as a status and a value -> what may be kept, or every reason why not."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from curation.choices import RECORDABLE, Status, ValueType
from curation.codebook import durations
from curation.codebook.spec import FeatureSpec, Value
from curation.codebook.text import Unfit, clean
from curation.errors import Fault, Invalid

TEXT_LIMIT = 2000
LINE_LIMIT = 300
LIST_LIMIT = 100
CURIE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*:[A-Za-z0-9_.-]+")
_NUMBER = re.compile(r"([-+]?)(\d{1,3}(?:[, '’   ]\d{3})+(?!\d)|\d{1,15})(\.\d{1,10})?(?![\d.,])")
_TERM_LAST = re.compile(rf"(.+?)\s*\(({CURIE.pattern})\)")
_TERM_FIRST = re.compile(rf"({CURIE.pattern})\s+(.+)")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")

COMPARATORS = ("<", "<=", ">=", ">")
PRECISIONS = ("day", "month", "year", "decade", "range", "approximate", "derived", "inferred")
SIDES = ("left", "right", "both")
MEASURED = (ValueType.NUMBER, ValueType.AGE, ValueType.DURATION, ValueType.DURATION_SIGNED, ValueType.MEASUREMENT)
VALUED = (Status.PRESENT, Status.INDETERMINATE)


def check(spec: FeatureSpec, *, status: str, value: object = None, qualifiers: Mapping[str, object] | None = None) -> Value:
    """The answer as it may be kept. Raises Invalid with a fault per part ("status", "value", "qualifiers.…")."""
    faults = _status_faults(spec, status, value)
    kept, told = Value(status), dict[str, Any]()
    if not faults and not _empty(value):
        try:
            kept = READERS[spec.value_type](spec, value)
        except Unfit as reason:
            faults.append(Fault("value", str(reason)))
    try:
        told = _qualifiers(spec, status, qualifiers or {}, kept.qualifiers)
    except Unfit as reason:
        faults.append(Fault("qualifiers", str(reason)))
    if faults:
        raise Invalid(f"This cannot be recorded for “{spec.label}”.", faults=faults)
    low, high = durations.bounded(told.get("comparator", ""), kept.low, kept.high)
    return Value(str(status), kept.value, low, high, told)


def _status_faults(spec: FeatureSpec, status: object, value: object) -> list[Fault]:
    if spec.derived or spec.value_type == ValueType.DERIVED:
        return [Fault("feature", "is derived by a rule from other findings and is never typed")]
    if not isinstance(status, str) or status not in RECORDABLE:
        return [Fault("status", f"must be one of {', '.join(RECORDABLE)}")]
    if _empty(value):
        needs = status == Status.PRESENT and spec.has_value
        return [Fault("value", f"is missing: {_wanted(spec)}")] if needs else []
    if not spec.has_value:
        return [Fault("value", "must be left empty: for this feature the status says it all")]
    if status not in VALUED:
        return [Fault("value", f"must be left empty where the status is {status.replace('_', ' ')}")]
    return []


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def _wanted(spec: FeatureSpec) -> str:
    return f"choose from {_list(spec.options)}" if spec.options else f"give the {ValueType(spec.value_type).label.lower()}"


def _list(options: tuple[str, ...]) -> str:
    return ", ".join(options)


def _choice(spec: FeatureSpec, value: object) -> Value:
    return Value("", _option(spec, value))


def _option(spec: FeatureSpec, value: object) -> str:
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
    return Value("", clean(value, limit=LINE_LIMIT))


def _number(spec: FeatureSpec, value: object) -> Value:
    comparator, number, unit = read_number(value)
    if unit and spec.unit and not _same_unit(unit, spec.unit):
        raise Unfit(f"is in “{unit[:40]}”; give it in {spec.unit['label']}")
    low, high = (spec.range or {}).get("min", -math.inf), (spec.range or {}).get("max", math.inf)
    if not low <= number <= high:
        raise Unfit(f"{number:,.10g} is outside the range of this feature, {low:,.10g} to {high:,.10g}")
    return Value("", number, number, number, {"comparator": comparator} if comparator else {})


def _same_unit(unit: str, known: Mapping[str, str]) -> bool:
    return "".join(unit.split()).casefold() in {"".join(known.get(key, "").split()).casefold() for key in ("ucum", "label")}


def read_number(value: object) -> tuple[str, float, str]:
    """(">= 7,200 U/L") -> (">=", 7200.0, "U/L"); numbers pass as they are. Raises Unfit."""
    if isinstance(value, str):
        comparator, rest = durations.split_comparator(" ".join(value.replace("−", "-").split()))
        found = _NUMBER.match(rest)
        if not found:
            raise Unfit(f"“{value[:60]}” is not a number; write for instance 7200, 7,200 or 0.5")
        number = float(found[1] + re.sub(r"\D", "", found[2]) + (found[3] or ""))
        return comparator, number, rest[found.end() :].strip()
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e15:
        raise Unfit("must be a number")
    return "", float(value), ""


def _age(spec: FeatureSpec, value: object) -> Value:
    span = durations.read_age(_line(value))
    return _spanned(span, durations.YEAR)


def _duration(spec: FeatureSpec, value: object) -> Value:
    return _spanned(durations.read_duration(_line(value), signed=spec.value_type == ValueType.DURATION_SIGNED), 1.0)


def _spanned(span: durations.Span, unit: float) -> Value:
    told = {name: word for name, word in (("comparator", span.comparator), ("precision", span.precision)) if word}
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


def read_term(value: object) -> dict[str, str]:
    """{id, label} from itself or from "Low back pain (HP:0003419)" or "HP:0003419 Low back pain". Raises Unfit."""
    if isinstance(value, str):
        text = clean(value, limit=LINE_LIMIT, name="the term")
        if found := _TERM_LAST.fullmatch(text):
            value = {"label": found[1], "id": found[2]}
        elif found := _TERM_FIRST.fullmatch(text):
            value = {"id": found[1], "label": found[2]}
    if not isinstance(value, Mapping) or set(value) != {"id", "label"}:
        raise Unfit("must be a term with id and label, written as “Low back pain (HP:0003419)”")
    term = {key: clean(value[key], limit=LINE_LIMIT, name=f"the term's {key}") for key in ("id", "label")}
    if not CURIE.fullmatch(term["id"]):
        raise Unfit(f"“{term['id'][:60]}” is not an identifier of the form PREFIX:NUMBER")
    return term


def _time(spec: FeatureSpec, value: object) -> Value:
    """A date as far as it is known, an age, or the time since onset."""
    text = _line(value)
    if found := _DATE.fullmatch(text):
        try:
            date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        except ValueError:
            raise Unfit(f"“{text}” is not a date of the calendar") from None
        return Value("", text)
    try:
        span = durations.read_duration(text, signed=True)
    except Unfit:
        raise Unfit(f"“{text[:60]}” is no time: write a date (2021, 2021-03, 2021-03-15), an age or a time since onset") from None
    return Value("", span.iso, qualifiers=_spanned(span, 1.0).qualifiers)


def _measurement(spec: FeatureSpec, value: object) -> Value:
    if not isinstance(value, Mapping) or not {"name", "number"} <= set(value) <= {"name", "number", "unit"}:
        raise Unfit("must have a name, a number and, where there is one, a unit")
    comparator, number, unit = read_number(value["number"])
    given = value.get("unit") or unit
    kept = {
        "name": clean(value["name"], limit=LINE_LIMIT, name="the name"),
        "number": number,
        "unit": clean(given, limit=40, name="the unit") if given else "",
    }
    return Value("", kept, qualifiers={"comparator": comparator} if comparator else {})


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


def _qualifiers(spec: FeatureSpec, status: object, given: Mapping[str, object], read: Mapping[str, Any]) -> dict[str, Any]:
    """Those given, checked, together with those read from the value's wording. Raises Unfit."""
    if not isinstance(given, Mapping):
        raise Unfit("must be named values")
    told = {str(name): _qualifier(str(name), value) for name, value in given.items() if not _empty(value)}
    if told and status in (Status.NOT_REPORTED, Status.NOT_TESTED):
        raise Unfit(f"must be left out where the status is {str(status).replace('_', ' ')}")
    if "comparator" in told and spec.value_type not in MEASURED:
        raise Unfit("comparator: belongs to numbers, ages and durations")
    if told.get("comparator", read.get("comparator")) != read.get("comparator", told.get("comparator")):
        raise Unfit(f"comparator: says {told['comparator']}, but the value itself says {read['comparator']}")
    return {**read, **told}


def _qualifier(name: str, value: object) -> Any:
    words = {"comparator": COMPARATORS, "precision": PRECISIONS, "side": SIDES}.get(name)
    if words:
        if value not in words:
            raise Unfit(f"{name}: must be one of {', '.join(words)}")
        return value
    if name == "severity":
        return read_term(value)
    if name == "quantity":
        return clean(value, limit=100, name=name)
    raise Unfit(f"{name[:40]}: is unknown; there are comparator, precision, quantity, severity, side")
