"""What people did to a reading's values, told from the audit trail: what can be undone, and what became of each value."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from curation import trail
from curation.annotation import past, queries
from curation.choices import Confidence
from curation.codebook import queries as codebook
from curation.codebook.rules import FeatureSpec, display, status_words
from curation.models import AuditEvent, Feature, Reading, User
from curation.models.audit import EVIDENCE

#: So many acts can be taken back, one after the other; and so many rows of the trail are looked at to find them.
MOST_UNDONE, LOOKED_AT = 50, 1_000

UNDO, REDO = "annotation.undo", "annotation.redo"
#: Acts on values that are a reader's own work. Whatever else touches a value stands in the way of undoing what lies before it.
OWN_ACTS = {
    *("annotation.record", "annotation.change", "annotation.remove", "annotation.rest_not_reported"),
    *("evidence.add", "evidence.remove", "evidence.change", "series.move", UNDO, REDO),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One act on values. ``number`` names it (the transaction it was made in); ``features`` are those whose value it changed."""

    number: int
    verb: str
    at: datetime
    features: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be undone and what can be done again, the next to come first in both."""

    undo: Sequence[Act] = ()
    redo: Sequence[Act] = ()


def acts(reading: Reading, by: User) -> Acts:
    """Of the person, by what the trail says: an undo takes the newest act away, a redo brings the newest undo back, any other act
    ends what could be done again."""
    undo: list[Act] = []
    redo: list[Act] = []
    for act in _own(reading, by):
        if act.verb == UNDO:
            undo[-1:], redo = [], [*redo, act]
        elif act.verb == REDO:
            redo[-1:], undo = [], [*undo, act]
        else:
            undo, redo = [*undo, act], []
    return Acts(undo[: -MOST_UNDONE - 1 : -1], redo[: -MOST_UNDONE - 1 : -1])


def _own(reading: Reading, by: User) -> list[Act]:
    """Oldest first."""
    rows = AuditEvent.objects.acts(reading.pk).filter(actor_id=by.pk, verb__in=OWN_ACTS)
    newest = list(rows.order_by("-id")[:LOOKED_AT])
    by_act = groupby(reversed(newest), key=lambda row: row[:2])
    return [_act(number, verb, list(of_act)) for (number, verb), of_act in by_act]


def _act(number: int, verb: str, rows: list[tuple[int, str, datetime, int]]) -> Act:
    return Act(number, verb, rows[-1][2], tuple(dict.fromkeys(feature for *_, feature in rows)))


def labels(reading: Reading, some: Iterable[Act]) -> dict[int, str]:
    """By act: what was done to which feature, in words."""
    some = list(some)
    wanted = {feature for act in some for feature in act.features[:3]}
    names = dict(Feature.objects.filter(pk__in=wanted, codebook_version=reading.codebook_version_id).values_list("pk", "label"))
    return {act.number: _label(act, names) for act in some}


def _label(act: Act, names: dict[int, str]) -> str:
    named = ", ".join(names.get(feature, "?") for feature in act.features[:3])
    more = f" + {len(act.features) - 3}" if len(act.features) > 3 else ""
    return f"{trail.VERBS.get(act.verb, act.verb)}: {named}{more}"


def events_of(act: Act, reading: Reading) -> list[AuditEvent]:
    """Every row that the act changed: annotations of the reading, and their evidence. Oldest first."""
    own = list(AuditEvent.objects.of_reading(reading.pk).filter(transaction=act.number, verb=act.verb))
    ids = {event.row_id for event in own}
    beside = AuditEvent.objects.filter(transaction=act.number, table=EVIDENCE, verb=act.verb)
    proof = [event for event in beside if _row(event)["annotation_id"] in ids]
    return sorted([*own, *proof], key=lambda event: event.pk)


def _row(event: AuditEvent) -> dict[str, Any]:
    return event.after or event.before or {}


@dataclass(frozen=True, slots=True)
class Turned:
    """What an undo or redo changed: whose values, features by slug, and sections whose marks are others now."""

    act: Act
    patient: int | None
    features: frozenset[str]
    sections: frozenset[int]


def turned(act: Act, events: Sequence[AuditEvent]) -> Turned:
    rows = [_row(event) for event in events]
    slugs = Feature.objects.filter(pk__in=act.features).values_list("slug", flat=True)
    patients = [row["patient_id"] for row in rows if "patient_id" in row]
    return Turned(
        act, next(iter(patients), None), frozenset(slugs), frozenset(r["section_id"] for r in rows if "section_id" in r)
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a value: ``before`` and ``after`` in words, empty where there was or is nothing.

    ``called``: what the feature was called then, where that is not what it is called now.
    """

    at: datetime
    who: str
    did: str
    called: str
    before: str
    after: str
    added: list[str]
    removed: list[str]


