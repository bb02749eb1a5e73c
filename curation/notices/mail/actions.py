"""The only writers of what people want by e-mail, and of the digests."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from curation.choices import DigestState
from curation.errors import Fault, Invalid, WrongState
from curation.models import Digest, MailChoice, Notification, User
from curation.models.notices import Every, NoticeKind
from curation.moves import DIGEST_MOVES, require_move
from curation.notices.mail import queries
from curation.notices.mail.rules import Period, wait

RESTORED = "The site was restored from a backup; nobody knows whether this went out before, so it is not sent."


@transaction.atomic
def choose(*, address: str, kinds: Sequence[str], every: str, by: User) -> MailChoice:
    """What is sent to the person from now on. Raises Invalid with every fault found."""
    faults = [Fault("kinds", f"“{each}” is no kind of notice") for each in kinds if each not in NoticeKind.values]
    if every not in Every.values:
        faults.append(Fault("every", f"choose one of {', '.join(Every.values)}"))
    if kinds or address.strip():
        faults += _faults_of(address.strip())
    if faults:
        raise Invalid("Your choice was not kept.", faults=faults)
    said = {"address": address.strip(), "kinds": sorted(set(kinds)), "every": every}
    choice, _made = MailChoice.objects.update_or_create(user=by, defaults=said)
    return choice


def _faults_of(address: str) -> list[Fault]:
    try:
        validate_email(address)
    except ValidationError:
        return [Fault("address", "is no e-mail address; it looks like name@example.org")]
    return []


@transaction.atomic
def claim_link(*, choice_id: int, by: User | None = None) -> MailChoice | None:
    """Take it upon oneself to send the person a link that proves their address; None where that is not wanted, or too soon."""
    soon = Q(link_at=None) | Q(link_at__lte=timezone.now() - queries.LINK_WAITS)
    rows = MailChoice.objects.filter(soon, pk=choice_id).exclude(kinds=[]).exclude(verified=F("address"))
    claimed = rows.update(link_at=timezone.now())
    return MailChoice.objects.select_related("user").get(pk=choice_id) if claimed else None


@transaction.atomic
def prove(*, address: str, by: User) -> MailChoice:
    """The person reads what is sent to this address: from now on it is used."""
    choice = MailChoice.objects.select_for_update().filter(user=by).first()
    if choice is None or choice.address != address:
        raise WrongState("Another address was chosen since. Open the link in the e-mail that was sent to that one.")
    choice.verified = address
    choice.save(update_fields=["verified", "changed_at"])
    return choice


@transaction.atomic
def hold_back(*, by: User | None = None) -> int:
    """Send nothing that was due before now: of a site restored from a backup nobody knows what went out since it was taken.

    What it would have told stays on the site. How many e-mails are held back.
    """
    for choice, period in queries.due():
        open_digest(period=period, by=choice.user)
    held = list(Digest.objects.select_for_update().filter(state__in=(DigestState.WAITING, DigestState.SENDING)))
    for digest in held:
        require_move(DIGEST_MOVES, digest.state, DigestState.FAILED, thing="This digest")
        digest.state, digest.trouble = DigestState.FAILED, RESTORED
        digest.save(update_fields=["state", "trouble"])
    return len(held)


@transaction.atomic
def stop(*, by: User) -> None:
    """Nothing by e-mail any longer; the address and how often are kept for another time."""
    MailChoice.objects.filter(user=by).update(kinds=[], changed_at=timezone.now())


@transaction.atomic
def open_digest(*, period: Period, by: User) -> Digest | None:
    """What the person was told in a period that is over, put together to be sent; None where nothing is left to."""
    choice = queries.choice_of(User.objects.select_for_update().get(pk=by.pk))
    rows = queries.to_tell(choice, period)
    taken = Digest.objects.filter(receiver=by, period=period.name).exists()
    keys = [] if taken else list(rows.values_list("pk", flat=True))
    if not keys:
        return None
    digest = Digest.objects.create(receiver=by, period=period.name, due_at=timezone.now())
    Notification.objects.filter(receiver=by, pk__in=keys).update(digest=digest)
    return digest


@transaction.atomic
def claim(*, digest_id: int, by: User | None = None) -> Digest | None:
    """Take a waiting digest to send it: of two who try, one gets it. It is claimed once for each time it may be sent."""
    rows = Digest.objects.filter(pk=digest_id, state=DigestState.WAITING, due_at__lte=timezone.now())
    if not rows.update(state=DigestState.SENDING, attempts=F("attempts") + 1, due_at=timezone.now()):
        return None
    return Digest.objects.select_related("receiver").get(pk=digest_id)


@transaction.atomic
def settle(*, digest: Digest, trouble: str = "", again: bool = False, by: User | None = None) -> Digest:
    """What became of a claimed digest: sent; not, because of ``trouble``; or to be tried ``again``, but not for ever."""
    pause = wait(digest.attempts) if again else None
    state = DigestState.SENT if not trouble else DigestState.WAITING if pause else DigestState.FAILED
    require_move(DIGEST_MOVES, digest.state, state, thing="This digest")
    now = timezone.now()
    digest.state, digest.trouble = state, trouble
    digest.sent_at = now if state == DigestState.SENT else None
    digest.due_at = now + pause if pause else digest.due_at
    digest.save(update_fields=["state", "trouble", "sent_at", "due_at"])
    return digest
