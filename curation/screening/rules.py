"""What a decision on an article must say, what two screeners' votes come to, and where words of interest stand. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

from curation.errors import Fault, Invalid

#: More than any series describes; a larger number is a slip of the hand.
MOST_PATIENTS = 1000
#: More than one decides on with open eyes.
MOST_AT_ONCE = 200
#: More readings than anybody has in hand; days after which nobody comes back; and the largest seed.
LIMITS = {"most_open": 100, "abandoned_after": 365, "reading_seed": 999_999}
LONGEST_CRITERIA, LONGEST_REASON, LONGEST_WORD = 5_000, 200, 100
MOST_REASONS, MOST_WORDS = 20, 100


class Said(Protocol):
    """One vote."""

    screener_id: int
    verdict: str
    reason: str
    patients_described: int | None
    cast_at: datetime
    withdrawn_at: datetime | None


V = TypeVar("V", bound=Said)


class Outcome(NamedTuple):
    """What both screeners said."""

    verdict: str
    reason: str
    patients_described: int | None


def agreed(standing: Sequence[V], taken_back: Iterable[V]) -> Outcome | None:
    """What two votes come to; None where they differ, in the reason too, or where somebody thought again.

    Whoever takes a vote back after the other has voted and votes otherwise might only try which vote decides the
    article, and would learn the other's. Such an article goes to a moderator like any other difference.
    """
    one, two = standing
    if (one.verdict, one.reason) != (two.verdict, two.reason):
        return None
    if any(_thought_again(vote, mine, other) for vote in taken_back for mine, other in ((one, two), (two, one))):
        return None
    numbers = {vote.patients_described for vote in standing} - {None}
    return Outcome(one.verdict, one.reason, numbers.pop() if len(numbers) == 1 else None)


def _thought_again(before: Said, now: Said, other: Said) -> bool:
    """Whether ``before`` was taken back by the screener of ``now``, who says something else, once the other had voted."""
    is_late = before.withdrawn_at is not None and before.withdrawn_at > other.cast_at
    differs = (before.verdict, before.reason) != (now.verdict, now.reason)
    return before.screener_id == now.screener_id and is_late and differs


def check_patients(number: int | None) -> int | None:
    """How many patients the article describes; None where nobody counted."""
    if number is not None and not 1 <= number <= MOST_PATIENTS:
        raise Invalid(
            "An included article describes at least one patient.",
            faults=[Fault("patients_described", f"give a number from 1 to {MOST_PATIENTS}, or leave it empty")],
        )
    return number


def check_limits(**numbers: int | None) -> dict[str, int | None]:
    """Each by its name in ``LIMITS``; None is no limit."""
    for name, number in numbers.items():
        if number is not None and not 1 <= number <= LIMITS[name]:
            raise Invalid("That is no limit.", faults=[Fault(name, f"give a number from 1 to {LIMITS[name]}, or leave it empty")])
    return numbers


def check_reason(reason: str, allowed: Sequence[str]) -> str:
    if reason not in allowed:
        given = f"“{reason[:80]}” is none of them" if reason else "choose one"
        raise Invalid(
            "An article is excluded for one of the project's reasons.",
            faults=[Fault("reason", f"{given}: {'; '.join(allowed)}")],
        )
    return reason


def check_remark(remark: str) -> str:
    return _plain("reason", remark, LONGEST_CRITERIA)


def check_criteria(text: str) -> str:
    return _plain("criteria", text, LONGEST_CRITERIA)


def check_reasons(reasons: Iterable[str]) -> list[str]:
    """The reasons in the order of their keys, none twice. Raises Invalid."""
    kept = _lines("exclusion_reasons", reasons, LONGEST_REASON, MOST_REASONS)
    if not kept:
        raise Invalid("A project excludes for a reason.", faults=[Fault("exclusion_reasons", "name at least one, one a line")])
    return kept


def check_words(words: Iterable[str]) -> list[str]:
    kept = _lines("words_of_interest", words, LONGEST_WORD, MOST_WORDS)
    if bare := [word for word in kept if not word.rstrip("*").strip()]:
        raise Invalid("A star ends a word.", faults=[Fault("words_of_interest", f"“{bare[0]}” holds no letters before its star")])
    return kept


def _lines(where: str, lines: Iterable[str], longest: int, most: int) -> list[str]:
    kept = list(dict.fromkeys(filter(None, (_plain(where, " ".join(line.split()), longest) for line in lines))))
    if len(kept) > most:
        raise Invalid("That is too many.", faults=[Fault(where, f"has {len(kept)} lines; {most} at most")])
    return kept


def _plain(where: str, text: str, longest: int) -> str:
    stripped = text.strip()
    if "\0" in stripped or any("\ud800" <= char <= "\udfff" for char in stripped):
        raise Invalid("Please leave out control characters.", faults=[Fault(where, "holds a character that cannot be stored")])
    if len(stripped) > longest:
        raise Invalid(
            "Please be brief.", faults=[Fault(where, f"“{stripped[:40]}…” has {len(stripped)} characters; {longest} at most")]
        )
    return stripped


def spans_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in the text, in code points; whatever their case, whole words, a star standing for any ending."""
    pattern = _pattern(tuple(words))
    return [match.span() for match in pattern.finditer(text)] if pattern else []


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    longest_first = sorted(words, key=len, reverse=True)
    alternatives = [
        re.escape(word.rstrip("*")).replace(r"\ ", r"\s+") + (r"\w*" if word.endswith("*") else "") for word in longest_first
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE) if alternatives else None
