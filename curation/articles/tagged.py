"""NBIB and RIS, both of lines that begin with a tag: bytes in, one raw record each out, and a record's lines by tag. Pure."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from curation.articles.cutting import BETWEEN, LONGEST_RECORD, NO_END, TOO_LONG, Cut, Kind

#: Where a record begins, by the kind of file. NBIB records have no end of their own; those of RIS end by ER.
STARTS: dict[Kind, re.Pattern[bytes]] = {
    "nbib": re.compile(rb"^PMID ?- *", re.MULTILINE),
    "ris": re.compile(rb"^TY {1,2}- ?", re.MULTILINE),
}
RIS_END = re.compile(rb"^ER {1,2}-.*", re.MULTILINE)
#: A line of a record; what stands between records without one (“2.”, “Provider: …”) is how some sites number and head them.
TAGGED = re.compile(rb"^[A-Z][A-Z0-9]{1,3} {0,2}- ", re.MULTILINE)
#: Lines before the first record of RIS that are none of it.
LEAD = re.compile(rb"(?:[^\n<{]{0,300}\n){0,20}?(?=TY {1,2}- ?[A-Z])")
LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)")
BOM = b"\xef\xbb\xbf"
NOT_UTF_8 = "This record is not written in UTF-8: save the file as UTF-8 (Unicode), and import it again."


def layout(head: bytes) -> Kind | None:
    """Which of the two a file's first bytes begin, if any: known by what it holds, whatever it is called."""
    first = head.removeprefix(BOM).lstrip()
    found = next((kind for kind, start in STARTS.items() if start.match(first)), None)
    lead = None if found else LEAD.match(first)
    return "ris" if lead and not TAGGED.search(lead[0]) else found


def records(chunks: Iterable[bytes], kind: Kind) -> Iterator[Cut]:
    """Cut at each record's first line; memory stays within one record."""
    buffer, base, start = b"", 0, STARTS[kind]
    for chunk in chunks:
        buffer += chunk
        starts = [0, *(found.start() for found in start.finditer(buffer) if found.start())]
        for at, end in pairwise(starts):
            yield from _cut(buffer[at:end], base + at, kind)
        last = starts[-1]
        buffer, base = buffer[last:], base + last
        if len(buffer) > LONGEST_RECORD:
            yield Cut("damaged", base, buffer[:LONGEST_RECORD], TOO_LONG)
            buffer, base = buffer[LONGEST_RECORD:], base + LONGEST_RECORD
    yield from _cut(buffer, base, kind)


def _cut(body: bytes, offset: int, kind: Kind) -> Iterator[Cut]:
    if kind == "ris":
        body = _without_furniture(body)
    if not body.removeprefix(BOM).strip():
        return
    if not STARTS[kind].match(body.removeprefix(BOM)):
        yield Cut("damaged", offset, body, BETWEEN)
    elif kind == "ris" and not RIS_END.search(body):
        yield Cut("damaged", offset, body, NO_END)
    else:
        yield Cut(kind, offset, body.removeprefix(BOM), is_verbatim=not body.startswith(BOM))


def _without_furniture(body: bytes) -> bytes:
    """A record up to its end, without what only numbers or heads the next one; anything that may be of a record stays."""
    end = RIS_END.search(body)
    rest = body[end.end() :] if end else body
    return body[: len(body) - len(rest)] if not TAGGED.search(rest) else body


def lines(body: bytes) -> list[tuple[str, str]]:
    """Each tag with its value, in order; a line without a tag goes on with the value before it. Raises UnicodeDecodeError."""
    found: list[tuple[str, str]] = []
    for line in body.decode("utf-8").splitlines():
        if tagged := LINE.fullmatch(line):
            found.append((tagged[1], tagged[2].strip()))
        elif line.strip() and found:
            tag, before = found[-1]
            found[-1] = (tag, f"{before} {line.strip()}")
    return found
