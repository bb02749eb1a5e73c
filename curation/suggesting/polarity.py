"""What a clause says of something that it mentions: ConText's idea (cues before and after, each with its reach), own rules.

A mention has a manner, which says what counts: a "finding" is there unless it is denied; a "stain" the same, and "negative"
denies it; a "test" needs a word for its result; a "level" needs high or normal; an "exam" was done unless it was not.
"""

import re
from dataclasses import dataclass

from curation.suggesting.cues import EXCLUDED, INDETERMINATE, NOT_TESTED, PRESENT, SUPPOSED, Cue, cues


@dataclass(frozen=True, slots=True)
class Verdict:
    """``cue``: the words it rests on; empty where it rests on the mention alone."""

    status: str
    cue: str = ""


_VERB = re.compile(
    r"\b(?:was|were|is|are|had|has|showed|shows|revealed|demonstrated|developed|presented|complained|reported|denied|received|remained|disclosed|confirmed|underwent|improved|persisted|started|with)\b",
    re.IGNORECASE,
)

#: Which cues count for which manner of mention.
_ASKED = {"untested", "supposed", "whether", "no", "negative_for"}
_RESULTS = {"positive_for", "negative_adj", "positive_adj", "weak"}
_COUNTS_BEFORE = {
    "finding": _ASKED | {"doubtful", "bare_not"},
    "stain": _ASKED | {"doubtful", "positive_for", "negative_adj", "weak"},
    "test": _ASKED | _RESULTS,
    "test_normal": (_ASKED | _RESULTS | {"normal_adj"}) - {"supposed"},
    "level": {"untested", "normal_adj", "high_adj", "no"},
    "exam": {"untested", "no", "refusal", "refused_more"},
}
_DOUBTED = {"untested", "doubt", "unproven", "suspected", "unfound", "found"}
_COUNTS_AFTER = {
    "finding": _DOUBTED | {"negative"},
    "stain": _DOUBTED | {"negative", "positive", "weak"},
    "test": _DOUBTED | {"refused", "negative", "positive", "weak", "normal"},
    "test_normal": _DOUBTED | {"refused", "negative", "positive", "weak", "normal"},
    "level": {"untested", "normal", "high", "unfound", "found"},
    "exam": {"untested", "refused", "offered", "suspected"},
}
#: Cues that speak only of what stands right behind them: at most so many words lie between.
_CLOSE = {"bare_not": 0, "doubtful": 2}
_WAS_DONE = re.compile(
    r"[^.;]{0,40}?\b(?:was|were) (?:performed|done|carried out|obtained|available|undertaken)\b", re.IGNORECASE
)
_ANSWERS = {"exam": {"refused", "untested"}, "finding": {"unfound", "doubt", "unproven", "found"}}
_MOST_BETWEEN = 12
_UNCLEAR = re.compile(
    r"\b(?:unclear|uncertain|unknown|not (?:known|clear|established)|(?:could not|cannot) be \w+)\b", re.IGNORECASE
)


def verdict(clause: str, start: int, end: int, manner: str) -> Verdict | None:
    """What the clause says of ``clause[start:end]``; None where a manner that needs a word for its result finds none."""
    before, after, stops = cues(clause)
    left = _nearest_before(before, stops, clause, start, manner)
    right = _nearest_after(after, clause, start, end, manner)
    for cue in (left, right):
        if cue and (cue.verdict == NOT_TESTED or (cue.name == "refused" and manner != "exam")):
            return Verdict(EXCLUDED if manner == "exam" else NOT_TESTED, cue.words)
    if left and left.name == "no" and manner in ("test", "test_normal") and _WAS_DONE.match(clause, end):
        return Verdict(NOT_TESTED, left.words)
    if right and right.name in ("suspected", "offered"):
        return _answered(right, after, clause, manner)
    if left and left.name == "whether":
        return Verdict(INDETERMINATE if _UNCLEAR.search(clause) else SUPPOSED, left.words)
    asked_and_answered = (
        left and right and (left.name == "supposed" or _is_of_another(left, right, clause[left.end : start], manner))
    )
    nearer = left and (left.verdict == EXCLUDED or not right or left.end + 1 >= start or manner in ("finding", "exam", "stain"))
    if left and nearer and not asked_and_answered:
        return Verdict(left.verdict, left.words)
    if right:
        return Verdict(right.verdict, right.words)
    return Verdict(PRESENT) if manner in ("finding", "stain", "exam") else None


