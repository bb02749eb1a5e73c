"""Undo and redo: what an act changed is set back, as a new act that the trail keeps like any other.

Nothing is taken back that somebody changed since: each answer must still say what the act left.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from curation import versions
from curation.annotation import guards, history
from curation.annotation.history import Act, Turned
from curation.audit import action
from curation.errors import Stale, WrongState
from curation.models import Annotation, AuditEvent, Evidence, Reading, User
from curation.models.audit import ANNOTATION
from curation.trail import SILENT

Row = dict[str, Any]


@action("annotation.undo")
def undo(*, reading_id: int, act: int | None = None, by: User) -> Turned:
    """Take back the newest act on the values of the person's reading; ``act`` says which they take that for."""
    reading = guards.own_open(reading_id, by)
    return _reversed(reading, history.acts(reading, by).undo, act, "undo")


@action("annotation.redo")
def redo(*, reading_id: int, act: int | None = None, by: User) -> Turned:
    """Do again what the newest undo took back."""
    reading = guards.own_open(reading_id, by)
    return _reversed(reading, history.acts(reading, by).redo, act, "do again")


def _reversed(reading: Reading, ready: Sequence[Act], number: int | None, wanted: str) -> Turned:
    if not ready:
        raise WrongState(f"There is nothing to {wanted} in this reading.")
    newest = ready[0]
    if number is not None and number != newest.number:
        label = history.labels(reading, [newest])[newest.number]
        raise Stale(f"Something else was changed since, in another window or on another device. Next to {wanted}: {label}.")
    seen: set[tuple[str, int]] = set()
    events = history.events_of(newest, reading)
    for event in reversed(events):
        _set_back(event, reading, is_newest=(event.table, event.row_id) not in seen)
        seen.add((event.table, event.row_id))
    return history.turned(newest, events)


def _set_back(event: AuditEvent, reading: Reading, *, is_newest: bool) -> None:
    """``is_newest``: it is the last thing the act did to the row, which tells whether the row is as the act left it."""
    table: type[Annotation] | type[Evidence] = Annotation if event.table == ANNOTATION else Evidence
    now = table._default_manager.filter(pk=event.row_id).first()
    if event.after is None:
        _bring_back(table, event.before or {}, now, reading)
    elif now is None or (is_newest and isinstance(now, Annotation) and not _is_still(now, event.after)):
        raise _changed_since()
    elif event.before is None:
        if isinstance(now, Annotation):
            guards.require_unpublished(now)
        now.delete()
    else:
        _restore(now, event.before, event.after)


def _is_still(now: Annotation, after: Row) -> bool:
    """Whether the row says what the act left. Its version may have risen by an undo and a redo, and one may have made it anew."""
    left = {name: value for name, value in _fields(Annotation, after).items() if name not in {*SILENT, "created_at"}}
    return all(getattr(now, name) == value for name, value in left.items())


def _bring_back(table: type[Annotation] | type[Evidence], before: Row, now: Model | None, reading: Reading) -> None:
    """The row that was deleted, under its old number, so that its history goes on."""
    if now is not None:
        raise _changed_since()
    if table is Annotation:
        guards.described(reading, before["patient_id"])
        if not reading.codebook_version.features.filter(pk=before["feature_id"]).exists():
            raise _changed_since()
        taken = Annotation.objects.filter(reading=reading, patient=before["patient_id"], feature=before["feature_id"])
        if taken.filter(instance=before["instance"]).exists():
            raise _changed_since()
    row = table(**_fields(table, before))
    if isinstance(row, Annotation):
        versions.raised(row)
    row.save(force_insert=True)


def _restore(now: Annotation | Evidence, before: Row, after: Row) -> None:
    """What the act changed, and nothing else."""
    old = _fields(type(now), before)
    names = [name for name in old if name not in SILENT and before.get(name) != after.get(name)]
    for name in names:
        setattr(now, name, old[name])
    if isinstance(now, Annotation):
        versions.raised(now)
        names += ["version", "changed_at"]
    now.save(update_fields=names)


def _fields(table: type[Model], row: Row) -> Row:
    """The row as the trail keeps it (by column) -> values by field; a column that came later keeps its default."""
    columns = {field.column: field for field in table._meta.concrete_fields}
    return {columns[name].attname: columns[name].to_python(value) for name, value in row.items() if name in columns}


def _changed_since() -> Stale:
    return Stale("The value was changed since, so this cannot be undone or done again. Its history shows what became of it.")
