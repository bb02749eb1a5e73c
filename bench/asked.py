"""What a person waits for who asks by PMID: one record from the click to its article's page, and 2,000 within NCBI's limit.

    python -m bench.asked [--clicks 50] [--pmids 2000] [--runs 3] [--seed 1]

The real site (gunicorn, two workers, broker, durable database) before a stand-in NCBI that answers at once. A click is what the
browser asks for: the form, the page of the import, its part every quarter of a second until it leads on, the article's page;
what a browser takes to draw them is not in it. Clicks follow each other at a second and a half, so that the limit of 3 requests a
second is not what is measured. The 2,000 are timed from the form to the last record's end; the limit itself allows them in the
time that their requests take at 3 a second.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench import make_baseline, running, table
from bench.running import require
from curation.articles import ncbi
from curation.tests.standin.server import Standin

BETWEEN_CLICKS = 1.5
LOOKS_AGAIN = 0.25  # as the page says: batches.BatchPage.look_again_ms
Measured = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clicks", type=int, default=50)
    parser.add_argument("--pmids", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    measured = measure(clicks=given.clicks, pmids=given.pmids, runs=given.runs, seed=given.seed)
    table.by_unit(measured)
    print(f"\nOne record: {1000 * p95(measured['s one PMID, click to article']):.0f} ms for the 95th of 100 (goal 1,000).")


def measure(*, clicks: int, pmids: int, runs: int, seed: int) -> Measured:
    measured: Measured = defaultdict(list)
    first = make_baseline.FIRST_PMID
    with standing_in(records=clicks + 1 + pmids * runs, seed=seed) as names, running.site(**names) as site:
        client = site.signed_in()
        for pmid in range(first, first + clicks + 1):
            taken = click(client, pmid)
            if pmid > first:  # the first one finds every process cold
                measured["s one PMID, click to article"].append(taken)
            time.sleep(BETWEEN_CLICKS)
        for n in range(runs):
            quiet(site)
            start = first + clicks + 1 + n * pmids
            taken = many(client, range(start, start + pmids))
            allowed = -(-pmids // ncbi.IDS_A_REQUEST) / ncbi.PER_SECOND
            measured[f"s {pmids} PMIDs to the last one's end"].append(taken)
            measured["ratio to what the limit allows"].append(taken / allowed)
    return measured


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


@contextmanager
def standing_in(*, records: int, seed: int) -> Iterator[dict[str, str]]:
    """A stand-in NCBI with so many made records, and the variables that lead a site to it."""
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as folder:
        make_baseline.make(Path(folder) / "records.xml", records=records, seed=seed)
        with Standin(Path(folder)) as standin:
            yield {"NCBI_BASE_URL": standin.url, "IDCONV_BASE_URL": standin.idconv_url, "NCBI_API_KEY": ""}


def click(client: httpx.Client, pmid: int) -> float:
    """Seconds from the click on “Import these” to the article's page."""
    form = {"pmids": str(pmid), "csrfmiddlewaretoken": running.token(client, "/imports/new/")}
    began = time.perf_counter()
    answer = client.post("/imports/pmids/", data=form, headers={"Origin": str(client.base_url).rstrip("/")})
    batch = answer.headers["Location"]
    page = client.get(batch)
    while "Location" not in page.headers and "HX-Redirect" not in page.headers:
        require(page.status_code == 200, f"{batch} answered {page.status_code}")
        require(time.perf_counter() - began < 60, f"{batch} leads nowhere: {page.text[:2000]}")
        time.sleep(LOOKS_AGAIN)
        page = client.get(batch, headers={"HX-Request": "true"})
    article = client.get(page.headers.get("Location") or page.headers["HX-Redirect"])
    taken = time.perf_counter() - began
    require(article.status_code == 200 and f"{pmid}" in article.text, f"PMID {pmid} is not on its page")
    return taken


def many(client: httpx.Client, pmids: range) -> float:
    """Seconds from the form to the end of the last record."""
    form = {"pmids": " ".join(map(str, pmids)), "csrfmiddlewaretoken": running.token(client, "/imports/new/")}
    began = time.perf_counter()
    batch = client.post("/imports/pmids/", data=form, headers={"Origin": str(client.base_url).rstrip("/")}).headers["Location"]
    said = ""
    while f"{len(pmids)} of {len(pmids)} records ended" not in said:
        require(time.perf_counter() - began < 120, f"{batch} does not end: {said[:3000]}")
        time.sleep(0.05)
        said = client.get(batch, headers={"HX-Request": "true"}).text
    return time.perf_counter() - began


def quiet(site: running.Site) -> None:
    """Wait until the links of what came are in: they are asked for within the same limit."""
    import psycopg

    with psycopg.connect(running.servers(site.folder)["DATABASE_URL"], autocommit=True) as database:
        until = time.monotonic() + 300
        while time.monotonic() < until:
            row = database.execute("SELECT count(*) FROM curation_linking WHERE state IN ('waiting', 'running')").fetchone()
            if row == (0,):
                return
            time.sleep(0.5)


if __name__ == "__main__":
    main()
