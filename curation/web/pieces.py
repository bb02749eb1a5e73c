"""Evidence as the feature's form sends it: words, rectangles and cells in fields of one line each, or typed number by number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from curation.annotation import regions
from curation.annotation.pieces import Cell, Piece, Quote, Region
from curation.annotation.saying import on_figure
from curation.errors import Fault, Invalid

LONGEST_NUMBER = 15
REGION_FIELDS = ("region-x", "region-y", "region-w", "region-h")


@dataclass(frozen=True)
class Pending:
    """Chosen and not saved yet: the field and what it sends, and its words."""

    name: str
    value: str
    words: str


def pieces_in(data: QueryDict) -> list[Piece]:
    """``quote`` is "section:start:words", ``cell`` "section:row:column:words" (no column: the row), ``region``
    "figure:x,y,w,h:panel". Browsers send line breaks as CR LF, sections hold LF."""
    read: dict[str, Callable[[str], Piece]] = {"quote": _quote, "region": _region, "cell": _cell}
    chosen = [read[name](sent) for name in read for sent in dict.fromkeys(data.getlist(name))]
    return [*chosen, *_typed_region(data), *_typed_cell(data)]


def pending_in(data: QueryDict, figures: Mapping[int, str]) -> list[Pending]:
    """``figures``: the labels of those that can be drawn on."""
    quotes = [Pending("quote", sent, sent.split(":", 2)[-1]) for sent in dict.fromkeys(data.getlist("quote"))]
    cells = [Pending("cell", sent, " ".join(sent.split(":", 3)[-1].split())) for sent in dict.fromkeys(data.getlist("cell"))]
    drawn = [Pending("region", sent, _drawn_words(sent, figures)) for sent in dict.fromkeys(data.getlist("region"))]
    return [*quotes, *drawn, *cells]


def _drawn_words(sent: str, figures: Mapping[int, str]) -> str:
    figure, _colon, rest = sent.partition(":")
    _numbers, _colon, panel = rest.partition(":")
    return on_figure(figures.get(_number(figure) or 0, ""), panel)


def _quote(sent: str) -> Quote:
    section, start, exact = _parts(sent, 3, "quote")
    first = _number(start)
    if (pk := _number(section)) is None or first is None:
        raise _unreadable("quote", "must be section:start:words; choose the words again")
    return Quote(pk, exact.replace("\r\n", "\n"), start=first)


def _cell(sent: str) -> Cell:
    section, row, column, exact = _parts(sent, 4, "cell")
    pk, line = _number(section), _number(row)
    if pk is None or line is None or (column and _number(column) is None):
        raise _unreadable("cell", "must be section:row:column:words; choose the cell again")
    return Cell(pk, line, _number(column), exact)


def _region(sent: str) -> Region:
    figure, numbers, panel = _parts(sent, 3, "region")
    if (pk := _number(figure)) is None:
        raise _unreadable("region", "must be figure:x,y,w,h:panel; draw it again")
    return Region(pk, numbers.split(","), panel)


def _parts(sent: str, number: int, where: str) -> list[str]:
    parts = sent.split(":", number - 1)
    if len(parts) < number:
        raise _unreadable(where, "could not be read; choose it again")
    return parts


def _typed_region(data: QueryDict) -> list[Piece]:
    """From the fields that need no script; nothing where no figure is chosen."""
    if not (figure := data.get("region-figure", "")):
        return []
    if (pk := _number(figure)) is None:
        raise _unreadable("region", "choose the figure from the list")
    regions.rectangle(xywh := [data.get(name, "") for name in REGION_FIELDS])
    return [Region(pk, xywh, data.get("region-panel", ""))]


def _typed_cell(data: QueryDict) -> list[Piece]:
    if not (section := data.get("cell-section", "")):
        return []
    row, column = (data.get(name, "").strip() for name in ("cell-row", "cell-column"))
    pk, line = _number(section), _number(row)
    if pk is None or line is None or (column and _number(column) is None):
        raise _unreadable("cell", "needs the number of its row, and of the cell in it unless the whole row is meant")
    return [Cell(pk, line, _number(column))]


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdecimal() and len(words) <= LONGEST_NUMBER else None


def _unreadable(where: str, reason: str) -> Invalid:
    return Invalid("A piece of evidence could not be read.", faults=[Fault(where, reason)])
