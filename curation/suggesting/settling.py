"""What is left of all that the rules found in a text: doubles made one, options put together, the better rule preferred."""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from curation.suggesting.cues import EXCLUDED, PRESENT
from curation.suggesting.lexicon import Rule

#: Further places of the same answer that a suggestion remembers.
MOST_PLACES = 4
_ONCE = {"sex", "age"}


@dataclass(frozen=True)
class Suggestion:
    """One possible answer with the words it rests on. Offsets are code points of the section's text.

    ``cue``: the word that decided its status ("no", "was negative"); ``also``: further places (section, start, end) of the
    same answer; ``told``: what was read beside the value (unit, xuln, time, temporality).
    """

    feature: str
    status: str
    value: Any
    section: str
    start: int
    end: int
    exact: str
    rule: str
    cue: str = ""
    patient: str = ""
    qualifiers: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    also: tuple[tuple[str, int, int], ...] = ()

    @property
    def answer(self) -> str:
        """Equal where two suggestions say the same."""
        return json.dumps([self.patient, self.feature, self.status, self.value], sort_keys=True)


Found = tuple[Rule, Suggestion]


def settled(found: Sequence[Found]) -> list[Suggestion]:
    by_feature: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for rule, suggestion in found:
        by_feature[suggestion.patient, suggestion.feature].append((rule, suggestion))
    ages = {s.patient: s for rule, s in reversed(found) if rule.kind == "age"}
    kept = [s for (patient, _), of_one in by_feature.items() for s in _of_feature(of_one, ages.get(patient))]
    sections = {key: n for n, key in enumerate(dict.fromkeys(s.section for _, s in found))}
    return sorted(kept, key=lambda s: (sections[s.section], s.start, s.feature))


def _of_feature(found: list[Found], age: Suggestion | None) -> list[Suggestion]:
    kind = found[0][0].kind
    if any(rule.kind in ("collect", "term") for rule, _ in found):
        return [_collected([s for _, s in found])]
    if kind == "age_at_onset":
        return _onsets([s for _, s in found], age)
    if any(rule.told.get("last") for rule, _ in found):
        return [found[-1][1]]
    if kind == "symmetry":
        found = [each for each in found if each[1].told.get("kind") != "bilateral"] or found
    if kind == "grade":
        return [min((s for _, s in found), key=lambda s: s.value)]
    if kind in _ONCE:
        return [min((s for _, s in found), key=lambda s: s.told.get("rank", 0))]
    found = _decided(found)
    if any("rank" in rule.told for rule, _ in found):
        best = min(rule.told.get("rank", 99) for rule, _ in found)
        found = [each for each in found if each[0].told.get("rank", 99) == best]
    return _merged([s for _, s in found])


def _decided(found: list[Found]) -> list[Found]:
    """Without the doubts of a finding, where the text says elsewhere whether it is there; of an examination, that it was done."""
    if all(rule.manner == "exam" for rule, _ in found):  # one of its kind was done, another not
        return [each for each in found if each[1].status != EXCLUDED] or found
    if any(suggestion.status == PRESENT for _, suggestion in found):  # seen itself: a test called normal meant something else
        found = [each for each in found if each[0].told.get("only") != EXCLUDED] or found
    decided = [each for each in found if each[1].status in (PRESENT, EXCLUDED)]
    return decided if decided and all(rule.manner == "finding" for rule, _ in found) else found


def _collected(found: Sequence[Suggestion]) -> Suggestion:
    values = list({json.dumps(value): value for s in found for value in s.value}.values())
    return replace(found[0], value=values, also=_places(found))


def _places(found: Sequence[Suggestion]) -> tuple[tuple[str, int, int], ...]:
    first = (found[0].section, found[0].start, found[0].end)
    others = dict.fromkeys((s.section, s.start, s.end) for s in found)
    return tuple(place for place in others if place != first)[:MOST_PLACES]


def _merged(found: Sequence[Suggestion]) -> list[Suggestion]:
    by_answer: dict[str, list[Suggestion]] = defaultdict(list)
    for suggestion in found:
        by_answer[suggestion.answer].append(suggestion)
    return [replace(same[0], also=_places(same)) if len(same) > 1 else same[0] for same in by_answer.values()]


def _onsets(found: Sequence[Suggestion], age: Suggestion | None) -> list[Suggestion]:
    """A stated age at onset; failing that, the patient's age less the years since."""
    if stated := [s for s in found if s.value is not None]:
        return [stated[0]]
    years = re.fullmatch(r"P(\d+)Y", age.value) if age else None
    since = max(found, key=lambda s: s.told["since"])
    if not age or not years or int(years[1]) <= since.told["since"]:
        return []
    counted = int(int(years[1]) - since.told["since"])
    place = (age.section, age.start, age.end)
    return [replace(since, value=f"P{counted}Y", qualifiers={"precision": "derived"}, told={}, also=(place,))]
