"""Text -> suggestions: sentences, what they are about, the rules of the lexicon, and what the text as a whole leaves of it."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from curation.suggesting import choosing, filters, measures, mentions, results
from curation.suggesting.clauses import Span
from curation.suggesting.hits import Hit, Sentence
from curation.suggesting.lexicon import Lexicon, Rule
from curation.suggesting.sentences import sentences
from curation.suggesting.settling import Suggestion, settled

KINDS: Mapping[str, Callable[[Rule, Sentence], Iterator[Hit]]] = {
    "mention": mentions.mention,
    "exam": mentions.mention,
    "test": mentions.mention,
    "antibody": results.antibody,
    "level": results.level,
    "age": measures.age,
    "age_at_onset": measures.age_at_onset,
    "duration": measures.duration,
    "number": measures.number,
    "grade": measures.grade,
    "count": measures.count,
    "quantity": measures.quantity,
    "limit": measures.limit,
    "sex": choosing.sex,
    "symmetry": choosing.symmetry,
    "side": choosing.side,
    "collect": choosing.collect,
    "term": choosing.term,
    "option": choosing.option,
    "panel": choosing.panel,
}
#: How many sentences a topic holds on where none names another.
_TOPIC_LASTS = 3
_PATIENT = re.compile(
    r"\b(?:[Pp]atient|[Cc]ase|PATIENT|CASE|[Pp]roband|[Pp]t\.?)\s+(?:no\.?\s*)?(?P<n>\d{1,2}|[A-D]|[IVX]{1,4}-?\d{0,2})\b(?!\s*(?:reports?|series|of\b|years?|patients))"
)


@dataclass(frozen=True)
class Piece:
    """One section's text; ``key`` names it in the suggestions."""

    key: str
    text: str


def suggestions(pieces: Iterable[Piece], lexicon: Lexicon) -> list[Suggestion]:
    """What the texts of one article say, in their order. Never "not reported"; nothing of general or supposed statements."""
    return settled([found for piece in pieces for found in _found(piece, lexicon)])


def _found(piece: Piece, lexicon: Lexicon) -> Iterator[tuple[Rule, Suggestion]]:
    spans = sentences(piece.text)
    wanted = _wanted(piece.text.lower(), spans, lexicon.rules)
    carried: frozenset[str] = frozenset()
    lasts, patient = 0, ""
    for n, (start, end) in enumerate(spans):
        text = piece.text[start:end]
        own = frozenset(name for name, pattern in lexicon.topics.items() if pattern.search(text))
        lasts = _TOPIC_LASTS if own else lasts - 1
        carried = own or (carried if lasts > 0 else frozenset())
        named = [(m.start(), f"Patient {m['n']}") for m in _PATIENT.finditer(text)]
        sentence = Sentence.of(text, own or carried, own)
        elsewhere = filters.not_of_patient(text, sentence.parts)
        if elsewhere is not None:
            kin = filters.of_relatives(text)
            for rule in wanted[n]:
                if not rule.is_bound or mentions.holds(rule, sentence):
                    for hit in _outside(
                        KINDS[rule.kind](rule, sentence), elsewhere if rule.told.get("family") else elsewhere + kin
                    ):
                        yield rule, _suggestion(rule, hit, piece, start, _patient_at(named, hit, sentence, patient))
        patient = named[-1][1] if named else patient


def _outside(hits: Iterable[Hit], spans: Sequence[Span]) -> Iterator[Hit]:
    return (hit for hit in hits if not any(a <= hit.start < b for a, b in spans)) if spans else iter(hits)


def _patient_at(named: Sequence[tuple[int, str]], hit: Hit, sentence: Sentence, before: str) -> str:
    """The patient named last before the words; at the sentence's beginning the one it names first."""
    earlier = [label for at, label in named if at <= hit.end]
    return earlier[-1] if earlier else before


def _wanted(lower: str, spans: Sequence[tuple[int, int]], rules: Sequence[Rule]) -> dict[int, list[Rule]]:
    """By sentence, the rules one of whose stems stands in it; a rule without stems is tried everywhere."""
    starts: list[int] = [start for start, _ in spans]
    where: dict[str, list[int]] = {}
    for stem in {stem for rule in rules for stem in rule.stems or ()}:
        where[stem] = _sentences_with(lower, stem, starts)
    wanted: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        numbers = range(len(spans)) if rule.stems is None else sorted({n for stem in rule.stems for n in where[stem]})
        for n in numbers:
            wanted[n].append(rule)
    return wanted


def _sentences_with(lower: str, stem: str, starts: Sequence[int]) -> list[int]:
    found, at = [], lower.find(stem)
    while at >= 0:
        n = max(bisect_right(starts, at) - 1, 0)
        found.append(n)
        if n + 1 >= len(starts):
            break
        at = lower.find(stem, starts[n + 1])
    return found


def _suggestion(rule: Rule, hit: Hit, piece: Piece, offset: int, patient: str) -> Suggestion:
    start, end = offset + hit.start, offset + hit.end
    return Suggestion(
        feature=rule.feature,
        status=hit.status,
        value=hit.value,
        section=piece.key,
        start=start,
        end=end,
        exact=piece.text[start:end],
        rule=rule.name,
        cue=hit.cue,
        patient=patient,
        qualifiers=dict(hit.qualifiers),
        told=dict(hit.told),
    )
