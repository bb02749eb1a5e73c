"""Keeps several programs running together: shows what they say, notices when one ends, stops them in order."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded import processes
from portal.embedded.processes import Command, SetupError


class StopAskedError(Exception):
    """Somebody pressed Ctrl-C, or sent SIGTERM or SIGHUP."""


@dataclass
class Program:
    """One running program. Those of rank 0 are stopped first: nothing may hang on a server that is already gone."""

    name: str
    process: subprocess.Popen[bytes]
    stop_by: signal.Signals
    seconds: float
    rank: int
    silent: bool
    rest: bytes = b""
    said: list[str] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        return self.process.poll() is None


def say(text: str, who: str = "casebook") -> None:
    print(f"{who:>8} | {text}", flush=True)


class Supervisor:
    def __init__(self) -> None:
        self.programs: list[Program] = []
        self.stop_asked = 0
        self.selector = selectors.DefaultSelector()
        self.woken, self.waker = os.pipe()
        for end in (self.woken, self.waker):
            os.set_blocking(end, False)
        self.selector.register(self.woken, selectors.EVENT_READ)
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._ask_to_stop)
        signal.set_wakeup_fd(self.waker)

    def _ask_to_stop(self, *_: object) -> None:
        self.stop_asked += 1

    def adopt(
        self,
        name: str,
        process: subprocess.Popen[bytes],
        *,
        stop_by: signal.Signals = signal.SIGTERM,
        seconds: float = 10,
        rank: int = 0,
        silent: bool = False,
    ) -> Program:
        """Look after a program whose output is a pipe. A `silent` one keeps what it says to itself, in `said`."""
        program = Program(name, process, stop_by, seconds, rank, silent)
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        self.selector.register(process.stdout, selectors.EVENT_READ, program)
        self.programs.append(program)
        return program

    def start(
        self,
        name: str,
        command: Command,
        environment: dict[str, str],
        *,
        dies_by: signal.Signals = signal.SIGTERM,
        seconds: float = 10,
        silent: bool = False,
    ) -> Program:
        """Start a program of the site itself and look after it."""
        process = processes.spawn(command, dies_by=dies_by, environment=environment, output=subprocess.PIPE)
        return self.adopt(name, process, seconds=seconds, silent=silent)

    def wait_for_line(self, program: Program, line: str, seconds: float) -> None:
        """Wait until a silent program says `line`, and drop it from what it said; its end is for `finish` to judge."""
        said = program.said
        self.wait_until(lambda: line in said or not program.runs, f"'{program.name}' came to nothing", seconds, {program.name})
        self._listen(0)
        if line not in said:
            self.finish(program)
        said.remove(line)

    def finish(self, program: Program, seconds: float = 600) -> None:
        """Wait for a program that does one thing and ends, and let it go."""
        self.wait_until(lambda: not program.runs, f"'{program.name}' did not end", seconds, ends={program.name})
        self._listen(0)
        self.programs.remove(program)
        if program.process.returncode:
            for line in program.said:
                say(line, program.name)
            raise SetupError(f"'{program.name}' failed (exit {program.process.returncode}); its lines above say why.")

    def wait_until(
        self, done: Callable[[], bool], otherwise: str, seconds: float, ends: frozenset[str] | set[str] = frozenset()
    ) -> None:
        until = time.monotonic() + seconds
        while not done():
            self._listen(0.05)
            self._check(ends)
            if time.monotonic() > until:
                raise SetupError(f"{otherwise} within {seconds:.0f} s; the lines above may say why.")

    def stand_by(self) -> None:
        """Go on until one program ends or somebody asks to stop."""
        while True:
            self._listen(1.0)
            self._check()

    def stop_all(self) -> None:
        """Stop rank by rank. A second Ctrl-C kills what hesitates, the database excepted."""
        asked = max(self.stop_asked, 1)
        for rank in sorted({program.rank for program in self.programs}):
            self._stop([program for program in self.programs if program.rank == rank], asked)

    def close(self) -> None:
        """Give back what listening took."""
        signal.set_wakeup_fd(-1)
        self.selector.close()
        os.close(self.woken)
        os.close(self.waker)

    def _stop(self, programs: list[Program], asked: int) -> None:
        for program in programs:
            if program.runs:
                program.process.send_signal(program.stop_by)
        began = time.monotonic()
        while programs:
            self._listen(0.05)
            impatient = self.stop_asked > asked
            for program in list(programs):
                late = time.monotonic() - began > program.seconds
                if program.runs and (late or (impatient and program.rank == 0)):
                    say(f"{program.name} does not stop: killed")
                    processes.kill_group(program.process)
                    program.process.wait(5)
                if not program.runs:
                    processes.kill_group(program.process)
                    programs.remove(program)

    def _check(self, may_end: frozenset[str] | set[str] = frozenset()) -> None:
        if self.stop_asked:
            raise StopAskedError
        for program in self.programs:
            if not program.runs and program.name not in may_end:
                code = program.process.returncode
                raise SetupError(f"{program.name} ended by itself (exit {code}); everything else is stopped too.")

    def _listen(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            if key.data is None:
                os.read(self.woken, 1024)
                continue
            program: Program = key.data
            chunk = os.read(key.fd, 65536)
            if not chunk:
                self.selector.unregister(key.fileobj)
                if program.process.stdout is not None:
                    program.process.stdout.close()
            *lines, program.rest = (program.rest + (chunk or b"\n" * bool(program.rest))).split(b"\n")
            for line in lines:
                self._hear(program, line.decode(errors="replace").rstrip())

    def _hear(self, program: Program, line: str) -> None:
        if program.silent:
            program.said.append(line)
        elif line:
            say(line, program.name)


def python(*parts: str | Path) -> list[str | Path]:
    """A command of this Python, and so of the installed packages."""
    return [sys.executable, *parts]
