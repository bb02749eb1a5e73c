"""A section's markup written out again: only the allowed tags, and marks around the words that were quoted. Pure."""

from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

ALLOWED = frozenset(("i", "b", "em", "strong", "u", "sup", "sub"))
Span = tuple[int, int]  # code points of the section's text, end excluded


def safe(html: str) -> str:
    """The markup with nothing in it but the allowed tags, balanced; everything else becomes plain text or goes."""
    return _write(html, ())


def marked(html: str, text: str, spans: Iterable[Span], *, first: str = "") -> str:
    """The same, with ``<mark>`` around the spans of ``text``, the first with the id ``first``, so that links can lead to it.

    Where markup and text disagree the text is what counts.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    agrees = "".join(reader.words) == text
    return _write(html if agrees else escape(text), merged(spans), first)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, those that overlap or touch made one."""
    done: list[Span] = []
    for start, end in sorted(spans):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(done[-1][1], end))
        elif end > start:
            done.append((start, end))
    return tuple(done)


def _write(html: str, spans: tuple[Span, ...], first: str = "") -> str:
    writer = _Writer(spans, first)
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
    """Marks never cross a tag: each run of text between two tags gets its own, so that the result nests."""

    def __init__(self, spans: tuple[Span, ...], first: str) -> None:
        super().__init__(convert_charrefs=True)
        self.spans = spans
        self.mark = f'<mark id="{escape(first)}">' if first else "<mark>"
        self.at = 0
        self.out: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ALLOWED:
            self.open.append(tag)
            self.out.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while (last := self.open.pop()) != tag:
                self.out.append(f"</{last}>")
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        start, end = self.at, self.at + len(data)
        done = start
        for first, last in self.spans:
            if last <= start or first >= end:
                continue
            first, last = max(first, start), min(last, end)
            self.out.append(escape(data[done - start : first - start], quote=False))
            self.out.append(f"{self.mark}{escape(data[first - start : last - start], quote=False)}</mark>")
            self.mark = "<mark>"
            done = last
        self.out.append(escape(data[done - start :], quote=False))
        self.at = end

    def finish(self) -> str:
        self.out.extend(f"</{tag}>" for tag in reversed(self.open))
        return "".join(self.out)
