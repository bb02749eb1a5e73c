"""Beat, of which only one may send: with two, everything periodic would be done twice."""

from typing import Any

from celery.beat import PersistentScheduler
from django.db import DatabaseError, connection

LOCK = 0x0CA5EB00C  # an advisory lock of PostgreSQL's, by a number nothing else in this database uses
ASK_AGAIN = 5.0  # seconds between two tries of a beat that has to wait


class OneBeat(PersistentScheduler):
    """Sends only while its database session holds the lock; another beat stands by and takes over when it ends."""

    def tick(self, *arguments: Any, **options: Any) -> float:
        """Send what is due; returns the seconds until it should be called again."""
        if not _holds_the_lock():
            return ASK_AGAIN
        return float(super().tick(*arguments, **options))


def _holds_the_lock() -> bool:
    """Take the lock, or take it again: its holder may. A session that broke has lost it, and is opened anew next time."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        connection.close()
        return False
