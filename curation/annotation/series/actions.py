"""The only writer of a series' rows: added, copied, moved, removed, each as one act. A cell is changed as any answer is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curation import versions
from curation.annotation import actions as annotation
from curation.annotation import guards
from curation.annotation.pieces import Piece
from curation.audit import action
from curation.choices import Status, ValueType
from curation.codebook import queries as codebook
from curation.codebook.quantities import points
from curation.codebook.spec import FeatureSpec
from curation.errors import Fault, Invalid, Stale, VersionMissing
from curation.models import Annotation, Patient, Reading, User

#: Instances beyond every real one, for the moment in which two rows change places.
ASIDE = 10_000


@action("series.add")
def add_row(
    *, reading_id: int, patient_id: int, series: str, values: Mapping[str, object], quotes: Sequence[Piece] = (), by: User
) -> list[int]:
    """Write down a row: the features' values by slug, each present, all proven by the quotes; the instances it became.

    Two values in one ("from 7,200 to 310 U/L") become two rows. The first row takes the place of one that says nothing.
    """
    reading = guards.own_open(reading_id, by)
    patient = guards.described(reading, patient_id)
    specs = _specs(reading, series)
    given = {slug: value for slug, value in values.items() if value not in (None, "", [])}
    if unknown := [Fault(slug[:80], "does not belong to this series") for slug in given if slug not in specs]:
        raise Invalid("A row holds the features of its series.", faults=unknown)
    if not given:
        raise Invalid("The row is empty.", faults=[Fault(next(iter(specs)), "fill in at least one value")])
    made = []
    for row in _rows_in(specs, given):
        made.append(_free_instance(reading, patient, specs))
        for slug, value in row.items():
            _write(reading, patient, specs[slug], made[-1], value, quotes, by)
    return made


def _specs(reading: Reading, series: str) -> dict[str, FeatureSpec]:
    specs = codebook.specs_in(reading.codebook_version_id)
    found = {slug: spec for slug, spec in specs.items() if spec.repeat_group == series and not spec.derived}
    if not (series and found):
        raise Invalid("There is no such series.", faults=[Fault("series", f"the codebook has no series “{series[:80]}”")])
    return found


def _rows_in(specs: Mapping[str, FeatureSpec], given: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """One, or two where a number tells of two points; what else was given belongs to the first."""
    for slug, value in given.items():
        pair = points(value) if specs[slug].value_type == ValueType.NUMBER and isinstance(value, str) else None
        if pair:
            yield {**given, slug: pair[0]}
            yield {slug: pair[1]}
            return
    yield given


def _of_series(reading: Reading, patient: Patient, specs: Mapping[str, FeatureSpec]) -> list[Annotation]:
    rows = (
        Annotation.objects.standing().filter(reading=reading, patient=patient, feature__slug__in=specs).select_related("feature")
    )
    return list(rows.order_by("instance", "feature__position"))


def _free_instance(reading: Reading, patient: Patient, specs: Mapping[str, FeatureSpec]) -> int:
    """The next; where all rows only say "not reported", the first of them."""
    rows = _of_series(reading, patient, specs)
    if rows and all(row.status == Status.NOT_REPORTED for row in rows):
        return rows[0].instance
    return max((row.instance for row in rows), default=0) + 1


def _write(
    reading: Reading, patient: Patient, spec: FeatureSpec, instance: int, value: object, quotes: Sequence[Piece], by: User
) -> None:
    answer: dict[str, Any] = {"status": Status.PRESENT, "value": value, "quotes": quotes, "by": by}
    of_row = Annotation.objects.standing().filter(reading=reading, patient=patient, instance=instance)
    silent = of_row.filter(feature__slug=spec.slug).first()
    place: dict[str, Any] = {"reading_id": reading.pk, "patient_id": patient.pk, "feature_slug": spec.slug, "instance": instance}
    try:
        if silent:
            annotation.change(annotation_id=silent.pk, version=silent.version, **answer)
        else:
            annotation.record(**place, **answer)
    except Invalid as refusal:
        faults = [Fault(spec.label if fault.where == "value" else fault.where, fault.reason) for fault in refusal.faults]
        raise Invalid(refusal.detail, faults=faults) from refusal


@action("series.copy")
def copy_row(*, reading_id: int, patient_id: int, series: str, instance: int, version: int | None = None, by: User) -> int:
    """A row like this one after the last, to be changed where it differs; its number. What proves the one proves no other.

    ``version`` here and below is the row's (see ``layout.Line.version``), where the row has to be the one that was read.
    """
    reading = guards.own_open(reading_id, by)
    patient = guards.described(reading, patient_id)
    specs = _specs(reading, series)
    row = _row(reading, patient, specs, instance, version)
    made = max(each.instance for each in _of_series(reading, patient, specs)) + 1
    for each in row:
        annotation.record(
            reading_id=reading.pk,
            patient_id=patient.pk,
            feature_slug=each.feature.slug,
            instance=made,
            status=each.status,
            value=each.value,
            qualifiers=each.qualifiers,
            confidence=each.confidence,
            comment=each.comment,
            by=by,
        )
    return made


@action("series.remove")
def remove_row(*, reading_id: int, patient_id: int, series: str, instance: int, version: int | None, by: User) -> None:
    reading = guards.own_open(reading_id, by)
    patient = guards.described(reading, patient_id)
    row = _row(reading, patient, _specs(reading, series), instance, version)
    if version is None:
        raise VersionMissing("Say which version of this row you read: the sum of its answers' versions.")
    for each in row:
        annotation.remove(annotation_id=each.pk, version=each.version, by=by)


@action("series.move")
def move_row(
    *, reading_id: int, patient_id: int, series: str, instance: int, up: bool, version: int | None = None, by: User
) -> int:
    """Change places with the row before (or after); where it is then. The first and the last stay where they are."""
    reading = guards.own_open(reading_id, by)
    patient = guards.described(reading, patient_id)
    specs = _specs(reading, series)
    row = _row(reading, patient, specs, instance, version)
    every = _of_series(reading, patient, specs)
    others = sorted({a.instance for a in every if (a.instance < instance if up else a.instance > instance)})
    if not others:
        return instance
    place = others[-1] if up else others[0]
    neighbours = [a for a in every if a.instance == place]
    for each in row:
        each.instance = ASIDE
    Annotation.objects.bulk_update(row, ["instance"])
    _put(neighbours, instance)
    _put(row, place)
    return place


def _put(row: Sequence[Annotation], instance: int) -> None:
    for each in row:
        versions.raised(each).instance = instance
    Annotation.objects.bulk_update(row, ["instance", "version", "changed_at"])


def _row(
    reading: Reading, patient: Patient, specs: Mapping[str, FeatureSpec], instance: int, version: int | None
) -> list[Annotation]:
    row = [a for a in _of_series(reading, patient, specs) if a.instance == instance]
    if not row:
        raise Invalid(
            "There is no such row.", faults=[Fault("instance", f"{instance} is no row of this series; reload the page")]
        )
    if version is not None and version != sum(each.version for each in row):
        raise Stale("This row was changed since you read it. Look at it again, then choose.")
    return row
