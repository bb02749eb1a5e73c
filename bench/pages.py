"""How many queries each page of the demo asks, and how long the server takes for it.

Run: ``./casebook bench pages`` or ``.venv/bin/python -m bench.pages [N]``; N requests a page (default 30) after one that
warms the caches, one process, no network between: Django's test client against a database of its own.
"""

import statistics
import sys
import time
from io import StringIO

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
        # the site's modules need its settings first
        from bench.pages_of_the_demo import Visitor, demo

        places = demo()
        print(f"{site.machine()}; n = {times}\n")
        print("| page | as | queries | min ms | median ms | max ms | kB |")
        print("|---|---|---|---|---|---|---|")
        for person, name, address in ADDRESSES:
            visitor = Visitor(person)
            asked, size = visitor.count(address.format(**places))
            taken = sorted(visitor.time(address.format(**places)) for _ in range(times))
            shown = [taken[0], statistics.median(taken), taken[-1]]
            print(f"| {name} | {person} | {asked} | {' | '.join(f'{each * 1000:.0f}' for each in shown)} | {size / 1024:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
