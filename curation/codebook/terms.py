"""Terms of the Human Phenotype Ontology, found by name, synonym or identifier without any network. Pure.

The table is ``hpo.json.gz`` beside this module, with its source, release and licence; ``make_terms`` made it.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from curation.codebook.make_terms import TABLE

MOST_WORDS = 8
MOST = 10

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """``synonyms`` say the same; ``others`` are wider, narrower or related words."""

    id: str
    label: str
    synonyms: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return self.label, *self.synonyms, *self.others

    @property
    def written(self) -> str:
        return f"{self.label} ({self.id})"


@dataclass(frozen=True, slots=True)
class Hit:
    """``by``: the synonym that answered, empty where the label did."""

    term: Term
    by: str = ""


@dataclass(frozen=True)
class Book:
    """All terms. What only searching needs is made by the first search, not by whoever looks a term up."""

    release: str
    source: str
    licence: str
    terms: Mapping[str, Term]

    @cached_property
    def names(self) -> Sequence[tuple[Term, str, tuple[str, ...]]]:
        """Every name of every term, with its words."""
        return [(term, name, words_of(name)) for term in self.terms.values() for name in dict.fromkeys(term.names)]

    @cached_property
    def holding(self) -> Mapping[str, Sequence[int]]:
        """In which of the names a word stands."""
        found: dict[str, list[int]] = defaultdict(list)
        for n, (_term, _name, words) in enumerate(self.names):
            for word in dict.fromkeys(words):
                found[word].append(n)
        return dict(found)

    @cached_property
    def named(self) -> Mapping[str, Term]:
        """By label or exact synonym, in small letters. A label goes before a synonym."""
        exactly = {name.casefold(): term for term in reversed(list(self.terms.values())) for name in term.synonyms}
        return exactly | {term.label.casefold(): term for term in self.terms.values()}


@lru_cache(maxsize=1)
def book() -> Book:
    read = json.loads(gzip.decompress(TABLE.read_bytes()))
    terms = {key: Term(key, label, tuple(exact), tuple(others)) for key, label, exact, others in read["terms"]}
    return Book(read["release"], read["source"], read["licence"], terms)


def words_of(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def known(name: str) -> Term | None:
    """The term whose identifier, label or exact synonym this is."""
    return book().terms.get(name.strip().upper()) or book().named.get(" ".join(name.split()).casefold())


def synonyms_of(ids: Iterable[str]) -> list[str]:
    """What else the terms are called, each name once."""
    terms = book().terms
    return list(dict.fromkeys(name for key in ids if key in terms for name in terms[key].names))


def holding(word: str, among: Iterable[str]) -> list[str]:
    """Those of the identifiers in one of whose terms' names the letters stand."""
    wanted, terms = word.casefold(), book().terms
    return [key for key in among if key in terms and any(wanted in name.casefold() for name in terms[key].names)]


def search(typed: str, *, limit: int = MOST) -> list[Hit]:
    """The best first: names that begin with what was typed, that hold all of its words, that hold them but for a slip."""
    wanted = words_of(typed)[:MOST_WORDS]
    if not wanted:
        return []
    if found := book().terms.get(typed.strip().upper()):
        return [Hit(found)]
    if re.fullmatch(r"\s*(?:hp:?)?\d{2,7}\s*", typed, re.IGNORECASE):
        number = re.sub(r"\D", "", typed)
        return [Hit(term) for key, term in book().terms.items() if number in key][:limit]
    ranked: dict[str, tuple[tuple[float, ...], Hit]] = {}
    for n, slips in _holding_all(wanted).items():
        term, name, words = book().names[n]
        hit = Hit(term, "" if name == term.label else name)
        rank = _rank(wanted, words, slips, own=not hit.by)
        if term.id not in ranked or rank < ranked[term.id][0]:
            ranked[term.id] = rank, hit
    return [hit for _rank_, hit in sorted(ranked.values(), key=lambda each: (each[0], each[1].term.label))[:limit]]


def _rank(wanted: Sequence[str], words: Sequence[str], slips: int, *, own: bool) -> tuple[float, ...]:
    """Smaller is better: fewer slips, the same words, the same beginning, fewer words besides, the label before synonyms."""
    same = tuple(wanted) == tuple(words)
    begins = " ".join(words).startswith(" ".join(wanted))
    return slips, not same, not begins, len(words) - len(wanted), not own


def _holding_all(wanted: Sequence[str]) -> dict[int, int]:
    """Which names hold each of the words, or one that begins with it, or one a slip away; with how many slips."""
    found: dict[int, int] = {}
    for at, word in enumerate(wanted):
        here: dict[int, int] = {}
        for known_word, names in book().holding.items():
            slips = 0 if known_word.startswith(word) else slip(word, known_word)
            if slips is not None:
                for n in names:
                    here[n] = min(slips, here.get(n, slips))
        found = here if at == 0 else {n: found[n] + here[n] for n in found.keys() & here.keys()}
    return found


def slip(typed: str, word: str) -> int | None:
    """How many letters (one in short words, two in long ones) differ between what was typed and the word or its beginning.

    Letters may be missing, added, changed, or stand in each other's place; the first stands. None where it is more.
    """
    most = 0 if len(typed) < 4 else 1 if len(typed) < 8 else 2
    if not most or typed[0] != word[0] or len(word) < len(typed) - most:
        return None
    word = word[: len(typed) + most]
    before: list[int] = list(range(len(word) + 1))
    above: list[int] = []
    for row, letter in enumerate(typed, 1):
        now = [row]
        for column, other in enumerate(word, 1):
            least = min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == word[column - 2] and typed[row - 2] == other:
                least = min(least, above[column - 2] + 1)
            now.append(least)
        above, before = before, now
        if min(before) > most:
            return None
    distance = min(before[max(0, len(typed) - most) :])
    return distance if distance <= most else None
