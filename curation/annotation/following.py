"""Where evidence stands after its text or its figure was published anew. Decides only; ``actions.follow_text`` writes.

Words follow where they are found exactly once: in the new wording of their own section, else in the whole article. A cell
follows where its words stand under the same heads, by the same rule. A rectangle follows its picture, known by its SHA-256,
and never goes over to another. Anything else is for a curator to decide.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from curation.annotation import anchoring, proving, rules, tables
from curation.annotation.anchoring import Place
from curation.annotation.queries import Behind, caption_of
from curation.choices import EvidenceKind, EvidenceState
from curation.models import Evidence, Figure, Section

P = TypeVar("P", Place, tables.Placed)

#: What ``led`` may change of a piece of evidence.
CHANGED = ("section", "start", "end", "exact", "prefix", "suffix", "depth", "state", "figure", "cell")
#: The heads under which the words of a cell stand; a whole row has none above it.
HEADS = ("row_head", "column_head")


class Found(NamedTuple):
    """``fields``: what places it anew; none where it stays at what it was."""

    state: EvidenceState
    fields: Mapping[str, object] = {}


def led(behind: Behind) -> list[Evidence]:
    """Those of the evidence whose place or state is now another."""
    changed, taken = [], behind.taken
    for each in behind.evidence:
        sections = [s for s in behind.sections if s.article_id == each.section.article_id]
        figures = [f for f in behind.figures if f.article_id == each.section.article_id]
        before, state, (found, fields) = each.place, each.state, _found(each, sections, figures)
        stood = {name: getattr(each, name) for name in fields}
        _set(each, fields)
        if each.place != before and (each.annotation_id, *each.place) in taken:
            _set(each, stood)
            found = EvidenceState.MOVED  # what stands there is evidence for this already
        taken.add((each.annotation_id, *each.place))
        each.state = found
        if each.place != before or each.state != state:
            changed.append(each)
    return changed


def _set(evidence: Evidence, fields: Mapping[str, object]) -> None:
    for name, value in fields.items():
        setattr(evidence, name, value)


def _found(each: Evidence, sections: Sequence[Section], figures: Sequence[Figure]) -> Found:
    if each.kind == EvidenceKind.REGION:
        return _picture(each, sections, figures)
    if each.kind == EvidenceKind.CELL:
        return _cell(each, sections)
    return quote(each.exact, each.section.key, sections)


def quote(exact: str, key: str, sections: Sequence[Section]) -> Found:
    """``sections``: the article's text as it is now; ``key``: that of the section the quote was taken from."""
    places = [(section, place) for section in sections for place in anchoring.find(section.text, exact)]
    return _once(places, key, _words)


def _words(section: Section, place: Place) -> dict[str, object]:
    words = {"start": place.start, "end": place.end, "prefix": place.prefix, "suffix": place.suffix}
    return {"section": section, "depth": rules.depth(section.kind), **words}


def _once(places: Sequence[tuple[Section, P]], key: str, fields: Callable[[Section, P], dict[str, object]]) -> Found:
    """Where there is one place only, in the section of this key or else in all."""
    own = [(section, place) for section, place in places if section.key == key]
    for candidates in (own, places):
        if len(candidates) == 1:
            return Found(EvidenceState.ANCHORED, fields(*candidates[0]))
    return Found(EvidenceState.MOVED if places else EvidenceState.ORPHAN)


def _cell(each: Evidence, sections: Sequence[Section]) -> Found:
    kept = each.cell or {}
    words = each.exact.split()
    places = [
        (section, placed)
        for section in sections
        if "<table" in section.html
        for placed in tables.placed(section.html, section.text)
        if placed.exact.split() == words and (placed.column is None) == (kept.get("column") is None)
    ]
    under_its_heads = [(s, p) for s, p in places if all(getattr(p, head) == kept.get(head, "") for head in HEADS)]
    found = _once(under_its_heads, each.section.key, _celled)
    return Found(EvidenceState.MOVED) if places and not found.fields else found


def _celled(section: Section, placed: tables.Placed) -> dict[str, object]:
    place = anchoring.place(section.text, placed.start, placed.end)
    return {**_words(section, place), "exact": placed.exact, "cell": proving.cell_of(placed)}


def _picture(each: Evidence, sections: Sequence[Section], figures: Sequence[Figure]) -> Found:
    """The figure that shows the same picture: its own, else the only one of the article."""
    same = [figure for figure in figures if figure.image and figure.sha256 == each.picture_sha256]
    own = [figure for figure in same if figure.pk == each.figure_id or figure.key == each.section.key]
    if len(own or same) == 1:
        (figure,) = own or same
        caption = next(section for section in sections if section.pk == caption_of(figure))
        return Found(EvidenceState.ANCHORED, {"figure": figure, "section": caption})
    if same:
        return Found(EvidenceState.MOVED)
    its = next((figure for figure in figures if figure.pk == each.figure_id), None)
    return Found(EvidenceState.CHANGED if its and its.image else EvidenceState.ORPHAN)
