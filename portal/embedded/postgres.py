"""A PostgreSQL of our own: made, started, stopped. Reached by a unix socket only we can open."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from portal import env
from portal.embedded import postgres_programs, processes
from portal.embedded.processes import Command, Output, SetupError

DATABASE = ROLE = "casebook"
SITE_ROLE = "casebook_site"
LONGEST_SOCKET_FOLDER = 85  # a unix socket's path may have 107 bytes, its file name takes up to 21
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_min_messages": "fatal",  # a refused statement is told to whoever sent it
    "log_line_prefix": "",
    "log_checkpoints": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "timezone": "UTC",
}
THROW_AWAY = {  # a crash may lose everything: only for databases nobody will miss
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_size": "128MB",  # it may lie in memory
    "max_wal_senders": "0",
    "autovacuum": "off",
}


class Postgres:
    """One cluster in `home`. `durable=False` trades safety for speed, for tests."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.durable = durable
        self.account = processes.ordinary_account()
        self.programs = postgres_programs.within_reach(postgres_programs.find(), self.account)
        self.home = self._reachable(home)
        self.data = self.home / "data"
        self.socket_folder = self._short(self.home / "run")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For the owner of everything."""
        return self._url(ROLE)

    @property
    def site_url(self) -> str:
        """For the site, once ``limit_rights`` has made its role."""
        return self._url(SITE_ROLE)

    def _url(self, role: str) -> str:
        return f"postgresql://{role}@{quote(str(self.socket_folder), safe='')}/{DATABASE}"

    def version(self) -> str:
        said = processes.run([self.programs / "postgres", "--version"], account=self.account).stdout
        found = re.search(r"\d+(\.\d+)?", said)
        if not found:
            raise SetupError(f"{self.programs / 'postgres'} does not run: reinstall it, or set DATABASE_URL.")
        return found.group(0)

    def start(self, output: Output = None) -> subprocess.Popen[bytes]:
        """Start the server, making its cluster first where there is none yet."""
        self._make_cluster()
        self._own(self.socket_folder)
        self._clear_stale_pid()
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket_folder)}
        if not self.durable:
            settings |= THROW_AWAY
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command: Command = [self.programs / "postgres", "-D", self.data, *options]
        self.process = processes.spawn(command, dies_by=signal.SIGINT, account=self.account, output=output, folder=Path("/"))
        return self.process

    def wait_ready(self, seconds: float = 30) -> None:
        """Return when it answers and holds our database."""
        until = time.monotonic() + seconds
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                raise SetupError("PostgreSQL ended at once; its own lines say why.")
            if time.monotonic() > until:
                raise SetupError(f"PostgreSQL was not ready within {seconds:.0f} s: try again, or set DATABASE_URL.")
            time.sleep(0.03)

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, signal.SIGINT, 20)

    def remove(self) -> None:
        """Throw the cluster away."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _answers(self) -> bool:
        where = f"host='{self.socket_folder}' user={ROLE} dbname=postgres connect_timeout=3"
        try:
            with psycopg.connect(where, autocommit=True) as connection:
                if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
        except psycopg.OperationalError:
            return False
        return True

    def _reachable(self, home: Path) -> Path:
        """`home`, or as root, where the ordinary account cannot enter it, a folder it can."""
        home.mkdir(parents=True, exist_ok=True)
        if processes.can_reach(self.account, home):
            return home
        open_home = postgres_programs.SHARED / f"casebook-{processes.short_hash(str(home))}"
        open_home.mkdir(mode=0o755, exist_ok=True)
        if open_home.lstat().st_uid != os.geteuid():
            raise SetupError(f"{open_home} belongs to somebody else: remove it, or set CASEBOOK_VAR to another folder.")
        return open_home

    def _short(self, folder: Path) -> Path:
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        return Path(tempfile.gettempdir()) / f"casebook-{os.geteuid()}-{processes.short_hash(str(folder))}"

    def _own(self, folder: Path) -> None:
        """Make `folder` the server's own, refusing one that somebody else put there."""
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.account.pw_uid if self.account else os.geteuid()
        found = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or found.st_uid not in (owner, os.geteuid()):
            raise SetupError(f"{folder} belongs to somebody else (uid {found.st_uid}): remove it and start again.")
        if self.account and found.st_uid != owner:
            os.chown(folder, owner, self.account.pw_gid)
        folder.chmod(0o700)

    def _make_cluster(self) -> None:
        major = int(self.version().split(".")[0])
        made_by = self.data / "PG_VERSION"
        if made_by.exists():
            self._refuse_other_version(made_by.read_text().strip(), str(major))
            return
        if self.data.exists():
            shutil.rmtree(self.data)  # an initdb that was interrupted
        self._own(self.data)
        locale = ["--locale=C.UTF-8", *(["--locale-provider=builtin"] if major >= 17 else [])]
        sync = [] if self.durable else ["--no-sync"]
        command: Command = [self.programs / "initdb", "-D", self.data, "-U", ROLE, "-A", "trust", "-E", "UTF8", *locale, *sync]
        done = processes.run(command, account=self.account)
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise SetupError(f"The database could not be made in {self.data}:\n{done.stdout}{done.stderr}")

    def _refuse_other_version(self, made_by: str, major: str) -> None:
        if made_by != major:
            raise SetupError(
                f"{self.data} was made by PostgreSQL {made_by}, the one at hand is {major}. Name the programs of "
                f"{made_by} in CASEBOOK_PG_BIN, or remove {self.home} to start anew (its data are lost)."
            )

    def _clear_stale_pid(self) -> None:
        """Stop a server of ours that outlived its supervisor; forget a pid that now belongs to another program."""
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        command = processes.command_of(pid)
        if "postgres" in command and str(self.data) in command:
            os.kill(pid, signal.SIGINT)
            until = time.monotonic() + 20
            while note.exists() and time.monotonic() < until:
                time.sleep(0.05)
            return
        note.unlink(missing_ok=True)


def wanted() -> bool:
    """Whether a server of our own is needed."""
    return not env.is_set("DATABASE_URL")
