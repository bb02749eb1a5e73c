"""What a person is told."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, QuerySet

from curation.articles.queries import unnamed
from curation.choices import Role
from curation.errors import NotFound
from curation.models import Article, Membership, Notification, User
from curation.models.notices import NoticeKind, NotificationQuerySet
from curation.notices.telling import Told
from curation.notices.telling import told as _told

NAMED = ("reading__article", "note__reading__article", "ruling__article")
PATHS = (
    *("actor", "project", *NAMED, "note__feature", "note__patient", "cohort"),
    *("proposal__finding__feature", "proposal__finding__patient", "flag__finding__feature", "flag__finding__patient"),
)


def notices(user: object, *, kind: str = "", unread: bool = False) -> NotificationQuerySet:
    """The person's own, the newest first."""
    rows = Notification.objects.visible_to(user).order_by("-id")
    rows = rows.filter(kind=kind) if kind in NoticeKind.values else rows
    return rows.unread() if unread else rows


def unread(user: object) -> int:
    """By one count over the few that are unread."""
    return Notification.objects.visible_to(user).unread().count()


class Glance(NamedTuple):
    """What the frame of every page shows of the person."""

    moderates: bool = False
    unread: int = 0


def at_a_glance(user: object) -> Glance:
    """By one statement, or by two for whoever may have something to read; by none for whoever is not signed in.

    What is open to a person is a long question: to put it into words takes three quarters of the time of a short page.
    """
    if not isinstance(user, User):
        return Glance()
    moderates = Exists(Membership.objects.filter(user=user, role=Role.MODERATOR))
    told = Exists(Notification.objects.filter(receiver=user).unread())
    row = User.objects.filter(pk=user.pk).values_list(moderates, told).first()
    return Glance(row[0], unread(user) if row[1] else 0) if row else Glance()


def notice(user: object, pk: int) -> Notification:
    """Raises NotFound."""
    if (found := in_full(notices(user)).filter(pk=pk).first()) is None:
        raise NotFound(f"There is no notice {pk} here, or what it is about is not open to you any longer.")
    return found


def in_full(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """With all that their words need."""
    return rows.select_related(*PATHS).defer(*(path for way in NAMED for path in unnamed(way)))


def told(user: object, rows: Iterable[Notification]) -> list[Told]:
    """Each in words."""
    rows = list(rows)
    keys = {pk for row in rows for name in ("joined", "left", "retracted") for pk in row.details.get(name, ())}
    articles = Article.objects.visible_to(user).only("pk", "pmid", "title").in_bulk(keys) if keys else {}
    return [_told(row, articles) for row in rows]
