"""A record as the rows that go to the database, column by column as ``statements`` names them. Pure."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from operator import attrgetter

from curation.articles import statements
from curation.articles.records import Passage, Record

JSON = {"authors", "publication_types", "keywords", "mesh", "grants", "databanks", "history", "identifiers", "book"}
COLUMNS = statements.ARTICLE.split(", ")
PLACES_OF_JSON = [place for place, column in enumerate(COLUMNS) if column in JSON]
EMPTY_JSON = {place: "{}" if COLUMNS[place] in ("identifiers", "book") else "[]" for place in PLACES_OF_JSON}
LANGUAGES = COLUMNS.index("languages")
VALUES = attrgetter(*(column.replace("published_", "published.") for column in COLUMNS))
to_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def article_row(record: Record) -> list[object]:
    row = list(VALUES(record))
    for place in PLACES_OF_JSON:
        row[place] = to_json(row[place]) if row[place] else EMPTY_JSON[place]
    row[LANGUAGES] = _array(record.languages)
    return row


def _array(words: list[str]) -> object:
    """Codes of three letters as PostgreSQL writes an array, quicker than having each looked at; others are left to the driver."""
    return f"{{{','.join(words)}}}" if all(len(word) == 3 and word.isalpha() for word in words) else words


def section_row(key: int, p: Passage) -> Sequence[object]:
    return (
        key,
        p.key,
        p.kind,
        p.position,
        p.label,
        p.category,
        p.language,
        p.text,
        p.html,
        hashlib.sha256(p.text.encode()).hexdigest(),
    )


def reference_rows(key: int, record: Record) -> Iterator[Sequence[object]]:
    for n, r in enumerate(record.references, 1):
        yield key, n, r.heading, r.citation, r.citation_html, r.doi, r.pmid, r.pmcid


def notice_rows(key: int, record: Record) -> Iterator[Sequence[object]]:
    for n, r in enumerate(record.notices, 1):
        yield key, n, r.kind, r.source, r.note, r.pmid, r.doi
