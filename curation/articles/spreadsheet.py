"""Lines of a table for a spreadsheet: CSV (RFC 4180). Pure."""

import csv
from collections.abc import Iterable
from io import StringIO

#: A spreadsheet runs a cell that begins with one of these; an apostrophe keeps it text.
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def line(values: Iterable[object]) -> str:
    texts = ("" if value is None else str(value) for value in values)
    written = StringIO()
    csv.writer(written).writerow(f"'{text}" if text.startswith(RUNS_AS_FORMULA) else text for text in texts)
    return written.getvalue()
