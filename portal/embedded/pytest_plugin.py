"""Gives the tests a throw-away PostgreSQL and broker where DATABASE_URL or REDIS_URL is not set.

Loaded by `-p` in pyproject.toml, hence before pytest-django reads the settings.
"""

import atexit
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pytest

from portal import env
from portal.embedded import processes
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey

PREFIX = "casebook-test-"
REPORT = pytest.StashKey[str]()
LOOKING_ONLY = {"--help", "-h", "--version", "-V"}


class ThrowAway:
    """The servers of one test run, in one temporary folder that names our pid."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.home.chmod(0o755)  # as root the database runs under another account and must pass through
        self.servers: list[Postgres | Valkey] = []
        self.pid = os.getpid()
        atexit.register(self.remove)

    def start(self) -> str:
        """Start what is missing, tell the site where it is, and say what was done."""
        began = time.monotonic()
        said = []
        log = (self.home / "servers.log").open("wb")
        if not env.is_set("DATABASE_URL"):
            postgres = Postgres(self.home / "postgres", durable=False)
            self.servers.append(postgres)
            postgres.start(log)
            postgres.wait_ready()
            env.provide(DATABASE_URL=postgres.url)
            said.append(f"PostgreSQL {postgres.version()}")
        if not env.is_set("REDIS_URL"):
            valkey = Valkey(self.home / "valkey", durable=False)
            self.servers.append(valkey)
            valkey.start(log)
            valkey.wait_ready()
            env.provide(REDIS_URL=valkey.url)
            said.append("Valkey")
        log.close()
        return f"throw-away servers: {', '.join(said) or 'none, both were given'} ({time.monotonic() - began:.1f} s)"

    def last_words(self) -> str:
        """What the servers themselves said."""
        return (self.home / "servers.log").read_text(errors="replace")[-2000:]

    def remove(self) -> None:
        if os.getpid() != self.pid:  # a fork of ours ends: the servers are not its to stop
            return
        for server in reversed(self.servers):
            server.stop()
            if isinstance(server, Postgres):
                server.remove()
        self.servers.clear()
        shutil.rmtree(self.home, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of runs that were killed; their servers died with them."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdecimal() and not processes.is_running(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    if LOOKING_ONLY & set(args):
        return
    sweep()
    servers = ThrowAway()
    try:
        early_config.stash[REPORT] = servers.start()
    except processes.SetupError as trouble:
        sys.stderr.write(f"casebook: {trouble}\n{servers.last_words()}")
        raise pytest.UsageError("the tests' servers could not be started") from trouble


def pytest_report_header(config: pytest.Config) -> str:
    return config.stash.get(REPORT, "no servers were needed")
