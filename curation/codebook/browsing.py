"""A codebook as its pages show it: groups with their features, core first, each with its condition in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from curation.choices import Tier, ValueType
from curation.codebook import queries, units
from curation.codebook.spec import FeatureSpec
from curation.codebook.wording import condition_words
from curation.errors import NotFound
from curation.models import CodebookVersion, Feature, FeatureGroup


@dataclass(frozen=True, slots=True)
class Entry:
    feature: Feature
    asked_when: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A group's features: the core ones, and the rest."""

    group: FeatureGroup
    core: Sequence[Entry]
    more: Sequence[Entry]

    @property
    def count(self) -> int:
        return len(self.core) + len(self.more)


@dataclass(frozen=True, slots=True)
class Browse:
    shelves: Sequence[Shelf]
    found: int
    total: int


def browse(version: CodebookVersion, *, derived: Collection[str], words: str = "", tier: str = "") -> Browse:
    """What can be recorded, and of what is derived only the slugs in ``derived``; cut down to words and tier."""
    listed = _shown(queries.features(version), derived)
    specs = queries.specs_of(listed)
    wanted = set(queries.search_features(version, words).values_list("pk", flat=True)) if words.strip() else None
    found = [f for f in listed if (wanted is None or f.pk in wanted) and (tier in ("", f.tier))]
    shelves = [_shelf(group, [f for f in found if f.group_id == group.pk], specs) for group in queries.groups(version)]
    return Browse([shelf for shelf in shelves if shelf.count], len(found), len(listed))


def _shown(features: Collection[Feature], derived: Collection[str]) -> list[Feature]:
    return [f for f in features if f.value_type != ValueType.DERIVED or f.slug in derived]


def _shelf(group: FeatureGroup, features: Sequence[Feature], specs: dict[str, FeatureSpec]) -> Shelf:
    entries = [Entry(feature, _asked_when(feature, specs)) for feature in features]
    core = [entry for entry in entries if entry.feature.tier == Tier.CORE]
    return Shelf(group, core, [entry for entry in entries if entry.feature.tier != Tier.CORE])


def _asked_when(feature: Feature, specs: dict[str, FeatureSpec]) -> str:
    return condition_words(feature.shown_when, specs.get((feature.shown_when or {}).get("feature", "")))


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """A feature's full definition. ``parent`` is what it hangs on, ``children`` what hangs on it."""

    feature: Feature
    asked_when: str
    parent: Feature | None
    children: Sequence[Feature]

    @property
    def other_units(self) -> list[str]:
        """Units that are read too, and turn into the feature's."""
        return units.ways(self.feature.unit)[1:] if self.feature.unit else []


def feature_page(version: CodebookVersion, slug: str, *, has_rule: bool) -> FeaturePage:
    """Raises NotFound, for a derived feature without a rule too: nothing derives it."""
    feature = queries.feature(version, slug)
    if feature.value_type == ValueType.DERIVED and not has_rule:
        raise NotFound(f"Nothing derives “{feature.label}” yet: no rule for it is loaded.")
    near = queries.hanging_together(feature)
    parent = next((f for f in near if feature.shown_when and f.slug == feature.shown_when["feature"]), None)
    specs = queries.specs_of(near)
    return FeaturePage(feature, _asked_when(feature, specs), parent, [f for f in near if f != parent])
