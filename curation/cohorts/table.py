"""An answer as a table for a spreadsheet."""

from collections.abc import Iterable, Iterator

from curation.annotation import saying
from curation.articles import spreadsheet
from curation.cohorts.answer import Answer, Cell, Row


def lines(answer: Answer) -> Iterator[str]:
    """CSV (RFC 4180, UTF-8): a row per patient; per feature its status, its value and the first quote that proves it."""
    head = [f"{column.slug}{part}" for column in answer.columns for part in (".status", ".value", ".quote")]
    yield spreadsheet.line(["patient", "patient_id", "pmids", "retracted", "notices", *head])
    for row in answer.rows:
        yield spreadsheet.line(_values(row))


def _values(row: Row) -> Iterator[str]:
    yield row.patient.label
    yield str(row.patient.pk)
    yield " ".join(str(article) for article in row.articles)
    yield "yes" if any(article.is_retracted for article in row.articles) else "no"
    yield " ".join(sorted({notice.kind for article in row.articles for notice in getattr(article, "cautions", ())}))
    for cells in row.cells:
        yield from (_joined(cells, part) for part in ("status", "value", "quote"))


def _joined(cells: Iterable[Cell], part: str) -> str:
    """Several findings of one feature stand side by side."""
    return " | ".join(_part(cell, part) for cell in cells)


def _part(cell: Cell, part: str) -> str:
    match part:
        case "status":
            return str(cell.finding.status)
        case "value":
            return cell.value
        case _:
            return saying.words(cell.quotes[0]) if cell.quotes else ""
