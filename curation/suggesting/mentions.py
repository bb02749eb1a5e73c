"""Rules that look for words: what is mentioned, and whether the clause asserts or denies it."""

import re
from collections.abc import Iterator

from curation.suggesting import filters, numbers, polarity
from curation.suggesting.hits import Hit, Sentence
from curation.suggesting.lexicon import Rule
from curation.suggesting.polarity import EXCLUDED, NOT_TESTED, PRESENT, SUPPOSED, Verdict

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
_HISTORICAL = re.compile(
    r"\b(?:histor(?:y|ies) of|previous(?:ly)?|prior|past|former(?:ly)?|years? (?:ago|earlier|before))\b", re.IGNORECASE
)
_REFUSED = re.compile(
    r"\b(?:declin\w+|refus\w+|allerg\w+ to|contraindicat\w+|instead of|prior to considering|candidate for|recommend\w*"
    r"|planned|plan to|scheduled)\b[^.;]*$",
    re.IGNORECASE,
)
_MILD = re.compile(r"\b(?:mild|slight|marginal|minimal|discrete)(?:ly)?\b", re.IGNORECASE)


#: Antibodies by their names, as a list of them is recognised.
LISTED = re.compile(r"\banti-\s?\w|\banti\s[A-Z]|\b[A-Z][A-Za-z]{0,3}-?\d\b|\b(?:SRP|HMGCR|SAE|EJ|OJ|Ku)\b")
_EXCEPTED = re.compile(
    r"\b(?:negative|unremarkable|normal|absent|not \w+|no \w+)\b[^.;]*"
    r"\b(?:except(?:ing)?(?: for)?|apart from|aside from|other than)\W*$",
    re.IGNORECASE,
)
_NOT_GIVEN = re.compile(
    r"^\W*(?:\w+\s+){0,2}?(?:was|were|had been|has been)\s+(?:\w+\s+)?"
    r"(?:considered|discussed|planned|proposed|offered|declined|refused|contraindicated|recommended|not|never|withheld)\b",
    re.IGNORECASE,
)


def holds(rule: Rule, sentence: Sentence) -> bool:
    """Whether the rule is about what this sentence is about."""
    told = rule.told
    if (topic := told.get("topic")) and topic not in sentence.topics:
        return False
    if (own := told.get("own_topic")) and own not in sentence.own_topics:
        return False
    if (wanted := told.get("needs_topic")) and wanted in ("followup",) and wanted not in sentence.own_topics:
        return False
    if any(topic in sentence.own_topics for topic in told.get("no_topic") or ()):
        return False
    if any(topic in sentence.topics for topic in told.get("no_topic_word") or ()):
        return False
    if told.get("unlisted") and len(LISTED.findall(sentence.text)) > 1:
        return False
    return all(need.search(sentence.text) for need in rule.needs)


