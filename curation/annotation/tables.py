"""The cells of a table's section and where their words stand in its text. Pure: frozen markup and text in, cells out.

The markup without its tags is the text, letter for letter (``articles.jats_tables``), so a cell is a run of the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import takewhile

from curation.errors import Fault, Invalid

LONGEST_CELL = 5_000
ABOVE = " › "  # between the heads of one column
BESIDE = " · "  # between the cells of a row, for people


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell or row with the words ``text[start:end]`` and the heads of its row and column; see ``pieces.Cell``."""

    row: int
    column: int | None
    start: int
    end: int
    exact: str
    row_head: str = ""
    column_head: str = ""


@dataclass(slots=True)
class Box:
    """One cell as the markup has it. ``left`` is its first column in the grid, where spans count."""

    row: int
    column: int
    left: int
    width: int
    height: int
    is_head: bool
    start: int
    end: int = 0


@dataclass(slots=True)
class Table:
    rows: list[list[Box]] = field(default_factory=list)
    reaching: dict[int, tuple[int, Box]] = field(default_factory=dict)  # by grid column: rows left, and the cell that spans them


def tables(html: str, text: str) -> list[Table]:
    """None where markup and text disagree: then nobody can tell where a cell stands."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.tables if "".join(reader.words) == text else []


def placed(html: str, text: str) -> list[Placed]:
    """Every row and every cell that holds words, in their order."""
    found = []
    for table in tables(html, text):
        heads = list(takewhile(_is_head, table.rows))
        for n, boxes in enumerate(table.rows):
            if boxes:
                first = None if n < len(heads) else _first_of(table, boxes[0].row)
                found.append(_of_row(boxes, text, first))
                found += [_of_cell(box, text, first, heads[:n]) for box in boxes]
    return [each for each in found if each.exact]


def verify(html: str, text: str, *, row: int, column: int | None, exact: str = "") -> Placed:
    """The cell that is meant. Raises Invalid where it is not there, holds nothing, or other words than ``exact``."""
    rows = [boxes for table in tables(html, text) for boxes in table.rows]
    if not rows:
        raise _refused("this section holds no table; choose a cell of a table, or quote the words")
    if not 1 <= row <= len(rows):
        raise _refused(f"the table has {len(rows)} rows and no row {row}")
    if column is not None and not 1 <= column <= len(rows[row - 1]):
        raise _refused(f"row {row} of the table has {len(rows[row - 1])} cells and no cell {column}")
    found = next((each for each in placed(html, text) if (each.row, each.column) == (row, column)), None)
    if found is None:
        raise _refused(f"the cell {column} of row {row} is empty" if column else f"row {row} is empty")
    if exact and exact.split() != found.exact.split():
        raise _refused(f"it holds “{found.exact[:80]}” and not “{exact[:80]}”; choose it again")
    if len(found.exact) > LONGEST_CELL:
        raise _refused(f"it has {len(found.exact)} characters ({LONGEST_CELL} at most); quote the words that say so")
    return found


def in_words(exact: str) -> str:
    """What a row holds, on one line."""
    return BESIDE.join(filter(None, (" ".join(part.split()) for part in exact.split("\t"))))


def _of_row(boxes: Sequence[Box], text: str, first: Box | None) -> Placed:
    at = _trimmed(text, boxes[0].start, boxes[-1].end)
    return Placed(boxes[0].row, None, *at, text[slice(*at)], row_head=_words(text, first) if first else "")


def _of_cell(box: Box, text: str, first: Box | None, heads: Sequence[Sequence[Box]]) -> Placed:
    """``heads``: the rows of the head above it."""
    at = _trimmed(text, box.start, box.end)
    above = [
        other for boxes in heads for other in boxes if other.left < box.left + box.width and box.left < other.left + other.width
    ]
    return Placed(
        box.row,
        box.column,
        *at,
        text[slice(*at)],
        row_head=_words(text, first) if first and first is not box else "",
        column_head=ABOVE.join(filter(None, (_words(text, head) for head in above))),
    )


def _is_head(boxes: Sequence[Box]) -> bool:
    return bool(boxes) and all(box.is_head for box in boxes)


def _first_of(table: Table, row: int) -> Box | None:
    """What covers the first column of the row: its own first cell, or one that reaches down from above."""
    covering = (box for boxes in table.rows for box in boxes if box.left == 0 and box.row <= row < box.row + box.height)
    return next(covering, None)


def _words(text: str, box: Box) -> str:
    return " ".join(text[box.start : box.end].split())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, max(start, end - (len(words) - len(words.rstrip())))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.at = 0
        self.rows = 0
        self.tables: list[Table] = []
        self.box: Box | None = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        self.at += len(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr" and self.tables:
            self.rows += 1
            table = self.tables[-1]
            table.reaching = {left: (more - 1, box) for left, (more, box) in table.reaching.items() if more > 1}
            table.rows.append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1].rows:
            self._begin(self.tables[-1], dict(attrs), is_head=tag == "th")

    def _begin(self, table: Table, attrs: dict[str, str | None], *, is_head: bool) -> None:
        row = table.rows[-1]
        width, height = (max(1, int(n)) if (n := attrs.get(name) or "").isdecimal() else 1 for name in ("colspan", "rowspan"))
        left = row[-1].left + row[-1].width if row else 0
        while left in table.reaching:
            left += 1
        self.box = Box(self.rows, len(row) + 1, left, width, height, is_head, self.at)
        row.append(self.box)
        if height > 1:
            table.reaching |= dict.fromkeys(range(left, left + width), (height, self.box))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.box is not None:
            self.box.end, self.box = self.at, None


def _refused(reason: str) -> Invalid:
    return Invalid(f"The table cell was not kept: {reason}.", faults=[Fault("cell", reason)])
