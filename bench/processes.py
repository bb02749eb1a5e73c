"""What the kernel says of processes: whose children they are, their processor time, their memory."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def below(pid: int, named: str = "") -> list[int]:
    """All descendants of a process, those only whose command line holds the name."""
    parents = {int(each.name): _stat(int(each.name)) for each in Path("/proc").iterdir() if each.name.isdigit()}
    found, young = [], [pid]
    while young:
        young = [child for child, stat in parents.items() if stat and int(stat[1]) in young]
        found += young
    return [each for each in found if named in _command(each)]


def processor_seconds(pid: int) -> float:
    """Of a process, of its living descendants, and of those of its children that have ended."""
    own, others = _stat(pid), (_stat(each) for each in below(pid))
    return (sum(map(int, own[11:15])) + sum(int(n) for stat in others if stat for n in stat[11:15])) / TICKS


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def most_memory(pid: int) -> float:
    """MB that a process had at most in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def _stat(pid: int) -> list[str]:
    """Its fields from the state on (proc(5)); empty where it has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
