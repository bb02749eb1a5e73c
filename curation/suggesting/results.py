"""Rules for what is tested or measured: antibodies and their results, levels high or normal."""

import re
from collections.abc import Iterator
from functools import lru_cache

from curation.suggesting import filters, numbers, polarity
from curation.suggesting.cues import EXCLUDED, PRESENT, SUPPOSED
from curation.suggesting.hits import Hit, Sentence
from curation.suggesting.judging import made
from curation.suggesting.lexicon import Rule
from curation.suggesting.mentions import EXCEPT, allowed
from curation.suggesting.polarity import Verdict

_ANTIBODIES_NAMED = re.compile(r"antibod|\banti-?\s?\w|serolog|myositis|blot|panel", re.IGNORECASE)
_NAMED_AFTER = re.compile(
    r"^(?:[\s-]*(?:auto[\s-]?)?antibod(?:y|ies))?[\s-]*(?:\([^)]*\))?[\s-]*(?:positive[\s-]+)?(?:associated|related"
    r"|mediated|positive)?[\s-]*(?:immune[\s-]mediated[\s-]*)?(?:IMNM|NAM"
    r"|(?:necroti[sz]ing )?(?:autoimmune )?myopath(?:y|ies)|necroti[sz]ing|myositis|syndrome|anti-?synthetase)\b",
    re.IGNORECASE,
)
_SHOWN_BEFORE = re.compile(
    r"\b(?:revealed|showed|shows|detected|detection of|found|identified|disclosed|demonstrated|confirmed|with|had|has"
    r"|harbou?r\w*|carr(?:ied|ying)|elevated|high|raised|strong\w*|presence of|isolated)\b[^.;]*$",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"\b(?:revealed|showed|shows|detected|identified|disclosed|demonstrated|confirmed|found)\b", re.IGNORECASE)
_ASKED_BEFORE = re.compile(
    r"\b(?:test(?:ed|ing|s)?|request\w*|assay\w*|screen\w*|check\w*|search\w*|order\w*|sent|measur\w+|including|included|panel|exclude|against)\b[^.;]*$",
    re.IGNORECASE,
)
_ASSAYED_AFTER = re.compile(
    r"^[^.;]{0,40}?\b(?:was|were) (?:\w+ )?(?:assayed|measured|determined|requested|tested|sent|evaluated|examined|checked)\b",
    re.IGNORECASE,
)
_TITRE_AFTER = re.compile(r"^[^.;]{0,40}?\b(?:tit(?:er|re)s?|levels?|index|>|of)\b[^.;a-z]{0,12}?\d", re.IGNORECASE)
_TURNED = re.compile(
    r"[^.;]{0,80}?\b(?:became|turned|converted to|(?:was|were) later) (?:strongly |weakly )?positive\b", re.IGNORECASE
)
_MILD = re.compile(r"\b(?:mild|slight|marginal|minimal|discrete)(?:ly)?\b", re.IGNORECASE)
_EXCEPTED = re.compile(
    r"\b(?:negative|unremarkable|normal|absent|not \w+|no \w+)\b[^.;]*"
    r"\b(?:except(?:ing)?(?: for)?|with the exception of|apart from|aside from|other than)\W*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=16)
def _speaks_of_antibodies(sentence: str) -> bool:
    return bool(_ANTIBODIES_NAMED.search(sentence))


def antibody(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """An antibody's result; a bare antigen counts where antibodies are spoken of."""
    spoken = _speaks_of_antibodies(sentence.text)
    bare = rule.told.get("bare")
    for at, clause in sentence.parts:
        if filters.names_relative(clause):
            continue
        taken: list[tuple[int, int]] = []
        for pattern in (rule.words, bare if spoken else None):
            for found in pattern.finditer(clause) if pattern else ():
                if any(a < found.end() and found.start() < b for a, b in taken):
                    continue
                taken.append(found.span())
                hit = _result(rule, clause, found, at[0], with_prefix=pattern is rule.words)
                if hit is None and _EXCEPTED.search(sentence.text, 0, at[0]):
                    hit = made(rule, Verdict(PRESENT), clause, found.start(), found.end(), at[0])
                if hit and not (hit.status == EXCLUDED and _is_excepted(rule, sentence.text, at[1])):
                    yield hit
                if hit and hit.status == EXCLUDED and (turned := _TURNED.match(clause, found.end())):
                    yield Hit(at[0] + found.start(), at[0] + turned.end(), PRESENT)


def _is_excepted(rule: Rule, text: str, end: int) -> bool:
    """ "All (SRP, Ro52) were negative except Ro52." """
    behind = EXCEPT.match(text, end)
    return bool(behind and any(p and p.search(text, behind.end()) for p in (rule.words, rule.told.get("bare"))))


def _result(rule: Rule, clause: str, found: re.Match[str], offset: int, *, with_prefix: bool) -> Hit | None:
    start, end = found.span()
    verdict = polarity.verdict(clause, start, end, "test")
    if verdict and verdict.cue.lower().startswith("presence") and _ASSAYED_AFTER.match(clause[end:]):
        return None
    if verdict is None and with_prefix:
        after, before = clause[end:], clause[:start]
        named = _NAMED_AFTER.match(after)
        shown = _SHOWN_BEFORE.search(before) and not _ASKED_BEFORE.search(before[_last_shown(before) :])
        if named or shown or _TITRE_AFTER.match(after):
            verdict = Verdict(PRESENT)
    return None if verdict is None or verdict.status == SUPPOSED else made(rule, verdict, clause, start, end, offset)


def _last_shown(before: str) -> int:
    """Where the last word of finding stands: what was asked before it has been answered."""
    return max((m.start() for m in _SHOWN.finditer(before)), default=0)


def level(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """Something measured that is called high or normal; with ``numbers`` also one above the limit that stands beside it."""
    for at, clause in sentence.parts:
        if not allowed(rule, clause):
            continue
        for found in rule.words.finditer(clause) if rule.words else ():
            verdict = polarity.verdict(clause, found.start(), found.end(), "level")
            if verdict is None and rule.told.get("numbers") and _above_limit(clause):
                verdict = Verdict(PRESENT)
            if verdict is None or verdict.status == SUPPOSED:
                continue
            if verdict.status == EXCLUDED and rule.told.get("no_follow") and "followup" in sentence.own_topics:
                continue
            if hit := made(rule, verdict, clause, found.start(), found.end(), at[0]):
                yield _graded(rule, hit, clause)
            break


def _above_limit(clause: str) -> bool:
    if numbers.fold(clause):
        return True
    text, references = numbers.without_references(clause)
    limit = numbers.upper_limit(references, {})
    found = re.findall(numbers.NUMBER, text)
    return bool(limit and found and max(map(numbers.number, found)) > limit)


def _graded(rule: Rule, hit: Hit, clause: str) -> Hit:
    """A level with its grade and its multiple of the limit."""
    value, told = hit.value, dict(hit.told)
    if hit.status == PRESENT and value is not None and "grades" in rule.told and _MILD.search(clause):
        value = next(iter(rule.told["grades"]))
    if hit.status == PRESENT and rule.told.get("numbers") and (fold := numbers.fold(clause)):
        told["xuln"] = {"comparator": fold[2], "value": numbers.whole(fold[1])}
    return Hit(hit.start, hit.end, hit.status, value, hit.cue, hit.qualifiers, told)
