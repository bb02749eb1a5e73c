"""Left and right: which side a clause means, and whether it compares the two."""

import re
from dataclasses import dataclass

_SIDE = r"(?P<{0}>left|right)"
_COMPARED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<side>left|right)(?:[\s-]+(?:side|sided|limbs?|leg|arm|thigh|\w+))?(?:\s*\([^)]*\))?[\s-]*(?:more|greater|worse|>|dominan\w+|predominan\w+|prevalen\w+)\b",
        r"\b(?P<side>left|right)\s*>\s*(?:left|right)\b",
        r"\b(?P<side>left|right)\b[^;]{0,60}?\b(?:weaker|thinner|smaller|more\s+\w+|worse|greater|severe\w*)\s+than\b",
        r"\b(?P<side>left|right)\b[^;]{0,90}?\b(?:compared\s+(?:to|with)|relative\s+to|in\s+comparison\s+(?:to|with)|than)\s+(?:the\s+|that\s+on\s+the\s+|his\s+|her\s+)*(?:left|right|other|contralateral|opposite)\b",
        r"\b(?:more|worse|greater|predominant(?:ly)?|dominant|severer|maximal|most (?:marked|severe|prominent)"
        r"|accentuated|pronounced|especially|particularly)\b(?:\s+(?!than\b|compared\b|relative\b)[\w-]+){0,5}?\s+(?:on"
        r"|in|of|for|to|at)?\s*(?:the\s+|his\s+|her\s+)?(?P<side>left|right)\b",
        r"\b(?P<letter>[LR])\s*>\s*[LR]\b",
        r"\bpredominantly\s+(?P<side>left|right)\b|\b(?P<side2>left|right)[\s-]+(?:sided\s+)?predominan\w+",
    )
)
_ASYMMETRIC = re.compile(r"\basymmetr\w+|\bside[\s-](?:difference|to[\s-]side)", re.IGNORECASE)
_UNILATERAL = re.compile(
    r"\bunilateral(?:ly)?\b|\b(?:confined|limited|restricted|localized|localised|isolated)\s+to\s+(?:the\s+|his\s+|her\s+|one\s+)*(?P<side>left|right|one|side|leg|arm)\b"
    r"|\bonly\s+(?:on\s+|in\s+|of\s+|affect\w*\s+|involv\w*\s+)*the\s+(?P<side2>left|right)\b|\bmono(?:melic|paresis)\b",
    re.IGNORECASE,
)
_SYMMETRIC = re.compile(r"(?<!a)(?<!as)\bsymmetric(?:al|ally)?\b|\bsymmetry\b|\bsymmetrical\b", re.IGNORECASE)
_BILATERAL = re.compile(
    r"\bbilateral(?:ly)?\b|\bB/L\b|\bboth\s+(?:\w+\s+){0,2}?(?:sides|legs|arms|thighs|limbs|extremities|shoulders|hips|calves|deltoids|quadriceps)\b",
    re.IGNORECASE,
)
_ANY = re.compile(r"\b(left|right)\b(?!\s+(?:ventric|atri|bundle|heart|lung|lobe|breast|bundle))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relation:
    """``kind``: asymmetric, unilateral, symmetric or bilateral; ``side``: left or right where one is named."""

    kind: str
    side: str
    start: int
    end: int


def relation(clause: str) -> Relation | None:
    """How the clause sets one side beside the other."""
    if found := _UNILATERAL.search(clause):
        side = (found["side"] or found["side2"] or "").lower()
        return Relation("unilateral", side if side in ("left", "right") else "", found.start(), found.end())
    if compared := _compared(clause):
        return compared
    for kind, pattern in (("asymmetric", _ASYMMETRIC), ("symmetric", _SYMMETRIC), ("bilateral", _BILATERAL)):
        if found := pattern.search(clause):
            return Relation(kind, "", found.start(), found.end())
    return None


def _compared(clause: str) -> Relation | None:
    for pattern in _COMPARED:
        if found := pattern.search(clause):
            named = found.groupdict()
            side = named.get("side") or named.get("side2") or {"L": "left", "R": "right"}.get(named.get("letter") or "", "")
            return Relation("asymmetric", side.lower(), found.start(), found.end())
    return None


def side_near(clause: str, start: int, end: int) -> tuple[str, int, int] | None:
    """The side named near ``clause[start:end]``, where the clause names only one: (side, its place)."""
    if (compared := relation(clause)) and compared.side:
        return compared.side, compared.start, compared.end
    named = [(m[1].lower(), m.start(), m.end()) for m in _ANY.finditer(clause)]
    if not named or len({side for side, _, _ in named}) > 1 or _BILATERAL.search(clause):
        return None
    side, at, to = min(named, key=lambda each: min(abs(each[1] - end), abs(start - each[2])))
    words = clause[to:start] if to <= start else clause[end:at]
    return (side, at, to) if len(words.split()) <= 7 else None
