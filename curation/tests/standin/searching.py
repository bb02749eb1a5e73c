"""As much of PubMed's query language as the tests speak: words, "phrases", [tags], AND OR NOT, brackets, ranges of days."""

import re
from collections.abc import Callable

from curation.tests.standin.library import Recorded

TOKEN = re.compile(r'\(|\)|:|(?:"[^"]*"|[^\s()":\[\]]+)(?:\[[^\]]*\])?')
TAGGED = re.compile(r'("?)(.*?)\1(?:\[([^\]]*)\])?', re.DOTALL)
DAYS = {"crdt", "edat", "mhda", "dp", "pdat"}

Holds = Callable[[Recorded], bool]


def read(term: str) -> Holds:
    """The query as a test of one record."""
    return _Reader(TOKEN.findall(term)).either()


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def either(self) -> Holds:
        found = [self.both()]
        while self._next("OR"):
            found.append(self.both())
        return lambda record: any(holds(record) for holds in found)

    def both(self) -> Holds:
        found = [self.one()]
        while self.tokens and self.tokens[0] not in (")", "OR", ":"):
            self._next("AND")
            found.append(self.one())
        return lambda record: all(holds(record) for holds in found)

    def one(self) -> Holds:
        if self._next("NOT"):
            inner = self.one()
            return lambda record: not inner(record)
        if self._next("("):
            inside = self.either()
            self._next(")")
            return inside
        first = self.tokens.pop(0)
        return _days(first, self.tokens.pop(0)) if self._next(":") else _word(first)

    def _next(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False


def _parts(token: str) -> tuple[str, str]:
    found = TAGGED.fullmatch(token)
    assert found
    return found[2].lower(), (found[3] or "").lower()


def _days(first: str, last: str) -> Holds:
    low, high = _parts(first)[0], _parts(last)[0]
    return lambda record: low <= record.entered and record.entered[: len(high)] <= high


def _word(token: str) -> Holds:
    words, tag = _parts(token)
    match tag:
        case "aid" | "doi":
            return lambda record: record.doi.lower() == words
        case "pmid" | "uid":
            return lambda record: record.pmid == words
        case "ti":
            return lambda record: words in record.title.lower()
        case "au":
            return lambda record: any(name.lower().startswith(words) for name in record.authors)
        case "pt":
            return lambda record: words in (kind.lower() for kind in record.kinds)
        case _:
            return lambda record: words in DAYS or words in record.text
