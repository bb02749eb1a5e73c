"""JATS tables as tables: readable plain text (cells by tabs, rows by lines), and the same letters in table markup. Pure."""

from collections.abc import Iterator

from lxml import etree

from curation.articles import jats_text
from curation.articles.jats_text import BETWEEN, Block
from curation.articles.markup import Marked

PARTS = ("thead", "tbody", "tfoot")
#: Rows and cells of tables as HTML has them, and as CALS does.
ROWS, CELLS = ("tr", "row"), ("td", "th", "entry")
WORDED = ("p", "list", "def-list", "disp-quote", "preformat", "boxed-text", "statement", "disp-formula")
WIDEST = 100  # columns or rows that a cell may span


def table(wrap: etree._Element) -> Marked:
    """Caption, rows and footnotes of a ``table-wrap``; empty for one that holds a picture only and no words."""
    caption = wrap.find("caption")
    text, html = "", ""
    for piece in (
        *(_paragraph(b) for b in (jats_text.blocks(caption) if caption is not None else ())),
        *(_paragraph(b) for child in wrap if child.tag in WORDED for b in jats_text.block(child)),
        *(_grid(each) for each in wrap.iter("table")),
        *(_paragraph(b) for foot in wrap.iterfind("table-wrap-foot") for b in _notes(foot)),
        *(_paragraph(b) for source in wrap.iterfind("attrib") for b in jats_text.block(source)),
    ):
        if piece.text:
            # the blank line goes inside the first tag that may hold words, so that both stay letter for letter the same
            between = BETWEEN if text else ""
            text += between + piece.text
            html += piece.html.replace(">", f">{between}", 1) if piece.html.startswith("<p>") else _begun(piece.html, between)
    return Marked(text, html)


def _begun(html: str, between: str) -> str:
    """The blank line inside the table's first cell."""
    at = html.index(">", html.index("<t", html.index("<tr>") + 1)) + 1
    return html[:at] + between + html[at:]


def _paragraph(block: Block) -> Marked:
    return Marked(block.words.text, f"<p>{block.words.html}</p>")


def _notes(foot: etree._Element) -> Iterator[Block]:
    """Each footnote on one line with its mark before it."""
    for child in foot:
        notes = [child] if child.tag == "fn" else list(child.iterfind("fn"))
        for note in notes:
            yield Block("p", jats_text.inline(note))
        if not notes:
            yield from jats_text.block(child)


def _grid(element: etree._Element) -> Marked:
    text, html = "", ""
    for tag, rows in _parts(element):
        html += f"<{tag}>"
        for row in rows:
            line = _row(row, head=tag == "thead", before="\n" if text else "")
            text += line.text
            html += line.html
        html += f"</{tag}>"
    return Marked(text, f"<table>{html}</table>") if text.strip() else Marked("", "")


def _parts(element: etree._Element) -> Iterator[tuple[str, list[etree._Element]]]:
    """Head, body and foot; rows that stand in none of them are a body."""
    if loose := _rows(element):
        yield "tbody", loose
    for part in (part for whole in (element, *element.iterfind("tgroup")) for part in whole):
        if part.tag in PARTS and (rows := _rows(part)):
            yield part.tag, rows


def _rows(part: etree._Element) -> list[etree._Element]:
    return [row for row in part if row.tag in ROWS and any(cell.tag in CELLS for cell in row)]


def _row(row: etree._Element, *, head: bool, before: str) -> Marked:
    text, html = "", ""
    for cell in row:
        if cell.tag in CELLS:
            words = jats_text.run_on(jats_text.paragraphs(cell))
            tag = "th" if head or cell.tag == "th" else "td"
            text += before + words.text
            html += f"<{tag}{_spans(cell)}>{before}{words.html}</{tag}>"
            before = "\t"
    return Marked(text, f"<tr>{html}</tr>")


def _spans(cell: etree._Element) -> str:
    found = ((name, cell.get(name, "1").strip()) for name in ("colspan", "rowspan"))
    return "".join(
        f' {name}="{int(value)}"'
        for name, value in found
        if value.isascii() and value.isdecimal() and 1 < int(value[:9]) <= WIDEST
    )
