"""What one rule finds in one sentence, before sentences are set beside each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with what is known around it. ``lower`` serves the search for stems."""

    text: str
    clauses: tuple[tuple[int, int], ...]
    topics: frozenset[str]
    own_topics: frozenset[str]

    def clause(self, at: tuple[int, int]) -> str:
        return self.text[at[0] : at[1]]


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
