"""The only writers of what people are told, and of how they want to be told it."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from curation.models import Cohort, Flag, Notification, Proposal, Reading, ReadingNote, Ruling, User
from curation.notices import queries
from curation.notices.telling import WORDS

About = Reading | ReadingNote | Ruling | Proposal | Flag | Cohort
FIELDS: dict[type[About], str] = {
    Reading: "reading",
    ReadingNote: "note",
    Ruling: "ruling",
    Proposal: "proposal",
    Flag: "flag",
    Cohort: "cohort",
}


@transaction.atomic
def tell(
    *,
    verb: str,
    to: Iterable[int | None],
    about: About,
    occasion: str = "",
    details: dict[str, Any] | None = None,
    by: User | None,
) -> None:
    """Have these people (by id) told of the act, in its own transaction; never whoever acted, and nobody twice.

    ``occasion`` tells acts of one kind on one thing apart, where there may be several. ``by`` is None where nobody acted. Who
    may know of it is asked when a notice is read (``visible_to``), so whoever calls this only has to know whom it concerns.
    """
    people = {pk for pk in to if pk} - {by.pk if by else None}
    if not people:
        return
    project = about.reading.project if isinstance(about, ReadingNote) else about.project
    same: dict[str, Any] = {
        "kind": WORDS[verb].kind,
        "verb": verb,
        "act": _act(about, occasion),
        "project": project,
        "actor": by,
        "details": details or {},
        FIELDS[type(about)]: about,
    }
    active = User.objects.filter(pk__in=people, is_active=True).order_by("pk")
    Notification.objects.bulk_create([Notification(receiver=each, **same) for each in active], ignore_conflicts=True)


def _act(about: About, occasion: str) -> str:
    """All that one transaction rules on an article is one act, as in the audit trail."""
    if isinstance(about, Ruling):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            return f"article {about.article_id}: {cursor.fetchone()[0]}"
    return f"{FIELDS[type(about)]} {about.pk}: {occasion}"


@transaction.atomic
def mark(*, notice_id: int, read: bool = True, by: User) -> Notification:
    """As read, or as unread again. Doing it twice changes nothing. Raises NotFound."""
    notice = queries.notice(by, notice_id)
    if bool(notice.read_at) != read:
        notice.read_at = timezone.now() if read else None
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all(*, by: User) -> int:
    """All of the person's as read; how many were not."""
    return Notification.objects.filter(receiver=by).unread().update(read_at=timezone.now())
