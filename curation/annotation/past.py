"""Where a value stood before: under another feature until its project moved to a later version of the codebook, of another
patient until two were found to be one."""

from collections.abc import Iterable
from typing import NamedTuple

from curation import trail
from curation.codebook.plans import plan_between
from curation.models import AuditEvent, Feature, Reading, Upgrade


class Place(NamedTuple):
    feature: int
    patient: int
    instance: int


#: Rows of a series that change places stay the rows they are; whatever else leads an answer elsewhere takes its history along.
STAYS = ("series.move", "annotation.undo", "annotation.redo")


def events(reading: Reading, feature: Feature, patient: int, instance: int) -> list[AuditEvent]:
    """What became of the value, the newest first; also where it stood before."""
    places = {Place(pk, patient, instance) for pk in _features(reading, feature)}
    while True:
        found = list(AuditEvent.objects.of_places(reading.pk, places).order_by("-id")[: trail.LONGEST])
        if before := _before(found) - places:
            places |= before
        else:
            return found


def _before(found: Iterable[AuditEvent]) -> set[Place]:
    rows = [event.before for event in found if event.before and event.after and event.verb not in STAYS]
    return {Place(row["feature_id"], row["patient_id"], row["instance"]) for row in rows}


def _features(reading: Reading, feature: Feature) -> set[int]:
    """The feature, and those of earlier versions of which the moves made it, also where several became one or one several."""
    moves = dict(Upgrade.objects.filter(project=reading.project_id).values_list("after", "before"))
    found, slugs, version = {feature.pk}, {feature.slug}, reading.codebook_version_id
    while version in moves:
        steps = plan_between(moves[version], version)[0].steps
        slugs = {slug for slug, step in steps.items() if slug in slugs or slugs & {spec.slug for spec in step.new}}
        version = moves[version]
        found |= set(Feature.objects.filter(codebook_version=version, slug__in=slugs).values_list("pk", flat=True))
    return found
