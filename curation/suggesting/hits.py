"""What one rule finds in one sentence, before sentences are set beside each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from curation.suggesting.clauses import Span, clauses, embedded, without


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with what is known around it. ``parts``: its clauses, each with its place, blank where another is embedded."""

    text: str
    parts: tuple[tuple[Span, str], ...]
    topics: frozenset[str]
    own_topics: frozenset[str]

    @classmethod
    def of(cls, text: str, topics: frozenset[str], own_topics: frozenset[str]) -> "Sentence":
        inner = embedded(text)
        return cls(text, tuple((at, _words(text, at, inner)) for at in clauses(text, inner)), topics, own_topics)

    def stretches(self, told: Mapping[str, Any]) -> list[tuple[int, str]]:
        """Where a rule looks, each with its words: clause by clause, or with ``in: sentence`` over the whole."""
        return [(0, self.text)] if told.get("in") == "sentence" else [(at[0], clause) for at, clause in self.parts]


def _words(text: str, at: Span, inner: list[Span]) -> str:
    start, end = at
    held = [(a - start, b - start) for a, b in inner if start < a and b < end]
    return without(text[start:end], held) if held else text[start:end]


@dataclass(frozen=True, slots=True)
class Hit:
    """Its place in the sentence. ``qualifiers`` are the codebook's; ``told`` is what else was read (unit, xuln, time)."""

    start: int
    end: int
    status: str
    value: Any = None
    cue: str = ""
    qualifiers: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
