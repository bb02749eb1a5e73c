"""The import of a baseline-like file against pubmed_parser, which only parses it: side by side, run by run.

    python -m bench.import_speed [--records 30000] [--runs 5] [--seed 1]

Ours: the upload read and its records listed, two workers parse and store them into all tables with their indexes, the words that
are searched among them (a cluster of its own, durable as in production); then the same file again. The peer:
``parse_medline_xml`` of the same .xml.gz, its results counted and let go. Ratios are of one run, of wall time and of processor
time: ours is that of the process that takes the upload, of the workers and of the whole database. Where other programs use the
cores too, four processes lose more wall time than the peer's one. Needs the dependency group ``bench``.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench import make_baseline, processes, site, table

WORKERS = 2
PEER = "import sys, pubmed_parser; print(sum(1 for _ in pubmed_parser.parse_medline_xml(sys.argv[1])))"
TABLES = ("article", "articlewords", "section", "reference", "notice", "sourcerecord")
Measured = dict[str, list[float]]


class Spent(NamedTuple):
    wall: float
    processor: float


class Clock:
    """Wall time, and the processor time of this process, its children and the database."""

    def __init__(self) -> None:
        self.database = database_pid()
        self.began = self._now()

    def spent(self) -> Spent:
        now = self._now()
        return Spent(now.wall - self.began.wall, now.processor - self.began.processor)

    def _now(self) -> Spent:
        return Spent(time.perf_counter(), processes.processor_seconds(os.getpid()) + self._of_the_database())

    def _of_the_database(self) -> float:
        """Nothing, where the launcher keeps it among this process's descendants, which are counted already."""
        return 0 if self.database in processes.below(os.getpid()) else processes.processor_seconds(self.database)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    report(measure({given.records: given.runs}, seed=given.seed)[given.records])


def measure(sizes: dict[int, int], *, seed: int) -> dict[int, Measured]:
    """By number of records: what so many runs with it measured."""
    measured: dict[int, Measured] = {records: defaultdict(list) for records in sizes}
    with site.throw_away() as home:
        for records, runs in sizes.items():
            path = home / f"{records}.xml.gz"
            make_baseline.make(path, records=records, seed=seed)
            print(f"{site.machine()}; {records} records, seed {seed}, {plain_size(path) / 1e6:.0f} MB of XML", flush=True)
            for _ in range(runs):
                one_run(path, records, measured[records])
    return measured


def one_run(path: Path, records: int, measured: Measured) -> None:
    """The peer, our first import into empty tables, and the same file again."""
    empty_tables()
    clock = Clock()
    counted = subprocess.run([sys.executable, "-c", PEER, str(path)], check=True, capture_output=True, text=True)
    peer = clock.spent()
    require(int(counted.stdout), records)
    first, ended = imported(path, measured)
    require(ended.get("new"), records)
    require(findable(), records)
    before = written_rows()
    again, ended = imported(path, measured)
    require(ended.get("unchanged"), records)
    require(written_rows() - before, 0)
    for name, spent in (("peer: pubmed_parser, parsing only", peer), ("ours: first", first), ("ours: again, unchanged", again)):
        measured[f"s {name}"].append(spent.wall)
        measured[f"s {name}, processor time"].append(spent.processor)
    measured["ratio first / peer"].append(first.wall / peer.wall)
    measured["ratio first / peer, processor time"].append(first.processor / peer.processor)
    measured["ratio again / first"].append(again.wall / first.wall)
    measured["ratio again / first, processor time"].append(again.processor / first.processor)


def imported(path: Path, measured: Measured) -> tuple[Spent, dict[str, int]]:
    """From the upload's first byte to the last record's end, and the accounting."""
    from curation.articles import actions, ledger
    from curation.models import User

    importer, _ = User.objects.get_or_create(username="importer", is_superuser=True)
    workers = [Worker() for _ in range(WORKERS)]
    clock = Clock()
    with path.open("rb") as stream:
        batch = actions.open_batch_of_file(project=None, name=path.name, stream=stream, by=importer)
    measured["s of these: the upload read and listed"].append(clock.spent().wall)
    for worker in workers:
        worker.ring(batch.pk)
    most = max(worker.most_memory() for worker in workers)
    spent = clock.spent()
    measured["MB most memory of a worker"].append(most)
    for worker in workers:
        worker.process.communicate()
    return spent, ledger.counts(batch)


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

    def most_memory(self) -> float:
        """Wait until its work is done; MB of memory it had at most."""
        return float(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


def work() -> None:
    """What a worker of this measurement does: one batch, then it says its peak of memory and waits to be let go."""
    import django

    django.setup()
    from curation import tasks
    from portal import celery

    celery.share_what_is_loaded()
    celery.collect_seldom()
    print("ready", flush=True)
    tasks.run_batch(int(sys.stdin.readline()))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, flush=True)
    sys.stdin.read()


def database_pid() -> int:
    """The database's first process, whose children the others are."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(processes.parent(int(cursor.fetchone()[0])))


def findable() -> int:
    """Articles that a search for words looks through."""
    from curation.models import ArticleWords

    return ArticleWords.objects.count()


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
    table.by_unit(measured)
    ratios = (median(measured["ratio first / peer"]), median(measured["ratio again / first"]))
    print(f"\nFirst import: {ratios[0]:.2f} x the peer's parsing (goal 0.45). Again: {ratios[1]:.2f} x the first (goal 0.5).")


if __name__ == "__main__":
    main()
