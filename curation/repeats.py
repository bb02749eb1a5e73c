"""GUARD: a write that is sent again is done once. Its sender names it by a key, and for a day is given the first answer again."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from curation.errors import Fault, Invalid, NotAllowed, WrongState
from curation.models import Membership, Repeat, User

KEPT = timedelta(hours=24)
LONGEST_KEY = 200


class Answered(NamedTuple):
    """``again``: nothing was done now; this is what was answered when it was."""

    answer: Any
    again: bool


def once(*, by: User, key: str, sent: object, act: Callable[[], Any]) -> Answered:
    """Do ``act``, unless this person had it done under this key before. ``sent`` is what tells one request from another.

    What is written and the answer to it (JSON) come into the tables together or not at all, so that a process that is killed
    leaves neither; what was refused may be tried again under the same key. Raises Invalid where something else was sent under
    the key, WrongState while the first is still at work, NotAllowed where the person is no longer all that they were then.
    """
    _require_key(key)
    digest = sha256(json.dumps(sent, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()
    with transaction.atomic():
        _require_alone(by, key)
        known = Repeat.objects.filter(user=by, key=key, at__gt=timezone.now() - KEPT).first()
        if known is None:
            answer = act()
            kept = {"digest": digest, "answer": answer, "rights": _rights(by), "at": timezone.now()}
            Repeat.objects.update_or_create(user=by, key=key, defaults=kept)
            return Answered(answer, again=False)
    if known.digest != digest:
        raise Invalid(
            "This key was used for something else.", faults=[Fault("Idempotency-Key", "name another write by another key")]
        )
    if not set(known.rights) <= set(_rights(by)):
        raise NotAllowed("It was done, but you are no longer all that you were then, so its answer is not given again.")
    return Answered(known.answer, again=True)


def purge() -> int:
    """Forget answers that are older than a day; how many."""
    gone, _of_tables = Repeat.objects.filter(at__lte=timezone.now() - KEPT).delete()
    return gone


def _rights(by: User) -> list[str]:
    """Asked anew each time: a role may have ended since."""
    person = User.objects.filter(pk=by.pk, is_active=True).first()
    if person is None:
        return []
    roles = Membership.objects.filter(user=person).order_by("project").values_list("project", "role")
    return [*(["active", "administrator"] if person.is_administrator else ["active"]), *(f"{pk}:{role}" for pk, role in roles)]


def _require_key(key: str) -> None:
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        reason = f"give 1 to {LONGEST_KEY} plain characters, such as a UUID"
        raise Invalid("This is no key.", faults=[Fault("Idempotency-Key", reason)])


def _require_alone(by: User, key: str) -> None:
    """Until the transaction ends nobody else does what has this key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"repeat {by.pk} {key}"])
        (is_alone,) = cursor.fetchone()
    if not is_alone:
        raise WrongState("The first request with this key is still at work. Ask again in a moment.")
