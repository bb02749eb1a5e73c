"""Next versions of a codebook, made by editing the one before."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from curation.tests.worlds import SMALL_CODEBOOK

Edits = Mapping[str, Mapping[str, Any] | None]


def edited(
    edits: Edits,
    changes: Sequence[Mapping[str, Any]] | None,
    *,
    source: Path = SMALL_CODEBOOK,
    number: str = "1.1.0",
    since: str = "1.0.0",
) -> str:
    """Each feature named gets these entries, is dropped (None), or is new and else as the one it is ``like``.

    ``changes``: of the version ``since``; None for a version that says nothing of the one before.
    """
    book = yaml.safe_load(source.read_text())
    before = {feature["slug"]: feature for feature in book["features"]}
    features = {slug: feature for slug, feature in before.items() if edits.get(slug, feature) is not None}
    for slug, told in edits.items():
        if told is not None:
            entries = dict(told)
            features[slug] = {**before[entries.pop("like", slug)], "slug": slug, **entries}
    for feature in features.values():
        if (feature.get("shown_when") or {}).get("feature") not in features:
            feature.pop("shown_when", None)
    told = {} if changes is None else {"changes": {"since": since, "features": list(changes)}}
    whole = {**book, "version": number, **told, "features": list(features.values())}
    return yaml.safe_dump(json.loads(json.dumps(whole)), sort_keys=False)  # nothing shared, which YAML would write as aliases


def options(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value.capitalize()} for value in values]


KATAL = {"ucum": "ukat/L", "label": "µkat/L"}

#: Of the small codebook: something of every kind. ``side`` is merged into ``symmetry``.
EVERY_KIND: Edits = {
    "sex": None,
    "gender": {"like": "sex", "options": options("f", "male")},
    "weakness": None,
    "arm_weakness": {"like": "weakness"},
    "leg_weakness": {"like": "weakness"},
    "symmetry": {"options": options("asymmetric")},
    "side": None,
    "ck": {"unit": KATAL, "range": {"min": 0, "max": 100}},
    "remark": None,
    "age": {"value_type": "time"},
}
CHANGES: Sequence[Mapping[str, Any]] = (
    {"feature": "sex", "to": "gender", "options": {"female": "f"}},
    {"feature": "weakness", "to": ["arm_weakness", "leg_weakness"]},
    {"feature": "symmetry", "lost": ["symmetric"]},
    {"feature": "side", "to": "symmetry", "options": {"left": "asymmetric"}, "lost": ["right"]},
    {"feature": "ck", "factor": 1 / 60},
    {"feature": "remark", "removed": "Nobody asked for it."},
    {"feature": "age", "person": "It was an age, and is a time now."},
)
