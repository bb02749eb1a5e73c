"""Rules that look for words: what is mentioned, and whether the clause asserts or denies it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from curation.suggesting import filters, numbers, polarity
from curation.suggesting.cues import EXCLUDED
from curation.suggesting.hits import Hit, Sentence
from curation.suggesting.judging import judged
from curation.suggesting.lexicon import Rule

#: Antibodies by their names, as a list of them is recognised.
LISTED = re.compile(r"\banti-\s?\w|\banti\s[A-Z]|\b[A-Z][A-Za-z]{0,3}-?\d\b|\b(?:SRP|HMGCR|SAE|EJ|OJ|Ku)\b")
EXCEPT = re.compile(r"\W*(?:except|with the exception|apart|aside|other than)\b", re.IGNORECASE)


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
    for offset, clause in sentence.stretches(rule.told):
        every = list(rule.words.finditer(clause))
        if not every or not allowed(rule, clause):  # the words first: most clauses hold none
            continue
        for found in every:
            if rule.suffix_not and rule.suffix_not.match(clause, found.end()):
                continue
            hit = judged(rule, clause, found.start(), found.end(), offset)
            excepted = (rule.manner == "test_normal" or rule.told.get("status") == EXCLUDED) and _has_exception(
                sentence.text, offset, offset + len(clause)
            )
            if hit and not (excepted and hit.status == EXCLUDED):
                yield hit


def _has_exception(text: str, start: int, end: int) -> bool:
    """ "Strength was full except in the neck", "apart from the neck, strength was full"."""
    return bool(EXCEPT.match(text, end) or (start and EXCEPT.match(text)))


def allowed(rule: Rule, clause: str) -> bool:
    if rule.unless and rule.unless.search(clause):
        return False
    if rule.told.get("needs_family"):
        return filters.names_relative(clause) and "history" not in clause.lower()
    return True


def _together(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """An anchor and every further word in one clause; the quote runs over them all."""
    assert rule.anchor is not None
    for at, clause in sentence.parts:
        anchors = _anchors(rule.anchor, clause)
        if not anchors or not allowed(rule, clause):
            continue
        best = None
        for anchor in anchors:
            others = [_nearest(pattern, clause, anchor) for pattern in rule.all]
            named = [o for o in others if o and not _is_of_another(clause, anchor, o, rule.told.get("apart"))]
            if len(named) < len(others) or not all(_near(rule, clause, anchor, o) for o in named):
                continue
            best = (anchor, named)
            break
        if best is None or (rule.told.get("numbers") and not re.search(r"\d", numbers.without_references(clause)[0])):
            continue
        anchor, parts = best
        start, end = min(m.start() for m in (anchor, *parts)), max(m.end() for m in (anchor, *parts))
        verdict = judged(rule, clause, anchor.start(), anchor.end(), at[0])
        if verdict and not (parts and _denied(clause, parts[0], rule)):
            yield Hit(at[0] + start, at[0] + end, verdict.status, verdict.value, verdict.cue, told=verdict.told)


@lru_cache(maxsize=256)
def _anchors(pattern: re.Pattern[str], clause: str) -> list[re.Match[str]]:
    """Many rules of one lexicon have the same anchor and are tried one after the other."""
    return list(pattern.finditer(clause))


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


_OWN_PART = re.compile(r"\s+(?:of|in|involving|affecting)\s+[a-z]", re.IGNORECASE)
_AND, _OF = re.compile(r"\W*(?:and|or|with)\W*"), re.compile(r"\s+(?:of|in|affecting|involving)\b")
_ITS_PART = re.compile(r"\b(?:of|in|over)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)


def _is_of_another(clause: str, anchor: re.Match[str], part: re.Match[str], apart: re.Pattern[str] | None) -> bool:
    """ "Wasting of the thighs and weakness of the neck", "weakness, pain and a rash over the hands": whose part it is."""
    if part.end() <= anchor.start():
        between = clause[part.end() : anchor.start()]
        joined = re.fullmatch(r",?\s*and\s+(?:\w+\s+){0,2}", between)
        return bool(joined and _OWN_PART.match(clause, anchor.end()) and _ITS_PART.search(clause[: part.start()]))
    between = clause[anchor.end() : part.start()]
    found = apart.search(between) if apart else None
    return bool(found and not (_AND.fullmatch(between[: found.start()]) and _OF.match(between[found.end() :])))


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
