"""A site of its own for one measurement: a durable database cluster as in production, and nothing left behind."""

import os
import platform
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from portal import env
from portal.embedded.postgres import Postgres


@contextmanager
def throw_away() -> Iterator[Path]:
    """Start a cluster with production's durable settings, migrate it, and give the folder of this measurement."""
    home = Path(tempfile.mkdtemp(prefix="casebook-bench-"))
    home.chmod(0o755)  # as root the database runs under another account and must pass through
    postgres = Postgres(home / "postgres", durable=True)
    try:
        with (home / "servers.log").open("wb") as log:
            postgres.start(log)
        postgres.wait_ready()
        os.environ["DATABASE_URL"] = postgres.url
        os.environ["MEDIA_ROOT"] = str(home / "media")
        env.provide(SECRET_KEY=secrets.token_hex(40), HTTPS_ONLY="no", REDIS_URL="redis://127.0.0.1:1/0", LOG_FORMAT="plain")
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        yield home
        connection.close()
    finally:
        postgres.stop()
        postgres.remove()
        shutil.rmtree(home, ignore_errors=True)


def machine() -> str:
    """What it was measured on, in a line."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}; Python {sys.version.split()[0]}, "
        f"Django {django.__version__}, PostgreSQL {version.split()[0]}; load {load}"
    )
