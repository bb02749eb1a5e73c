"""Several programs run together: what they say is shown, an end is noticed, a failure is told."""

import signal
import sys
from collections.abc import Iterator

import pytest

from portal import env
from portal.embedded.processes import SetupError
from portal.embedded.supervisor import Program, StopAskedError, Supervisor

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """A supervisor; the signals it listens to are given back."""
    before = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop_all()
    supervisor.close()
    for signum, handler in before.items():
        signal.signal(signum, handler)


def start(supervisor: Supervisor, code: str, *, silent: bool = True, seconds: float = 10) -> Program:
    return supervisor.start("program", [sys.executable, "-c", code], env.for_child(), silent=silent, seconds=seconds)


def test_what_a_program_says_is_shown_under_its_name(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    supervisor.finish(start(supervisor, "print('one'); print('two', end='')", silent=False))
    assert capfd.readouterr().out == " program | one\n program | two\n"


def test_a_silent_program_keeps_it_to_itself(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    program = start(supervisor, "print('one')")
    supervisor.finish(program)
    assert (program.said, capfd.readouterr().out) == (["one"], "")


def test_a_line_waited_for_is_taken_out(supervisor: Supervisor) -> None:
    program = start(supervisor, "print('half'); print('whole')")
    supervisor.wait_for_line(program, "half", 20)
    supervisor.finish(program)
    assert program.said == ["whole"]


def test_a_failure_is_told_with_what_the_program_said(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    program = start(supervisor, "raise SystemExit('no such table')")
    with pytest.raises(SetupError, match=r"'program' failed \(exit 1\)"):
        supervisor.wait_for_line(program, "half", 20)
    assert "no such table" in capfd.readouterr().out


def test_an_end_that_was_not_asked_for_stops_everything(supervisor: Supervisor) -> None:
    start(supervisor, "pass")
    with pytest.raises(SetupError, match=r"program ended by itself \(exit 0\)"):
        supervisor.stand_by()


def test_a_signal_asks_to_stop(supervisor: Supervisor) -> None:
    start(supervisor, STUBBORN, seconds=0)
    signal.raise_signal(signal.SIGTERM)
    with pytest.raises(StopAskedError):
        supervisor.stand_by()


def test_a_program_that_does_not_stop_is_killed(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    program = start(supervisor, STUBBORN, seconds=0.1)
    supervisor.wait_for_line(program, "ready", 20)
    supervisor.stop_all()
    assert program.process.returncode == -signal.SIGKILL
    assert "program does not stop: killed" in capfd.readouterr().out
