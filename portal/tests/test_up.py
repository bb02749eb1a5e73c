"""`casebook up` for real: it starts, it stops, and whatever is killed, nothing is left running and nothing is lost."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal import env
from portal.embedded.up import Site, refuse_taken
from portal.embedded.valkey import free_port

SECONDS = 300  # after which a start that hangs is killed
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc who is still running")


class Up:
    """A site of its own, in a folder of its own; `said` is what it printed before it was ready."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process = launch("up", "--port", str(self.port), folder=folder)
        self.said: list[str] = []
        self.last_resort = threading.Timer(SECONDS, self.process.kill)
        self.last_resort.start()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if "ready after" in line:
                return
        raise AssertionError("".join(self.said))

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=10) as answer:
            return answer.read().decode()

    def servers(self) -> dict[str, str]:
        return json.loads((self.folder / "up.json").read_text())

    def end_by(self, signum: signal.Signals) -> tuple[int, list[int]]:
        """End the supervisor; returns its exit code, and which of the processes below it have not ended 20 s later."""
        watched = dict(watch(descendants(self.process.pid)))
        assert len(watched) > 10, "database, broker, pages, worker and beat, with their children"
        self.process.send_signal(signum)
        self.process.communicate()
        self.last_resort.cancel()
        left = [pid for pid, ended in watched.items() if not select.select([ended], [], [], 20)[0]]
        for descriptor in watched.values():
            os.close(descriptor)
        return self.process.returncode, left


def launch(module: str, *arguments: str, folder: Path) -> subprocess.Popen[str]:
    environment = env.for_child(CASEBOOK_VAR=str(folder), DATABASE_URL="", REDIS_URL="", SECRET_KEY="", DJANGO_SETTINGS_MODULE="")
    environment.pop("DJANGO_SETTINGS_MODULE")
    command = [sys.executable, "-m", f"portal.embedded.{module}", *arguments]
    return subprocess.Popen(
        command,
        cwd=env.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def watch(pids: set[int]) -> Iterator[tuple[int, int]]:
    """Descriptors that become readable when these processes end."""
    for pid in pids:
        try:
            yield pid, os.pidfd_open(pid)
        except ProcessLookupError:  # it has ended already, as helpers of the database do
            continue


def descendants(pid: int) -> set[int]:
    """The processes a process has started, and those they have."""
    try:
        said = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it ended while we asked
        return set()
    children = {int(child) for line in said for child in line.split()}
    return children.union(*(descendants(child) for child in children))


def belonging_to(folder: Path) -> list[int]:
    """The processes that were started for a folder: each has inherited its name (servers that retitle themselves hide it)."""
    mark = f"CASEBOOK_VAR={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:  # it ended just now, or is somebody else's
            continue
    return found


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder an ordinary account may pass through, as a clone's is: pytest's own are closed to all but us."""
    parent = Path(tempfile.mkdtemp(prefix="casebook-up-"))
    parent.chmod(0o755)
    yield parent / "var"
    for pid in belonging_to(parent / "var"):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(parent)


@on_linux
def test_a_killed_site_leaves_nothing_and_the_next_start_finds_all_data(folder: Path) -> None:
    first = Up(folder)
    assert first.get("healthz") == "alive\n"
    assert json.loads(first.get("readyz"))["ready"] is True
    with psycopg.connect(first.servers()["DATABASE_URL"]) as database, pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute("update curation_auditevent set reason = 'as the site itself'")
    with psycopg.connect(first.servers()["DATABASE_OWNER_URL"], autocommit=True) as database:
        database.execute("create table kept as select 'still here' as word")
    secret = first.servers()["SECRET_KEY"]

    assert first.end_by(signal.SIGKILL) == (-signal.SIGKILL, [])
    assert belonging_to(folder) == []

    another_program = os.getpid()  # the pid of a dead server may have been given to anybody: they must not be harmed
    (folder / "postgres/data/postmaster.pid").write_text(f"{another_program}\n")
    second = Up(folder)
    with psycopg.connect(second.servers()["DATABASE_OWNER_URL"]) as database:
        assert database.execute("select word from kept").fetchone() == ("still here",)
    assert second.servers()["SECRET_KEY"] == secret
    refused = launch("up", "--port", str(free_port()), folder=folder)
    assert f"Casebook already runs on {folder} (pid {second.process.pid}" in refused.communicate()[0]
    assert refused.returncode == 1
    asked = launch("manage", "migrate", "--check", folder=folder)
    assert asked.wait(60) == 0, asked.communicate()
    asked.communicate()
    replayed = launch("manage", "replay_audit", folder=folder)
    assert replayed.wait(60) == 0, replayed.communicate()
    replayed.communicate()
    for command in (["backup", "site.zip"], ["restore", "site.zip", "--replace"], ["verify_audit"]):
        last = [str(folder.parent / part) if part.endswith(".zip") else part for part in command]
        kept = launch("manage", *last, folder=folder)
        said, _ = kept.communicate(timeout=60)
        assert kept.returncode == 0, said
    assert said.startswith("The audit trail holds")
    assert "role could alter it" not in said  # restored with the rights of the site's own role

    assert second.end_by(signal.SIGTERM) == (0, [])
    assert belonging_to(folder) == []
    assert not (folder / "up.json").exists()


def test_a_taken_port_is_a_sentence_with_the_way_out(folder: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        refused = launch("up", "--port", str(port), folder=folder)
        said, _ = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert said.startswith(f"casebook: Port {port} cannot be used (Address already in use).")
    assert f"./casebook up --port {port + 1}" in said


def test_a_port_that_is_none_is_a_sentence() -> None:
    with pytest.raises(RuntimeError, match="70000 is not a port"):
        refuse_taken(70000)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = launch("up", "--port", str(free_port()), folder=tmp_path / "file" / "var")
    said, _ = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert "cannot be written (Not a directory)" in said
    assert "CASEBOOK_VAR" in said


def test_manage_without_a_site_says_how_to_start_one(folder: Path) -> None:
    folder.mkdir()
    refused = launch("manage", "check", folder=folder)
    said, _ = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert "No site runs here. Start it in another terminal with ./casebook up" in said


def test_servers_the_environment_names_are_used_and_none_started(tmp_path: Path) -> None:
    """DATABASE_URL and REDIS_URL are set here: the tests themselves run with them."""
    site = Site(supervisor=None, folder=tmp_path, port=8000, note=tmp_path / "up.json")  # type: ignore[arg-type]
    given = site.start_servers()
    assert not {"DATABASE_URL", "REDIS_URL"} & set(given)
    assert site.environment["DATABASE_URL"] == env.text("DATABASE_URL")
    assert list(tmp_path.iterdir()) == [tmp_path / "secret-key"] or list(tmp_path.iterdir()) == []
