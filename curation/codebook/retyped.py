"""A kept value as a person would type it again, so that editing begins with what was entered and reads back as the same."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from curation.choices import ValueType
from curation.codebook import units, wording
from curation.codebook.spec import FeatureSpec
from curation.codebook.text import Unfit
from curation.codebook.values import check
from curation.errors import Invalid

LINES = (ValueType.NUMBER, ValueType.AGE, ValueType.DURATION, ValueType.DURATION_SIGNED, ValueType.TIME)


def retyped(spec: FeatureSpec, value: Any, qualifiers: Mapping[str, Any] | None = None) -> str:
    """As one line of text: "5,320 U/L (ref < 200)", "late 40s", "2 weeks after onset"; ISO where words fail."""
    told = qualifiers or {}
    if spec.value_type not in LINES or (value is None and not told.get("times_upper_limit")):
        return "" if value is None else str(value)
    ways = _numbers(spec, value, told) if spec.value_type == ValueType.NUMBER else [_in_time(spec, value, told)]
    return next((way for way in ways if _reads_back(spec, way, value, told)), _plainly(value))


def _plainly(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, int | float) else str(value or "")


def _reads_back(spec: FeatureSpec, way: str, value: Any, told: Mapping[str, Any]) -> bool:
    try:
        read = check(spec, status="present", value=way)
    except Invalid:
        return False
    return read.value == value and all(told.get(name) == said for name, said in read.qualifiers.items())


def _numbers(spec: FeatureSpec, value: float | None, told: Mapping[str, Any]) -> list[str]:
    """As given, and in the feature's own unit where that loses nothing."""
    lead = wording.COMPARATORS.get(told.get("comparator", ""), "") + ("about " if told.get("precision") == "approximate" else "")
    own = spec.unit["label"] if spec.unit else ""
    limit = f" (ref < {told['upper_limit']:,.10g} {own})".replace(" )", ")") if told.get("upper_limit") else ""
    times = told.get("times_upper_limit")
    ways = [f"{lead}{times:,.10g} × ULN{limit}"] if times and (value is None or told.get("precision") == "derived") else []
    if value is None:
        return ways
    if (given := told.get("unit")) and spec.unit:
        with suppress(Unfit):  # a unit that is only a word, as programs may send
            number = units.convert(value, spec.unit["ucum"], {"ucum": given, "label": given})
            ways.append(f"{lead}{number:,.10g} {given}{limit}")
    return [*ways, f"{lead}{value:,.10g} {own}".strip() + limit, f"{lead}{value:.10g}{limit}"]


def _in_time(spec: FeatureSpec, value: str, told: Mapping[str, Any]) -> str:
    about = "about " if told.get("precision") == "approximate" else ""
    if told.get("precision") == "decade" and value[:1] == "P":
        return f"{'aged ' if told.get('since') else ''}{told.get('part', '')} {value[1:3]}s".replace("  ", " ").strip()
    bare = {name: said for name, said in told.items() if name in ("comparator", "since")}
    words = wording.display(spec, value, bare)
    lead = wording.COMPARATORS.get(told.get("comparator", ""), "")
    return f"{lead}{about}{words.removeprefix(lead)}" if about else words
