"""How many queries each page of the demo asks, and how long the server takes for it.

Run: ``.venv/bin/python -m bench.pages [N]``; N requests a page (default 30) after one that
warms the caches, one process, no network between: Django's test client against a database of its own.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from io import StringIO
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench import site

ADDRESSES = (
    ("nobody", "first page", "/"),
    ("nobody", "articles", "/articles/"),
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
    ("moderator", "project", "/projects/imnm/"),
    ("moderator", "account", "/account/"),
    ("nobody", "API: articles", "/api/v1/articles"),
    ("nobody", "API: article", "/api/v1/articles/{article}"),
    ("nobody", "API: cohort", "/api/v1/projects/imnm/cohort?q=weakness_symmetry+%3D+asymmetric"),
    ("nobody", "API: findings", "/api/v1/findings?project=imnm"),
)


def main(times: int) -> None:
    with site.throw_away():
        call_command("seed_demo", stdout=StringIO())
        places = demo()
        print(f"{site.machine()}; n = {times}\n")
        print("| page | as | queries | min ms | median ms | max ms | kB |\n|---|---|---|---|---|---|---|")
        for person, name, address in ADDRESSES:
            client, address = visitor(person), address.format(**places)
            client.get(address)
            asked: list[str] = []
            with connection.execute_wrapper(noting(asked)):
                answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            taken = [f"{each * 1000:.0f}" for each in spread(timed(client, address) for _ in range(times))]
            print(f"| {name} | {person} | {len(asked)} | {' | '.join(taken)} | {len(answer.content) / 1024:.0f} |")


def demo() -> dict[str, int]:
    """What the addresses name: the seed report, its reading, its import, and the finding derived from it."""
    with connection.cursor() as cursor:
        places = {}
        for name in ("article", "reading", "batch"):
            cursor.execute(f"SELECT min(id) FROM curation_{name}")
            places[name] = cursor.fetchone()[0]
        cursor.execute("SELECT max(id) FROM curation_finding WHERE rule_id IS NOT NULL AND state = 'published'")
        return {**places, "finding": cursor.fetchone()[0]}


def noting(asked: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    return note


def visitor(person: str) -> Client:
    client = Client(headers={"host": "localhost"})
    if person != "nobody":
        client.force_login(get_user_model().objects.get(username=person))
    return client


def timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return time.perf_counter() - began


def spread(seconds: Iterable[float]) -> tuple[float, float, float]:
    taken = sorted(seconds)
    return taken[0], statistics.median(taken), taken[-1]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
