"""Records to rows: COPY into staging, then set-based statements, the same for one record and for thousands.

Runs inside the caller's transaction. A text that changed becomes a new section; the old row stays for its evidence.
"""

import hashlib
import json
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from isal import isal_zlib

from curation.articles import statements, words
from curation.articles.records import Deletion, Passage, Record
from curation.choices import ItemState, SectionKind

#: The sections a PubMed record speaks for; captions and full text come from elsewhere and are left alone.
OF_PUBMED = [SectionKind.TITLE, SectionKind.ABSTRACT, SectionKind.OTHER_ABSTRACT, SectionKind.KEYWORDS, SectionKind.CONFLICT]
KEPT_NEWER = "A newer version of this record is already here and was kept."
KEPT_FULLER = "PubMed's own record of it, which says more, is already here and was kept."
JSON = {"authors", "publication_types", "keywords", "mesh", "grants", "databanks", "history", "identifiers", "book"}
COLUMNS = statements.ARTICLE.split(", ")
PLACES_OF_JSON = [place for place, column in enumerate(COLUMNS) if column in JSON]
EMPTY_JSON = {place: "{}" if COLUMNS[place] in ("identifiers", "book") else "[]" for place in PLACES_OF_JSON}
LANGUAGES = COLUMNS.index("languages")
VALUES = attrgetter(*(column.replace("published_", "published.") for column in COLUMNS))
to_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class Incoming(NamedTuple):
    """A parsed record and the bytes it was parsed from."""

    record: Record
    raw: bytes
    source: str = "pubmed"  # or nbib, ris, which say less


class Outcome(NamedTuple):
    state: ItemState
    article_id: int
    reason: str = ""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def unchanged(raw: Mapping[int, bytes]) -> dict[int, int]:
    """Of records not yet parsed, by PMID: those that are here from the very same bytes, and their articles' ids."""
    known = _known(raw)
    return {pmid: known[pmid][0] for pmid, data in raw.items() if pmid in known and known[pmid][1].get("pubmed") == sha256(data)}


Known = dict[int, tuple[int, dict[str, str]]]  # by PMID: the article's id, and the digest of each source it is kept from
Stored = dict[int, tuple[int, bool]]  # by PMID: the article's id and whether it is new, of those that were written
Written = Sequence[tuple[int, Incoming]]  # with the article's id


def _known(pmids: Iterable[int]) -> Known:
    with connection.cursor() as cursor:
        cursor.execute(statements.KNOWN, [list(pmids)])
        return {pmid: (article_id, json.loads(digests)) for pmid, article_id, digests in cursor.fetchall()}


def _is_news(incoming: Incoming, known: Known, digest: str) -> bool:
    """Other bytes than before; of NBIB and RIS only while PubMed's own record, which says more, is not here."""
    _, digests = known.get(incoming.record.pmid, (0, {}))
    return digests.get(incoming.source) != digest and (incoming.source == "pubmed" or "pubmed" not in digests)


def store(records: Sequence[Incoming]) -> list[Outcome]:
    """Take the records in, in their order, and say of each what became of it.

    Where a PMID comes several times each later one meets what the earlier one left, as if they had come alone.
    """
    outcomes: dict[int, Outcome] = {}
    with connection.cursor() as cursor:
        for places in _rounds(records):
            found = _store_round(cursor, [records[n] for n in places])
            outcomes.update(zip(places, found, strict=True))
    return [outcomes[n] for n in range(len(records))]


def _rounds(records: Sequence[Incoming]) -> list[list[int]]:
    """Places of the records, such that no PMID comes twice in a round."""
    rounds: list[list[int]] = []
    times: dict[int, int] = {}
    for place, incoming in enumerate(records):
        n = times[incoming.record.pmid] = times.get(incoming.record.pmid, -1) + 1
        if n == len(rounds):
            rounds.append([])
        rounds[n].append(place)
    return rounds


def _store_round(cursor: CursorWrapper, records: Sequence[Incoming]) -> list[Outcome]:
    known = _known(i.record.pmid for i in records)
    try:
        with transaction.atomic():
            return _taken_in(cursor, records, known)
    except IntegrityError:
        now_known = _known(i.record.pmid for i in records)
        if now_known.keys() == known.keys():
            raise
        return _taken_in(cursor, records, now_known)  # another import had brought some of them meanwhile


def _taken_in(cursor: CursorWrapper, records: Sequence[Incoming], known: Known) -> list[Outcome]:
    digests = {i.record.pmid: sha256(i.raw) for i in records}
    changed = [i for i in records if _is_news(i, known, digests[i.record.pmid])]
    stored = _write(cursor, changed, digests, known) if changed else {}
    touched = {i.record.pmid for i in changed}
    return [_outcome(i, stored, known, touched) for i in records]


