"""Who wants what by e-mail, and which digests wait to be sent."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.signing import BadSignature, Signer
from django.db.models import F, QuerySet
from django.utils import timezone

from curation.choices import DigestState
from curation.errors import NotFound
from curation.models import Digest, MailChoice, Notification, User
from curation.notices import queries
from curation.notices.mail.rules import Period, last_period
from curation.notices.telling import Told

#: After so long a digest that was being sent is no longer: its sender died.
GIVEN_UP = timedelta(hours=1)
#: How long a link proves an address, and how soon another may be sent: nobody's letter-box is filled by a stranger.
LINK_HOLDS, LINK_WAITS = timedelta(days=3), timedelta(minutes=5)
PROOF = "curation.notices.mail.proof"


def is_on() -> bool:
    """Whether the site has a mail server."""
    return bool(settings.EMAIL_HOST)


def choice_of(user: User) -> MailChoice:
    """The person's own; not kept yet where they never chose: nothing, to the address of their account."""
    return MailChoice.objects.filter(user=user).first() or MailChoice(user=user, address=user.email)


def due() -> Iterator[tuple[MailChoice, Period]]:
    """Who wants a digest of a period that is over and has none of it yet; to a proven address only."""
    rows = MailChoice.objects.exclude(kinds=[]).exclude(address="").filter(verified=F("address"), user__is_active=True)
    for choice in rows.select_related("user").order_by("pk"):
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


def proof_for(choice: MailChoice) -> str:
    """What the link holds by which somebody shows that they read the mail of the address."""
    return signing.dumps({"user": choice.user_id, "address": choice.address}, salt=PROOF)


def proven(token: str) -> tuple[User, str]:
    """The person, and the address that is theirs. Raises NotFound."""
    try:
        said = signing.loads(token, salt=PROOF, max_age=LINK_HOLDS)
    except BadSignature:
        said = {"user": 0, "address": ""}
    if (found := User.objects.filter(pk=said["user"], is_active=True).first()) is None:
        raise NotFound(
            "This link is not whole, or older than three days. Keep your choice on your account page again: a new one is sent."
        )
    return found, said["address"]


def _signer() -> Signer:
    return Signer(salt="curation.notices.mail")
