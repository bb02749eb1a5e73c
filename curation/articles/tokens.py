"""Tokens: lexemes that no text can hold, as they begin with “=”, beside the words that an article is found by.

``=name/park``, ``=kind/case reports``, ``=journal/lancet``, ``=has/figures``: so any mixture of words and filters is one
question to one index.
"""

import re
from collections.abc import Sequence

from django.contrib.postgres.search import SearchQuery

#: As long as a token may be; a lexeme ends at 2,046 bytes.
LONGEST = 300
FIGURES, NOTICES = "=has/figures", "=has/notices"


class Tokens(SearchQuery):
    """All of these tokens, or any of them: taken as they are, not cut into words."""

    template = "%(expressions)s::tsquery"

    def __init__(self, tokens: Sequence[str], *, any_of: bool = False) -> None:
        super().__init__((" | " if any_of else " & ").join(map(_quoted, tokens)))


def names(text: str) -> list[str]:
    """A token for each word of a name, or of several."""
    return [f"=name/{_lower(word)}" for word in re.findall(r"\w+", text)]


def kind(name: str) -> str:
    return f"=kind/{_lower(name)}"


def journal(name: str) -> str:
    return f"=journal/{_lower(name)}"


def _lower(text: str) -> str:
    """Letter by letter, as the database does it: without what depends on the neighbours, or makes two letters of one."""
    return "".join(letter.lower()[0] for letter in text)


def _quoted(token: str) -> str:
    escaped = token[:LONGEST].replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
