"""The texts of a record that evidence may point into: title, abstracts, keywords, conflict of interest."""

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from curation.articles.markup import EMPTY, Marked, marked
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
        Passage("title", "title", 0, *title),
        *(_abstract(abstract) if abstract is not None else ()),
        *_other_abstracts(other_abstracts),
        Passage("keywords", "keywords", 0, *joined),
        Passage("conflict", "conflict", 0, *conflict),
    ]
    return tuple(replace(p, position=n) for n, p in enumerate(p for p in found if p.text))


def _abstract(element: etree._Element) -> list[Passage]:
    """One unlabelled text is “abstract”; parts are “abstract.1” and so on, each with its label."""
    parts = _parts(element)
    if len(parts) == 1 and not parts[0].label:
        return [replace(parts[0], key="abstract", kind="abstract")]
    return [replace(p, key=f"abstract.{n}", kind="abstract") for n, p in enumerate(parts, 1)]


def _other_abstracts(elements: Sequence[etree._Element]) -> list[Passage]:
    found = [
        replace(part, kind="other_abstract", language=each.get("Language", ""), category=part.category or each.get("Type", ""))
        for each in elements
        for part in _parts(each)
    ]
    return [replace(p, key=f"other_abstract.{n}") for n, p in enumerate(found, 1)]


def _parts(element: etree._Element) -> list[Passage]:
    found = [
        Passage("", "", 0, *marked(text), label=(text.get("Label") or "").strip(), category=text.get("NlmCategory", ""))
        for text in element.iterfind("AbstractText")
    ]
    return [p for p in found if p.text]
