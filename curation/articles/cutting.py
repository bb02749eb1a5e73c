"""Bytes of PubMed XML in, one raw record each out: cut at the tags before anything is parsed, so that a damaged record
stops only itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

Kind = Literal["PubmedArticle", "PubmedBookArticle", "DeleteCitation", "nbib", "ris", "damaged"]

#: A record this large is no record; what a comment may hide is looked for no further.
LONGEST_RECORD = 16 * 1024 * 1024
LONGEST_COMMENT = 1024 * 1024
LONGEST_MARK = 24

MARK = re.compile(rb"<(?:!--|!\[CDATA\[|(/?)(Pubmed(?:Book)?Article|Delete(?:Citation|Document))(?=[\s>/]))")
#: MEDLINE's files until 2016 hold the citations bare.
BARE_MARK = re.compile(rb"<(?:!--|!\[CDATA\[|(/?)(MedlineCitation|DeleteCitation)(?=[\s>/]))")
FIRST_SET = re.compile(rb"<(?:Pubmed(?:Book)?Article|(MedlineCitationSet[\s>]))")
HEAD = 64 * 1024
TAIL = re.compile(rb"[^<>]*([<>])")
FURNITURE = re.compile(
    rb"\s+|\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^<]*\]\s*)?>"
    rb"|</?(?:Pubmed(?:Book)?Article|MedlineCitation)Set(?:\s[^<>]*)?/?>",
    re.DOTALL,
)
SET_MARK = re.compile(rb"<(/?)(?:Pubmed(?:Book)?Article|MedlineCitation)Set(?:\s[^<>]*?)?(/?)>")
ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
OTHER_ENCODINGS = {b"iso-8859-1", b"latin1", b"latin-1", b"windows-1252", b"iso-8859-15"}
PMID = re.compile(rb"<PMID(?:\s[^<>]*)?>\s*(\d{1,10})\s*</PMID>")
PMID_LINE = re.compile(rb"^(?:PMID ?-|AN {1,2}-) *(\d{1,10})\s*$", re.MULTILINE)

BETWEEN = "These bytes between two records are no record: its beginning is damaged."
NO_END = "The record has no end: its end is damaged, or the file was cut off here."
TOO_LONG = f"The record is larger than {LONGEST_RECORD // 1024 // 1024} MiB, which no PubMed record is."
NO_SET_END = "The file ends before its set of records is closed: it was cut off, and records may be missing after this one."
NO_DELETION = "This list of deletions names no PMID that can be read."


@dataclass(frozen=True, slots=True)
class Cut:
    """One record's own bytes (UTF-8) and where it began in the unpacked file. A deletion is one PMID of its list.

    ``trouble`` says of a damaged one what is wrong; its bytes are kept to be looked at. ``is_verbatim``: the bytes stand in the
    file as they are here.
    """

    kind: Kind
    offset: int
    body: bytes
    trouble: str = ""
    is_verbatim: bool = True

    @property
    def pmid(self) -> int | None:
        """The record's PMID as far as it can be seen without parsing: its first, because references come later."""
        found = (PMID_LINE if self.kind in ("nbib", "ris") else PMID).search(self.body)
        return int(found[1]) if found else None


def records(chunks: Iterable[bytes]) -> Iterator[Cut]:
    """Cut a stream of plain XML bytes; memory stays within one record."""
    source = iter(chunks)
    head = b""
    while not (first := FIRST_SET.search(head)) and len(head) < HEAD and (chunk := next(source, b"")):
        head += chunk
    cutter = Cutter(BARE_MARK if first and first[1] else MARK)
    for chunk in chain([head], source):
        yield from cutter.feed(chunk)
    yield from cutter.close()


