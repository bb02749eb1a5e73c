"""Words for answers: what pages, exports and explanations print."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from curation.choices import ReadPart, Status, ValueType
from curation.codebook.durations import NAMES, parts_of
from curation.codebook.spec import FeatureSpec

COMPARATORS = {"<": "< ", "<=": "≤ ", ">=": "≥ ", ">": "> "}
_DATE = re.compile(r"\d{4}")
SPANS = (ValueType.AGE, ValueType.DURATION, ValueType.DURATION_SIGNED, ValueType.TIME)


def display(spec: FeatureSpec, value: Any, qualifiers: Mapping[str, Any] | None = None) -> str:
    """A kept value in words: "asymmetric" -> "Asymmetric, both sides", "P35Y" -> "35 years"; empty where there is none."""
    told = qualifiers or {}
    if value is None:
        times = told.get("times_upper_limit")
        return f"{COMPARATORS.get(told.get('comparator', ''), '')}{times:,.4g} × ULN" if times else ""
    if isinstance(value, list):
        return ", ".join(display(spec, v) for v in value)
    if told.get("since") and not _DATE.match(str(value)):
        words = _moment(str(value), told["since"], COMPARATORS.get(told.get("comparator", ""), ""))
    else:
        words = COMPARATORS.get(told.get("comparator", ""), "") + _one(spec, value)
    besides = [told.get("part", ""), _against_limit(spec, told)]
    besides += [told["precision"]] if told.get("precision") in ("approximate", "derived", "inferred") else []
    aside = "; ".join(filter(None, besides))
    return f"{words} ({aside})" if aside else words


def _against_limit(spec: FeatureSpec, told: Mapping[str, Any]) -> str:
    """ "26.6 × ULN of 200"; the unit as given where it was another."""
    times, limit, given = told.get("times_upper_limit"), told.get("upper_limit"), told.get("unit")
    words = f"{times:,.4g} × ULN" if times else ""
    words += f" of {limit:,.10g}" if times and limit else ""
    return "; ".join(filter(None, (words, f"given in {given}" if given and spec.unit else "")))


def _moment(iso: str, since: str, comparator: str) -> str:
    if since == "birth":
        return f"at age {comparator}{_span(iso, signed=False)}"
    if iso == "P0D":
        return f"at {since}"
    before = iso.startswith("-")
    length = _span(iso, signed=False).removesuffix(" before")
    return f"{comparator}{length} {'before' if before else 'after'} {since}"


def scope_words(qualifiers: Mapping[str, Any] | None) -> str:
    """What "not reported" was said of: "in title, abstract"; empty where that was not kept."""
    return f"in {parts_words(parts)}" if (parts := (qualifiers or {}).get("scope")) else ""


def parts_words(parts: Iterable[str]) -> str:
    return ", ".join(str(ReadPart(part).label).lower() for part in parts)


def kind_words(spec: FeatureSpec) -> str:
    """What is asked for, with the unit and the range: "number, in U/L, 0 to 500,000"."""
    words = str(ValueType(spec.value_type).label)
    if spec.unit:
        words += f", in {spec.unit['label']}"
    if spec.range:
        words += f", {spec.range['min']:,.10g} to {spec.range['max']:,.10g}"
    return words


def _one(spec: FeatureSpec, value: Any) -> str:
    if isinstance(value, dict):
        if "low" in value:
            return f"{value['low']:,.10g} to {value['high']:,.10g}"
        if "id" in value:
            return f"{value['label']} ({value['id']})"
        return f"{value['name']} {value['number']:,.10g} {value['unit']}".strip()
    if isinstance(value, int | float):
        return f"{value:,.10g} {spec.unit['label'] if spec.unit else ''}".strip()
    if spec.value_type in SPANS:
        return _span(str(value), signed=spec.value_type == ValueType.DURATION_SIGNED)
    return spec.option_labels.get(str(value), str(value))


def _span(iso: str, *, signed: bool) -> str:
    first, slash, last = iso.partition("/")
    if slash and iso.startswith("-"):
        first, last = last, first
    a, b = _length(first), _length(last)
    if slash and len(parts_of(first)) == 1:
        a = a.removesuffix(f" {b.rpartition(' ')[2]}")
    words = f"{a} to {b}" if slash else a
    if iso.startswith("-"):
        return f"{words} before"
    return f"{words} after" if signed else words


def _length(iso: str) -> str:
    return " ".join(f"{n:g} {NAMES[code]}{'' if n == 1 else 's'}" for n, code in parts_of(iso)) or iso


def status_words(spec: FeatureSpec, status: str) -> str:
    """The codebook's own word for a status of this feature ("Positive"), or the usual one."""
    return spec.status_labels.get(status) or str(Status(status).label)


def condition_words(shown_when: Mapping[str, Any] | None, parent: FeatureSpec | None) -> str:
    """When a feature is asked: "Muscle weakness (any) is present"."""
    if not shown_when or parent is None:
        return ""
    statuses = [status_words(parent, s).lower() for s in shown_when.get("status_in", ())]
    values = [parent.option_labels.get(v, v) for v in shown_when.get("value_in", ())]
    return f"{parent.label}: {' or '.join(statuses + values)}"
