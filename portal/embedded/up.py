"""`casebook up`: database, broker, migrations, demo data, web server, worker and beat; one Ctrl-C stops them all."""

import argparse
import json
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from portal import env
from portal.embedded.postgres import Postgres
from portal.embedded.prepare import MIGRATED
from portal.embedded.processes import SetupError, run_as_command
from portal.embedded.running import only_one
from portal.embedded.supervisor import StopAskedError, Supervisor, python, say
from portal.embedded.valkey import Valkey

SERVERS_STOP_LAST = 1


def main(arguments: list[str]) -> int:
    """Run the site until Ctrl-C, SIGTERM or a failure; returns the exit code."""
    began = time.monotonic()
    port = port_of(arguments)
    folder = writable_var()
    refuse_taken(port)
    with only_one(folder, port) as note:
        supervisor = Supervisor()
        try:
            Site(supervisor, folder, port, note).start(began)
            supervisor.stand_by()
        except StopAskedError:
            say("stopping …")
            return 0
        finally:
            supervisor.stop_all()
            supervisor.close()
            say("stopped, nothing is left running")
    return 0


class Site:
    """What belongs to a running site, in the order it is started."""

    def __init__(self, supervisor: Supervisor, folder: Path, port: int, note: Path) -> None:
        self.supervisor = supervisor
        self.folder = folder
        self.address = f"http://127.0.0.1:{port}/"
        self.port = port
        self.note = note
        self.environment: dict[str, str] = {}

    def start(self, began: float) -> None:
        given = self.start_servers()
        self.note.write_text(json.dumps(given))
        prepare = python("-m", "portal.embedded.prepare")
        as_owner = {**self.environment, "CASEBOOK_ROLE": "owner"}
        preparing = self.supervisor.start("prepare", prepare, as_owner, silent=True)
        self.supervisor.wait_for_line(preparing, MIGRATED, 600)
        self._start_site()
        self.supervisor.finish(preparing)
        self.supervisor.wait_until(self._answers, "The web server did not answer", 60)
        for line in ["", *preparing.said, ""]:
            say(line)
        say(f"ready after {time.monotonic() - began:.1f} s: {self.address}   (Ctrl-C stops everything)")

    def start_servers(self) -> dict[str, str]:
        """Start what the environment does not name; returns the variables every other process needs."""
        given = defaults(self.folder, self.port)
        starting: list[Postgres | Valkey] = []
        if not env.is_set("DATABASE_URL"):
            database = Postgres(self.folder / "postgres", durable=True)
            process = database.start(subprocess.PIPE)
            stop_by = signal.SIGINT  # "fast shutdown": does not wait for clients to leave
            self.supervisor.adopt("database", process, stop_by=stop_by, seconds=20, rank=SERVERS_STOP_LAST)
            given |= {"DATABASE_URL": database.site_url, "DATABASE_OWNER_URL": database.url}
            starting.append(database)
        if not env.is_set("REDIS_URL"):
            broker = Valkey(self.folder / "valkey", durable=True)
            self.supervisor.adopt("broker", broker.start(subprocess.PIPE), rank=SERVERS_STOP_LAST)
            given["REDIS_URL"] = broker.url
            starting.append(broker)
        for server in starting:
            server.wait_ready()
        self.environment = env.for_child(**given)
        return given

    def _start_site(self) -> None:
        gunicorn = ["-m", "gunicorn", "portal.wsgi", "--config", "portal/gunicorn_conf.py"]
        web = {**self.environment, "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics")}
        self.supervisor.start("web", python(*gunicorn, "--bind", f"127.0.0.1:{self.port}"), web)
        # Celery warns root of pickle, which is off here.
        celery = ["-W", "ignore:You're running the worker", "-m", "celery", "--app", "portal", "--quiet"]
        worker = [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "WARNING",
            "--without-mingle",
            "--without-gossip",
        ]
        # Asked politely a worker finishes its tasks first; when we are killed there is nobody to wait for that.
        self.supervisor.start("worker", python(*worker), self.environment, dies_by=signal.SIGKILL, seconds=15)
        beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]
        self.supervisor.start("beat", python(*beat), self.environment)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}healthz", timeout=2) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except OSError:
            return False


def defaults(folder: Path, port: int) -> dict[str, str]:
    """What a site on one machine sets for itself where its environment says nothing."""
    wanted = {
        "HTTPS_ONLY": "no",
        "LOG_FORMAT": "plain",
        "CSRF_TRUSTED_ORIGINS": f"http://localhost:{port},http://127.0.0.1:{port}",
        "SITE_URL": f"http://127.0.0.1:{port}/",
        "PYTHONUNBUFFERED": "1",
    }
    if not env.is_set("SECRET_KEY"):
        wanted["SECRET_KEY"] = env.kept_secret(folder / "secret-key")
    return {name: value for name, value in wanted.items() if not env.is_set(name)}


def writable_var() -> Path:
    folder = env.var()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "up.lock").touch(mode=0o600)
    except OSError as error:
        raise SetupError(
            f"{folder} cannot be written ({error.strerror}): the site keeps its database there. "
            "Name a folder of your own in CASEBOOK_VAR."
        ) from error
    return folder


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was free a moment ago counts as free
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError as error:
            raise SetupError(f"{port} is not a port: choose one from 1024 to 65535.") from error
        except OSError as error:
            raise SetupError(
                f"Port {port} cannot be used ({error.strerror}). If Casebook already runs there, open "
                f"http://127.0.0.1:{port}/; else choose another port: ./casebook up --port {min(port + 1, 65535)}"
            ) from error


def port_of(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="casebook up", description="Run the site on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="the port of its address (8000)")
    return int(parser.parse_args(arguments).port)


if __name__ == "__main__":
    run_as_command(main)
