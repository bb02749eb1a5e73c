"""Sealing: a digest over everything the trail has gained, chained to the one before, its head told to the outside."""

from pathlib import Path

import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction

from curation.models import AuditSeal

log = structlog.get_logger(__name__)

#: How long a sealing waits for transactions that are writing (and keeps later ones waiting); then it leaves it to the next.
PATIENCE = "500ms"
LOCK_NOT_AVAILABLE = "55P03"


def seal() -> AuditSeal | None:
    """Seal what is new; None where nothing is, or where a long transaction is still writing: the next sealing covers it.

    The head goes into the log and, where AUDIT_HEADS names a file, to its end, after the seal is in: a head without a seal
    would be a false alarm, a seal without a head only waits for ``tell``.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            made = list(AuditSeal.objects.raw("SELECT * FROM curation_seal_audit()"))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        log.info("audit_not_sealed_yet")
        return None
    tell()
    return made[0] if made else None


def tell() -> None:
    """Write each head that is not outside yet."""
    known = heads()
    last = max(known, default=0)
    for made in AuditSeal.objects.filter(pk__gt=last).order_by("pk"):
        log.info("audit_sealed", seal=made.pk, last_event=made.last_event, digest=made.digest)
        if path := settings.AUDIT_HEADS:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a") as file:  # on a line of its own: a crash may have cut the one before short
                file.write(f"\n{made.pk} {made.last_event} {made.digest}")


def heads(path: Path | None = None) -> dict[int, str]:
    """The digests kept outside, by the seal's number; a line cut short by a crash does not count."""
    path = path or settings.AUDIT_HEADS
    if path is None or not path.exists():
        return {}
    lines = [line.split() for line in path.read_text().splitlines()]
    whole = [line for line in lines if len(line) == 3 and line[0].isdecimal() and len(line[2]) == 64]
    return {int(number): digest for number, _event, digest in reversed(whole)}  # of two, the one that was there first
