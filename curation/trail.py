"""GUARD: the audit trail told in words. Whoever asks has to have shown first that the person may see the row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, DateTimeField, Field, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curation.models import AuditEvent, CodebookVersion, Patient, User

#: The whole life of a row is rarely longer; a page shows its newest part.
LONGEST = 200
#: Columns that change with every write and say nothing.
SILENT = {"id", "version", "changed_at"}
#: Whose rows people know by a name; what else a column points to is told by its own story.
NAMED = (User, Patient, CodebookVersion)

#: What each action did, after the name of who did it.
VERBS = {
    "adjudication.decide": gettext_lazy("decided where readers differ"),
    "adjudication.pair": gettext_lazy("said which patients of two readings are one"),
    "adjudication.publish": gettext_lazy("published what was adjudicated"),
    "adjudication.publish_agreed": gettext_lazy("published what two readers agree on"),
    "adjudication.reopen": gettext_lazy("re-opened the adjudication"),
    "adjudication.take_back": gettext_lazy("took a decision back"),
    "annotation.change": gettext_lazy("changed an answer"),
    "annotation.record": gettext_lazy("recorded an answer"),
    "annotation.redo": gettext_lazy("did again what was undone"),
    "annotation.remove": gettext_lazy("removed an answer"),
    "annotation.rest_not_reported": gettext_lazy("recorded the rest of a group as not reported"),
    "annotation.undo": gettext_lazy("undid the last change"),
    "articles.reparse": gettext_lazy("read kept sources again"),
    "articles.rewrite_words": gettext_lazy("wrote anew what articles are found by"),
    "codebook.load": gettext_lazy("loaded the codebook"),
    "cohort.change": gettext_lazy("changed the cohort"),
    "cohort.follow_codebook": gettext_lazy("led the cohort's question to another codebook version"),
    "cohort.delete": gettext_lazy("deleted the cohort"),
    "cohort.save": gettext_lazy("saved the cohort"),
    "criteria.recompute": gettext_lazy("had the derived values computed"),
    "criteria.recompute_all": gettext_lazy("had all derived values computed"),
    "evidence.add": gettext_lazy("added evidence"),
    "evidence.change": gettext_lazy("said more of the evidence"),
    "evidence.follow_text": gettext_lazy("brought in a new text, which the evidence followed"),
    "evidence.keep": gettext_lazy("left evidence with the earlier wording"),
    "evidence.place": gettext_lazy("put evidence where its words stand now"),
    "evidence.remove": gettext_lazy("removed evidence"),
    "figures.attach": gettext_lazy("brought the figures"),
    "finding.amend": gettext_lazy("changed a finding"),
    "finding.retract": gettext_lazy("retracted a finding"),
    "flag.raise": gettext_lazy("raised a flag"),
    "flag.resolve": gettext_lazy("resolved a flag"),
    "full_text.open": gettext_lazy("asked for full texts"),
    "full_text.prompt": gettext_lazy("asked for the full texts of an import"),
    "import.dismiss": gettext_lazy("dismissed an import's record"),
    "import.open": gettext_lazy("opened an import"),
    "import.resume": gettext_lazy("resumed the import"),
    "import.retry": gettext_lazy("had records tried again"),
    "import.stop": gettext_lazy("stopped the import"),
    "membership.end": gettext_lazy("ended the membership"),
    "membership.set": gettext_lazy("gave the role"),
    "note.answer": gettext_lazy("answered a note"),
    "note.ask": gettext_lazy("asked the reader"),
    "note.resolve": gettext_lazy("settled a note"),
    "patient.add": gettext_lazy("added the patient"),
    "patient.merge": gettext_lazy("found two patients to be one"),
    "patient.order": gettext_lazy("put the patients in order"),
    "patient.remove": gettext_lazy("removed the patient"),
    "patient.rename": gettext_lazy("renamed the patient"),
    "patient.unmerge": gettext_lazy("took two patients apart again"),
    "person.change_password": gettext_lazy("changed the password"),
    "person.create": gettext_lazy("made the account"),
    "person.set_active": gettext_lazy("opened or closed the account"),
    "person.begin_trail": gettext_lazy("had an account before people were written down here"),
    "person.set_administrator": gettext_lazy("made somebody an administrator, or no longer one"),
    "project.create": gettext_lazy("made the project"),
    "project.move_codebook": gettext_lazy("moved the project to another codebook version"),
    "project.set_merge_policy": gettext_lazy("changed when readings that agree are published"),
    "project.set_up_screening": gettext_lazy("changed how the project screens and reads"),
    "reading.assign": gettext_lazy("gave the article to a reader"),
    "project.set_suggestions": gettext_lazy("said when suggestions are shown"),
    "reading.finish_own_pass": gettext_lazy("finished the own pass"),
    "proposal.accept": gettext_lazy("accepted a proposal"),
    "proposal.make": gettext_lazy("proposed a change"),
    "proposal.reject": gettext_lazy("rejected a proposal"),
    "proposal.withdraw": gettext_lazy("withdrew a proposal"),
    "reading.publish": gettext_lazy("published a reading"),
    "reading.send_back": gettext_lazy("sent the reading back"),
    "reading.draw": gettext_lazy("drew the article for a reader"),
    "reading.release": gettext_lazy("put the reading back into the pool, its draft kept"),
    "reading.take_up": gettext_lazy("took the reading up again"),
    "reading.set_due": gettext_lazy("set the day by which it is due"),
    "reading.set_scope": gettext_lazy("said what was read"),
    "reading.start": gettext_lazy("began the reading"),
    "reading.submit": gettext_lazy("submitted the reading"),
    "reading.take_next": gettext_lazy("took the next article"),
    "reading.unassign": gettext_lazy("took the reading back from its reader"),
    "reevaluation.make": gettext_lazy("looked at an article's findings again"),
    "relations.fetch": gettext_lazy("asked for related articles"),
    "rules.load": gettext_lazy("loaded the rule"),
    "same_patient.confirm": gettext_lazy("confirmed that it is the same patient"),
    "same_patient.decline": gettext_lazy("declined that it is the same patient"),
    "same_patient.mark": gettext_lazy("said that it is the same patient"),
    "same_patient.undo": gettext_lazy("took back that it is the same patient"),
    "screening.decide_many": gettext_lazy("decided on several articles at once"),
    "screening.enter": gettext_lazy("brought the article in to be screened"),
    "screening.exclude": gettext_lazy("excluded the article"),
    "screening.include": gettext_lazy("included the article"),
    "screening.reopen": gettext_lazy("put the article back into the queue"),
    "screening.set_aside": gettext_lazy("set the article aside"),
    "screening.settle": gettext_lazy("settled what two screeners disagreed on"),
    "screening.take_back": gettext_lazy("took back what they had said"),
    "search.create": gettext_lazy("made the standing search"),
    "search.delete": gettext_lazy("deleted the standing search"),
    "search.hand_over": gettext_lazy("gave the standing search to another moderator"),
    "search.halt": gettext_lazy("had the standing search halted"),
    "search.pause": gettext_lazy("paused the standing search"),
    "search.resume": gettext_lazy("resumed the standing search"),
    "search.run": gettext_lazy("had the standing search run"),
    "search.settle": gettext_lazy("had the standing search's run accounted for"),
    "series.add": gettext_lazy("added a row"),
    "series.copy": gettext_lazy("copied a row"),
    "series.move": gettext_lazy("moved a row"),
    "series.remove": gettext_lazy("removed a row"),
    "suggestion.accept": gettext_lazy("accepted a suggestion"),
    "suggestion.reject": gettext_lazy("rejected a suggestion"),
    "suggestion.undo": gettext_lazy("took a rejection back"),
    "token.issue": gettext_lazy("made a token"),
    "token.revoke": gettext_lazy("revoked a token"),
    "unmoved.dismiss": gettext_lazy("dismissed a value that the new codebook version could not take over"),
    "unmoved.enter": gettext_lazy("entered a value anew after a move to another codebook version"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One act. ``effects`` say what it changed: “state: Published → Retracted”; none where it only made the row."""

    at: datetime
    actor: str
    did: str
    reason: str
    effects: tuple[str, ...]


