"""Codebooks read: versions, features, and the specs that the rules work on. Codebooks are open to everybody."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast

from curation.choices import ValueType
from curation.codebook import terms as hpo
from curation.codebook.spec import FeatureSpec
from curation.errors import NotFound
from curation.models import Annotation, Codebook, CodebookVersion, Decision, Feature, FeatureGroup, Finding, Option

WORDS_READ = 8
#: Columns of a feature that only its own page shows, and of its group and version; a version's source has 100 kB.
UNSHOWN = ("question", "note", "derivation", "unit", "range", "shown_when", "ontology", "antibody", "status_labels")
UNSHOWN_ABOVE = ("group__description", "codebook_version__source", "codebook_version__statuses")


def unshown(way: str) -> list[str]:
    """What rows that lead to a feature, its group and its version by this way need not bring; the version's source is 100 kB."""
    return [
        f"{way}__{name}" for name in (*UNSHOWN, "group__description", "codebook_version__source", "codebook_version__statuses")
    ]


def codebooks() -> QuerySet[Codebook]:
    """With their versions, newest first, each with how many features it has."""
    versions = CodebookVersion.objects.select_related("loaded_by").defer("source").order_by("-id")
    counted = versions.annotate(feature_count=Count("features"))
    return Codebook.objects.order_by("slug").prefetch_related(Prefetch("versions", counted))


def codebook(slug: str) -> Codebook:
    found = codebooks().filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no codebook “{slug}”.")
    return found


def version(slug: str, number: str) -> CodebookVersion:
    rows = CodebookVersion.objects.select_related("codebook", "loaded_by")
    number = number if number.isprintable() else ""
    found = rows.filter(codebook__slug=slug, version=number).first()
    if found is None:
        raise NotFound(f"There is no version {number} of a codebook “{slug}”.")
    return found


def latest(slug: str) -> CodebookVersion | None:
    """The version loaded last."""
    return CodebookVersion.objects.filter(codebook__slug=slug).order_by("-id").first()


def features(version: CodebookVersion) -> QuerySet[Feature]:
    """In the codebook's order, with group and options."""
    return (
        Feature.objects.filter(codebook_version=version).select_related("group").prefetch_related("options").order_by("position")
    )


def groups(version: CodebookVersion) -> QuerySet[FeatureGroup]:
    return FeatureGroup.objects.filter(codebook_version=version).order_by("position")


def feature(version: CodebookVersion, slug: str) -> Feature:
    found = features(version).filter(slug=slug).first()
    if found is None:
        raise NotFound(f"The codebook {version} has no feature “{slug}”.")
    return found


def hanging_together(feature: Feature) -> list[Feature]:
    """The feature this one's condition names, and those whose conditions name this one."""
    parent = (feature.shown_when or {}).get("feature", "")
    rows = features(feature.codebook_version)
    return list(rows.filter(Q(slug=parent) | Q(shown_when__feature=feature.slug)))


def search_features(version: CodebookVersion, words: str) -> QuerySet[Feature]:
    """Features in which every word stands somewhere: label, slug, question, note, options, names, synonyms and ids of terms."""
    rows, named = features(version).alias(terms=Cast("ontology", TextField())), _terms_named(version.pk)
    for word in words.replace("\x00", " ")[:200].split()[:WORDS_READ]:
        called = "|".join(hpo.holding(word, named)) or "^$"
        chosen = Q(label__icontains=word) | Q(value__icontains=word) | Q(terms__regex=called)
        options = Option.objects.alias(terms=Cast("hpo", TextField())).filter(chosen, feature=OuterRef("pk"))
        own = Q(label__icontains=word) | Q(slug__icontains=word) | Q(question__icontains=word) | Q(note__icontains=word)
        rows = rows.filter(own | Q(terms__icontains=word) | Q(terms__regex=called) | Exists(options))
    return rows