def _is_of_another(left: Cue, right: Cue, between: str, manner: str) -> bool:
    """ "Without rash, anti-SRP was positive": a result of its own goes before a denial beyond a comma."""
    lacks = left.name == "no" and left.words.lower().startswith(("without", "lack", "absence"))
    return manner in ("test", "test_normal") and lacks and right.verdict == PRESENT and "," in between


def _answered(thought: Cue, after: tuple[Cue, ...], clause: str, manner: str) -> Verdict:
    """What was suspected or offered, and what became of it."""
    answers = _ANSWERS.get(manner, _ANSWERS["finding"])
    for cue in after:
        between = clause[thought.end : cue.start].split()
        if cue.start >= thought.end and cue.name in answers and len(between) <= _MOST_BETWEEN:
            return Verdict(cue.verdict, cue.words)
    doubted = manner != "exam" and thought.words.endswith("suspected")
    return Verdict(INDETERMINATE if doubted else SUPPOSED, thought.words)


def _nearest_before(cues: tuple[Cue, ...], stops: tuple[int, ...], clause: str, start: int, manner: str) -> Cue | None:
    counted = [cue for cue in cues if cue.name in _COUNTS_BEFORE[manner] and _stands_before(cue, start)]
    for cue in reversed(counted):
        if cue.name != "whether" and any(cue.end <= stop < start for stop in stops):
            return None
        between = clause[cue.end : start]
        if cue.name in _CLOSE and (len(between.split()) > _CLOSE[cue.name] or "," in between):
            continue
        if cue.name in ("normal_adj", "high_adj") and (_VERB.search(between) or len(between) > 90):
            continue
        if manner == "exam" and (len(between.split()) > 3 or "," in between or " and " in between):
            return None
        if cue.name == "no" and manner == "level":
            return (
                cue if re.search(r"(?:elevat|increas|rais|rise|abnormal)\w*\W+(?:\w+\W+){0,2}$", between, re.IGNORECASE) else None
            )
        return cue
    return None


def _stands_before(cue: Cue, start: int) -> bool:
    """A denial may reach into the words that it denies: "never relapsed", "no worsening of"."""
    return cue.end <= start or (cue.start < start and cue.name in ("no", "supposed"))


def _nearest_after(cues: tuple[Cue, ...], clause: str, start: int, end: int, manner: str) -> Cue | None:
    for cue in cues:
        if cue.start < end and not (start <= cue.start and manner == "exam"):
            continue
        if cue.name not in _COUNTS_AFTER[manner]:
            continue
        return cue if _reaches(cue, clause, end, manner) else None
    return None


_PLURAL = re.compile(r"\b(?:were|are|all|both|neither)\b|^(?:absent|negative|normal)", re.IGNORECASE)


def _reaches(cue: Cue, clause: str, end: int, manner: str) -> bool:
    """Whether a word of a result that stands later is about this mention and not about another that stands between."""
    between = clause[end : cue.start]
    if manner in ("test", "test_normal", "level"):
        if manner == "test_normal" and cue.name == "normal":
            return len(between) < 140 and not re.search(
                r"\b(?:showed|revealed|demonstrated|disclosed|had)\b", between, re.IGNORECASE
            )
        if manner == "level" and re.search(r"\b(?:both|all)\s+(?:\w+\s+)?$", between, re.IGNORECASE):
            return True
        has_own_result = manner == "level" and re.search(
            r"\d[^()]*,\s*(?!i\.e|which|that is|thus|a normal)", re.sub(r"\([^()]*\)", "", between)
        )
        return len(between) < 400 and not has_own_result
    if cue.name == "unproven" or (cue.name == "negative" and manner == "finding"):
        return len(between.split()) <= 2 and bool(re.search(r"(?:\b(?:was|were|is)|^|:)\s*$", between))
    verbs = list(_VERB.finditer(between))
    singular = cue.words.lower().startswith(("was", "is ")) or re.search(r"\b(?:was|is)\s+$", between, re.IGNORECASE)
    if cue.name != "untested" and singular and re.search(r",|\band\b|\bor\b", between):
        return False
    if verbs and not (len(verbs) == 1 and verbs[0].end() >= len(between.rstrip()) - 1):
        return False
    if cue.name in ("unfound", "negative") and cue.verdict == EXCLUDED and manner == "finding" and len(between) > 120:
        return False
    return len(between) < 160
