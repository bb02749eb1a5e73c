"""A codebook's file: YAML in, a checked definition out, or every fault with its line, feature and reason."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curation.choices import Status, Tier, ValueType
from curation.codebook import marked
from curation.codebook.changes import CHANGES, Changes, changes_in
from curation.codebook.marked import Lined
from curation.codebook.shapes import Key, Place, a_mapping, each, faults_in, flag, mapping, number, one_of, slug, words
from curation.codebook.spec import FeatureSpec
from curation.errors import Fault, Invalid

VERSION = words(20, pattern=r"\d{1,4}\.\d{1,4}\.\d{1,4}", form="three numbers such as 1.0.0")
LABEL, SENTENCE = words(200), words(4000, may_be_empty=True)
STATUS = one_of(*Status.values)
OPTION_VALUE = words(80, pattern="[a-z0-9][a-z0-9_]*", form="small letters, digits and _")
TERM = mapping({
    "id": Key(words(10, pattern=r"HP:\d{7}", form="an HPO identifier such as HP:0001324"), required=True),
    "name": Key(LABEL, required=True),
})  # fmt: skip
CODE = mapping({"code": Key(words(80), required=True)} | {
    name: Key(words(300)) for name in ("system", "label", "status", "source")
})  # fmt: skip
ONTOLOGY = mapping({
    "hpo": Key(each(TERM, most=50)),
    "hpo_note": Key(SENTENCE),
    "loinc": Key(each(CODE, most=50)),
    "other": Key(each(CODE, most=50)),
})  # fmt: skip
OPTION = mapping({
    "value": Key(OPTION_VALUE, required=True),
    "label": Key(LABEL, required=True),
    "definition": Key(SENTENCE),
    "hpo": Key(TERM),
})  # fmt: skip
FEATURE = {
    "slug": Key(slug(80), required=True),
    "group": Key(slug(50), required=True),
    "label": Key(LABEL, required=True),
    "question": Key(words(2000), required=True),
    "value_type": Key(one_of(*ValueType.values), required=True),
    "tier": Key(one_of(*Tier.values), required=True),
    "evidence_required": Key(flag, required=True),
    "options": Key(each(OPTION, most=500, may_be_empty=True)),
    "unit": Key(mapping({
        "ucum": Key(words(40), required=True),
        "label": Key(words(40), required=True),
        "phenopacket": Key(words(80)),
    })),
    "range": Key(mapping({"min": Key(number, required=True), "max": Key(number, required=True)})),
    "shown_when": Key(mapping({
        "feature": Key(slug(80), required=True),
        "status_in": Key(each(STATUS, most=10)),
        "value_in": Key(each(OPTION_VALUE, most=500)),
    })),
    "status_labels": Key(mapping({status: Key(LABEL) for status in Status.values})),
    "ontology": Key(ONTOLOGY),
    "antibody": Key(mapping({"class": Key(words(40), required=True), "subtype": Key(words(40, may_be_empty=True))})),
    "note": Key(SENTENCE),
    "derivation": Key(words(2000)),
    "derived": Key(flag),
    "repeatable": Key(flag),
    "repeat_group": Key(slug(80)),
}  # fmt: skip
WHOLE = {
    "codebook": Key(words(50, pattern="[a-z][a-z0-9_-]*", form="small letters, digits, - and _"), required=True),
    "title": Key(words(300), required=True),
    "version": Key(VERSION, required=True),
    "language": Key(words(10), required=True),
    "hpo_release": Key(words(50)),
    "statuses": Key(each(mapping({
        "value": Key(STATUS, required=True),
        "label": Key(LABEL, required=True),
        "definition": Key(SENTENCE),
    }), most=20), required=True),
    "groups": Key(each(mapping({
        "slug": Key(slug(50), required=True),
        "label": Key(LABEL, required=True),
        "description": Key(SENTENCE),
    }), most=200), required=True),
    "changes": Key(CHANGES),
    "features": Key(each(a_mapping, most=3000), required=True),  # their own faults name the feature, see read_codebook
}  # fmt: skip
OPTIONED = (ValueType.CHOICE, ValueType.CHOICE_MULTI, ValueType.CHOICE_OPEN, ValueType.DERIVED)


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """A codebook as its file says it, checked. Groups and features are the file's mappings, in its order."""

    slug: str
    title: str
    version: str
    language: str
    hpo_release: str
    statuses: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]
    features: Sequence[Mapping[str, Any]]
    changes: Changes | None = None

    @property
    def specs(self) -> dict[str, FeatureSpec]:
        """What rules know of each feature, as ``queries.specs`` has it of a version that is kept."""
        return {feature["slug"]: _spec(feature) for feature in self.features}


def _spec(feature: Mapping[str, Any]) -> FeatureSpec:
    options = feature.get("options") or ()
    return FeatureSpec(
        **{name: feature[name] for name in ("slug", "label", "value_type", "tier", "evidence_required")},
        unit=feature.get("unit"),
        range=feature.get("range"),
        shown_when=feature.get("shown_when"),
        options=tuple(option["value"] for option in options),
        option_labels={option["value"]: option["label"] for option in options},
        repeatable=feature.get("repeatable") or False,
        repeat_group=feature.get("repeat_group") or "",
        derived=feature["value_type"] == ValueType.DERIVED,
        status_labels=feature.get("status_labels") or {},
    )


