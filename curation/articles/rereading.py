"""Kept sources read again, as after a change of a parser: records, and the full texts laid beside them. Asks nobody.

A full text that is withheld leaves its references only, which are kept as a source of their own.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from curation.articles import citing, jats, parsing, shelf, store
from curation.articles.jats import FullText
from curation.articles.records import Cited
from curation.errors import Invalid
from curation.models import SourceRecord


class Reparsed(NamedTuple):
    """``last`` is the last article's id, to go on after; ``refused`` says by article why its source cannot be read any more."""

    seen: int
    last: int
    changed: list[int]
    refused: dict[int, str]


def some(*, after: int, project_id: int | None, most: int) -> Reparsed | None:
    """The next articles; None where there is no further one. What an article says already is not written."""
    sources = store.sources(after=after, project_id=project_id, most=most)
    if not sources:
        return None
    texts, refused = _full_texts([source.article_id for source in sources])
    listed = references([source.article_id for source in sources if source.article_id not in refused], texts)
    records: dict[int, store.Incoming] = {}
    for source in sources:
        try:
            record = parsing.read_again(source.kind, source.body)
        except Invalid as refusal:
            refused[source.article_id] = refusal.detail
            continue
        if source.article_id not in refused:
            beside = citing.merged(record.references, listed.get(source.article_id, ()))
            records[source.article_id] = store.Incoming(replace(record, references=tuple(beside)), source.body, source.kind)
    changed = set(store.rewrite(records))
    changed |= {article_id for article_id, text in texts.items() if article_id in records and shelf.reread(article_id, text)}
    return Reparsed(len(sources), sources[-1].article_id, sorted(changed), refused)


def _full_texts(article_ids: Sequence[int]) -> tuple[dict[int, FullText], dict[int, str]]:
    """By article: its kept full text; and why one cannot be read any more."""
    read, refused = {}, {}
    for article_id, body in _bodies(article_ids, "jats"):
        try:
            read[article_id] = jats.parse(body)
        except Invalid as refusal:
            refused[article_id] = f"its full text: {refusal.detail}"
    return read, refused


def references(article_ids: Iterable[int], texts: Mapping[int, FullText]) -> dict[int, Sequence[Cited]]:
    """By article: the reference list of its full text, also of one that is withheld."""
    found: dict[int, Sequence[Cited]] = {article_id: text.references for article_id, text in texts.items()}
    for article_id, body in _bodies(article_ids, "references"):
        found.setdefault(article_id, [Cited(**each) for each in json.loads(body)])
    return found


def _bodies(article_ids: Iterable[int], kind: str) -> Iterator[tuple[int, bytes]]:
    rows = SourceRecord.objects.filter(article__in=list(article_ids), kind=kind).order_by("pk")
    for row in rows.iterator(chunk_size=20):
        yield row.article_id, zlib.decompress(row.body)


def restore_references(article_ids: Sequence[int]) -> None:
    """PubMed's lists replaced what was here: lay those of the full texts beside them again."""
    texts, _ = _full_texts(article_ids)
    for article_id, found in references(article_ids, texts).items():
        shelf.keep_references(article_id, found)
