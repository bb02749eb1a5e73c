"""What a person points at as evidence: words, a rectangle on a figure, a cell or a row of a table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a section that say so; ``start`` in code points, or ``prefix``/``suffix``, where they stand more than once.

    ``role`` here and below: None leaves it to the section (``rules.role``).
    """

    section_id: int
    exact: str
    start: int | None = None
    prefix: str = ""
    suffix: str = ""
    role: str | None = None
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on a figure: ``xywh`` in percent of the picture; ``panel`` as the figure names it ("A", "left")."""

    figure_id: int
    xywh: Sequence[object]
    panel: str = ""
    role: str | None = None
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table's section, or the whole row where ``column`` is None.

    ``row`` counts the rows of the section from 1, those of the head included; ``column`` the cells of that row from 1.
    ``exact``, where given, is what the reader saw in it.
    """

    section_id: int
    row: int
    column: int | None = None
    exact: str = ""
    role: str | None = None
    contradicts: bool = False


Piece = Quote | Region | Cell
