"""A reader answers the notes with which a reading came back; a moderator's form says them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from curation.annotation import queries
from curation.annotation.notes import actions as notes
from curation.annotation.notes.actions import NoteOn
from curation.annotation.notes.queries import note_for
from curation.web.forms import version_of
from curation.web.refusals import in_place
from curation.web.requests import SignedIn
from curation.web.workspace import show


@login_required
@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    asked = note_for(request.user, pk)
    reading_id, patient = asked.reading_id, asked.patient_id
    in_place(request, lambda refusal: show(request, reading_id, patient=patient, refusal=refusal))
    note = notes.answer(note_id=pk, version=version_of(request), text=request.POST.get("answer", ""), by=request.user)
    return redirect(queries.place_of_note(reading_id, note))


def notes_in(data: QueryDict) -> list[NoteOn]:
    """``note-PATIENT-FEATURE`` beside an answer; ``note-PATIENT`` with the feature that ``on-PATIENT`` names. Empty ones go."""
    found = []
    for name, text in data.dict().items():
        head, _dash, place = name.partition("-")
        patient, _dash, slug = place.partition("-")
        if head == "note" and patient.isdecimal() and len(patient) < 10 and str(text).strip():
            found.append(NoteOn(str(text), int(patient), slug or str(data.get(f"on-{patient}", ""))))
    return found
