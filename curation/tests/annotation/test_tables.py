"""Cells of a table's frozen markup: where their words stand, and under which heads. Pure."""

import pytest
from lxml import etree

from curation.annotation import tables
from curation.articles import jats_tables
from curation.articles.jats import PARSER
from curation.articles.markup import Marked
from curation.errors import Invalid

WRAP = (
    "<table-wrap><caption><p>Laboratory findings</p></caption><table><thead><tr><th>Test</th><th colspan='2'>At onset</th></tr>"
    "<tr><th/><th>Value</th><th>Unit</th></tr></thead><tbody><tr><td rowspan='2'>CK</td><td>5,320</td><td>U/L</td></tr>"
    "<tr><td>26</td><td>×ULN</td></tr><tr><td><italic>Anti</italic>-SRP</td><td/><td>negative</td></tr></tbody></table>"
    "<table-wrap-foot><fn><p>on admission</p></fn></table-wrap-foot></table-wrap>"
)


@pytest.fixture
def table() -> Marked:
    return jats_tables.table(etree.fromstring(WRAP, PARSER))


def cell(table: Marked, row: int, column: int | None, **more: str) -> tables.Placed:
    return tables.verify(table.html, table.text, row=row, column=column, **more)


def test_the_words_of_every_cell_stand_in_the_text(table: Marked) -> None:
    found = tables.placed(table.html, table.text)
    assert len(found) == 16  # five rows, twelve cells with words less one that is empty
    for each in found:
        assert table.text[each.start : each.end] == each.exact
        assert each.exact == each.exact.strip()


def test_a_cell_has_the_heads_of_its_row_and_of_its_columns(table: Marked) -> None:
    found = cell(table, 3, 2)
    assert (found.exact, found.row_head, found.column_head) == ("5,320", "CK", "At onset › Value")
    below = cell(table, 4, 1)
    assert (below.exact, below.row_head, below.column_head) == ("26", "CK", "At onset › Value")
    assert cell(table, 5, 3).row_head == "Anti-SRP"
    head = cell(table, 2, 2)
    assert (head.exact, head.row_head, head.column_head) == ("Value", "", "At onset")


def test_a_row_is_all_of_its_cells(table: Marked) -> None:
    found = cell(table, 5, None)
    assert found.exact.split() == ["Anti-SRP", "negative"]
    assert tables.in_words(found.exact) == "Anti-SRP · negative"


@pytest.mark.parametrize(
    ("row", "column", "exact", "reason"),
    [
        (0, 1, "", "5 rows and no row 0"),
        (6, 1, "", "5 rows and no row 6"),
        (3, 4, "", "3 cells and no cell 4"),
        (5, 2, "", "is empty"),
        (3, 2, "5,321", "holds “5,320” and not “5,321”"),
    ],
)
def test_what_is_not_there_is_refused(table: Marked, row: int, column: int, exact: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        cell(table, row, column, exact=exact)
    assert reason in caught.value.faults[0].reason


def test_a_text_without_a_table_has_no_cells() -> None:
    for html, text in (("<p>words</p>", "words"), ("<table><tr><td>words</td></tr></table>", "other words")):
        with pytest.raises(Invalid, match="holds no table"):
            tables.verify(html, text, row=1, column=1)
