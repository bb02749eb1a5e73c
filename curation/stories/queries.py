"""A thing's story, page by page: one sentence an act, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from curation import trail
from curation.codebook.queries import all_features
from curation.models import AuditEvent, Feature
from curation.models.audit import ANNOTATION, EVIDENCE
from curation.stories.kinds import KINDS
from curation.stories.words import Words
from curation.trail import Event

#: So many acts a page has at most, and so many events are looked at to find them.
MOST_ACTS, MOST_EVENTS = 50, 1_000


@dataclass(frozen=True, slots=True)
class Story:
    """``older``: the number before which the next page begins; None where there is none."""

    kind: str
    thing: Any
    events: list[Event]
    older: int | None

    @property
    def title(self) -> str:
        return KINDS[self.kind].title(self.thing)

    @property
    def link(self) -> str:
        return KINDS[self.kind].link(self.thing)


def find(user: object, kind: str, **address: Any) -> Any:
    """The thing at this address. Raises NotFound where there is none, or it is not open to the person."""
    return KINDS[kind].find(user, **address)


def story(user: object, kind: str, thing: Any, *, before: int | None = None) -> Story:
    """Of a thing that was found for this person; from the event of this number backwards, where one is named."""
    rows = trail.with_actors(AuditEvent.objects.filter(KINDS[kind].rows(user, thing)))
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.order_by("-pk")[:MOST_EVENTS])
    acts = trail.acts(found)
    if len(found) == MOST_EVENTS and len(acts) > 1:
        acts.pop()  # the rest of it is on the next page
    shown = [event for act in acts[:MOST_ACTS] for event in act]
    has_more = len(shown) < len(found) or len(found) == MOST_EVENTS
    told = trail.told([*shown, *_proof(shown)], Words(_features(shown)))
    return Story(kind, thing, told, shown[-1].pk if has_more else None)


def _proof(events: Sequence[AuditEvent]) -> list[AuditEvent]:
    """What the same acts did to the evidence of the annotations among the events."""
    answers = {event.row_id for event in events if event.table == ANNOTATION}
    if not answers:
        return []
    acts = {(event.transaction, event.verb) for event in events}
    beside = AuditEvent.objects.filter(table=EVIDENCE, transaction__in={number for number, _verb in acts})
    rows = trail.with_actors(beside)
    same = [event for event in rows if (event.transaction, event.verb) in acts]
    return [event for event in same if (event.after or event.before or {})["annotation_id"] in answers]


def _features(events: Sequence[AuditEvent]) -> dict[int, Feature]:
    """By id, with all that their values' words need."""
    wanted = {pk for event in events if (pk := (event.after or event.before or {}).get("feature_id"))}
    if not wanted:
        return {}
    versions = Feature.objects.filter(pk__in=wanted).order_by().values_list("codebook_version", flat=True).distinct()
    return {feature.pk: feature for feature in all_features(versions) if feature.pk in wanted}
