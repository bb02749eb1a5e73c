"""Which patient of one reading is which of the other: an offer that a moderator confirms or changes. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from curation.codebook.sameness import Said

SAME_NAME, SAME_NUMBER = 3, 2


@dataclass(frozen=True, slots=True)
class Described:
    """A patient as one reading has them. ``told``: by feature what it says (age, sex, whatever else), silence left out."""

    key: int
    label: str
    told: Mapping[str, Said] = field(default_factory=dict)


def offer(ones: Sequence[Described], others: Sequence[Described]) -> dict[int, int]:
    """The likeliest pairs first, everybody in one pair at most; of equally likely ones those that stand in the same order.

    Who contradicts everybody more than they agree stays alone, but for an only patient of both, who is offered anyway.
    """
    if len(ones) == len(others) == 1:
        return {ones[0].key: others[0].key}
    ranked = sorted(
        (-likeness(one, other), abs(n - m), n, m, one.key, other.key)
        for n, one in enumerate(ones)
        for m, other in enumerate(others)
    )
    pairs: dict[int, int] = {}
    for unlikeness, _apart, _n, _m, one, other in ranked:
        if unlikeness < 0 and one not in pairs and other not in pairs.values():
            pairs[one] = other
    return pairs


def likeness(one: Described, other: Described) -> int:
    """The name counts as a few features; each feature of which both tell speaks for or against it."""
    both = one.told.keys() & other.told.keys()
    return _of_names(one.label, other.label) + sum(1 if one.told[slug] == other.told[slug] else -1 for slug in both)


def _of_names(one: str, other: str) -> int:
    if " ".join(one.split()).casefold() == " ".join(other.split()).casefold():
        return SAME_NAME
    numbers = re.findall(r"\d+", one)
    return SAME_NUMBER if numbers and numbers == re.findall(r"\d+", other) else 0
