"""Whether two reports may be of the same patient: pointed out with reasons, for a person to decide. Pure.

A second report mostly comes from the same group, about a person of the same sex and nearly the same age, under a similar title.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: From here on a pair is worth a look. One shared author and the same age and sex are enough; a shared title alone is not.
WORTH_A_LOOK = 4
#: Between two reports a patient may have had a birthday or several; the later one tells of a longer course.
YEARS_APART = 2
#: Shares of the shorter list or title from which on they count, and count more.
MANY, MOST = 0.3, 0.6
SEX = r"\b(m[ae]n|male|boy|gentleman|wom[ae]n|female|girl|lady)\b"
PERSON = re.compile(rf"\b(\d{{1,3}})[\s-]*(?:years?|yrs?|y)[\s/-]*o(?:lds?)?\b[^.;]{{0,40}}?{SEX}", re.IGNORECASE)
AGED = re.compile(rf"{SEX}[^.;]{{0,10}}?\baged\s+(\d{{1,3}})\b", re.IGNORECASE)
FEMALE = ("wom", "female", "girl", "lady")
WORD = re.compile(r"[a-z][a-z-]{3,}")
COMMON = frozenset(
    (
        *("with", "case", "report", "reports", "series", "review", "literature", "patient", "patients", "after", "from"),
        *("following", "associated", "presenting", "rare", "during", "treatment", "treated", "disease", "syndrome", "cases"),
        *("without", "successful", "successfully", "using", "clinical", "study", "unusual"),
    )
)


@dataclass(frozen=True, slots=True)
class Report:
    """What of a report is compared. ``people``: age in years and sex of whom its title and abstract speak."""

    authors: frozenset[str]
    places: frozenset[str]
    people: frozenset[tuple[int, str]]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Resemblance:
    score: int
    reasons: tuple[str, ...]


def report(*, title: str, text: str, authors: Iterable[Mapping[str, Any]]) -> Report:
    authors = list(authors)
    places = {_place(a["text"]) for author in authors for a in author.get("affiliations", ())}
    return Report(
        authors=frozenset(filter(None, map(_author, authors))),
        places=frozenset(filter(None, places)),
        people=frozenset(_people(f"{title} {text}")),
        words=frozenset(word for word in WORD.findall(title.lower()) if word not in COMMON),
    )


def compare(one: Report, other: Report) -> Resemblance | None:
    """None where there is too little to point out, or where both say of whom they speak and it is somebody else."""
    people = _same_people(one, other)
    if people is None:
        return None
    found = [each for each in (_authors(one, other), _places(one, other), people, _titles(one, other)) if each.score]
    same_group = _authors(one, other).score or _places(one, other).score
    score = sum(each.score for each in found)
    if not same_group or score < WORTH_A_LOOK:
        return None
    return Resemblance(score, tuple(reason for each in found for reason in each.reasons))


def _authors(one: Report, other: Report) -> Resemblance:
    shared = sorted(one.authors & other.authors)
    if not shared:
        return Resemblance(0, ())
    shown = ", ".join(name.title() for name in shared[:3]) + (" …" if len(shared) > 3 else "")
    share = len(shared) / min(len(one.authors), len(other.authors))
    return Resemblance(1 + (len(shared) > 1) + (share >= MOST), (f"shared authors: {shown}",))


def _places(one: Report, other: Report) -> Resemblance:
    shared = sorted(one.places & other.places)
    return Resemblance(1, (f"shared affiliation: {shared[0]}",)) if shared else Resemblance(0, ())


def _same_people(one: Report, other: Report) -> Resemblance | None:
    if not (one.people and other.people):
        return Resemblance(0, ())
    pairs = [(abs(a - b), a, b, s) for a, s in one.people for b, t in other.people if s == t and abs(a - b) <= YEARS_APART]
    if not pairs:
        return None
    apart, first, second, sex = min(pairs)
    ages = f"aged {first}" if not apart else f"aged {first} and {second}"
    return Resemblance(3 if apart == 0 else 2, (f"{sex}, {ages}",))


def _titles(one: Report, other: Report) -> Resemblance:
    shared = sorted(one.words & other.words)
    if len(shared) < 2:
        return Resemblance(0, ())
    share = len(shared) / min(len(one.words), len(other.words))
    score = (share >= MANY) + (share >= MOST)
    return Resemblance(score, (f"words of the title: {', '.join(shared[:6])}",) if score else ())


def _author(author: Mapping[str, Any]) -> str:
    """Last name and first initial; a whole group's name says nothing of who wrote."""
    last, first = str(author.get("last_name") or ""), str(author.get("initials") or author.get("fore_name") or "")
    return f"{last} {first[:1]}".strip().lower() if last else ""


def _place(affiliation: str) -> str:
    """The institution and its department, without what follows: street, town and post code are written in many ways."""
    return ", ".join(part.strip() for part in affiliation.split(",")[:2]).strip(" .").lower()


def _people(text: str) -> Iterator[tuple[int, str]]:
    for age, word in [*PERSON.findall(text), *((age, word) for word, age in AGED.findall(text))]:
        yield int(age), "female" if word.lower().startswith(FEMALE) else "male"


def best(pairs: Sequence[tuple[Any, Resemblance]], most: int) -> list[tuple[Any, Resemblance]]:
    return sorted(pairs, key=lambda pair: -pair[1].score)[:most]