def _outcome(incoming: Incoming, stored: Stored, known: Known, touched: set[int]) -> Outcome:
    pmid = incoming.record.pmid
    if pmid in stored:
        article_id, is_new = stored[pmid]
        return Outcome(ItemState.NEW if is_new else ItemState.UPDATED, article_id)
    article_id, digests = known[pmid]
    kept_fuller = incoming.source != "pubmed" and "pubmed" in digests
    return Outcome(ItemState.UNCHANGED, article_id, KEPT_FULLER if kept_fuller else KEPT_NEWER if pmid in touched else "")


def _write(cursor: CursorWrapper, records: Sequence[Incoming], digests: Mapping[int, str], known: Container[int]) -> Stored:
    new = [i for i in records if i.record.pmid not in known]
    here = [i for i in records if i.record.pmid in known]
    stored = (_add(cursor, new, digests) if new else {}) | (_revise(cursor, here, digests) if here else {})
    words.write(article_id for article_id, _ in stored.values())
    return stored


def _add(cursor: CursorWrapper, records: Sequence[Incoming], digests: Mapping[int, str]) -> Stored:
    """New articles and what belongs to them go straight into their tables: there is nothing to compare them with.

    They go in the order of their keys, so that two imports never wait in a ring.
    """
    now = timezone.now()
    rows = (_article_row(i.record) for i in sorted(records, key=lambda i: i.record.pmid))
    fresh = ("", "", "", False, now, now)
    _copy_into(cursor, "curation_article", f"{statements.ARTICLE}, {statements.FRESH}", ((*row, *fresh) for row in rows))
    cursor.execute(statements.IDS, [[i.record.pmid for i in records]])
    ids: dict[int, int] = dict(cursor.fetchall())
    _add_belongings(cursor, [(ids[i.record.pmid], i) for i in records], digests)
    return {pmid: (article_id, True) for pmid, article_id in ids.items()}


def _add_belongings(cursor: CursorWrapper, written: Written, digests: Mapping[int, str]) -> None:
    now = timezone.now()
    for table, columns, rows in _belongings(written, digests):
        if table == "section":
            columns, rows = f"version, is_current, {columns}", ((1, True, *row) for row in rows)
        elif table == "sourcerecord":
            columns, rows = f"fetched_at, {columns}", ((now, *row) for row in rows)
        _copy_into(cursor, f"curation_{table}", columns.replace("record", "article_id"), rows)


def _prepare(cursor: CursorWrapper, tables: Iterable[str]) -> None:
    """Only those staging tables that are needed, and empty: at each commit the database makes new files for every one in use."""
    for table in tables:
        cursor.execute(statements.STAGING[table])
        cursor.execute(statements.EMPTY[table])


def _stage_articles(cursor: CursorWrapper, records: Sequence[Record]) -> None:
    _copy(cursor, "article", statements.ARTICLE, map(_article_row, records))


def _stage_belongings(cursor: CursorWrapper, written: Written, digests: Mapping[int, str]) -> None:
    for table, columns, rows in _belongings(written, digests):
        _copy(cursor, table, columns, rows)
    _copy(cursor, "stored", "record, article_id, is_new", ((article_id, article_id, False) for article_id, _ in written))


def _revise(cursor: CursorWrapper, records: Sequence[Incoming], digests: Mapping[int, str]) -> Stored:
    """Articles that are here come to what their records say, unless what is here is newer."""
    _prepare(cursor, ["article"])
    _stage_articles(cursor, [i.record for i in records])
    cursor.execute(statements.UPSERT)
    stored = {pmid: (article_id, is_new) for pmid, article_id, is_new in cursor.fetchall()}
    written = [(stored[i.record.pmid][0], i) for i in records if i.record.pmid in stored]
    if written:
        cursor.execute(statements.SET_PMCID, [[article_id for article_id, _ in written]])
        _prepare(cursor, statements.BELONGINGS)
        _stage_belongings(cursor, written, digests)
        write_sections(cursor, OF_PUBMED)
        for statement in (*statements.REPLACE_REFERENCES, *statements.REPLACE_NOTICES, statements.KEEP_SOURCES):
            cursor.execute(statement)
    return stored


def _belongings(written: Written, digests: Mapping[int, str]) -> Iterator[tuple[str, str, Iterable[Sequence[object]]]]:
    """Each table of what belongs to an article, its columns and rows; the first column is the article's id."""
    yield "section", f"record, {statements.SECTION}", (_section_row(key, p) for key, i in written for p in i.record.passages)
    yield "reference", f"record, {statements.REFERENCE}", (r for key, i in written for r in _reference_rows(key, i.record))
    yield "notice", f"record, {statements.NOTICE}", (r for key, i in written for r in _notice_rows(key, i.record))
    sources = ((key, i.source, digests[i.record.pmid], isal_zlib.compress(i.raw, 1)) for key, i in written)
    yield "sourcerecord", f"record, {statements.SOURCE}", sources


