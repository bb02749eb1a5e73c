"""Gives the tests a throw-away PostgreSQL and broker where DATABASE_URL or REDIS_URL is not set.

All tests run in one process a core, each process with servers of its own; single files, and any tests on given servers,
run in one. Loaded by `-p` in pyproject.toml, hence before pytest-django reads the settings.
"""

import argparse
import atexit
import gc
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
WITH_ITS_SERVER = pytest.StashKey[bool]()
PROCESSES = pytest.StashKey[int]()
ONE_OF_MANY = "PYTEST_XDIST_WORKER"
MOST_PROCESSES = 8
MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are made by mkdtemp
NEW_OBJECTS = 20_000  # after so many Python looks for cycles; after its own 700 that took a quarter of the time
ROOM_FOR_ONE = 2**30  # bytes; the servers of one process come to a quarter of it
#: A minute each: begun first, so that at the end no process is left with one of them while the others have nothing to do.
LONGEST = {"test_machine.py", "test_up.py", "test_blindness.py", "test_every_page.py"}
LOOKING_ONLY = {"--help", "-h", "--version", "-V"}


def roomy() -> Path:
    """Memory, where there is room in it: PostgreSQL empties a table by new files, five times as dear on a disk."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_FOR_ONE:
        return MEMORY
    return Path(tempfile.gettempdir())


class ThrowAway:
    """The servers of one test run, in one temporary folder that names our pid."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=roomy()))
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
    for left in {*MEMORY.glob(f"{PREFIX}*"), *Path(tempfile.gettempdir()).glob(f"{PREFIX}*")}:
        pid = left.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdecimal() and not processes.is_running(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    if LOOKING_ONLY & set(args):
        return
    gc.set_threshold(NEW_OBJECTS, 20, 20)
    sweep()
    early_config.stash[PROCESSES] = processes_for(early_config.known_args_namespace)
    if early_config.stash[PROCESSES]:
        return  # each brings its own
    if env.is_set(ONE_OF_MANY):
        env.forget("DATABASE_URL", "REDIS_URL")  # what the settings of the process above stand in with
    servers = ThrowAway()
    try:
        early_config.stash[REPORT] = servers.start()
        early_config.stash[WITH_ITS_SERVER] = any(isinstance(server, Postgres) for server in servers.servers)
    except processes.SetupError as trouble:
        sys.stderr.write(f"casebook: {trouble}\n{servers.last_words()}")
        raise pytest.UsageError("the tests' servers could not be started") from trouble


def pytest_configure(config: pytest.Config) -> None:
    """A database that goes with its server need not be dropped first, nor wait for whoever still holds a connection."""
    if config.stash.get(WITH_ITS_SERVER, False):
        config.option.reuse_db = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: it need not be looked through for cycles again and again."""
    gc.freeze()


def processes_for(options: argparse.Namespace) -> int:
    """In how many processes to test; 0 is this one alone.

    Servers that are given would have to be shared, and a few files are soonest done here.
    """
    if env.is_set(ONE_OF_MANY):
        return 0
    if options.numprocesses != "auto":
        return options.numprocesses or 0
    if options.file_or_dir or env.is_set("DATABASE_URL") or env.is_set("REDIS_URL"):
        return 0
    return min(len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1, MOST_PROCESSES)


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    return config.stash.get(PROCESSES, 0)


def pytest_report_header(config: pytest.Config) -> str:
    return config.stash.get(REPORT, "servers: each process has its own")
