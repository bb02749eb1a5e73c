"""Damaged files: of 20 records one is mutated; the other 19 must come out as they would have alone.

    python -m bench.mutated [--files 10000] [--seed 1]

A mutation changes, drops or doubles some bytes of one record, anywhere in it, its own tags included. Nothing is stored: what
is measured is cutting and parsing, by which alone one record could harm another.
"""

import argparse
import random
import resource
import time

from bench import make_baseline
from curation.articles import cutting, parsing
from curation.articles.cutting import Cut
from curation.articles.records import Record
from curation.errors import Invalid

IN_A_FILE = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, maker = random.Random(given.seed), make_baseline.Maker(given.seed)
    bodies = [maker.record(pmid).strip().encode() for pmid in range(1, 401)]
    whole = [parsing.parse(Cut("PubmedArticle", 0, body)) for body in bodies]
    kept = read = quarantined = crashes = 0
    began, memory = time.perf_counter(), most_memory()
    for _ in range(given.files):
        chosen = chance.sample(range(len(bodies)), IN_A_FILE)
        hurt = chance.randrange(IN_A_FILE)
        pieces = [mutated(bodies[n], chance) if place == hurt else bodies[n] for place, n in enumerate(chosen)]
        found: dict[int, Record] = {}
        for cut in cutting.records([make_baseline.HEAD.encode(), b"\n".join(pieces), make_baseline.TAIL.encode()]):
            try:
                record = parsing.parse(cut)
                found.setdefault(record.pmid, record)
            except Invalid:
                quarantined += 1
            except Exception as error:  # noqa: BLE001 - any other is what is looked for
                crashes += 1
                print(f"{type(error).__name__}: {error}")
        healthy = [n for place, n in enumerate(chosen) if place != hurt]
        read += len(healthy)
        kept += sum(found.get(whole[n].pmid) == whole[n] for n in healthy)
    print(f"{given.files} files, seed {given.seed}, {time.perf_counter() - began:.0f} s")
    print(f"undamaged records identical: {kept} of {read}; pieces refused: {quarantined}; crashes: {crashes}")
    print(f"most memory: {memory:.0f} MB before, {most_memory():.0f} MB after")


def mutated(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(changed)), chance.randint(1, 40)
        piece = changed[at : at + length]
        if chance.random() < 0.4:
            changed[at : at + 1] = chance.randbytes(1)
        elif chance.random() < 0.5:
            del changed[at : at + length]
        else:
            changed[at:at] = piece
    return bytes(changed)


def most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
