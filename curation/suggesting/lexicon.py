"""The lexicon of a codebook: its file read and its patterns compiled. See docs/suggesting.md for what a rule may say."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from curation.suggesting.stems import stems

_MACRO = re.compile(r"\{([a-z_]+)\}")

#: Manner of a mention by the rule's kind, where the rule does not say it by a flag.
_MANNERS = {"exam": "exam", "antibody": "test", "level": "level"}


@dataclass(frozen=True, eq=False)
class Rule:
    """One way in which reports say one feature. Patterns are compiled; ``told`` holds what only the rule's kind reads.

    ``is_bound``: it asks what its sentence is about.
    """

    name: str
    feature: str
    kind: str
    manner: str
    words: re.Pattern[str] | None
    anchor: re.Pattern[str] | None
    all: tuple[re.Pattern[str], ...]
    needs: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    suffix_not: re.Pattern[str] | None
    options: Mapping[str, re.Pattern[str]]
    stems: frozenset[str] | None
    value: Any = None
    told: Mapping[str, Any] = field(default_factory=dict)
    is_bound: bool = False


@dataclass(frozen=True, eq=False)
class Lexicon:
    name: str
    rules: tuple[Rule, ...]
    topics: Mapping[str, re.Pattern[str]]

    def restricted_to(self, features: Iterable[str]) -> "Lexicon":
        """Only what says something of these features."""
        known = set(features)
        return Lexicon(self.name, tuple(rule for rule in self.rules if rule.feature in known), self.topics)


def load(text: str, synonyms: Mapping[str, Sequence[str]] | None = None) -> Lexicon:
    """``synonyms``: by feature, further words for it (labels of an ontology), said of findings."""
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    macros = _expanded(data.get("macros") or {})
    counted: Counter[str] = Counter()
    rules = []
    for given in data.get("rules") or ():
        counted[given["feature"]] += 1
        rules.append(_rule(given, counted[given["feature"]], macros))
    rules += [_synonyms(feature, words) for feature, words in (synonyms or {}).items() if words]
    topics = {name: _compiled(pattern, macros) for name, pattern in (data.get("topics") or {}).items()}
    return Lexicon(data["lexicon"], tuple(rules), topics)


def _expanded(macros: Mapping[str, str]) -> dict[str, str]:
    """A macro may use those written before it."""
    known: dict[str, str] = {}
    for name, pattern in macros.items():
        known[name] = _replaced(pattern, known)
    return known


def _replaced(pattern: str, macros: Mapping[str, str]) -> str:
    return _MACRO.sub(lambda found: macros[found[1]] if found[1] in macros else found[0], pattern)


def _source(pattern: str, macros: Mapping[str, str]) -> str:
    """A plain space stands for spaces or one hyphen, so that "line-blot" and "line blot" are one."""
    return _spaced(_replaced(pattern, macros))


def _spaced(pattern: str) -> str:
    """Spaces outside of [] become "space or hyphen"; one with a quantifier keeps it."""
    made, inside, at = [], False, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            made.append(pattern[at : at + 2])
            at += 2
            continue
        inside = (inside or char == "[") and char != "]"
        if char == " " and not inside:
            made.append(r"[\s-]" if pattern[at + 1 : at + 2] in "?*+{" and pattern[at + 1 : at + 2] else r"[\s-]+")
        else:
            made.append(char)
        at += 1
    return "".join(made)


def _compiled(pattern: str, macros: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(_lookbehinds(_source(pattern, macros)), re.IGNORECASE)


_BEHIND = re.compile(r"\(\?<[!=][^()]*\)")


def _lookbehinds(source: str) -> str:
    """A look-behind has one width: in it a space is one character."""
    return _BEHIND.sub(lambda found: found[0].replace(r"[\s-]+", r"[\s-]"), source)


def _either(patterns: Iterable[str], macros: Mapping[str, str]) -> re.Pattern[str]:
    """Whole words: a pattern begins where a word begins."""
    return re.compile("|".join(rf"(?:(?<!\w){_lookbehinds(_source(p, macros))})" for p in patterns), re.IGNORECASE)


def _rule(given: Mapping[str, Any], n: int, macros: Mapping[str, str]) -> Rule:
    kind = given.get("kind", "mention")

    def one(key: str) -> re.Pattern[str] | None:
        return _compiled(given[key], macros) if given.get(key) else None

    words = given.get("words") or []
    options = given.get("options") or {}
    parts = list(options.values()) if kind == "term" else [*words, *(given.get("bare") or [])]
    parts = parts or ([given["anchor"]] if given.get("anchor") else [])
    told = {
        key: _told(key, value, macros)
        for key, value in given.items()
        if key not in ("feature", "kind", "words", "anchor", "all", "needs", "unless", "suffix_not", "options", "value")
    }
    if given.get("bare"):
        told["bare"] = _either(given["bare"], macros)
    return Rule(
        name=f"{given['feature']}.{n}",
        feature=given["feature"],
        kind=kind,
        manner=_manner(given, kind),
        words=_either(words, macros) if words else None,
        anchor=one("anchor"),
        all=tuple(_compiled(p, macros) for p in given.get("all") or ()),
        needs=tuple(_compiled(p, macros) for p in given.get("needs") or ()),
        unless=one("unless"),
        suffix_not=one("suffix_not"),
        options={name: _compiled(p, macros) for name, p in options.items()},
        stems=frozenset(given["stems"]) if given.get("stems") else stems([_replaced(p, macros) for p in parts]),
        value=given.get("value"),
        told=told,
        is_bound=not _BINDING.isdisjoint(given),
    )


_BINDING = {"needs", "topic", "own_topic", "needs_topic", "no_topic", "no_topic_word", "unlisted"}
#: Keys of kinds whose text is a pattern, or a list of patterns.
_PATTERN_KEYS = {"ago", "apart", "forward", "onset", "rival", "stop"}
_PATTERN_LISTS = {"before", "after"}


def _told(key: str, value: Any, macros: Mapping[str, str]) -> Any:
    if key in _PATTERN_KEYS and isinstance(value, str):
        return _compiled(value, macros)
    if key == "near" and isinstance(value, str):
        return _compiled(value, macros)
    if key in _PATTERN_LISTS and isinstance(value, list):
        either = "|".join(f"(?:{_lookbehinds(_source(p, macros))})" for p in value)
        return re.compile(rf"(?:{either}).?\Z" if key == "after" else either, re.IGNORECASE)
    return value


def _manner(given: Mapping[str, Any], kind: str) -> str:
    if kind in _MANNERS and not given.get("test"):
        return _MANNERS[kind]
    if given.get("test"):
        return "test_normal" if given.get("normal") else "test"
    return "stain" if given.get("stain") else "finding"


def _synonyms(feature: str, words: Sequence[str]) -> Rule:
    patterns = [re.escape(word.lower()).replace(r"\ ", r"[\s-]+") for word in words]
    return Rule(
        name=f"{feature}.names",
        feature=feature,
        kind="mention",
        manner="finding",
        words=re.compile(rf"(?<!\w)(?:{'|'.join(sorted(patterns, key=len, reverse=True))})(?!\w)", re.IGNORECASE),
        anchor=None,
        all=(),
        needs=(),
        unless=None,
        suffix_not=None,
        options={},
        stems=frozenset(max(re.split(r"[\s-]+", word.lower()), key=len) for word in words),
    )
