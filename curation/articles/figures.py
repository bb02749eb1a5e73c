"""The figures file: what an article's figures say and under which licence, as JSON; PubMed's own records hold none. Pure.

Its ``article``, where it has one, says under which licence the text itself stands.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from curation.articles import identifiers
from curation.articles.records import Passage
from curation.errors import Fault, Invalid

#: Field and its longest text; the first three must be there.
FIELDS = {
    "key": 100,
    "label": 200,
    "caption": 100_000,
    "licence": 100,
    "licence_url": 500,
    "attribution": 5_000,
    "source_url": 500,
}
RIGHTS = ("licence", "licence_url", "attribution")
REQUIRED = ("key", "label", "caption")
ADDRESSES = ("licence_url", "source_url")
FIRST_POSITION = 1_000  # captions come after all text


@dataclass(frozen=True, slots=True)
class Described:
    key: str
    label: str
    caption: str
    licence: str
    licence_url: str
    attribution: str
    source_url: str


@dataclass(frozen=True, slots=True)
class FiguresFile:
    """``rights`` of the text: licence, licence_url, attribution; empty where the file is silent on it."""

    pmid: int
    figures: tuple[Described, ...]
    rights: dict[str, str]


def read(text: str) -> FiguresFile:
    """Raises Invalid listing every fault."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The figures file is not JSON: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("figures"), list):
        raise Invalid('The figures file must be an object with "pmid" and a list "figures".')
    pmid = identifiers.pmid(str(data.get("pmid", "")))
    faults = [] if pmid else [Fault("pmid", "must be the article's PMID")]
    faults += [fault for n, figure in enumerate(data["figures"], 1) for fault in _faults(f"figure {n}", figure)]
    faults += _faults("article", data.get("article", {}), RIGHTS, required=())
    keys = [f.get("key") for f in data["figures"] if isinstance(f, dict)]
    faults += [Fault(f"figure {n}", "has the key of an earlier figure") for n, key in enumerate(keys, 1) if key in keys[: n - 1]]
    if faults or pmid is None:
        raise Invalid("The figures file was not taken in.", faults=faults)
    described = tuple(Described(**{f: _text(each, f) for f in FIELDS}) for each in data["figures"])
    return FiguresFile(pmid, described, {name: _text(data["article"], name) for name in RIGHTS} if data.get("article") else {})


def _faults(where: str, figure: Any, fields: Iterable[str] = tuple(FIELDS), required: Collection[str] = REQUIRED) -> list[Fault]:
    if not isinstance(figure, dict):
        return [Fault(where, "must be an object")]
    faults = [Fault(where, f"“{name}” is not known") for name in figure if name not in fields]
    for name in fields:
        value, longest = figure.get(name, ""), FIELDS[name]
        if not isinstance(value, str) or "\0" in value:
            faults.append(Fault(where, f"“{name}” must be a text"))
        elif name in required and not value.strip():
            faults.append(Fault(where, f"“{name}” is missing"))
        elif len(value) > longest:
            faults.append(Fault(where, f"“{name}” is longer than {longest} characters"))
        elif name in ADDRESSES and value and not value.startswith(("https://", "http://")):
            faults.append(Fault(where, f"“{name}” must be an address that begins with https://"))
    return faults


def _text(figure: dict[str, str], name: str) -> str:
    return figure.get(name, "").strip()


def captions(file: FiguresFile) -> list[Passage]:
    return [
        Passage(f.key, "caption", FIRST_POSITION + n, f.caption, escape(f.caption, quote=False), label=f.label)
        for n, f in enumerate(file.figures)
    ]


def columns(figure: Described, position: int) -> dict[str, Any]:
    """The columns of the figure's row."""
    return {
        "position": position,
        "label": figure.label,
        "licence": figure.licence,
        "licence_url": figure.licence_url,
        "attribution": figure.attribution,
        "source_url": figure.source_url,
    }
