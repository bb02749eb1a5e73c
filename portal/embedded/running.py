"""Which site runs on a folder: at most one, and others can find its servers."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal import env
from portal.embedded.processes import SetupError


@contextmanager
def only_one(folder: Path, port: int) -> Iterator[Path]:
    """Hold the folder for ourselves; yields the note in which `casebook manage` finds our servers.

    The lock is the kernel's, so a killed site leaves none behind, whatever its files say.
    """
    with (folder / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise SetupError(f"Casebook already runs on {folder} ({lock.read().strip()}): use it, or stop it.") from error
        lock.truncate(0)
        lock.write(f"pid {os.getpid()}, http://127.0.0.1:{port}/")
        lock.flush()
        note = folder / "up.json"
        note.unlink(missing_ok=True)
        note.touch(mode=0o600)
        try:
            yield note
        finally:
            note.unlink(missing_ok=True)


def running_site() -> dict[str, str]:
    """The variables of the site that runs on this folder; empty when none does."""
    lock = env.var() / "up.lock"
    note = env.var() / "up.json"
    if not lock.exists() or not note.exists():
        return {}
    with lock.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return dict(json.loads(note.read_text() or "{}"))
    return {}