def spec(feature: Feature) -> FeatureSpec:
    """What the rules need to know of a feature; its version is read once per process."""
    return specs_in(feature.codebook_version_id)[feature.slug]


def _spec(feature: Feature) -> FeatureSpec:
    options = feature.options.all()
    return FeatureSpec(
        slug=feature.slug,
        label=feature.label,
        value_type=feature.value_type,
        options=tuple(option.value for option in options),
        option_labels={option.value: option.label for option in options},
        unit=feature.unit,
        range=feature.range,
        repeatable=feature.repeatable,
        repeat_group=feature.repeat_group,
        shown_when=feature.shown_when,
        evidence_required=feature.evidence_required,
        derived=feature.value_type == ValueType.DERIVED,
        tier=feature.tier,
        status_labels=feature.status_labels,
    )


def specs(version: CodebookVersion) -> Mapping[str, FeatureSpec]:
    """Every feature's spec by slug, in the codebook's order."""
    return specs_in(version.pk)


@lru_cache(maxsize=32)
def specs_in(version_id: int) -> Mapping[str, FeatureSpec]:
    """The same. A version is frozen once loaded, so a process reads it once."""
    return MappingProxyType({feature.slug: _spec(feature) for feature in _features(version_id).values()})


@lru_cache(maxsize=32)
def _features(version_id: int) -> Mapping[int, Feature]:
    """By id, in the codebook's order: as frozen as the version is, and shared by whoever asks; to be read only."""
    rows = Feature.objects.filter(codebook_version=version_id).select_related("group", "codebook_version__codebook")
    rows = rows.defer("codebook_version__source", "codebook_version__statuses").prefetch_related("options")
    return MappingProxyType({feature.pk: feature for feature in rows.order_by("position")})


@lru_cache(maxsize=32)
def _terms_named(version_id: int) -> tuple[str, ...]:
    """Identifiers of the terms that the version's features and options name."""
    found = _features(version_id).values()
    entries = [entry for each in found for entry in (each.ontology or {}).get("hpo", ())]
    entries += [entry for each in found for option in each.options.all() for entry in option.hpo]
    return tuple(sorted({str(entry["id"]) for entry in entries if entry.get("id")}))


def all_features(version_ids: Iterable[int]) -> list[Feature]:
    """Of all these versions, in each one's order, with group, version and options. Read once per process; to be read only."""
    return [feature for version_id in version_ids for feature in _features(version_id).values()]


OF_VERSION = "of_version"
Answer = TypeVar("Answer", bound=Annotation | Finding | Decision)


def groups_of_series(version_id: int, series: str) -> set[str]:
    """The groups whose features share these rows."""
    return {feature.group.slug for feature in _features(version_id).values() if feature.repeat_group == series}


def features_in(version_id: int, groups: Collection[str]) -> set[str]:
    """Of these groups, by slug."""
    return {feature.slug for feature in _features(version_id).values() if feature.group.slug in groups}


def feature_of(version_id: int, slug: str) -> Feature | None:
    """Read once per process with its version; to be read only."""
    return _by_slug(version_id).get(slug)


@lru_cache(maxsize=32)
def _by_slug(version_id: int) -> Mapping[str, Feature]:
    return MappingProxyType({feature.slug: feature for feature in _features(version_id).values()})


def known(feature_id: int, version_id: int) -> Feature | None:
    """The feature where it is that version's; as ``feature_of``."""
    return _features(version_id).get(feature_id)


def with_features(rows: QuerySet[Answer]) -> list[Answer]:
    """The rows with their features at hand, which need not be fetched again for each."""
    found: list[Answer] = list(rows.annotate(**{OF_VERSION: F("feature__codebook_version")}))
    for row in found:
        row.feature = _features(getattr(row, OF_VERSION))[row.feature_id]
    return found


def specs_of(features: Iterable[Feature]) -> dict[str, FeatureSpec]:
    return {feature.slug: spec(feature) for feature in features}
