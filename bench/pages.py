"""How many queries each page asks and how long the server takes for it, with ever more articles about the demo's own.

    python -m bench.pages [--articles 1000 10000 100000] [--runs 20] [--seed 1]

The demo is seeded, then the shelf grows (``bench.shelf``); each made article waits for screening in the demo's project, and one
in ten was included. One process set up as the server's are, no network between: Django's test client, after a visit that warms.
"""

import argparse
import time
from collections.abc import Callable
from io import StringIO
from statistics import median
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from bench import site
from portal import memory

ADDRESSES = (
    ("nobody", "first page", "/"),
    ("nobody", "articles", "/articles/"),
    ("curator", "articles of all", "/articles/"),
    ("curator", "articles by words", "/articles/?words=neuritis+OR+myositis"),
    ("nobody", "article", "/articles/{article}/"),
    ("nobody", "codebook", "/codebooks/imnm/1.0.0/"),
    ("nobody", "project", "/projects/imnm/"),
    ("nobody", "cohort", "/projects/imnm/cohort/?q=weakness_symmetry+%3D+asymmetric"),
    ("nobody", "finding", "/findings/{finding}/"),
    ("curator", "my readings", "/readings/"),
    ("curator", "workspace", "/readings/{reading}/"),
    ("moderator", "screening", "/projects/imnm/screening/"),
    ("moderator", "review queue", "/projects/imnm/review/"),
    ("moderator", "review", "/review/{reading}/"),
    ("moderator", "imports", "/imports/"),
    ("moderator", "import", "/imports/{batch}/"),
    ("moderator", "their project", "/projects/imnm/"),
    ("moderator", "account", "/account/"),
    ("nobody", "API: articles", "/api/v1/articles?page_size=50"),
    ("curator", "API: articles of all", "/api/v1/articles?page_size=50"),
    ("curator", "API: by words", "/api/v1/articles?page_size=50&words=neuritis+OR+myositis"),
    ("curator", "API: by all filters", "/api/v1/articles?page_size=50&kind=Case+Reports&figures=1&year_from=1990&words=neuritis"),
    ("curator", "API: of a project", "/api/v1/articles?page_size=50&project=imnm&state=included"),
    ("nobody", "API: article", "/api/v1/articles/{article}"),
    ("nobody", "API: cohort", "/api/v1/projects/imnm/cohort?q=weakness_symmetry+%3D+asymmetric"),
    ("nobody", "API: findings", "/api/v1/findings?project=imnm&page_size=50"),
)
SCREENED = """
INSERT INTO curation_screening (project_id, article_id, state, reason, version, changed_at)
SELECT p.id, a.id, CASE WHEN a.id % 10 = 1 THEN 'included' ELSE 'to_screen' END, '', 1, now()
FROM curation_article a, curation_project p WHERE p.slug = 'imnm'
ON CONFLICT DO NOTHING
"""


class Taken(NamedTuple):
    queries: int
    kilobytes: float
    milliseconds: list[float]
    of_processor: float

    @property
    def late(self) -> float:
        """The 95th of 100."""
        return sorted(self.milliseconds)[max(0, round(len(self.milliseconds) * 0.95) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with site.throw_away():
        call_command("seed_demo", stdout=StringIO())
        places, sizes = demo(), {}
        for articles in given.articles:
            fill(articles, min(given.articles), given.seed)
            sizes[articles] = measured(places, given.runs)
            print(f"{articles} articles: {site.machine()}; n = {given.runs}, seed {given.seed}", flush=True)
        print("\n".join(["", *lines(sizes)]))


def fill(articles: int, imported: int, seed: int) -> None:
    from bench import shelf
    from curation.audit import acting

    if articles == imported:
        shelf.begin(imported, seed)
    shelf.grow(articles, imported)
    with transaction.atomic(), acting(by=get_user_model().objects.get(username="moderator"), verb="screening.bench"):
        connection.cursor().execute(SCREENED)
    connection.cursor().execute("VACUUM ANALYZE")


def demo() -> dict[str, int]:
    """What the addresses name: the seed report, its reading, its import, and the finding derived from it."""
    with connection.cursor() as cursor:
        places = {}
        for name in ("article", "reading", "batch"):
            cursor.execute(f"SELECT min(id) FROM curation_{name}")
            places[name] = cursor.fetchone()[0]
        cursor.execute("SELECT max(id) FROM curation_finding WHERE rule_id IS NOT NULL AND state = 'published'")
        return {**places, "finding": cursor.fetchone()[0]}


def measured(places: dict[str, int], runs: int) -> dict[tuple[str, str], Taken]:
    visitors = {person: visitor(person) for person in {person for person, _, _ in ADDRESSES}}
    for person, _, address in ADDRESSES:
        visitors[person].get(address.format(**places))
    memory.settle()
    return {(name, person): taken(visitors[person], address.format(**places), runs) for person, name, address in ADDRESSES}


def visitor(person: str) -> Client:
    client = Client(headers={"host": "localhost"})
    if person != "nobody":
        client.force_login(get_user_model().objects.get(username=person))
    return client


def taken(client: Client, address: str, runs: int) -> Taken:
    asked: list[str] = []
    with connection.execute_wrapper(noting(asked)):
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: status {answer.status_code}")
    began = time.process_time()
    times = [timed(client, address) for _ in range(runs)]
    return Taken(len(asked), len(answer.content) / 1024, times, (time.process_time() - began) * 1000 / runs)


def noting(asked: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    return note


def timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - began) * 1000


def lines(sizes: dict[int, dict[tuple[str, str], Taken]]) -> list[str]:
    """A Markdown table: queries and weight at the largest size, then for each size least, median and 95th of 100 in ms.

    In brackets how much of that the page's own process worked (without the database's), which other work slows least.
    """
    largest = sizes[max(sizes)]
    heads = " | ".join(f"{articles:,} articles: min, median, 95th (own work)" for articles in sizes)
    return [
        f"| page | as | queries | kB | {heads} |",
        "|---" * (4 + len(sizes)) + "|",
        *(
            f"| {name} | {person} | {most.queries} | {most.kilobytes:.0f} | "
            + " | ".join(_times(each[name, person]) for each in sizes.values())
            + " |"
            for (name, person), most in largest.items()
        ),
    ]


def _times(each: Taken) -> str:
    return f"{min(each.milliseconds):.0f}, {median(each.milliseconds):.0f}, {each.late:.0f} ({each.of_processor:.0f})"


if __name__ == "__main__":
    main()
