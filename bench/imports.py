"""Every figure that the import is to reach, measured one after the other, and the table of them.

    python -m bench.imports [--runs 3] [--small]

The parts by themselves, with more options: bench.import_speed, bench.asked, bench.mutated, bench.upload. ``--small``
is a tenth of everything, to see that it runs. Needs the dependency group ``bench``; takes about half an hour on two cores.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from statistics import median

from bench import asked, import_speed, mutated, site, table, upload

SIZES = (3_000, 10_000, 30_000)
#: Begins the line in which a part says its rows of the table.
ROWS = "rows: "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    share = 10 if given.small else 1
    if given.part:
        print(f"{ROWS}{json.dumps(PARTS[given.part](given.runs, share))}", flush=True)
        return
    rows = [row for name in PARTS for row in alone(name, given.runs, given.small)]
    print("\n| work | measured | to reach | |\n|---|---|---|---|")
    for work, found, wanted, reached in rows:
        print(f"| {work} | {found} | {wanted} | {'reached' if reached else '**missed**'} |")


Row = tuple[str, str, str, bool]


def alone(name: str, runs: int, small: bool) -> list[Row]:
    """A part in a process of its own: each has its own database, and what one leaves in memory is not the next one's."""
    command = [sys.executable, "-m", "bench.imports", "--part", name, "--runs", str(runs), *(["--small"] if small else [])]
    print(f"\n# {name}", flush=True)
    rows: list[Row] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as part:
        for line in part.stdout or ():
            if line.startswith(ROWS):
                rows = [(row[0], row[1], row[2], row[3]) for row in json.loads(line.removeprefix(ROWS))]
            else:
                print(line, end="", flush=True)
    if part.returncode:
        raise SystemExit(f"The part “{name}” failed; its lines above say why.")
    return rows


def of_files(runs: int, share: int) -> list[Row]:
    sizes = {records // share: runs if records == SIZES[-1] else 1 for records in SIZES}
    measured = import_speed.measure(sizes, seed=1)
    most = {records: max(each["MB most memory of a worker"]) for records, each in measured.items()}
    largest = measured[max(sizes)]
    table.by_unit(largest)
    first, again = (median(largest[f"ratio {name}"]) for name in ("first / peer", "again / first"))
    work = median(largest["ratio first / peer, processor time"])
    memory = "; ".join(f"{mb:.0f} MB for {records:,} records" for records, mb in most.items())
    return [
        (
            f"{SIZES[-1] // share:,} citations into all tables / peer's parsing",
            f"{first:.2f} (processor time {work:.2f})",
            "0.45",
            first <= 0.45,
        ),
        ("most memory of a worker", memory, "200 MB, flat", max(most.values()) <= 200),
        ("the same file again / first, no row written", f"{again:.2f}", "0.5", again <= 0.5),
    ]


def of_pmids(runs: int, share: int) -> list[Row]:
    measured = asked.measure(clicks=50 // share, pmids=2_000, runs=runs, seed=1)
    table.by_unit(measured)
    click, limit = asked.p95(measured["s one PMID, click to article"]), median(measured["ratio to what the limit allows"])
    return [
        ("1 record by PMID, click to article page, 95th of 100", f"{click:.2f} s", "1 s", click <= 1),
        ("2,000 PMIDs / what 3 requests a second allow", f"{limit:.2f}", "1.10", limit <= 1.1),
    ]


def of_damage(runs: int, share: int) -> list[Row]:
    """Runs do not matter: each file is another."""
    parsed = mutated.parsed(10_000 // share, 1)
    with site.throw_away():
        stored = mutated.stored(1_000 // share, 1)
    print(f"cut and parsed: {parsed.line()}\nimported: {stored.line()}")
    whole = all(seen.kept == seen.read and not seen.crashes for seen in (parsed, stored))
    found = (
        f"{parsed.kept} of {parsed.read} parsed, {stored.kept} of {stored.read} stored; {parsed.crashes + stored.crashes} crashes"
    )
    return [(f"{10_000 // share:,} damaged files: undamaged records identical", found, "all, 0 crashes", whole)]


def of_uploads(runs: int, share: int) -> list[Row]:
    """Each size once."""
    measured = upload.measure(sizes=[size // share for size in SIZES], seed=1)
    table.by_unit(measured)
    grown = max(most[0] for name, most in measured.items() if name.startswith("MB more"))
    return [
        (
            "uploads through gunicorn, largest baseline-like file included",
            f"{grown:.0f} MB more in a web process",
            "50 MB, flat",
            grown < 50,
        )
    ]


PARTS: dict[str, Callable[[int, int], list[Row]]] = {
    "files": of_files,
    "pmids": of_pmids,
    "damage": of_damage,
    "uploads": of_uploads,
}


if __name__ == "__main__":
    main()
