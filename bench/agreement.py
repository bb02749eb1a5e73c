"""What a report of agreement costs: `python -m bench.agreement`, processor time and memory of one process.

50 articles of one patient, read twice with 300 features of the kinds a codebook has: the libraries loaded, the report computed,
and for comparison the libraries asked for kappa and alpha of each draw instead of ours for stacks of them, each different table
of ratings once.
"""

import random
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

from curation.agreement.shape import Unit

ARTICLES, FEATURES, DRAWS, SEED = 50, 300, 1000, 1


def main() -> None:
    rows = made()
    before, began = memory(), process_time()
    intervals: Any = import_module("curation.agreement.intervals")
    say("libraries loaded", process_time() - began, f"{memory() - before} MB")
    began = process_time()
    intervals.agreement(rows)
    say("the report", process_time() - began, f"{len(rows)} rows, {len(rows['whole'])} units")
    spent, tables = each_draw_by_library(intervals.Table(rows))
    say("kappa and alpha of each draw by the libraries", spent, f"{tables} different tables")


def made() -> dict[str, list[Unit]]:
    """The whole, 20 groups and the features: three of five say present, excluded or nothing, one choices, one numbers."""
    rng, rows = random.Random(SEED), defaultdict[str, list[Unit]](list)
    for feature in range(FEATURES):
        answers = [str(n) for n in range(rng.choice((2, 3, 3, rng.randint(3, 6), rng.randint(10, 40))))]
        weights, agreed, answered = [rng.random() ** 2 + 0.02 for _ in answers], rng.uniform(0.8, 0.99), rng.uniform(0.6, 1)
        for article in range(ARTICLES):
            if rng.random() < answered:
                first, guess = rng.choices(answers, weights, k=2)
                unit = Unit(article, f"feature {feature}", first, first if rng.random() < agreed else guess)
                for row in ("whole", f"group {feature % 20}", unit.feature):
                    rows[row].append(unit)
    return rows


def each_draw_by_library(table: Any) -> tuple[float, int]:
    """The processor time spent in the libraries alone, and for how many tables."""
    coefficients: Any = import_module("curation.agreement.coefficients")
    numpy: Any = import_module("numpy")
    draws, spent, tables = numpy.random.default_rng(SEED).integers(ARTICLES, size=(DRAWS, ARTICLES)), 0.0, 0
    for ratings in table.ratings.values():
        seen = set()
        for draw in draws:
            units = numpy.repeat(numpy.arange(len(ratings.articles)), numpy.bincount(draw, minlength=ARTICLES)[ratings.articles])
            first, second = ratings.first[units], ratings.second[units]
            key = (first.T @ second).tobytes()
            if key not in seen:
                seen.add(key)
                began = process_time()
                coefficients.kappa(first, second)
                coefficients.alpha(first + second)
                spent += process_time() - began
        tables += len(seen)
    return spent, tables


def memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 1_000_000


def say(what: str, seconds: float, more: str) -> None:
    print(f"{what}: {seconds:.2f} s, {more}")


if __name__ == "__main__":
    main()
