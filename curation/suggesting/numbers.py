"""Numbers with units, multiples of a limit, and what a bracket says is normal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TO_TEN = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_TO_TWENTY = ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
SMALL = [*_TO_TEN, *_TO_TWENTY]
WORDS = {word: n for n, word in enumerate(SMALL, 1)} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
NUMBER = r"(?:\d{1,3}(?:[,’' \u00a0\u2009\u202f]\d{3})+(?:\.\d+)?|\d+(?:[.·]\d+)?)"
COMPARATORS = {">": ">", "<": "<", "≥": ">=", "≤": "<=", "more than": ">", "over": ">", "above": ">", "greater than": ">",
               "at least": ">=", "less than": "<", "below": "<", "up to": "<=", "exceeding": ">", "exceeded": ">"}  # fmt: skip
_COMPARED = rf"(?:(?P<cmp>[<>≥≤]|{'|'.join(w for w in COMPARATORS if (w.isascii() and w.isalpha()) or ' ' in w)})\s*)?"
_REFERENCE = re.compile(
    r"[(\[,;][^()\[\],;]*?(?:norm\b|normal|reference|ref\b|range|ULN|upper limit|\bN\b|\bNR\b)[^()\[\]]*[)\]]|[(\[]\s*(?:n\.?v\.?"
    r"|nl)?\s*[<≤][^()\[\]]*[)\]]"
    r"|[,;]?\s*(?:normal|reference)(?: (?:range|value|limit|level|interval)s?)?(?: of| is| was|:|,"
    r"| <)*\s*[<≤]?\s*\d[\d.,]*(?:\s*(?:-|–|to)\s*\d[\d.,]*)?(?:\s*k?I?U/[lL])?",
    re.IGNORECASE,
)
_FOLD = re.compile(
    rf"{_COMPARED}(?:approximately |about |nearly |almost )?(?P<n>{NUMBER}|{'|'.join(WORDS)})(?:\s*(?:-|–|to)\s*{NUMBER})?[\s-]*"
    r"(?:times|fold|×|x)\s*(?:the\s+|of\s+|above\s+|higher\s+than\s+|over\s+|that\s+of\s+|greater\s+than\s+)*(?:the\s+)?(?:upper|normal|ULN|UNL|limit|elevat\w+|increase)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    start: int
    end: int
    value: float
    comparator: str = ""


def number(text: str) -> float:
    """("5,320") -> 5320; ("two") -> 2."""
    if text.lower() in WORDS:
        return float(WORDS[text.lower()])
    return float(re.sub(r"[,’' \u00a0\u2009\u202f](?=\d{3})", "", text).replace("·", "."))


def whole(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 4)


def without_references(text: str) -> tuple[str, list[str]]:
    """The text with what says which values are normal blanked out (lengths kept), and those pieces."""
    pieces = [found[0] for found in _REFERENCE.finditer(text)]
    return _REFERENCE.sub(lambda found: " " * len(found[0]), text), pieces


def upper_limit(pieces: list[str], units: Mapping[str, float]) -> float | None:
    """(["(normal 30-200 U/L)"]) -> 200."""
    for piece in pieces:
        if found := re.findall(NUMBER, piece):
            return number(found[-1])
    return None


def fold(text: str) -> tuple[re.Match[str], float, str] | None:
    """("more than 40 times the upper limit of normal") -> (its place, 40, ">")."""
    found = _FOLD.search(text)
    return (found, number(found["n"]), COMPARATORS.get((found["cmp"] or "").lower(), "")) if found else None


def quantities(text: str, units: Mapping[str, float]) -> list[Quantity]:
    """Numbers with one of the units, in the base unit; "from 7,200 to 310 IU/L" and "7,200 and 310 U/L" share theirs."""
    spelled = "|".join(re.escape(u).replace("/", r"\s?/\s?") for u in sorted(units, key=len, reverse=True))
    one = re.compile(
        rf"{_COMPARED}(?P<n>{NUMBER})(?P<e>\s*[×x]\s*10\s*\^?\s*[3³])?(?:\s*(?P<link>to|and|–|-|→|,)\s*(?P<m>{NUMBER}))?\s*(?P<unit>{spelled})(?![A-Za-z])",
        re.IGNORECASE,
    )
    by_unit = {re.sub(r"\s", "", u).lower(): factor for u, factor in units.items()}
    found = []
    for m in one.finditer(text):
        factor = by_unit[re.sub(r"\s", "", m["unit"]).lower()] * (1000 if m["e"] else 1)
        comparator = COMPARATORS.get((m["cmp"] or "").lower(), "")
        found.append(Quantity(m.start("n"), m.end(), _amount(m["n"], factor), comparator))
        if m["m"]:
            found.append(Quantity(m.start("m"), m.end(), _amount(m["m"], factor)))
    return found


def _amount(text: str, factor: float) -> float:
    """In the base unit, of which nobody gives thousandths: there "12.480" is twelve thousand."""
    return number(text.replace(".", "") if factor == 1 and re.fullmatch(r"\d{1,3}\.\d{3}", text) else text) * factor
