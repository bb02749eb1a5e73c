"""Words for answers: what pages, exports and explanations print."""

from collections.abc import Mapping
from typing import Any

from curation.choices import Status, ValueType
from curation.codebook.durations import NAMES, parts_of
from curation.codebook.spec import FeatureSpec

COMPARATORS = {"<": "< ", "<=": "≤ ", ">=": "≥ ", ">": "> "}
SPANS = (ValueType.AGE, ValueType.DURATION, ValueType.DURATION_SIGNED, ValueType.TIME)


def display(spec: FeatureSpec, value: Any, qualifiers: Mapping[str, Any] | None = None) -> str:
    """A kept value in words: "asymmetric" -> "Asymmetric, both sides", "P35Y" -> "35 years"; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(display(spec, v) for v in value)
    words = COMPARATORS.get((qualifiers or {}).get("comparator", ""), "") + _one(spec, value)
    precision = (qualifiers or {}).get("precision", "")
    return f"{words} ({precision})" if precision in ("approximate", "derived", "inferred") else words


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
