"""Notes as the reader and the moderators see them."""

from django.db.models import QuerySet

from curation.errors import NotFound
from curation.models import Reading, ReadingNote


def notes_of(reading: Reading) -> QuerySet[ReadingNote]:
    """All that was ever asked of it, in the order of asking; whoever asks has been shown the reading."""
    return ReadingNote.objects.filter(reading=reading).select_related("feature", "patient", "author").order_by("pk")


def note_for(user: object, pk: int) -> ReadingNote:
    """Raises NotFound."""
    rows = ReadingNote.objects.visible_to(user).select_related("reading", "feature", "patient", "author")
    if (note := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no note {pk} here, or it is not open to you.")
    return note
