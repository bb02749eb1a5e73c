"""Taking a backup while the site works: the database as of one moment first, then the files it knows.

In this order, because a file is written before the row that names it: every file of the moment is there when its turn comes.
"""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from curation.backup import archive, files, programs
from curation.backup.archive import Site
from curation.errors import Invalid
from curation.models import AuditSeal
from curation.safekeeping import sealing


@dataclass(frozen=True, slots=True)
class Taken:
    """``left_out``: files that are not what their names say, damaged or still being written."""

    path: Path
    size: int
    files: int
    site: Site
    left_out: list[str]


def take(target: Path) -> Taken:
    """``target`` is the archive to make, or a folder in which it gets a name by the time."""
    path = _named(target, timezone.now())
    sealing.seal()  # so that what the archive holds is sealed to its end
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        dump = Path(folder) / archive.DATABASE
        site = _dumped(dump)
        found = {name: (place, files.is_itself(place)) for name, place in files.kept()}
        whole = [(name, place) for name, (place, is_itself) in found.items() if is_itself]
        archive.write(path, site, dump, whole)
    left_out = [name for name, (_place, is_itself) in found.items() if not is_itself]
    return Taken(path, path.stat().st_size, len(whole), site, left_out)


def _dumped(dump: Path) -> Site:
    """What is told of the site and what is dumped of it are of the same moment."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        last = AuditSeal.objects.last() or AuditSeal(pk=0, last_event=0, digest="")
        site = Site(
            made_at=timezone.now().isoformat(timespec="seconds"),
            app=settings.VERSION,
            server=programs.server(),
            migrations=[f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()],
            seal=last.pk,
            last_event=last.last_event,
            digest=last.digest,
        )
        programs.dump(dump, snapshot=snapshot)
    return site


def _named(target: Path, now: datetime) -> Path:
    path = target / f"casebook-{now:%Y-%m-%dT%H-%M-%S}.zip" if target.is_dir() else target
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}; make it first.")
    if path.exists():
        raise Invalid(f"{path} is there already; name another file.")
    return path