def write_sections(cursor: CursorWrapper, kinds: Sequence[str]) -> None:
    """Bring the touched articles' sections of these kinds to what was staged."""
    cursor.execute(statements.RETIRE_SECTIONS, [[str(k) for k in kinds]])
    cursor.execute(statements.REFRESH_SECTIONS)
    cursor.execute(statements.INSERT_SECTIONS)


def store_captions(article_id: int, captions: Sequence[Passage]) -> None:
    """The captions of one article's figures, which no PubMed record holds."""
    store_passages(article_id, captions, [SectionKind.CAPTION])


def store_passages(article_id: int, passages: Sequence[Passage], kinds: Sequence[str]) -> None:
    """All sections of these kinds of one article: what is not among the passages is no longer current."""
    with connection.cursor() as cursor:
        _prepare(cursor, ["section", "stored"])
        _copy(cursor, "section", f"record, {statements.SECTION}", (_section_row(0, p) for p in passages))
        cursor.execute(statements.TOUCH, [0, article_id])
        write_sections(cursor, kinds)


class Source(NamedTuple):
    """What an article was made from: ``kind`` is pubmed, nbib or ris; ``body`` the record's own bytes."""

    article_id: int
    kind: str
    body: bytes


def sources(*, after: int, project_id: int | None, most: int) -> list[Source]:
    """The next ``most`` articles' sources by the articles' ids, of one project or of all."""
    with connection.cursor() as cursor:
        cursor.execute(statements.SOURCES, {"after": after, "project": project_id, "most": most})
        return [Source(article_id, kind, zlib.decompress(body)) for article_id, kind, body in cursor.fetchall()]


def rewrite(records: Mapping[int, Incoming]) -> list[int]:
    """Bring articles, by their ids, to what their own sources say as they are read now. Returns the ids of those that changed."""
    digests = {i.record.pmid: sha256(i.raw) for i in records.values()}
    with connection.cursor() as cursor:
        _prepare(cursor, ["article", *statements.BELONGINGS])
        _stage_articles(cursor, [i.record for i in records.values()])
        _stage_belongings(cursor, list(records.items()), digests)
        cursor.execute(statements.REWORDED, [[str(kind) for kind in OF_PUBMED]])
        reworded = {pmid for (pmid,) in cursor.fetchall()}
        _write(cursor, [i for i in records.values() if i.record.pmid in reworded], digests, reworded)
    return [article_id for article_id, i in records.items() if i.record.pmid in reworded]


def mark_deleted(deletions: Sequence[Deletion]) -> dict[int, tuple[int, int]]:
    """Mark what PubMed deleted; nothing is taken away, because it may have been curated. A later version is left alone.

    Returns the article's id and version by PMID, marked or not.
    """
    with connection.cursor() as cursor:
        cursor.execute(statements.MARK_DELETED, [[d.pmid for d in deletions], [d.version for d in deletions]])
        return {pmid: (article_id, version) for pmid, article_id, version in cursor.fetchall()}


def copy_items(rows: Iterable[Sequence[object]]) -> None:
    """The items of a batch, all waiting: batch, position, identifier, PMID, offset."""
    columns = 'batch_id, position, identifier, pmid, "offset", state, attempts, reason, changed_at'
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (now,) = cursor.fetchone()
        with cursor.copy(f"COPY curation_batchitem ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, str(ItemState.WAITING), 0, "", now))


def _copy(cursor: CursorWrapper, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    _copy_into(cursor, f"incoming_{table}", columns, rows)


def _copy_into(cursor: CursorWrapper, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    """What the database refuses is raised as Django's error, as of any other statement: COPY is known to psycopg only."""
    with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _article_row(record: Record) -> list[object]:
    row = list(VALUES(record))
    for place in PLACES_OF_JSON:
        row[place] = to_json(row[place]) if row[place] else EMPTY_JSON[place]
    row[LANGUAGES] = _array(record.languages)
    return row


def _array(words: list[str]) -> object:
    """Codes of three letters as PostgreSQL writes an array, quicker than having each looked at; others are left to the driver."""
    return f"{{{','.join(words)}}}" if all(len(word) == 3 and word.isalpha() for word in words) else words


def _section_row(key: int, p: Passage) -> Sequence[object]:
    return key, p.key, p.kind, p.position, p.label, p.category, p.language, p.text, p.html, sha256(p.text.encode())


def _reference_rows(key: int, record: Record) -> Iterator[Sequence[object]]:
    for n, r in enumerate(record.references, 1):
        yield key, n, r.heading, r.citation, r.citation_html, r.doi, r.pmid, r.pmcid


def _notice_rows(key: int, record: Record) -> Iterator[Sequence[object]]:
    for n, r in enumerate(record.notices, 1):
        yield key, n, r.kind, r.source, r.note, r.pmid, r.doi
