"""Who wants what by e-mail, and which digests wait to be sent."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.utils import timezone

from curation.choices import DigestState
from curation.errors import NotFound
from curation.models import Digest, MailChoice, Notification, User
from curation.notices import queries
from curation.notices.mail.rules import Period, last_period
from curation.notices.telling import Told

#: After so long a digest that was being sent is no longer: its sender died.
GIVEN_UP = timedelta(hours=1)


def is_on() -> bool:
    """Whether the site has a mail server."""
    return bool(settings.EMAIL_HOST)


def choice_of(user: User) -> MailChoice:
    """The person's own; not kept yet where they never chose: nothing, to the address of their account."""
    return MailChoice.objects.filter(user=user).first() or MailChoice(user=user, address=user.email)


def due() -> Iterator[tuple[MailChoice, Period]]:
    """Who wants a digest of a period that is over and has none of it yet."""
    rows = MailChoice.objects.exclude(kinds=[]).exclude(address="").filter(user__is_active=True).select_related("user")
    for choice in rows.order_by("pk"):
        period = last_period(choice.every, timezone.now().date())
        if not Digest.objects.filter(receiver=choice.user, period=period.name).exists():
            yield choice, period


def to_tell(choice: MailChoice, until: Period) -> QuerySet[Notification]:
    """What the person has not read, wants by e-mail and was in no digest yet; only what is open to them now."""
    rows = queries.notices(choice.user, unread=True).filter(kind__in=choice.kinds, digest=None)
    return rows.filter(at__lt=until.end)


def told_in(digest: Digest, choice: MailChoice) -> list[Told]:
    """What it still has to say when it goes out, the oldest first."""
    rows = queries.notices(digest.receiver, unread=True).filter(digest=digest, kind__in=choice.kinds)
    return queries.told(digest.receiver, queries.in_full(rows).order_by("id"))


def waiting() -> list[int]:
    rows = Digest.objects.filter(state=DigestState.WAITING, due_at__lte=timezone.now())
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True))


def stranded() -> QuerySet[Digest]:
    """Of which nobody knows whether they went out."""
    return Digest.objects.filter(state=DigestState.SENDING, due_at__lt=timezone.now() - GIVEN_UP)


def token_for(user: User) -> str:
    """What the link in a person's e-mails ends them by; it neither ages nor opens anything else."""
    return _signer().sign(str(user.pk))


def person_of(token: str) -> User:
    """Raises NotFound."""
    try:
        pk = int(_signer().unsign(token))
    except (BadSignature, ValueError):
        pk = 0
    if (found := User.objects.filter(pk=pk).first()) is None:
        raise NotFound("This link is not whole. Copy it from the e-mail once more, or change the setting on your account page.")
    return found


def _signer() -> Signer:
    return Signer(salt="curation.notices.mail")
