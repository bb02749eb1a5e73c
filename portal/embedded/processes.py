"""Starting programs so that none outlives us, and stopping them in order."""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

from portal import env

ROOT = env.ROOT
Command = Sequence[str | Path]
Account = pwd.struct_passwd
Output = int | IO[bytes] | None

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class SetupError(RuntimeError):
    """Something the person at the keyboard can mend; its text says how."""


def die_when_parent_dies(signum: int) -> None:
    """Ask the kernel to send us `signum` when our parent ends, however it ends (Linux; elsewhere nothing happens)."""
    if LIBC is not None:
        LIBC.prctl(SET_PARENT_DEATH_SIGNAL, int(signum), 0, 0, 0)


def _tied_to_us(signum: int) -> Callable[[], None]:
    parent = os.getpid()

    def in_the_child() -> None:
        die_when_parent_dies(signum)
        if os.getppid() != parent:  # it died before the kernel knew of our wish
            os._exit(1)

    return in_the_child


def spawn(
    command: Command,
    *,
    dies_by: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    output: Output = None,
    folder: Path = ROOT,
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; it receives `dies_by` should we be killed."""
    return subprocess.Popen(
        [str(part) for part in command],
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_tied_to_us(dies_by),
        **_as(account),
    )


def run(command: Command, *, account: Account | None = None) -> subprocess.CompletedProcess[str]:
    """Run a short program to its end and keep what it said."""
    parts = [str(part) for part in command]
    return subprocess.run(parts, capture_output=True, text=True, cwd="/", check=False, **_as(account))


def stop(process: subprocess.Popen[bytes], signum: signal.Signals, seconds: float) -> None:
    """Ask a program to end; kill its whole group where it does not within `seconds`."""
    if process.poll() is None:
        process.send_signal(signum)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_group(process)
        process.wait(10)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of a program's process group, itself included."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nobody left, or only a zombie that is not ours to signal
        return


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_of(pid: int) -> str:
    """The command line of a running program; empty where there is none, or where nobody can say."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:  # it does not run, or this system has no /proc
        ps = shutil.which("ps")
        return run([ps, "-o", "command=", "-p", str(pid)]).stdout if ps else ""


def ordinary_account() -> Account | None:
    """The account to run PostgreSQL as when we are root, which it refuses; None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in (env.text("CASEBOOK_PG_USER"), "nobody", "postgres"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SetupError("You are root, and there is no 'nobody' account to run PostgreSQL as: set CASEBOOK_PG_USER to one.")


def can_reach(account: Account | None, path: Path) -> bool:
    """Whether that account may read and enter or execute `path`."""
    question: Command = ["/bin/sh", "-c", 'test -x "$0" && test -r "$0"', path]
    return account is None or run(question, account=account).returncode == 0


def run_as_command(main: Callable[[list[str]], int]) -> NoReturn:
    """Be a program: what the person at the keyboard can mend is told in one sentence."""
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(f"casebook: {error}")


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _as(account: Account | None) -> dict[str, Any]:
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