class Names:
    """What people call the rows that events point to; asked of the database once for each table, when the first is wanted."""

    def __init__(self, events: Sequence[AuditEvent]) -> None:
        self.events = events
        self.known: dict[type[Model], Mapping[int, Model]] = {}

    def of(self, model: type[Model], pk: object) -> str:
        """Empty where there is none (any longer)."""
        if model not in self.known:
            rows = model._default_manager.select_related("codebook") if model is CodebookVersion else model._default_manager.all()
            self.known[model] = rows.in_bulk(self._keys(model))
        row = self.known[model].get(pk)  # type: ignore[call-overload]
        return str(row) if row else ""

    def _keys(self, model: type[Model]) -> set[int]:
        keys: set[int] = set()
        for event in self.events:
            columns = [name for name, field in columns_of(event).items() if field.related_model is model]
            keys |= {row[name] for row in (event.before, event.after) if row for name in columns if row.get(name)}
        return keys


#: What an event says of its row.
Describe = Callable[[AuditEvent, Names], Iterable[str]]


def story(row: Model) -> list[Event]:
    """What became of the row, the newest first."""
    return told(with_actors(AuditEvent.objects.of_row(row._meta.db_table, row.pk))[:LONGEST])


def with_actors(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """Each with the name of its ``actor``, as ``told`` takes them; None where nobody is left to be named."""
    named = User.objects.filter(pk=OuterRef("actor_id")).values(shown=Coalesce(NullIf("name", Value("")), "username"))
    return events.annotate(actor=Subquery(named))


def told(events: Iterable[AuditEvent], describe: Describe | None = None) -> list[Event]:
    """Events ``with_actors`` in words, the newest first: those of one act are one."""
    events = sorted(events, key=lambda event: -event.pk)
    names = Names(events)
    return [_told(of_act, names, describe or column_by_column) for of_act in acts(events)]


def acts(events: Iterable[AuditEvent]) -> list[list[AuditEvent]]:
    """Events that follow each other, by act."""
    return [list(same) for _key, same in groupby(events, key=lambda event: (event.transaction, event.verb, event.actor_id))]


def _told(events: list[AuditEvent], names: Names, describe: Describe) -> Event:
    first = events[0]
    return Event(
        at=first.at,
        actor=getattr(first, "actor", None) or gone(),
        did=str(VERBS.get(first.verb, first.verb)),
        reason=first.reason,
        effects=tuple(dict.fromkeys(words for event in reversed(events) for words in describe(event, names))),
    )


def gone() -> str:
    """Who acted, where nobody is left to be named."""
    return _("somebody whose account is gone")


@cache
def table_of(name: str) -> type[Model] | None:
    """The table's model."""
    return next((model for model in apps.get_app_config("curation").get_models() if model._meta.db_table == name), None)


def columns_of(event: AuditEvent) -> dict[str, Field]:
    model = table_of(event.table)
    return {field.attname: field for field in model._meta.concrete_fields} if model else {}


def column_by_column(event: AuditEvent, names: Names) -> Iterator[str]:
    """“state: Published → Retracted”, for each column that changed and means something to people; when, the event says itself."""
    if event.before is None or event.after is None:
        return
    for column, field in columns_of(event).items():
        old, new = event.before.get(column), event.after.get(column)
        says_nothing = isinstance(field, DateTimeField) or (field.related_model and field.related_model not in NAMED)
        if column in SILENT or old == new or says_nothing or (field.related_model is User and new == event.actor_id):
            continue
        yield f"{field.verbose_name}: {word(field, old, names)} → {word(field, new, names)}"


def word(field: Field, value: Any, names: Names) -> str:
    """What a column holds, as people say it."""
    if value in (None, "", [], {}):
        return "–"
    if field.related_model:
        return names.of(field.related_model, value) or "?"
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {said}" for name, said in value.items())
    return str(dict(field.flatchoices).get(value, value))
