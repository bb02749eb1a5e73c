"""What a mention comes to by its rule: status, value, and the words that are quoted."""

import re

from curation.suggesting import filters, polarity
from curation.suggesting.cues import EXCLUDED, INDETERMINATE, NOT_TESTED, PRESENT, SUPPOSED
from curation.suggesting.hits import Hit
from curation.suggesting.lexicon import Rule
from curation.suggesting.polarity import Verdict

#: Within the words of a mention: "weakness had not improved" is no improvement.
_NOT_WITHIN = re.compile(r"\b(?:not|never|neither|hardly)\b", re.IGNORECASE)
_ONCE_MORE = re.compile(r"\b(?:repeat(?:ed)?|second|further|follow-?up|another|control|new)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_HISTORICAL = re.compile(
    r"\b(?:histor(?:y|ies) of|previous(?:ly)?|prior|past|former(?:ly)?|years? (?:ago|earlier|before))\b", re.IGNORECASE
)
_REFUSED = re.compile(
    r"\b(?:declin\w+|refus\w+|allerg\w+ to|contraindicat\w+|instead of|prior to considering|candidate for|recommend\w*"
    r"|planned|plan to|scheduled)\b(?:(?!\b(?:and|but) (?:was|were|he|she|received|started|managed|treated)\b)[^.;])*$",
    re.IGNORECASE,
)
_NOT_GIVEN = re.compile(
    r"^\W*(?:\w+\s+){0,2}?(?:was|were|had been|has been)\s+(?:\w+\s+)?"
    r"(?:considered|discussed|planned|proposed|offered|declined|refused|contraindicated|recommended|not|never|withheld)\b"
    r"|^\W*(?:\w+\s+){0,2}?(?:could not|cannot|had not yet) (?:be|been)\b",
    re.IGNORECASE,
)


def judged(rule: Rule, clause: str, start: int, end: int, offset: int) -> Hit | None:
    """The mention's status and value by the rule, or None where the clause does not say so."""
    told = rule.told
    if not told.get("family") and filters.is_of_relative(clause, start, end):
        return None
    if told.get("status") != EXCLUDED and not told.get("fixed") and _NOT_WITHIN.search(clause, start, end):
        return None
    if told.get("fixed"):
        return made(rule, Verdict(str(told.get("status", PRESENT))), clause, start, end, offset)
    if told.get("status") == EXCLUDED:
        said = polarity.verdict(clause, start, start, "finding")
        return None if said and said.status == SUPPOSED else made(rule, Verdict(EXCLUDED), clause, start, end, offset)
    verdict = polarity.verdict(clause, start, end, rule.manner)
    if verdict and rule.manner == "exam" and verdict.status == EXCLUDED and _ONCE_MORE.search(clause[:start]):
        return None
    if verdict is None and told.get("default") == PRESENT:
        verdict = Verdict(PRESENT)
    if verdict is None or verdict.status == SUPPOSED:
        return None
    if told.get("drug") and (verdict.status != PRESENT or _is_not_given(clause, start, end)):
        return None
    return made(rule, verdict, clause, start, end, offset)


def _is_not_given(clause: str, start: int, end: int) -> bool:
    return bool(_REFUSED.search(clause[:start]) or _NOT_GIVEN.match(clause[end:]))


def made(rule: Rule, verdict: Verdict, clause: str, start: int, end: int, offset: int) -> Hit | None:
    told, status, value = rule.told, verdict.status, rule.value
    if told.get("when"):
        if status != told["when"]:
            return None
        status = PRESENT
    elif (told.get("only") and status != told["only"]) or (told.get("status_only") and status != told["status_only"]):
        return None
    elif status == PRESENT and told.get("status"):
        status = told["status"]
    if status == INDETERMINATE and told.get("negated") == EXCLUDED:
        value = None
    if status in (EXCLUDED, NOT_TESTED):
        if value is not None and not told.get("when") and status == EXCLUDED and told.get("negated") != EXCLUDED:
            return None
        if value is not None and status == NOT_TESTED and told.get("negated") != EXCLUDED and rule.kind == "mention":
            return None
        value = None
    extra = {"temporality": "historical"} if told.get("history") and status == PRESENT and _HISTORICAL.search(clause) else {}
    first, last = _with_cue(clause, start, end, verdict.cue)
    return Hit(offset + first, offset + last, status, value, verdict.cue, told=extra)


def _with_cue(clause: str, start: int, end: int, cue: str) -> tuple[int, int]:
    """The quote holds the words that deny or assert, where they stand near."""
    if not cue:
        return start, end
    before, after = clause.rfind(cue, 0, start), clause.find(cue, end)
    if before >= 0 and start - before < 120:
        return before, end
    if after >= 0 and after - end < 160:
        return start, after + len(cue)
    return start, end
