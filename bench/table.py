"""Figures as the table that the docs quote."""

from collections.abc import Mapping, Sequence
from statistics import median


def lines(title: str, measured: Mapping[str, Sequence[float]], unit: str, digits: int = 2) -> list[str]:
    """A Markdown table: each row's number of measurements, least, median and most."""
    width = max(map(len, measured))
    head = [f"| {title:{width}} | n | min | median | max |", f"|{'-' * (width + 2)}|---|---|---|---|"]
    return [*head, *(f"| {name:{width}} | {_figures(values, digits)} {unit} |" for name, values in measured.items())]


def _figures(values: Sequence[float], digits: int) -> str:
    least, middle, most = (f"{each:.{digits}f}" for each in (min(values), median(values), max(values)))
    return f"{len(values)} | {least} | {middle} | {most}"
