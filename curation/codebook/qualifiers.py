"""What may be said beside a value: how exact, which side, how severe, how certain, since when, against which limit.

Severity is a term of the Human Phenotype Ontology (HP:0012824 and below) as in GA4GH phenopackets; neither has terms for
certainty, so its three words are those of case reports (definite, probable, possible).
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from curation.choices import ReadPart
from curation.codebook import terms
from curation.codebook.text import Unfit, clean
from curation.codebook.times import ANCHORS

LINE_LIMIT = 300
COMPARATORS = ("<", "<=", ">=", ">")
PRECISIONS = ("day", "month", "year", "decade", "range", "approximate", "derived", "inferred")
SIDES = ("left", "right", "both")
CERTAINTIES = ("definite", "probable", "possible")
PARTS = ("early", "mid", "late")
WORDS = {
    "comparator": COMPARATORS,
    "precision": PRECISIONS,
    "side": SIDES,
    "certainty": CERTAINTIES,
    "part": PARTS,
    "since": tuple(ANCHORS),
}
NAMES = (*WORDS, "quantity", "scope", "severity", "times_upper_limit", "unit", "upper_limit")
#: HPO's grades of severity (HP:0012824).
SEVERITIES = ("HP:0012827", "HP:0012825", "HP:0012826", "HP:0012828", "HP:0012829")

CURIE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*:[A-Za-z0-9_.-]+")
_TERM_LAST = re.compile(rf"(.+?)\s*\(({CURIE.pattern})\)")
_TERM_FIRST = re.compile(rf"({CURIE.pattern})\s+(.+)")


def read(given: object) -> dict[str, Any]:
    """Each as it may be kept; what was left empty is left out. Raises Unfit."""
    if not isinstance(given, Mapping):
        raise Unfit("must be named values")
    return {str(name): _one(str(name), said) for name, said in given.items() if said not in (None, "", [], {}, ())}


def _one(name: str, said: object) -> Any:
    if words := WORDS.get(name):
        if said not in words:
            raise Unfit(f"{name}: must be one of {', '.join(words)}")
        return said
    match name:
        case "severity":
            return read_term(said)
        case "quantity" | "unit":
            return clean(said, limit=100 if name == "quantity" else 40, name=name)
        case "upper_limit" | "times_upper_limit":
            return _positive(name, said)
        case "scope":
            return _parts(said)
    raise Unfit(f"{name[:40]}: is unknown; there are {', '.join(sorted(NAMES))}")


def _positive(name: str, said: object) -> float:
    text = str(said).replace(",", "") if isinstance(said, str) else said
    try:
        number = float(text)  # type: ignore[arg-type]  # whatever is no number is refused here
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(said, bool) or not 0 < number <= 1e15:
        raise Unfit(f"{name}: must be a number above nothing")
    return number


def _parts(said: object) -> list[str]:
    if not isinstance(said, list | tuple) or not all(isinstance(part, str) and part in ReadPart.values for part in said):
        raise Unfit(f"scope: may name only {', '.join(ReadPart.values)}")
    return [part for part in ReadPart.values if part in said]


def completed(told: dict[str, Any], value: object) -> dict[str, Any]:
    """With the multiple of the upper limit, where both number and limit are known: what is computed goes before what is said."""
    limit = told.get("upper_limit")
    if limit and isinstance(value, int | float):
        times = float(f"{value / limit:.4g}")
        stated = {key: said for key, said in told.items() if key != "times_upper_limit"}
        return stated | ({"times_upper_limit": times} if times > 0 else {})
    return told


def read_term(said: object) -> dict[str, str]:
    """{id, label} from itself, from "Low back pain (HP:0003419)", "HP:0003419 Low back pain", or a name the table knows.

    A label that another term goes by is refused, a synonym gives way to the label. Raises Unfit, with near matches.
    """
    if isinstance(said, str):
        said = _named(clean(said, limit=LINE_LIMIT, name="the term"))
    if not isinstance(said, Mapping) or set(said) != {"id", "label"}:
        raise Unfit("must be a term with id and label, written as “Low back pain (HP:0003419)”")
    term = {key: clean(said[key], limit=LINE_LIMIT, name=f"the term's {key}") for key in ("id", "label")}
    if not CURIE.fullmatch(term["id"]):
        raise Unfit(f"“{term['id'][:60]}” is not an identifier of the form PREFIX:NUMBER")
    meant, named = terms.book().terms.get(term["id"]), terms.book().named.get(term["label"].casefold())
    if meant and named and named.id != meant.id and term["label"].casefold() not in map(str.casefold, meant.names[1:]):
        raise Unfit(f"{meant.id} is “{meant.label}”, and “{term['label'][:60]}” is {named.id}; choose one of the two")
    return {"id": meant.id, "label": meant.label} if meant and named else term


def _named(text: str) -> dict[str, str]:
    if found := _TERM_LAST.fullmatch(text):
        return {"label": found[1], "id": found[2]}
    if found := _TERM_FIRST.fullmatch(text):
        return {"id": found[1], "label": found[2]}
    if term := terms.known(text):
        return {"id": term.id, "label": term.label}
    near = " or ".join(f"“{hit.term.written}”" for hit in terms.search(text, limit=3))
    hint = f"; did you mean {near}?" if near else ""
    raise Unfit(f"“{text[:60]}” must be a term with id and label, written as “Low back pain (HP:0003419)”{hint}")
