"""The texts of a record that evidence may point into: title, abstracts, keywords, conflict of interest."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lxml import etree

from curation.articles.markup import EMPTY, Marked, escaped, marked
from curation.articles.records import Passage


def passages(
    *,
    title: Marked,
    abstract: etree._Element | None,
    other_abstracts: Sequence[etree._Element] = (),
    keywords: Sequence[Marked],
    conflict: Marked = EMPTY,
) -> tuple[Passage, ...]:
    """All that is not empty, in the order of the page."""
    joined = Marked("; ".join(k.text for k in keywords), "; ".join(k.html for k in keywords))
    found = [
        Found("title", "title", title),
        *(_abstract(abstract) if abstract is not None else ()),
        *_other_abstracts(other_abstracts),
        Found("keywords", "keywords", joined),
        Found("conflict", "conflict", conflict),
    ]
    return placed(found)


#: Labels by which PubMed says that a part has none.
UNNAMED = {"UNASSIGNED", "UNLABELLED"}


class Found(NamedTuple):
    """A passage that does not know its position yet."""

    key: str
    kind: str
    marked: Marked
    label: str = ""
    category: str = ""
    language: str = ""


def placed(found: Iterable[Found]) -> tuple[Passage, ...]:
    """Those that hold text, numbered as they come."""
    return tuple(
        Passage(p.key, p.kind, position, p.marked.text, p.marked.html, p.label, p.category, p.language)
        for position, p in enumerate(p for p in found if p.marked.text)
    )


def _abstract(element: etree._Element) -> list[Found]:
    """One unlabelled text is “abstract”; parts are “abstract.1” and so on, each with its label."""
    parts = _parts(element)
    if len(parts) == 1 and not parts[0].label:
        return [Found("abstract", "abstract", *parts[0])]
    return [Found(f"abstract.{n}", "abstract", *part) for n, part in enumerate(parts, 1)]


def _other_abstracts(elements: Sequence[etree._Element]) -> list[Found]:
    parts = [(each, part) for each in elements for part in _parts(each)]
    return [
        Found(
            f"other_abstract.{n}",
            "other_abstract",
            part.marked,
            part.label,
            part.category or each.get("Type", ""),
            each.get("Language", ""),
        )
        for n, (each, part) in enumerate(parts, 1)
    ]


class Part(NamedTuple):
    """One AbstractText."""

    marked: Marked
    label: str
    category: str


def _parts(element: etree._Element) -> list[Part]:
    found = (_part(text) for text in element.iterchildren("AbstractText"))
    return [part for part in found if part.marked.text]


def _part(element: etree._Element) -> Part:
    """Where a label is all there is (“LEVEL OF EVIDENCE: 4”), it is the text."""
    said, label = marked(element), (element.get("Label") or "").strip()
    if not said.text and label.upper() not in UNNAMED:
        said, label = Marked(label, escaped(label)), ""
    return Part(said, label, element.get("NlmCategory", ""))
