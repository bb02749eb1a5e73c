"""Where a quote stands after its text was published anew. Decides only; ``actions.follow_text`` writes.

A quote follows where its words are found exactly once: in the new wording of its own section, else in the whole article.
Anything else is for a curator to decide.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from curation.annotation import anchoring, rules
from curation.annotation.anchoring import Place
from curation.choices import EvidenceState
from curation.models import Evidence, Section

#: What ``led`` may change of a piece of evidence.
CHANGED = ("section", "start", "end", "prefix", "suffix", "depth", "state")

At = tuple[int, int, int | None, int | None]  # annotation, section, start, end


class Found(NamedTuple):
    state: EvidenceState
    section: Section | None = None
    place: Place | None = None


def found(exact: str, key: str, sections: Sequence[Section]) -> Found:
    """``sections``: the article's text as it is now; ``key``: that of the section the quote was taken from."""
    places = [(section, place) for section in sections for place in anchoring.find(section.text, exact)]
    own = [(section, place) for section, place in places if section.key == key]
    for candidates in (own, places):
        if len(candidates) == 1:
            return Found(EvidenceState.ANCHORED, *candidates[0])
    return Found(EvidenceState.MOVED if places else EvidenceState.ORPHAN)


def led(evidence: Iterable[Evidence], sections: Sequence[Section], taken: set[At]) -> list[Evidence]:
    """Those of the evidence whose place or state is now another; ``taken`` are the places of all there is."""
    changed = []
    for each in evidence:
        own = [s for s in sections if s.article_id == each.section.article_id]
        state, section, place = found(each.exact, each.section.key, own) if each.exact else Found(EvidenceState.ORPHAN)
        if section and place and (each.annotation_id, section.pk, place.start, place.end) in taken:
            state, section, place = EvidenceState.MOVED, None, None  # those words are evidence for this already
        if section and place:
            taken.add((each.annotation_id, section.pk, place.start, place.end))
            each.section, each.depth = section, rules.depth(section.kind)
            each.start, each.end, each.prefix, each.suffix = place.start, place.end, place.prefix, place.suffix
        elif each.state == state:
            continue
        each.state = state
        changed.append(each)
    return changed
