"""The only writers of the notes with which readings are sent back, and of their answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from curation import versions
from curation.annotation import guards, rules
from curation.annotation import queries as annotation
from curation.annotation.notes import queries
from curation.audit import action
from curation.errors import Fault, Invalid, WrongState
from curation.models import Reading, ReadingNote, User
from curation.notices.actions import tell
from curation.permissions import require_moderator, require_not_own

LONGEST, MOST = 5_000, 200


@dataclass(frozen=True, slots=True)
class NoteOn:
    """What is asked; of a patient of the reading and of a feature of its codebook, where they are named."""

    text: str
    patient_id: int | None = None
    feature_slug: str = ""


@action("note.ask")
def ask(*, reading: Reading, notes: Sequence[NoteOn], by: User) -> list[ReadingNote]:
    """Questions to the reader, kept with the reading as it is sent back. Raises Invalid for a place that is not in it."""
    require_moderator(by, reading.project)
    require_not_own(by, reading)
    if len(notes) > MOST:
        raise Invalid("That is too many notes.", faults=[Fault("notes", f"{len(notes)} notes; {MOST} at most")])
    return ReadingNote.objects.bulk_create([_note(reading, each, by) for each in notes])


def _note(reading: Reading, note: NoteOn, by: User) -> ReadingNote:
    text = _words("notes", note.text)
    patient = guards.described(reading, note.patient_id) if note.patient_id is not None else None
    feature = annotation.feature_in(reading, note.feature_slug) if note.feature_slug else None
    return ReadingNote(reading=reading, patient=patient, feature=feature, author=by, text=text)


@action("note.answer")
def answer(*, note_id: int, version: int | None, text: str, by: User) -> ReadingNote:
    """The reader's answer; it may be changed until the reading is handed in."""
    reading = guards.own_open(queries.note_for(by, note_id).reading_id, by)
    rows = ReadingNote.objects.filter(reading=reading).select_related("feature", "patient", "reading__project")
    note = versions.lock(rows, pk=note_id, version=version)
    if note.resolved_at:
        raise WrongState("This note is settled; the moderator has read your answer.")
    note.answer, note.answered_at = _words("answer", text), timezone.now()
    note.save(update_fields=["answer", "answered_at", "version", "changed_at"])
    tell(verb="note.answer", to=[note.author_id], about=note, by=by)
    return note


@action("note.resolve")
def resolve(*, reading: Reading, by: User) -> int:
    """A ruling settles what was asked before it; how many that were."""
    require_moderator(by, reading.project)
    rows = ReadingNote.objects.open().filter(reading=reading)
    now = timezone.now()
    return rows.update(resolved_at=now, resolved_by=by, version=F("version") + 1, changed_at=now)


def _words(where: str, text: str) -> str:
    if not (words := rules.clean(where, text, longest=LONGEST)):
        raise Invalid("Please write something.", faults=[Fault(where, "say it in a sentence")])
    return words