def mention(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    if rule.words is None:
        yield from _together(rule, sentence)
        return
    for at in sentence.clauses:
        clause = sentence.clause(at)
        every = list(rule.words.finditer(clause))
        if not every or not _allowed(rule, clause):  # the words first: most clauses hold none
            continue
        for found in every:
            if rule.suffix_not and rule.suffix_not.match(clause, found.end()):
                continue
            if hit := judged(rule, clause, found.start(), found.end(), at[0]):
                yield hit


def _allowed(rule: Rule, clause: str) -> bool:
    if rule.unless and rule.unless.search(clause):
        return False
    if rule.told.get("needs_family"):
        return filters.names_relative(clause) and "history" not in clause.lower()
    return True


def _together(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """An anchor and every further word in one clause; the quote runs over them all."""
    assert rule.anchor is not None
    for at in sentence.clauses:
        clause = sentence.clause(at)
        anchor = rule.anchor.search(clause)
        if not anchor or not _allowed(rule, clause):
            continue
        best = None
        for anchor in rule.anchor.finditer(clause):
            others = [_nearest(pattern, clause, anchor) for pattern in rule.all]
            if any(other is None for other in others) or not all(_near(rule, clause, anchor, o) for o in others if o):
                continue
            best = (anchor, [o for o in others if o])
            break
        if best is None or (rule.told.get("numbers") and not re.search(r"\d", numbers.without_references(clause)[0])):
            continue
        anchor, parts = best
        start, end = min(m.start() for m in (anchor, *parts)), max(m.end() for m in (anchor, *parts))
        verdict = judged(rule, clause, anchor.start(), anchor.end(), at[0])
        if verdict and not (parts and _denied(clause, parts[0], rule)):
            yield Hit(at[0] + start, at[0] + end, verdict.status, verdict.value, verdict.cue, told=verdict.told)


def _denied(clause: str, part: re.Match[str], rule: Rule) -> bool:
    if rule.manner != "finding" or rule.value is None:
        return False
    found = polarity.verdict(clause, part.start(), part.end(), "finding")
    return found is not None and found.status == EXCLUDED


def _nearest(pattern: re.Pattern[str], clause: str, anchor: re.Match[str]) -> re.Match[str] | None:
    found = [
        m
        for m in pattern.finditer(clause)
        if m.end() <= anchor.start() or m.start() >= anchor.end() or m.span() == anchor.span() or _inside(m, anchor)
    ]
    return min(found, key=lambda m: max(anchor.start() - m.end(), m.start() - anchor.end()), default=None)


def _inside(m: re.Match[str], anchor: re.Match[str]) -> bool:
    return anchor.start() <= m.start() and m.end() <= anchor.end()


def _near(rule: Rule, clause: str, anchor: re.Match[str], other: re.Match[str]) -> bool:
    most = rule.told.get("near") or rule.told.get("words_between")
    if rule.told.get("before") and other.start() > anchor.start():
        return False
    if not isinstance(most, int):
        return True
    between = clause[other.end() : anchor.start()] if other.end() <= anchor.start() else clause[anchor.end() : other.start()]
    return len(between.split()) <= most


def judged(rule: Rule, clause: str, start: int, end: int, offset: int) -> Hit | None:
    """The mention's status and value by the rule, or None where the clause does not say so."""
    told = rule.told
    if not told.get("family") and filters.is_of_relative(clause, start, end):
        return None
    if told.get("fixed"):
        return _made(rule, Verdict(str(told.get("status", PRESENT))), clause, start, end, offset)
    if told.get("status") == EXCLUDED:
        said = polarity.verdict(clause, start, start, "finding")
        return None if said and said.status == SUPPOSED else _made(rule, Verdict(EXCLUDED), clause, start, end, offset)
    verdict = polarity.verdict(clause, start, end, rule.manner)
    if verdict is None and told.get("default") == PRESENT:
        verdict = Verdict(PRESENT)
    if verdict is None or verdict.status == SUPPOSED:
        return None
    if told.get("drug") and (verdict.status != PRESENT or _is_not_given(clause, start, end)):
        return None
    return _made(rule, verdict, clause, start, end, offset)


def _is_not_given(clause: str, start: int, end: int) -> bool:
    return bool(_REFUSED.search(clause[:start]) or _NOT_GIVEN.match(clause[end:]))


def _made(rule: Rule, verdict: Verdict, clause: str, start: int, end: int, offset: int) -> Hit | None:
    told, status, value = rule.told, verdict.status, rule.value
    if told.get("when"):
        if status != told["when"]:
            return None
        status = PRESENT
    elif (told.get("only") and status != told["only"]) or (told.get("status_only") and status != told["status_only"]):
        return None
    elif status == PRESENT and told.get("status"):
        status = told["status"]
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


def antibody(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """An antibody's result; a bare antigen counts where antibodies are spoken of."""
    spoken = bool(_ANTIBODIES_NAMED.search(sentence.text))
    bare = rule.told.get("bare")
    for at in sentence.clauses:
        clause = sentence.clause(at)
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
                    hit = _made(rule, Verdict(PRESENT), clause, found.start(), found.end(), at[0])
                if hit:
                    yield hit


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
    return None if verdict is None or verdict.status == SUPPOSED else _made(rule, verdict, clause, start, end, offset)


def _last_shown(before: str) -> int:
    """Where the last word of finding stands: what was asked before it has been answered."""
    return max((m.start() for m in _SHOWN.finditer(before)), default=0)


def level(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """Something measured that is called high or normal; with ``numbers`` also one above the limit that stands beside it."""
    for at in sentence.clauses:
        clause = sentence.clause(at)
        if not _allowed(rule, clause):
            continue
        for found in rule.words.finditer(clause) if rule.words else ():
            verdict = polarity.verdict(clause, found.start(), found.end(), "level")
            if verdict is None and rule.told.get("numbers") and _above_limit(clause):
                verdict = Verdict(PRESENT)
            if verdict is None or verdict.status == SUPPOSED:
                continue
            if verdict.status == EXCLUDED and rule.told.get("no_follow") and "followup" in sentence.own_topics:
                continue
            if made := _made(rule, verdict, clause, found.start(), found.end(), at[0]):
                yield _graded(rule, made, clause)
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
