"""The article list at 300,000 articles: each kind of search, its queries and the whole page.

    python -m bench.search [--articles 300000] [--runs 20] [--seed 1]

Some thousand records are imported as any are, then multiplied by set-based SQL, each copy with another PMID and date. Times are
of a request by a signed-in person, answered in this process: ``page`` all of it, ``queries`` the part spent in PostgreSQL.
"""

import argparse
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median

from bench import make_baseline, site, table

IMPORTED = 3_000
COPIED = (
    "pmid_version, title, title_html, vernacular_title, journal, journal_abbrev, issn, volume, issue, pages, elocation, "
    "published_literal, published_month, published_day, published_precision, electronic_date, languages, authors, "
    "authors_complete, publication_types, keywords, mesh, indexing_method, grants, databanks, history, identifiers, book, "
    "conflict_of_interest, copyright, record_status, publication_status, licence, licence_url, attribution, "
    "is_deleted_at_source, date_revised, first_imported_at, updated_at, search, doi"
)
MULTIPLY = f"""
INSERT INTO curation_article (pmid, published_year, {COPIED})
SELECT a.pmid + n * 1000000, 1950 + (a.pmid * 7 + n * 13) %% 75, {COPIED}
FROM curation_article a, generate_series(1, %s) n
"""
FIGURES = """
INSERT INTO curation_figure (article_id, key, position, label, image, thumbnail, withheld, stem, source_md5, sha256, source_url,
    licence, licence_url, attribution)
SELECT id, 'figure1', 1, 'Figure 1', '', '', '', '', '', '', '', '', '', '' FROM curation_article WHERE id %% 20 = %s
"""
NOTICES = """
INSERT INTO curation_notice (article_id, position, kind, source, note, doi)
SELECT id, 9, 'ErratumIn', '', '', '' FROM curation_article WHERE id %% 50 = %s
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with site.throw_away():
        fill(given.articles, given.seed)
        print(f"{site.machine()}; {given.articles} articles, seed {given.seed}\n")
        pages, queries = measured(given.runs)
        print("\n".join([*table.lines("page", pages, "ms", 1), "", *table.lines("queries", queries, "ms", 1)]))
        print("\nThe 95th of 100, page: " + ", ".join(f"{name} {late(times):.0f} ms" for name, times in pages.items()))


def fill(articles: int, seed: int) -> None:
    from django.db import connection

    from curation import tasks
    from curation.articles import actions
    from curation.models import User

    importer = User.objects.create(username="importer", is_superuser=True)
    file = BytesIO()
    make_baseline.write(file, records=IMPORTED, seed=seed)
    file.seek(0)
    batch = actions.open_batch_of_file(project=None, name="some.xml", stream=file, by=importer)
    tasks.run_batch.run(batch.pk)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX article_search")
        cursor.execute(MULTIPLY, [articles // IMPORTED - 1])
        cursor.execute(FIGURES, [3])
        cursor.execute(NOTICES, [7])
        cursor.execute("CREATE INDEX article_search ON curation_article USING gin (search)")
        cursor.execute("VACUUM ANALYZE")


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