class Cutter:
    """Feed it bytes, it gives back what is complete. Between records ``name`` is empty and ``start`` begins the gap."""

    def __init__(self, mark: re.Pattern[bytes] = MARK) -> None:
        self.mark = mark
        self.buffer = bytearray()
        self.base = 0  # where the buffer begins in the file
        self.start = 0  # in the buffer: of the open record or gap
        self.scan = 0  # in the buffer: everything before was looked at
        self.name = b""
        self.ended = False
        self.sets_open = 0
        self.encoding = ""

    def feed(self, chunk: bytes) -> Iterator[Cut]:
        self._trim()
        self.buffer += chunk
        yield from self._marks()
        if len(self.buffer) - self.start > LONGEST_RECORD:
            yield self._damaged(len(self.buffer) - LONGEST_MARK, TOO_LONG)
            self.name = b""

    def close(self) -> Iterator[Cut]:
        self.ended = True
        yield from self._marks()
        if self.name:
            yield self._damaged(len(self.buffer), NO_END)
            return
        yield from self._gap(len(self.buffer))
        if self.sets_open > 0:
            yield Cut("damaged", self.base + len(self.buffer), b"", NO_SET_END)

    def _trim(self) -> None:
        if self.start:
            del self.buffer[: self.start]
            self.base += self.start
            self.scan -= self.start
            self.start = 0

    def _marks(self) -> Iterator[Cut]:
        while mark := self.mark.search(self.buffer, self.scan):
            if mark[2] is None:
                after = self._after_hidden(mark.start(), mark.end())
                if after is None:
                    self.scan = mark.start()
                    return
                self.scan = after
                continue
            tail = TAIL.match(self.buffer, mark.end())
            if tail is None and not self.ended:
                self.scan = mark.start()
                return
            self.scan = tail.end() if tail and tail[1] == b">" else mark.end()
            if tail and tail[1] == b">":  # else its own end is lost, and what follows is another tag
                yield from self._closed(mark[2]) if mark[1] else self._opened(mark.start(), mark[2])
        self.scan = max(self.scan, len(self.buffer) - LONGEST_MARK)

    def _after_hidden(self, start: int, inside: int) -> int | None:
        """Where a comment or CDATA section ends, so that tags in it cut nothing; None while more bytes are needed.

        One that is not closed properly is damage, hides nothing, and is stepped over: it must not swallow its neighbours.
        """
        if self.buffer[start : start + 4] == b"<!--":
            end, closer, again = self.buffer.find(b"--", inside), b"-->", b""
        else:
            end, closer, again = self.buffer.find(b"]]>", inside), b"]]>", b"<![CDATA["
        if end < 0 or end + len(closer) > len(self.buffer):
            waits = not self.ended and len(self.buffer) - start < LONGEST_COMMENT
            return None if waits else inside
        proper = self.buffer[end : end + 3] == closer and not (again and self.buffer.find(again, inside, end) >= 0)
        return end + 3 if proper else inside

    def _opened(self, at: int, name: bytes) -> Iterator[Cut]:
        if self.name:
            yield self._damaged(at, NO_END)
        else:
            yield from self._gap(at)
        self.start, self.name = at, bytes(name)

    def _closed(self, name: bytes) -> Iterator[Cut]:
        if name != self.name:
            return  # an end without a beginning: found again as the gap's bytes, or as the open record's damage
        body, offset = self._take(self.scan), self.base + self.start
        self.start, self.name = self.scan, b""
        if name.startswith(b"Delete"):
            yield from _deletions(body, offset, self._is_utf8)
        else:
            kind: Kind = "PubmedBookArticle" if name == b"PubmedBookArticle" else "PubmedArticle"
            yield Cut(kind, offset, body, is_verbatim=self._is_utf8)

    def _gap(self, end: int) -> Iterator[Cut]:
        """What lies between records: the set's own furniture, or the remains of a record."""
        gap = bytes(self.buffer[self.start : end])
        if not self.encoding:
            declared = ENCODING.search(gap)
            self.encoding = declared[1].lower().decode() if declared and declared[1].lower() in OTHER_ENCODINGS else "utf-8"
        for mark in SET_MARK.finditer(gap):
            self.sets_open += -1 if mark[1] else 0 if mark[2] else 1
        rest = FURNITURE.sub(b"", gap)
        if rest:
            lead = len(gap) - len(gap.lstrip())
            yield Cut("damaged", self.base + self.start + lead, gap.strip(), BETWEEN)
        self.start = end

    def _damaged(self, end: int, trouble: str) -> Cut:
        cut = Cut("damaged", self.base + self.start, self._take(end), trouble, self._is_utf8)
        self.start, self.scan = end, max(self.scan, end)
        return cut

    @property
    def _is_utf8(self) -> bool:
        return self.encoding == "utf-8"

    def _take(self, end: int) -> bytes:
        """The open record's bytes, as UTF-8 whatever the file declared."""
        body = bytes(self.buffer[self.start : end])
        return body if self._is_utf8 else body.decode(self.encoding or "utf-8", "replace").encode()


def _deletions(body: bytes, offset: int, is_verbatim: bool) -> Iterator[Cut]:
    found = False
    for pmid in PMID.finditer(body):
        found = True
        yield Cut("DeleteCitation", offset + pmid.start(), pmid[0], is_verbatim=is_verbatim)
    if not found:
        yield Cut("damaged", offset, body, NO_DELETION, is_verbatim)