def of_value(user: object, reading_id: int, patient_id: int, slug: str, instance: int = 1) -> list[Change]:
    """What became of one value, the newest first, also under the features that it was an answer to in earlier versions of the
    codebook. For whoever may see the reading; others do not learn that it exists."""
    reading = queries.reading_for(user, reading_id)
    feature = queries.feature_in(reading, slug)
    own = past.events(reading, feature, patient_id, instance)
    proof = _proof({event.row_id for event in own}, {event.transaction for event in own})
    by_act: dict[tuple[int, str], list[AuditEvent]] = defaultdict(list)
    for event in sorted([*own, *proof], key=lambda event: -event.pk):
        by_act[(event.transaction, event.verb)].append(event)
    names = {person.pk: str(person) for person in User.objects.filter(pk__in={event.actor_id for event in own + proof})}
    keys = {row["feature_id"] for event in own for row in (event.before, event.after) if row}
    specs = {each.pk: codebook.spec(each) for each in Feature.objects.filter(pk__in=keys)}
    return [_change(events, codebook.spec(feature), specs, names) for events in by_act.values()]


def _proof(annotations: set[int], transactions: set[int]) -> list[AuditEvent]:
    """What became of the evidence, also where a new text moved it."""
    beside = AuditEvent.objects.filter(table=EVIDENCE, transaction__in=transactions)
    ids = {event.row_id for event in beside if _row(event)["annotation_id"] in annotations}
    return list(AuditEvent.objects.filter(table=EVIDENCE, row_id__in=ids).order_by("-id")[: trail.LONGEST])


def _change(events: list[AuditEvent], now: FeatureSpec, specs: Mapping[int, FeatureSpec], names: dict[int, str]) -> Change:
    """``events`` of one act, the newest first; ``specs`` of the features that the value was an answer to, by their keys."""
    said = [event for event in events if event.table != EVIDENCE]
    proof = [event for event in events if event.table == EVIDENCE]
    before, after = (said[-1].before, said[0].after) if said else (None, None)
    called = dict.fromkeys(specs[row["feature_id"]].label for row in (before, after) if row)
    return Change(
        at=events[0].at,
        who=names.get(events[0].actor_id) or trail.gone(),
        did=str(trail.VERBS.get(events[0].verb, events[0].verb)),
        called=" → ".join(called) if any(label != now.label for label in called) else "",
        before=_said(specs, before),
        after=_said(specs, after),
        added=[_words(event.after) for event in proof if event.operation == "INSERT"],
        removed=[_words(event.before) for event in proof if event.operation == "DELETE"],
    )


def _said(specs: Mapping[int, FeatureSpec], row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    spec = specs[row["feature_id"]]
    sure = "" if row["confidence"] == Confidence.HIGH else f"{Confidence(row['confidence']).label}".lower()
    comment = f"“{row['comment']}”" if row["comment"] else ""
    value = display(spec, row["value"], row["qualifiers"])
    return ", ".join(filter(None, [status_words(spec, row["status"]), value, sure, comment]))


def _words(row: dict[str, Any] | None) -> str:
    return str((row or {}).get("exact") or "")
