"""The only writer of codebooks."""

import hashlib
from collections.abc import Mapping
from typing import Any

from curation.audit import action
from curation.codebook.changes import faults
from curation.codebook.file import CodebookFile, read_codebook
from curation.errors import Fault, Invalid
from curation.models import Codebook, CodebookVersion, Feature, FeatureGroup, Option, User
from curation.permissions import require_administrator


@action("codebook.load")
def load_codebook(*, text: str, by: User) -> CodebookVersion:
    """Keep a codebook's text as a frozen version; the same text again is the same row.

    Raises Invalid for a malformed text (every fault listed) and for another text under a version that is taken.
    """
    require_administrator(by)
    read = read_codebook(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    Codebook.objects.get_or_create(slug=read.slug, defaults={"title": read.title, "language": read.language})
    codebook = Codebook.objects.select_for_update().get(slug=read.slug)  # two loads of one codebook wait for each other
    known = CodebookVersion.objects.filter(codebook=codebook, version=read.version).first()
    if known is None:
        _require_sound_changes(codebook, read)
        return _keep(codebook, read, text, digest, by)
    if known.sha256 != digest:
        raise Invalid(
            f"Version {read.version} of “{read.slug}” is already loaded with another text, and a version never changes.",
            faults=[Fault("version", f"{read.version} is taken; give the changed codebook the next version")],
        )
    return known


def _require_sound_changes(codebook: Codebook, read: CodebookFile) -> None:
    """What the file says became of an earlier version has to fit that version, and to leave nothing out."""
    if read.changes is None:
        return
    since = CodebookVersion.objects.filter(codebook=codebook, version=read.changes.since).first()
    if since is None:
        found = [Fault(f"line {read.changes.line}", f"changes: no version {read.changes.since} of “{codebook.slug}” is loaded")]
    else:
        found = list(faults(read.changes, read_codebook(since.source).specs, read.specs))
    if found:
        raise Invalid(f"The codebook was not loaded: its changes have {len(found)} fault{'s' * (len(found) > 1)}.", faults=found)


def _keep(codebook: Codebook, read: CodebookFile, text: str, digest: str, by: User) -> CodebookVersion:
    if (codebook.title, codebook.language) != (read.title, read.language):
        codebook.title, codebook.language = read.title, read.language
        codebook.save(update_fields=["title", "language"])
    version = CodebookVersion.objects.create(
        codebook=codebook,
        version=read.version,
        hpo_release=read.hpo_release,
        statuses=list(read.statuses),
        source=text,
        sha256=digest,
        loaded_by=by,
    )
    groups = FeatureGroup.objects.bulk_create(
        FeatureGroup(
            codebook_version=version,
            slug=group["slug"],
            label=group["label"],
            description=group.get("description") or "",
            position=position,
        )
        for position, group in enumerate(read.groups)
    )
    by_slug = {group.slug: group for group in groups}
    features = Feature.objects.bulk_create(
        _feature(version, by_slug[entry["group"]], entry, position) for position, entry in enumerate(read.features)
    )
    Option.objects.bulk_create(
        _option(feature, option, position)
        for feature, entry in zip(features, read.features, strict=True)
        for position, option in enumerate(entry.get("options") or ())
    )
    return version


def _feature(version: CodebookVersion, group: FeatureGroup, entry: Mapping[str, Any], position: int) -> Feature:
    return Feature(
        codebook_version=version,
        group=group,
        position=position,
        **{name: entry[name] for name in ("slug", "label", "question", "value_type", "tier", "evidence_required")},
        **{name: entry.get(name) or "" for name in ("note", "derivation", "repeat_group")},
        **{name: entry.get(name) for name in ("unit", "range", "shown_when", "antibody")},
        **{name: entry.get(name) or {} for name in ("ontology", "status_labels")},
        repeatable=entry.get("repeatable") or False,
    )


def _option(feature: Feature, entry: Mapping[str, Any], position: int) -> Option:
    return Option(
        feature=feature,
        value=entry["value"],
        label=entry["label"],
        definition=entry.get("definition") or "",
        hpo=[entry["hpo"]] if entry.get("hpo") else [],
        position=position,
    )
