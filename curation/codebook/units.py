"""Units as papers print them, and how one turns into another. Nothing here knows what is measured.

Names and factors follow UCUM 2.1 (https://ucum.org). Enzyme activities: 1 U = 1 µmol/min and 1 kat = 1 mol/s (IUPAC-IUB,
Eur J Biochem 1979;97:319), so that 1 µkat/L = 60 U/L; papers print IU and U for the same unit, and so do we read them.
"""

import re
from collections.abc import Mapping

from curation.codebook.text import Unfit

#: By kind, each unit's size in the first unit of its kind.
KINDS: tuple[Mapping[str, float], ...] = (
    {"U/L": 1, "mU/mL": 1, "kU/L": 1e3, "U/mL": 1e3, "µkat/L": 60, "nkat/L": 0.06},
    {
        **{"g/L": 1, "mg/mL": 1, "g/dL": 10, "mg/L": 1e-3, "µg/mL": 1e-3, "mg/dL": 1e-2, "µg/L": 1e-6, "ng/mL": 1e-6},
        **{"µg/dL": 1e-5, "ng/dL": 1e-8, "ng/L": 1e-9, "pg/mL": 1e-9},
    },
    {"mol/L": 1, "mmol/L": 1e-3, "µmol/L": 1e-6, "nmol/L": 1e-9, "pmol/L": 1e-12},
    {"m": 1, "cm": 1e-2, "mm": 1e-3, "µm": 1e-6},
    {"kg": 1, "g": 1e-3, "mg": 1e-6},
    {"%": 1},
)
_SPELLINGS = (
    (re.compile(r"per ?cent"), "%"),
    (re.compile(r"international units?|units?"), "u"),
    (re.compile(r"lit(?:er|re)s?"), "l"),
    (re.compile(r"\s*(?:\bper\b|/)\s*"), "/"),
    (re.compile(r"[\s·.*]*l\s*(?:\^?\s*-\s*1|⁻¹)$"), "/l"),
    (re.compile(r"mcg|ug|μg"), "µg"),
    (re.compile(r"\bu(?=kat|mol|m\b)|μ"), "µ"),
    (re.compile(r"^([mk]?)(?:iu|ui)(?=/)"), r"\1u"),
)


def _plain(unit: str) -> str:
    text = " ".join(unit.replace("−", "-").split()).casefold().rstrip(".,;:")
    for pattern, plain in _SPELLINGS:
        text = pattern.sub(plain, text)
    return "".join(text.split()).replace("μ", "µ")


_SIZES = {_plain(name): (kind, size) for kind, units in enumerate(KINDS) for name, size in units.items()}


def same(unit: str, known: Mapping[str, str]) -> bool:
    """Whether the unit is the one of a feature {ucum, label}, however it is written."""
    return _plain(unit) in {_plain(known[key]) for key in ("ucum", "label") if known.get(key)}


def convert(number: float, unit: str, to: Mapping[str, str]) -> float:
    """The number in a feature's unit {ucum, label}. Raises Unfit, naming the units that would do."""
    if same(unit, to):
        return number
    given, wanted = _SIZES.get(_plain(unit)), _SIZES.get(_plain(to["ucum"]))
    if not given or not wanted or given[0] != wanted[0]:
        raise Unfit(f"is in “{unit[:40]}”; give it in {' or '.join(ways(to))}")
    return float(f"{number * given[1] / wanted[1]:.12g}")


def plainly(number: float, unit: str) -> tuple[float, str]:
    """In the first unit of its kind; a unit that is unknown here stays as it is. Equal for 5.32 g and 5320 mg."""
    if (known := _SIZES.get(_plain(unit))) is None:
        return float(f"{number:.9g}"), _plain(unit)
    return float(f"{number * known[1]:.9g}"), next(iter(KINDS[known[0]]))


def ways(to: Mapping[str, str]) -> list[str]:
    """The feature's unit and those that turn into it."""
    known = _SIZES.get(_plain(to["ucum"]))
    others = [name for name in KINDS[known[0]] if not same(name, to)] if known else []
    return [to["label"], *others]
