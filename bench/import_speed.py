"""The import of a baseline-like file against pubmed_parser, which only parses it: side by side, run by run.

    python -m bench.import_speed [--records 30000] [--runs 5] [--seed 1]

Ours: the upload read and its records listed, two workers parse and store them into all tables with their indexes (a cluster of
its own, durable as in production); then the same file again. The peer: ``parse_medline_xml`` of the same .xml.gz, its results
counted and let go. Ratios are of wall time within one run. Needs the dependency group ``bench``.
"""

import argparse
import gc
import resource
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from bench import make_baseline, site, table

WORKERS = 2
PEER = "import sys, pubmed_parser; print(sum(1 for _ in pubmed_parser.parse_medline_xml(sys.argv[1])))"
TABLES = ("article", "section", "reference", "notice", "sourcerecord")
Measured = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with site.throw_away() as home:
        path = home / "baseline.xml.gz"
        make_baseline.make(path, records=given.records, seed=given.seed)
        print(f"{site.machine()}; {given.records} records, seed {given.seed}, {plain_size(path) / 1e6:.0f} MB of XML")
        measured: Measured = defaultdict(list)
        for _ in range(given.runs):
            one_run(path, given.records, measured)
        report(measured)


def one_run(path: Path, records: int, measured: Measured) -> None:
    """The peer, our first import into empty tables, and the same file again."""
    empty_tables()
    began = time.perf_counter()
    counted = subprocess.run([sys.executable, "-c", PEER, str(path)], check=True, capture_output=True, text=True)
    peer = time.perf_counter() - began
    require(int(counted.stdout), records)
    first, ended = imported(path, measured)
    require(ended.get("new"), records)
    before = written_rows()
    again, ended = imported(path, measured)
    require(ended.get("unchanged"), records)
    require(written_rows() - before, 0)
    measured["s peer: pubmed_parser, parsing only"].append(peer)
    measured["s ours: into all tables, first"].append(first)
    measured["s ours: again, unchanged"].append(again)
    measured["ratio first / peer"].append(first / peer)
    measured["ratio again / first"].append(again / first)


def imported(path: Path, measured: Measured) -> tuple[float, dict[str, int]]:
    """Seconds from the upload's first byte to the last record's end, and the accounting."""
    from curation.articles import actions, ledger
    from curation.models import User

    importer, _ = User.objects.get_or_create(username="importer", is_superuser=True)
    workers = [Worker() for _ in range(WORKERS)]
    began = time.perf_counter()
    with path.open("rb") as stream:
        batch = actions.open_batch_of_file(project=None, name=path.name, stream=stream, by=importer)
    measured["s of these: the upload read and listed"].append(time.perf_counter() - began)
    for worker in workers:
        worker.ring(batch.pk)
    measured["MB most memory of a worker"].append(max(worker.ended() for worker in workers))
    return time.perf_counter() - began, ledger.counts(batch)


class Worker:
    """A process that has the site loaded and waits for its bell, as a Celery worker does."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", "from bench import import_speed; import_speed.work()"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._line()

    def ring(self, batch_id: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{batch_id}\n")
        self.process.stdin.flush()

    def ended(self) -> float:
        """Wait for its end; MB of memory it had at most."""
        most = float(self._line())
        self.process.communicate()
        return most

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


def work() -> None:
    """What a worker of this measurement does: one batch, then its peak of memory."""
    import django

    django.setup()
    from curation import tasks

    gc.collect()
    gc.freeze()  # as the site's workers do (portal.celery)
    print("ready", flush=True)
    tasks.run_batch(int(sys.stdin.readline()))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, flush=True)


def empty_tables() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE curation_batchitem, curation_batch, curation_article CASCADE")


def written_rows() -> int:
    """Rows ever inserted, updated or deleted in the tables of articles."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE relname = ANY(%s)",
            [[f"curation_{name}" for name in TABLES]],
        )
        return int(cursor.fetchone()[0])


def plain_size(path: Path) -> int:
    import gzip

    with gzip.open(path) as file:
        return file.seek(0, 2)


def require(found: object, wanted: object) -> None:
    if found != wanted:
        raise SystemExit(f"This run is not as it should be: {found} instead of {wanted}.")


def report(measured: Measured) -> None:
    for unit in ("s", "MB", "ratio"):
        rows = {name.partition(" ")[2]: values for name, values in measured.items() if name.partition(" ")[0] == unit}
        print("\n".join(["", *table.lines(unit, rows, "" if unit == "ratio" else unit)]))
    ratios = (median(measured["ratio first / peer"]), median(measured["ratio again / first"]))
    print(f"\nFirst import: {ratios[0]:.2f} x the peer's parsing (goal 0.45). Again: {ratios[1]:.2f} x the first (goal 0.5).")


if __name__ == "__main__":
    main()
