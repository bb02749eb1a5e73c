"""Bringing a site back: everything is proven before anything is touched, and all tables change in one transaction.

Killed, refused or failed at any moment before its end, the site stands as it stood: at most it has files more.
"""

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from curation.backup import archive, files, programs
from curation.backup.archive import DATABASE, Site
from curation.errors import Invalid, WrongState
from curation.models import Article, AuditEvent, AuditSeal, User
from curation.notices.mail import actions as mail
from curation.safekeeping import rights, sealing, verifying

#: Wherever one of these has a row, somebody has begun to work.
WORKED_ON = (User, Article, AuditEvent)
#: What a site is made of; indexes, sequences and triggers go with their tables.
DROPPED = {
    "TABLE": "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'",
    "ROUTINE": "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
}
OWNS = """
SELECT has_schema_privilege(current_schema(), 'CREATE') AND NOT EXISTS (
    SELECT FROM pg_tables WHERE schemaname = current_schema() AND NOT pg_has_role(tableowner, 'USAGE'))
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """``heads_aside``: where the heads of a trail that no longer is were put, if there were any."""

    site: Site
    files: int
    migrated: int
    heads_aside: Path | None


def restore(path: Path, *, replace: bool) -> Restored:
    """To be run by the owner of the tables. Refused where the site holds anything, unless that is to be replaced."""
    with archive.opened(path) as kept, tempfile.TemporaryDirectory(dir=path.parent, prefix=".restore-") as folder:
        missing = _migrations_missing(kept.site)
        _refuse_other_server(kept.site)
        dump = Path(folder) / DATABASE
        kept.copy(DATABASE, dump)
        with transaction.atomic(durable=True):
            _refuse_somebody_elses()
            _refuse_worked_on(replace)
            _empty()
            programs.load(dump)
            _bring_forward()
            _refuse_broken_trail(kept.site, Path(folder) / "head")
            mail.hold_back()
            files.put(kept)
        files.forget_others(kept)
        return Restored(kept.site, len(kept.files()), len(missing), _heads_follow())


def _migrations_missing(site: Site) -> Collection[str]:
    """What is to be migrated after the restore. Raises Invalid where the archive is ahead of this program."""
    known = MigrationLoader(None).disk_migrations
    names = {f"{app}.{name}" for app, name in known}
    names |= {f"{app}.{name}" for migration in known.values() for app, name in migration.replaces}
    if ahead := sorted(set(site.migrations) - names):
        raise Invalid(
            f"This backup is of a newer Casebook ({site.app}; here is {settings.VERSION}, which lacks {ahead[-1]}). "
            "Update the program, then restore."
        )
    return names - set(site.migrations)


def _refuse_other_server(site: Site) -> None:
    if site.server > programs.server():
        raise Invalid(f"This backup is of PostgreSQL {site.server}, and the server is {programs.server()}: use one as new.")


def _refuse_somebody_elses() -> None:
    if not _rows(OWNS)[0][0]:
        raise Invalid("Restoring makes all tables anew: run it as their owner, whom DATABASE_OWNER_URL names.")


def _refuse_worked_on(replace: bool) -> None:
    here = set(connection.introspection.table_names())
    if not replace and any(table.objects.exists() for table in WORKED_ON if table._meta.db_table in here):
        raise WrongState(
            "This site holds people or articles. Restore into an empty one, or say --replace: all it holds is then lost, "
            "so take a backup first."
        )


def _empty() -> None:
    """Drop what is there, and nothing outside of the site's own schema. One statement each: locks are taken at once."""
    with connection.cursor() as cursor:
        for kind, statement in DROPPED.items():
            if names := ", ".join(name for (name,) in _rows(statement)):
                cursor.execute(f"DROP {kind} {names} CASCADE")


def _bring_forward() -> None:
    """Later migrations, and the rights of the site's own role, which are no part of a dump."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no migration meets checks that the one before left outstanding
    call_command("migrate", interactive=False, verbosity=0)
    if settings.IS_OWNER:
        rights.limit(settings.SITE_DATABASE["USER"], password=settings.SITE_DATABASE["PASSWORD"])


def _refuse_broken_trail(site: Site, head: Path) -> None:
    """The trail, proven against the head that the manifest names."""
    head.write_text(f"{site.seal} {site.last_event} {site.digest}" if site.seal else "")
    if found := list(verifying.faults(head)):
        raise Invalid(f"The audit trail in this backup does not hold: {found[0]}. Take another backup.")


def _heads_follow() -> Path | None:
    """The file AUDIT_HEADS again tells of the trail that is; what it told of another is kept beside it."""
    told, chain = sealing.heads(), dict(AuditSeal.objects.values_list("pk", "digest"))
    aside = None
    if any(chain.get(number) != digest for number, digest in told.items()):
        now = timezone.now()
        aside = settings.AUDIT_HEADS.with_name(f"{settings.AUDIT_HEADS.name}.until-{now:%Y-%m-%dT%H-%M-%S}")
        settings.AUDIT_HEADS.rename(aside)
    sealing.tell()
    return aside


def _rows(statement: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
