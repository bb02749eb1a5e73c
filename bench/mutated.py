"""Damaged files: of 20 records one is mutated; the other 19 must come out as they would have alone, parsed and in the tables.

    python -m bench.mutated [--files 10000] [--stored 1000] [--seed 1]

A mutation changes, drops or doubles some bytes of one record, anywhere in it, its own tags included. Every file is cut and
parsed; the first ``--stored`` of them are imported as uploads too, each into empty tables, and the rows of its undamaged records
are compared with those of an import without damage, and the accounts of each import are added up.
"""

import argparse
import io
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench import make_baseline, site
from curation.articles import cutting, parsing
from curation.articles.cutting import Cut
from curation.articles.records import Record
from curation.errors import Invalid, Refusal

IN_A_FILE = 20
RECORDS = 400
#: PMIDs so far apart that no mutation makes one of another.
PMIDS = range(30_000_001, 30_000_001 + RECORDS * 99_991, 99_991)
#: Each article in one line, without what differs from import to import.
ROWS = """
SELECT a.pmid, md5(concat_ws('|', to_jsonb(a) - '{id,first_imported_at,updated_at}'::text[],
    (SELECT jsonb_agg(to_jsonb(s) - '{id,article_id,version}'::text[] ORDER BY s.key) FROM curation_section s
     WHERE s.article_id = a.id AND s.is_current),
    (SELECT jsonb_agg(to_jsonb(r) - '{id,article_id}'::text[] ORDER BY r.position) FROM curation_reference r
     WHERE r.article_id = a.id),
    (SELECT jsonb_agg(to_jsonb(n) - '{id,article_id}'::text[] ORDER BY n.position) FROM curation_notice n
     WHERE n.article_id = a.id),
    (SELECT jsonb_agg(s.sha256) FROM curation_sourcerecord s WHERE s.article_id = a.id)))
FROM curation_article a WHERE a.pmid = ANY(%s)
"""

EMPTIED = [
    f"curation_{table}" for table in ("batchitem", "section", "reference", "notice", "sourcerecord", "articlewords", "article")
]


@dataclass
class Seen:
    """``read`` and ``kept`` count undamaged records and those that came out identical."""

    read: int = 0
    kept: int = 0
    refused: int = 0
    crashes: int = 0
    seconds: float = 0
    most_mb: list[float] = field(default_factory=list)

    def line(self) -> str:
        memory = f"{self.most_mb[0]:.0f} MB after a tenth, {self.most_mb[-1]:.0f} MB at the end" if self.most_mb else "none"
        return (
            f"undamaged records identical: {self.kept} of {self.read}; refused: {self.refused}; crashes: {self.crashes}; "
            f"most memory {memory}; {self.seconds:.0f} s"
        )


@dataclass
class Damaged:
    """A file's bytes and the PMIDs of its undamaged records."""

    data: bytes
    healthy: list[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--stored", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{given.files} files of {IN_A_FILE}, seed {given.seed}")
    print(f"cut and parsed: {parsed(given.files, given.seed).line()}", flush=True)
    with site.throw_away():
        print(f"{given.stored} of them imported: {stored(given.stored, given.seed).line()}")


def bodies(seed: int) -> dict[int, bytes]:
    maker = make_baseline.Maker(seed)
    return {pmid: maker.record(pmid).strip().encode() for pmid in PMIDS}


def files(count: int, seed: int) -> Iterator[Damaged]:
    chance, whole = random.Random(seed), bodies(seed)
    for _ in range(count):
        chosen, hurt = chance.sample(PMIDS, IN_A_FILE), chance.randrange(IN_A_FILE)
        pieces = [mutated(whole[pmid], chance) if place == hurt else whole[pmid] for place, pmid in enumerate(chosen)]
        yield Damaged(in_a_set(pieces), [pmid for place, pmid in enumerate(chosen) if place != hurt])


def in_a_set(pieces: list[bytes]) -> bytes:
    return make_baseline.HEAD.encode() + b"\n".join(pieces) + b"\n" + make_baseline.TAIL.encode()


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


def parsed(count: int, seed: int) -> Seen:
    whole = {pmid: parsing.parse(Cut("PubmedArticle", 0, body)) for pmid, body in bodies(seed).items()}
    seen, began = Seen(), time.perf_counter()
    for n, file in enumerate(files(count, seed), 1):
        found: dict[int, Record] = {}
        for cut in cutting.records([file.data]):
            try:
                record = parsing.parse(cut)
                found.setdefault(record.pmid, record)
            except Invalid:
                seen.refused += 1
            except Exception as error:  # noqa: BLE001 - any other is what is looked for
                seen.crashes += 1
                print(f"{type(error).__name__}: {error}")
        seen.read += len(file.healthy)
        seen.kept += sum(found.get(pmid) == whole[pmid] for pmid in file.healthy)
        note_memory(seen, n, count)
    seen.seconds = time.perf_counter() - began
    return seen


def stored(count: int, seed: int) -> Seen:
    """The same files through the whole import."""
    imported(in_a_set(list(bodies(seed).values())))
    whole, seen, began = rows(list(PMIDS)), Seen(), time.perf_counter()
    for n, file in enumerate(files(count, seed), 1):
        empty_tables()
        try:
            ended = imported(file.data)
            seen.refused += ended["quarantined"]
        except Refusal as refusal:  # the file as a whole, where its head was what was hurt
            print(f"refused: {refusal.detail}")
        except Exception as error:  # noqa: BLE001 - any other is what is looked for
            seen.crashes += 1
            print(f"{type(error).__name__}: {error}")
        now = rows(file.healthy)
        seen.read += len(file.healthy)
        seen.kept += sum(now.get(pmid) == whole[pmid] for pmid in file.healthy)
        note_memory(seen, n, count)
    seen.seconds = time.perf_counter() - began
    return seen


def imported(data: bytes) -> Counter[str]:
    """Its records by their end, after their sum was compared with how many were seen."""
    from curation.articles import actions, ledger, run
    from curation.models import User

    importer, _ = User.objects.get_or_create(username="importer", is_superuser=True)
    batch = actions.open_batch_of_file(project=None, name="damaged.xml", stream=io.BytesIO(data), by=importer)
    run.run_batch(batch.pk)
    ended = Counter(ledger.counts(batch))
    batch.refresh_from_db()
    if not run.close(batch) or sum(ended.values()) != batch.seen:
        raise AssertionError(f"{batch.seen} records seen, and these ends: {dict(ended)}")
    return ended


def empty_tables() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table in EMPTIED:
            cursor.execute(f"DELETE FROM {table}")


def rows(pmids: list[int]) -> dict[int, str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ROWS, [pmids])
        return dict(cursor.fetchall())


def note_memory(seen: Seen, n: int, count: int) -> None:
    if n in (max(1, count // 10), count):
        seen.most_mb.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


if __name__ == "__main__":
    main()