def read_codebook(text: str) -> CodebookFile:
    """Raises Invalid with every fault there is."""
    root, faults = marked.read(text)
    faults += faults_in(root, WHOLE, Place(1))
    features = [entry for entry in _list(root, "features") if isinstance(entry, Lined)]
    sound = []
    for feature in features:
        found = list(faults_in(feature, FEATURE, _place(feature)))
        faults += found
        sound += [] if found else [feature]
    faults += [*_repeated(features, root), *_across(sound, features, root)]
    if faults:
        faults.sort(key=_line)
        raise Invalid(f"The codebook was not loaded: {len(faults)} fault{'s' * (len(faults) > 1)}.", faults=faults)
    return CodebookFile(
        root["codebook"],
        root["title"],
        root["version"],
        root["language"],
        root.get("hpo_release") or "",
        root["statuses"],
        root["groups"],
        root["features"],
        changes_in(root),
    )


def _line(fault: Fault) -> int:
    return int("".join(c for c in fault.where.partition(",")[0] if c.isdigit()) or 0)


def _list(root: Mapping[str, Any], name: str) -> list[Any]:
    found = root.get(name)
    return found if isinstance(found, list) else []


def _place(feature: Lined, key: str = "") -> Place:
    return Place(feature.line_of(key), f"feature {str(feature.get('slug', 'without a slug'))[:80]}")


def _repeated(features: Sequence[Lined], root: Lined) -> Iterator[Fault]:
    """What may be named once only: features, groups, statuses."""
    for thing, entries, key in (
        ("feature", features, "slug"),
        ("group", _list(root, "groups"), "slug"),
        ("status", _list(root, "statuses"), "value"),
    ):
        yield from _twice([e for e in entries if isinstance(e, Lined)], key, thing)


def _twice(entries: Sequence[Lined], key: str, thing: str, owner: str = "") -> Iterator[Fault]:
    names = Counter(str(e.get(key)) for e in entries if e.get(key))
    for entry in entries:
        if names[name := str(entry.get(key))] > 1:
            yield Place(entry.line_of(key), owner or f"{thing} {name[:80]}").fault(
                f"{key} “{name[:80]}” is used {names[name]} times"
            )


def _across(sound: Sequence[Lined], features: Sequence[Lined], root: Lined) -> Iterator[Fault]:
    """What can be seen only across a feature's own entries, or across features."""
    groups = {g.get("slug") for g in _list(root, "groups") if isinstance(g, Lined)}
    by_slug = {str(f.get("slug")): f for f in features}
    for feature in sound:
        if feature["group"] not in groups:
            yield _place(feature, "group").fault(f"unknown group “{feature['group']}”")
        yield from _own_faults(feature)
        yield from _twice(_list(feature, "options"), "value", "option", _place(feature).thing)
        yield from _condition_faults(feature, by_slug)


def _own_faults(feature: Lined) -> Iterator[Fault]:
    kind, derived = feature["value_type"], feature["value_type"] == ValueType.DERIVED
    place, limits = _place(feature), feature.get("range")
    if kind in (ValueType.CHOICE, ValueType.CHOICE_MULTI) and not feature.get("options"):
        yield place.fault(f"is a {kind} without options")
    if feature.get("options") and kind not in OPTIONED:
        yield _place(feature, "options").fault(f"has options, but is a {kind}")
    if kind == ValueType.NUMBER and not feature.get("unit"):
        yield place.fault("is a number without a unit")
    for name in ("unit", "range"):
        if feature.get(name) and kind != ValueType.NUMBER:
            yield _place(feature, name).fault(f"has a {name}, but is a {kind}")
    if limits and limits["min"] > limits["max"]:
        yield _place(feature, "range").fault(f"its range begins at {limits['min']} and ends before, at {limits['max']}")
    if derived and not feature.get("derivation"):
        yield place.fault("is derived, but says no derivation")
    if feature.get("derived") not in (None, derived) or (not derived and feature.get("derivation")):
        yield place.fault("value_type, derived and derivation disagree on whether it is derived")


def _condition_faults(feature: Lined, by_slug: Mapping[str, Lined]) -> Iterator[Fault]:
    shown, place = feature.get("shown_when"), _place(feature, "shown_when")
    if shown is None:
        return
    if bool(shown.get("status_in")) == bool(shown.get("value_in")):
        yield place.fault("shown_when: needs either status_in or value_in")
    if shown["feature"] not in by_slug:
        yield place.fault(f"shown_when: names the unknown feature “{shown['feature']}”")
        return
    known = {o.get("value") for o in _list(by_slug[shown["feature"]], "options") if isinstance(o, Lined)}
    for value in _list(shown, "value_in"):
        if value not in known:
            yield place.fault(f"shown_when: “{value}” is no option of {shown['feature']}")
    if chain := _circle(feature["slug"], by_slug):
        yield place.fault(f"shown_when: runs in a circle: {' → '.join(chain)}")


def _circle(start: str, by_slug: Mapping[str, Lined]) -> list[str]:
    """The features from start back to start along their conditions, empty where there is no circle."""
    chain = [start]
    while chain[-1] in by_slug and len(chain) <= len(by_slug):
        shown = by_slug[chain[-1]].get("shown_when")
        if not isinstance(shown, Lined):
            return []
        chain.append(str(shown.get("feature")))
        if chain[-1] == start:
            return chain
    return []
