"""Quote <-> place. Pure: a section's text in, places in it out.

Offsets count code points (as Python does); browsers count UTF-16 units and convert before they send.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from typing import TypeVar

from curation.errors import Fault, Invalid

T = TypeVar("T")

#: Characters kept before and after a quote: enough to tell apart all equal quotes of the sources looked at.
CONTEXT = 32
LONGEST_QUOTE = 5_000
#: What a refusal looks at to name the nearest wording; the rest of a very long section is left out.
NEAREST_WORDS, NEAREST_QUOTE_WORDS, NEAREST_RATIO = 20_000, 60, 0.6

_LOOKS_ALIKE = ("'’‘ʼ`´′", '"“”„«»″', "-‐‑‒–—−")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[^a-z\s])")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Place:
    """The words ``text[start:end]`` with what stands before and after them."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def place(text: str, start: int, end: int) -> Place:
    return Place(start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def find(text: str, quote: str) -> list[Place]:
    """Every place where exactly these characters stand, overlapping ones included."""
    found, at = [], text.find(quote) if quote else -1
    while at >= 0:
        found.append(place(text, at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found


def search(text: str, typed: str, *, limit: int = 20) -> list[Place]:
    """Places for words a person typed: the phrase whatever its spaces, quotation marks, dashes and case; where it does not
    stand, the sentences that hold every one of the words. What is returned is always the text's own wording."""
    words = typed.split()[:NEAREST_QUOTE_WORDS]
    if not words:
        return []
    phrase = re.compile(r"\s+".join(_tolerant(word) for word in words), re.IGNORECASE)
    spans = [match.span() for match in phrase.finditer(text)]
    if not spans:
        each = [re.compile(_tolerant(word), re.IGNORECASE) for word in words]
        spans = [(start, end) for start, end in sentences(text) if all(word.search(text, start, end) for word in each)]
    return [place(text, start, end) for start, end in spans[:limit]]


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence stands. Rough (an abbreviation may cut one in two): it serves finding, never storing."""
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    spans = ((start, start + len(text[start:end].rstrip())) for start, end in pairwise(cuts))
    return [(start, end) for start, end in spans if end > start]


def verify(text: str, *, exact: str, start: int | None = None, prefix: str = "", suffix: str = "") -> Place:
    """The one place that is meant. Raises Invalid where the words do not stand (there), or stand more than once."""
    if not exact.strip():
        raise _refused("the quote is empty; give the words that say so")
    if len(exact) > LONGEST_QUOTE:
        raise _refused(f"the quote has {len(exact)} characters; quote the sentence that says so ({LONGEST_QUOTE} at most)")
    found = find(text, exact)
    if not found:
        raise _refused(f"the words “{_short(exact)}” do not stand in this section{_nearest(text, exact)}")
    if start is not None:
        return _at(found, start)
    if len(found) == 1:
        return found[0]
    told_apart = [p for p in found if (prefix or suffix) and _fits(text, p, prefix, suffix)]
    if len(told_apart) == 1:
        return told_apart[0]
    raise _refused(
        f"the words “{_short(exact)}” stand {len(found)} times in this section: {_listed(found)}. "
        "Say which one by its start, or by more of the words before (prefix) or after it (suffix)"
    )


def cut(text: str, spans: Sequence[tuple[int, int, T]]) -> list[tuple[str, list[T]]]:
    """The text in runs, each with what covers it; joined, the runs are the text. ``spans`` (start, end, thing) may overlap."""
    edges = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end) if 0 <= at <= len(text))})
    runs = [(a, b, [thing for start, end, thing in spans if start < b and a < end]) for a, b in pairwise(edges)]
    return [(text[a:b], covering) for a, b, covering in runs]


def _at(found: list[Place], start: int) -> Place:
    for candidate in found:
        if candidate.start == start:
            return candidate
    raise _refused(
        f"the words “{_short(found[0].exact)}” do not begin at character {start} but {_listed(found)} "
        "(counted in code points from 0)"
    )


def _fits(text: str, candidate: Place, prefix: str, suffix: str) -> bool:
    return text[: candidate.start].endswith(prefix) and text[candidate.end :].startswith(suffix)


def _listed(found: list[Place]) -> str:
    places = [f"at {p.start} after “…{p.prefix[-16:]}”" if p.prefix else f"at {p.start}, the beginning" for p in found[:4]]
    return ", ".join([*places, "…"] if len(found) > 4 else places)


def _nearest(text: str, exact: str) -> str:
    """“; nearest: …” or nothing. Compares runs of as many words as the quote has, the most alike by shared words first."""
    wanted = exact.split()[:NEAREST_QUOTE_WORDS]
    spans = [match.span() for match in _WORD.finditer(text)][:NEAREST_WORDS]
    if not spans:
        return "; it is empty"
    size, known = len(wanted), {word.casefold() for word in wanted}
    hits = [text[start:end].casefold() in known for start, end in spans]
    starts = range(max(1, len(spans) - size + 1))
    runs = nlargest(8, starts, key=lambda i: sum(hits[i : i + size]))
    candidates = [text[spans[i][0] : spans[min(i + size, len(spans)) - 1][1]] for i in runs]
    close = difflib.get_close_matches(" ".join(wanted), candidates, n=1, cutoff=NEAREST_RATIO)
    return f"; the nearest wording is “{_short(close[0], 200)}”" if close else "; choose words from the section itself"


def _tolerant(word: str) -> str:
    """A pattern for the word that takes every quotation mark, apostrophe and dash for its likes."""
    return "".join(next((f"[{re.escape(alike)}]" for alike in _LOOKS_ALIKE if c in alike), re.escape(c)) for c in word)


def _short(words: str, longest: int = 80) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def _refused(reason: str) -> Invalid:
    return Invalid(f"The quote was not kept: {reason}.", faults=[Fault("quote", reason)])
