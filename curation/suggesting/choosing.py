"""Rules that choose among options: sex, sides, muscles, methods, and whether a panel was listed."""

import re
from collections.abc import Iterator

from curation.suggesting import filters, polarity, sides
from curation.suggesting.cues import PRESENT
from curation.suggesting.hits import Hit, Sentence
from curation.suggesting.lexicon import Rule
from curation.suggesting.mentions import LISTED

_MALE = re.compile(
    r"\b(?:(?P<noun>man|male|boy|gentleman|schoolboy)|he|his|him|himself)\b(?!\s*(?::|/|to female|and female|sex|relatives))",
    re.IGNORECASE,
)
_FEMALE = re.compile(
    r"\b(?:(?P<noun>woman|female|girl|lady|housewife|schoolgirl|primigravida)|she|her|hers|herself)\b(?!\s*(?::|/|to male"
    r"|and male|sex|relatives))",
    re.IGNORECASE,
)


def sex(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """By nouns before pronouns; where relatives are named only what stands before them counts."""
    relative = filters.kin(sentence.text)
    text = sentence.text[: relative.start()] if relative else sentence.text
    found = [(m, name) for name, pattern in (("male", _MALE), ("female", _FEMALE)) for m in pattern.finditer(text)]
    found.sort(key=lambda each: (each[0]["noun"] is None, each[0].start()))
    for m, name in found[:3]:
        yield Hit(m.start(), m.end(), PRESENT, rule.told["values"][name], told={"rank": 1 if m["noun"] else 2})


def _there(clause: str, start: int, end: int, manner: str = "finding") -> bool:
    said = polarity.verdict(clause, start, end, manner)
    return said is not None and said.status == PRESENT


def symmetry(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    assert rule.anchor is not None
    values = rule.told["values"]
    for at, clause in sentence.parts:
        if (rule.unless and rule.unless.search(clause)) or filters.names_relative(clause):
            continue
        anchor, found = rule.anchor.search(clause), sides.relation(clause)
        if (
            not anchor
            or not found
            or not _there(clause, anchor.start(), anchor.end())
            or not _there(clause, found.start, found.end)
        ):
            continue
        if rule.told.get("rival") and _rivalled(rule.told["rival"], clause, anchor, found):
            continue
        value = values.get(f"{found.kind}_{found.side}") or values.get(found.kind)
        if value:
            first, last = min(anchor.start(), found.start), max(anchor.end(), found.end)
            yield Hit(at[0] + first, at[0] + last, PRESENT, value, told={"kind": found.kind})


_COORDINATED = re.compile(r"^\W*(?:and|or|as well as)?\W*(?:\w+\s+)?$", re.IGNORECASE)


def _rivalled(rival: re.Pattern[str], clause: str, anchor: re.Match[str], found: sides.Relation) -> bool:
    """Whether the comparison stands nearer to something else, which is not named in one breath with the anchor."""

    def distance(m: re.Match[str]) -> int:
        return max(m.start() - found.end, found.start - m.end(), 0)

    others = [m for m in rival.finditer(clause) if distance(m) < distance(anchor)]
    return any(not _COORDINATED.match(clause[min(m.end(), anchor.end()) : max(m.start(), anchor.start())]) for m in others)


def side(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    assert rule.anchor is not None
    for at, clause in sentence.parts:
        anchor = rule.anchor.search(clause)
        if not anchor or filters.names_relative(clause) or not _there(clause, anchor.start(), anchor.end()):
            continue
        if named := sides.side_near(clause, anchor.start(), anchor.end()):
            word, start, end = named
            place = sides.Relation("", word, start, end)
            if rule.told.get("rival") and _rivalled(rule.told["rival"], clause, anchor, place):
                continue
            yield Hit(at[0] + min(start, anchor.start()), at[0] + max(end, anchor.end()), PRESENT, rule.told["values"][word])


def collect(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """Every option named beside the anchor; they are put together over the whole text."""
    for offset, clause in sentence.stretches(rule.told):
        anchored = rule.anchor is None or rule.told.get("require_anchor") is False or rule.anchor.search(clause)
        if rule.told.get("asserted") and not _asserted(rule.anchor, clause):
            continue
        if not anchored or (rule.unless and rule.unless.search(clause)) or filters.names_relative(clause):
            continue
        for name, pattern in rule.options.items():
            for m in pattern.finditer(clause, _listed_from(rule, clause)):
                if _there(clause, m.start(), m.end(), "exam" if rule.told.get("done") else "finding"):
                    yield Hit(offset + m.start(), offset + m.end(), PRESENT, [name])
                    break


def _asserted(anchor: re.Pattern[str] | None, clause: str) -> bool:
    """Whether one of the anchors is said to be there: "fatty replacement, without atrophy" has none."""
    return anchor is None or any(_there(clause, m.start(), m.end()) for m in anchor.finditer(clause))


def _listed_from(rule: Rule, clause: str) -> int:
    """Where the options of an anchor stand: behind "atrophy of", and not before it."""
    anchor = rule.anchor.search(clause) if rule.told.get("asserted") and rule.anchor else None
    return (
        anchor.end()
        if anchor and re.match(r"\s+(?:of|in|(?:was|were) (?:\w+ )?(?:restricted|limited|confined) to)\b", clause[anchor.end() :])
        else 0
    )


def term(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """Terms of an ontology that the clause asserts; with an anchor, those named behind it."""
    for at, clause in sentence.parts:
        anchor = rule.anchor.search(clause) if rule.anchor else None
        if (rule.anchor and not anchor) or (rule.unless and rule.unless.search(clause)):
            continue
        for name, pattern in rule.options.items():
            found = pattern.search(clause, anchor.end() if anchor else 0)
            if not found or filters.is_of_relative(clause, found.start(), found.end()):
                continue
            if _there(clause, found.start(), found.end()):
                identifier, label = name.split(" ", 1)
                yield Hit(at[0] + found.start(), at[0] + found.end(), PRESENT, [{"id": identifier, "label": label}])


def option(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """The one option named nearest to the anchor, behind it before in front of it."""
    assert rule.anchor is not None
    for at, clause in sentence.parts:
        anchor = rule.anchor.search(clause)
        if not anchor or (rule.unless and rule.unless.search(clause)):
            continue
        near = rule.told.get("near")
        found = [
            (m.start() < anchor.start(), abs(m.start() - anchor.start()), m, name)
            for name, pattern in rule.options.items()
            for m in pattern.finditer(clause)
            if near is None
            or near.match(re.sub(r"^\W+(?:\w+\W+){0,1}?(?=\w)", "", clause[m.end() :]))
            or near.search(" ".join(clause[m.end() :].split()[:2]))
        ]
        if found and _there(clause, anchor.start(), anchor.end()):
            _, _, m, name = min(found, key=lambda each: each[:2])
            yield Hit(at[0] + min(anchor.start(), m.start()), at[0] + max(anchor.end(), m.end()), PRESENT, name)


def panel(rule: Rule, sentence: Sentence) -> Iterator[Hit]:
    """Whether a panel was done, and whether the sentence lists what it held."""
    found = rule.words.search(sentence.text) if rule.words else None
    if not found:
        return
    said = polarity.verdict(sentence.text, found.start(), found.end(), "exam")
    if said and said.status == PRESENT:
        listed = len(LISTED.findall(sentence.text)) >= 2
        yield Hit(found.start(), found.end(), PRESENT, rule.told["values"]["listed" if listed else "unlisted"])
