"""Figures as the table that the docs quote."""

from collections.abc import Sequence
from statistics import median


def lines(title: str, measured: dict[str, Sequence[float]], unit: str, digits: int = 2) -> list[str]:
    """A Markdown table: each row's number of measurements, least, median and most."""
    width = max(map(len, measured))
    head = [f"| {title:{width}} | n | min | median | max |", f"|{'-' * (width + 2)}|---|---|---|---|"]
    rows = [
        f"| {name:{width}} | {len(values)} | {min(values):.{digits}f} | {median(values):.{digits}f} | {max(values):.{digits}f} {unit} |"
        for name, values in measured.items()
    ]
    return [*head, *rows]
