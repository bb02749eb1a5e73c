"""Figures as the table that the docs quote."""

from collections.abc import Mapping, Sequence
from statistics import median


def lines(title: str, measured: Mapping[str, Sequence[float]], unit: str, digits: int = 2) -> list[str]:
    """A Markdown table: each row's number of measurements, least, median and most."""
    width = max(map(len, measured))
    head = [f"| {title:{width}} | n | min | median | max |", f"|{'-' * (width + 2)}|---|---|---|---|"]
    return [*head, *(f"| {name:{width}} | {_figures(values, digits)} {unit} |" for name, values in measured.items())]


def by_unit(measured: Mapping[str, Sequence[float]]) -> None:
    """Print a table for each unit that the names begin with: s, MB, ratio."""
    for unit in ("s", "MB", "ratio"):
        rows = {name.partition(" ")[2]: values for name, values in measured.items() if name.partition(" ")[0] == unit}
        if rows:
            print("\n".join(["", *lines(unit, rows, "" if unit == "ratio" else unit)]))


def _figures(values: Sequence[float], digits: int) -> str:
    least, middle, most = (f"{each:.{digits}f}" for each in (min(values), median(values), max(values)))
    return f"{len(values)} | {least} | {middle} | {most}"
