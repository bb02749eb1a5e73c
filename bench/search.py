"""The article list at 300,000 articles: each kind of search, its queries and the whole page.

    python -m bench.search [--articles 300000] [--runs 20] [--seed 1]

The articles are those of ``bench.shelf``. Times are of a request by a signed-in person (and by nobody, where it says so),
answered in this process: ``page`` all of it, ``queries`` the part spent in PostgreSQL.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

from bench import site, table
from portal import memory

IMPORTED, RUNS, SEED = 3_000, 20, 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    with site.throw_away():
        fill(given.articles, given.seed)
        print(f"{site.machine()}; {given.articles} articles, seed {given.seed}\n")
        pages, queries = measured(given.runs)
        print("\n".join([*table.lines("page", pages, "ms", 1), "", *table.lines("queries", queries, "ms", 1)]))
        print("\nThe 95th of 100, page: " + ", ".join(f"{name} {late(times):.0f} ms" for name, times in pages.items()))


def fill(articles: int, seed: int) -> None:
    from bench import shelf

    shelf.begin(IMPORTED, seed)
    shelf.grow(articles, IMPORTED)


def searches() -> dict[str, str]:
    """What is asked for, by what it shows."""
    from curation.models import Article

    common = "neuritis OR myositis OR dermitis"
    some = Article.objects.exclude(authors=[]).order_by("pk")[7]
    rare = max(some.title.strip(".").split(), key=len)
    return {
        "all, the newest": "",
        "a common word": f"words={common}",
        "a rare word": f"words={rare}",
        "two words": f"words={' '.join(some.title.split()[:2])}",
        "a phrase": f'words="{" ".join(some.title.split()[:3])}"',
        "a word found nowhere": "words=zzzqx",
        "an author": f"author={some.authors[0]['last_name']}",
        "a journal": f"journal={some.journal_abbrev}",
        "years": "year_from=2000&year_to=2005",
        "a type": "kind=Case Reports",
        "with figures": "figures=1",
        "with notices": "notices=1",
        "a type with figures and a word": f"kind=Case Reports&figures=1&words={rare}",
        "the hundredth page": "page=100",
    }


def measured(runs: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    from django.db import connection
    from django.test import Client

    from curation.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get())
    client.get("/articles/")
    memory.settle()
    pages: dict[str, list[float]] = {}
    queries: dict[str, list[float]] = {}
    for name, asked in searches().items():
        for run in range(runs + 1):
            spent: list[float] = []
            began = time.perf_counter()
            with connection.execute_wrapper(timed(spent)):
                answer = client.get(f"/articles/?{asked}")
            took = time.perf_counter() - began
            if answer.status_code != 200:
                raise SystemExit(f"{name}: status {answer.status_code}")
            if run:  # the first one warms
                pages.setdefault(name, []).append(took * 1000)
                queries.setdefault(name, []).append(sum(spent) * 1000)
    return pages, queries


def timed(spent: list[float]) -> Callable[..., object]:
    def around(execute: Callable[..., object], *given: object) -> object:
        began = time.perf_counter()
        try:
            return execute(*given)
        finally:
            spent.append(time.perf_counter() - began)

    return around


def late(times: list[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)] if times else median(times)


if __name__ == "__main__":
    main()
