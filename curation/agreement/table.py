"""The report as a file, for a journal's supplement: a line for the project and for each group, feature and pair of readers.

Then one for each article among them that was retracted, corrected or called in doubt since.
"""

from collections.abc import Iterator

from curation.agreement.queries import Report, Row
from curation.agreement.shape import NAMES
from curation.articles import spreadsheet

HEAD = ("level", "key", "label", "units", "missing", "disagreements", "prevalence_of_present")


def lines(report: Report) -> Iterator[str]:
    """CSV (RFC 4180, UTF-8); what is not defined is empty."""
    yield spreadsheet.line([*HEAD, *(f"{name}{part}" for name in NAMES for part in ("", "_low95", "_high95"))])
    levels = (("project", [report.whole]), ("group", report.groups), ("feature", report.features), ("readers", report.pairs))
    for level, rows in levels:
        for row in rows:
            yield spreadsheet.line([level, *_cells(row)])
    empty = [""] * (len(HEAD) - 3 + 3 * len(NAMES))
    for article in report.questioned:
        yield spreadsheet.line(["questioned", str(article), article.title, *empty])


def _cells(row: Row) -> Iterator[str]:
    yield from (row.key, row.label, str(row.units), str(row.missing), str(row.differing), _number(row.prevalence))
    for name in NAMES:
        coefficient = row.coefficients[name]
        yield from (_number(coefficient.value), _number(coefficient.low), _number(coefficient.high))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
