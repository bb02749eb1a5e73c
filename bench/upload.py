"""A baseline-like file sent to the real site by its form, as .xml and as .xml.gz: how long it takes, and how much memory.

    python -m bench.upload [--records 3000 10000 30000] [--seed 1]

Memory is how much more a gunicorn process had at most (VmHWM) than before the first file: it must not grow with the file.
"""

import argparse
import gzip
import shutil
import time
from collections import defaultdict
from pathlib import Path

import httpx

from bench import make_baseline, processes, running, table
from bench.running import require

Measured = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[3_000, 10_000, 30_000])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    measured = measure(sizes=given.records, seed=given.seed)
    table.by_unit(measured)


def measure(*, sizes: list[int], seed: int) -> Measured:
    measured: Measured = defaultdict(list)
    with running.site() as site:
        client = site.signed_in()
        before = memory(site)
        measured["MB most memory of a web process, before"].extend(before.values())
        for records in sizes:
            packed = site.folder / f"{records}.xml.gz"
            make_baseline.make(packed, records=records, seed=seed)
            plain = packed.with_suffix("")
            with gzip.open(packed) as read, plain.open("wb") as written:
                shutil.copyfileobj(read, written)
            for path in (packed, plain):
                name = f"{path.stat().st_size / 1e6:.0f} MB {''.join(path.suffixes)}, {records} records"
                answered, ended = sent(client, path, records)
                measured[f"s until the answer: {name}"].append(answered)
                measured[f"s until the last record's end: {name}"].append(ended)
                grown = (most - before.get(pid, 0) for pid, most in memory(site).items())
                measured[f"MB more at most in a web process, after {name}"].append(max(grown))
    return measured


def memory(site: running.Site) -> dict[int, float]:
    """By process: MB at most so far."""
    web = processes.below(site.process.pid, "gunicorn")
    require(bool(web), "no web server runs")
    return {pid: processes.most_memory(pid) for pid in web}


def sent(client: httpx.Client, path: Path, records: int) -> tuple[float, float]:
    """Seconds from the first byte to the answer, and to the end of the last record."""
    form = {"csrfmiddlewaretoken": running.token(client, "/imports/new/")}
    began = time.perf_counter()
    with path.open("rb") as file:
        answer = client.post(
            "/imports/file/", data=form, files={"file": (path.name, file)}, headers={"Origin": str(client.base_url).rstrip("/")}
        )
    answered = time.perf_counter() - began
    require(answer.status_code == 302, f"the upload was answered {answer.status_code}: {answer.text[:500]}")
    said = ""
    while f"{records} of {records} records ended" not in said:
        require(time.perf_counter() - began < 600, f"the import does not end: {said[:2000]}")
        time.sleep(0.3)
        said = client.get(answer.headers["Location"], headers={"HX-Request": "true"}).text
    return answered, time.perf_counter() - began


if __name__ == "__main__":
    main()
