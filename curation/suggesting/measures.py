"""Rules that read a number: ages, lengths of time, amounts, grades."""

import re
from collections.abc import Iterator

from curation.suggesting import ages, filters, numbers
from curation.suggesting.cues import PRESENT
from curation.suggesting.hits import Hit, Sentence
from curation.suggesting.lexicon import Rule

_AGO = re.compile(r"^\s*(?:ago|earlier|previously|before|prior|back)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"(?:\s*\b(?:about|approximately|approx\.?|around|nearly|almost|over|more than|at least|some|the|past|last|previous"
    r"|preceding|a|an|only|just|up to|another|period of|roughly|~)\b)*\s*$",
    re.IGNORECASE,
)
_PRESENTING = re.compile(r"\b(?:present\w*|admitted|seen|evaluated|referred|visited|consult\w+|hospitali\w+)\b", re.IGNORECASE)
_GRADE = re.compile(
    r"(?<![\d.,/])([0-5])\s?([+−–-](?!\d))?(?:\s?/\s?5\b(?!\d))?(?![\d.,]*\d)(?!\s?(?:[-–]?(?:months?|weeks?|years?|days?|mg|%|times|fold|cm|patients?)))"
)
_GRADES_NAMED = re.compile(r"\b(?:MRC|Medical Research Council|grades?)\b|[0-5][+−–-]?\s?/\s?5\b", re.IGNORECASE)
_THIRD = {"+": 1 / 3, "-": -1 / 3, "−": -1 / 3, "–": -1 / 3}


def age(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """The patient's age; not a relative's, and not the age at which something began."""
    for at, clause in sentence.parts:
        for span in ages.ages(clause):
            if filters.is_of_relative(clause, span.start, span.end):
                continue
            told = {"precision": span.precision} if span.precision else {}
            yield Hit(at[0] + span.start, at[0] + span.end, PRESENT, span.iso, qualifiers=told)
        if _PRESENTING.search(clause):
            for span in ages.at_age(clause):
                yield Hit(at[0] + span.start, at[0] + span.end, PRESENT, span.iso)


def age_at_onset(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """An age beside words of beginning; a time since then is told as ``since`` and counted back from the patient's age."""
    onset = rule.told["onset"]
    for at, clause in sentence.parts:
        if filters.names_relative(clause) or not onset.search(clause):
            continue
        for span in ages.at_age(clause):
            yield Hit(at[0] + span.start, at[0] + span.end, PRESENT, span.iso)
        for span in ages.spans(clause):
            if span.unit == "Y" and "/" not in span.iso and _AGO.match(clause[span.end :]) and span.count >= 1:
                yield Hit(at[0] + span.start, at[0] + span.end, PRESENT, None, told={"since": span.count})


def duration(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """A length of time whose neighbours say what it measures: words that lead to it, or that follow it."""
    told = rule.told
    for offset, clause in sentence.stretches(told):
        barred = rule.unless and rule.unless.search(clause)
        for span in ages.spans(clause):
            if filters.is_of_relative(clause, span.start, span.end):
                continue
            left, right = clause[: span.start], re.sub(r"^['’]?s?[\s-]*", "", clause[span.end :])
            lead = _FILLER.sub("", left)
            follows = told.get("forward") and told["forward"].match(right)
            leads = told.get("after") and _ends_with(told["after"], lead, left.rstrip())
            since = told.get("ago") and _AGO.match(clause[span.end :]) and told["ago"].search(left)
            if (told.get("before") and told["before"].match(right)) or (not barred and (follows or leads or since)):
                yield Hit(
                    offset + span.start,
                    offset + span.end,
                    PRESENT,
                    span.iso,
                    qualifiers={"precision": "range"} if span.precision else {},
                )


def _ends_with(pattern: re.Pattern[str], *texts: str) -> bool:
    return any(pattern.search(text) for text in texts)


def number(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """A number right after what it is of; ``changed`` says which end of "from 4 to 1" is meant ("from": only of such)."""
    assert rule.anchor is not None
    low, high = rule.told["range"]
    unit = re.escape(rule.told.get("unit", ""))
    one = r"\d{1,3}(?:\.\d+)?"
    pattern = re.compile(
        rf"[^.;\d]{{0,30}}?(?:[<>≥≤]\s*)?(?P<from>{one})\s*{unit}(?!\d)(?!\s?/\s?5\b)(?:\s*(?:to|→)\s*(?P<to>{one})\s*{unit}(?!\d))?"
    )
    end = rule.told.get("changed", "from")
    for found in rule.anchor.finditer(sentence.text):
        m = pattern.match(sentence.text, found.end())
        if m and rule.unless and rule.unless.match(sentence.text, m.end()):
            continue
        if not m or ("changed" in rule.told and end == "from" and not m["to"]):
            continue
        value = float(m[end] or m["from"])
        if low <= value <= high:
            yield Hit(found.start(), m.end(), PRESENT, numbers.whole(value))


def grade(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """The lowest grade of strength that a sentence names: "4-" is 3.67, "4+" 4.33."""
    named = _GRADES_NAMED.search(sentence.text)
    if not named or not rule.anchor or not rule.anchor.search(sentence.text):
        return
    found = []
    for m in _GRADE.finditer(sentence.text, min(named.start(), named.end())):
        found.append((int(m[1]) + (_THIRD.get(m[2] or "", 0.0)), m))
    lower = [each for each in found if each[0] < 5]
    if lower:
        value, m = min(lower, key=lambda each: each[0])
        yield Hit(min(named.start(), m.start()), m.end(), PRESENT, numbers.whole(round(value, 2)))


def quantity(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """Amounts of what the anchor names, in the base unit; another thing measured, or a bracket of normal values, ends them."""
    assert rule.anchor is not None
    told, text = rule.told, sentence.text
    masked, _ = numbers.without_references(text)
    low, high = told["range"]
    anchors = list(rule.anchor.finditer(masked))
    if not anchors:
        return
    stops = [m.start() for m in told["stop"].finditer(masked)] if told.get("stop") else []
    seen = []
    for quantity in numbers.quantities(masked, told["units"]):
        before = [a for a in anchors if a.end() <= quantity.start]
        if not before or any(before[-1].end() <= stop < quantity.start for stop in stops):
            continue
        if low <= quantity.value <= high and quantity.start - before[-1].end() < 160:
            seen.append((quantity, before[-1]))
    seen = seen or list(_bare_numbers(masked, anchors, stops, low, high))
    after = next(
        (
            s
            for s in ages.spans(text)
            if re.search(r"\b(?:after|within|over|following)\s+(?:\w+\s+)?$", text[: s.start], re.IGNORECASE)
        ),
        None,
    )
    for n, (quantity, anchor) in enumerate(seen):
        extra = {"unit": "U/L"} | ({"time": after.iso} if after and len(seen) > 1 and n == len(seen) - 1 else {})
        compared = {"comparator": quantity.comparator} if quantity.comparator else {}
        start = anchor.start() if n == 0 else quantity.start
        yield Hit(start, quantity.end, PRESENT, numbers.whole(quantity.value), qualifiers=compared, told=extra)


def _bare_numbers(
    masked: str, anchors: list[re.Match[str]], stops: list[int], low: float, high: float
) -> Iterator[tuple[numbers.Quantity, re.Match[str]]]:
    """A number of four digits or more without a unit, close behind the anchor."""
    near = re.compile(
        rf"[^.;\d]{{0,45}}?(?P<n>{numbers.NUMBER})(?!\s*(?:mg|kg|years?|months?|weeks?|days?|times|fold|%|-?fold|g\b))"
    )
    for anchor in anchors:
        m = near.match(masked, anchor.end())
        if m and not any(anchor.end() <= stop < m.start("n") for stop in stops):
            value = numbers.number(m["n"])
            if value >= 1000 and low <= value <= high and not 1900 <= value <= 2100:
                yield numbers.Quantity(m.start("n"), m.end(), value), anchor


def limit(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """The upper limit that stands in brackets after an amount."""
    assert rule.anchor is not None
    masked, pieces = numbers.without_references(sentence.text)
    anchor = rule.anchor.search(masked)
    if not anchor or not pieces:
        return
    piece = next((p for p in pieces if sentence.text.find(p) > anchor.end()), None)
    if piece is None or sentence.text.find(piece) - anchor.end() > 90:
        return
    stops = [m.start() for m in rule.told["stop"].finditer(masked)] if rule.told.get("stop") else []
    at = sentence.text.find(piece)
    value = numbers.upper_limit([piece], {})
    value = value * 60 if value and "kat/" in piece else value
    low, high = rule.told["range"]
    if value and low <= value <= high and not any(anchor.end() <= stop < at for stop in stops):
        yield Hit(at, at + len(piece), PRESENT, numbers.whole(value), told={"unit": "U/L"})


def count(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """How often: "two relapses", "relapsed twice"."""
    assert rule.words is not None
    often = {"once": 1, "twice": 2, "thrice": 3}
    for found in rule.words.finditer(sentence.text):
        word = next((g for g in found.groups() if g), "").lower()
        value = often.get(word) or (numbers.number(word) if word.isdigit() or word in numbers.WORDS else None)
        if value and word not in ("a", "an"):
            yield Hit(found.start(), found.end(), PRESENT, numbers.whole(float(value)))
