"""A section's markup written out again: only the allowed tags, and marks around the words that were quoted. Pure."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

ALLOWED = frozenset(("i", "b", "em", "strong", "u", "sup", "sub"))
#: What full texts and tables are built of besides; kept only where the words are shown as blocks.
BLOCKS = ALLOWED | frozenset(("p", "ul", "li", "table", "thead", "tbody", "tfoot", "tr", "th", "td"))
SPANS = ("colspan", "rowspan")
Span = tuple[int, int]  # code points of the section's text, end excluded


def safe(html: str) -> str:
    """The markup with nothing in it but the allowed tags, balanced; everything else becomes plain text or goes."""
    return _write(html, ())


def marked(html: str, text: str, spans: Iterable[Span], *, first: str = "", blocks: bool = False) -> str:
    """The same, with ``<mark>`` around the spans of ``text``, the first with the id ``first``, so that links can lead to it.
    ``blocks`` lets paragraphs, lists and tables be.

    Where markup and text disagree the text is what counts.
    """
    pieces = [Piece(start, end, "<mark>", "</mark>") for start, end in merged(spans)]
    if pieces and first:
        pieces[0] = pieces[0]._replace(begins=f'<mark id="{escape(first)}">')
    return woven(html, text, pieces, blocks=blocks)


class Piece(NamedTuple):
    """A run of the text and the markup it is put in. Where tags cut the run each part is put in the same, the first in
    ``begins`` instead of ``opens`` where that is given; ``after`` follows the last."""

    start: int
    end: int
    opens: str
    closes: str
    begins: str = ""
    after: str = ""


def woven(html: str, text: str, pieces: Sequence[Piece], *, blocks: bool = False) -> str:
    """The markup written anew with the pieces woven in. They do not overlap and come in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    agrees = "".join(reader.words) == text
    return _write(html if agrees else escape(text), pieces, BLOCKS if blocks else ALLOWED)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, those that overlap or touch made one."""
    done: list[Span] = []
    for start, end in sorted(spans):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(done[-1][1], end))
        elif end > start:
            done.append((start, end))
    return tuple(done)


def _write(html: str, pieces: Sequence[Piece], allowed: frozenset[str] = ALLOWED) -> str:
    writer = _Writer(pieces, allowed)
    writer.feed(html)
    writer.close()
    return writer.finish()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class _Writer(HTMLParser):
    """What is woven in never crosses a tag: each run of text between two tags gets its own, so that the result nests."""

    def __init__(self, pieces: Sequence[Piece], allowed: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed = allowed
        self.pieces = pieces
        self.next = 0  # of the pieces, the first that is not behind
        self.at = 0
        self.out: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.allowed:
            kept = (f' {name}="{value}"' for name, value in attrs if name in SPANS and value and re.fullmatch(r"\d{1,3}", value))
            self.open.append(tag)
            self.out.append(f"<{tag}{''.join(kept)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while (last := self.open.pop()) != tag:
                self.out.append(f"</{last}>")
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        start, end = self.at, self.at + len(data)
        done = start
        for piece in self.pieces[self.next :]:
            if piece.start >= end:
                break
            first, last = max(piece.start, start), min(piece.end, end)
            if first < last:
                self.out.append(escape(data[done - start : first - start], quote=False))
                self.out += self._put(piece, data[first - start : last - start], is_first=first == piece.start)
                done = last
            if piece.end <= end:
                self.out.append(piece.after)
                self.next += 1
        self.out.append(escape(data[done - start :], quote=False))
        self.at = end

    def _put(self, piece: Piece, words: str, *, is_first: bool) -> tuple[str, ...]:
        """Blanks alone, such as part the cells of a row, are put in nothing, unless links lead to them."""
        opens = piece.begins if piece.begins and is_first else piece.opens
        said = escape(words, quote=False)
        return (said,) if words.isspace() and opens is not piece.begins else (opens, said, piece.closes)

    def finish(self) -> str:
        self.out.extend(f"</{tag}>" for tag in reversed(self.open))
        return "".join(self.out)
