"""Rules decided in three-valued logic: true, false, or not told by what was reported (None). Pure; knows no disease.

A condition is data (see ``file`` for how it is written and checked):

=================  =====================================================================================================
all, any, not      Kleene's strong logic: an unknown part matters only where the others do not decide
known              true where the inner condition is true, else false: what the reports establish, not what is so
is                 the finding is present / excluded; unknown unless one of the two was reported
at_least_of        that many of the conditions hold; unknown where the open ones could still bring or break it
value              the value is one of these; unknown where none was reported, where a list leaves it open, or where it is
                   one of ``unsure``
at_least, above,   the number, age (years) or duration (days) lies so; unknown where its bounds straddle the limit
at_most, below
status             what was reported, taken as such: silence counts as not_reported, so this is never unknown
=================  =====================================================================================================

A test is put to a ``feature``, to the ``first_of`` several that was reported present, or to ``any_feature`` chosen by
codebook attributes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from curation.choices import Status

Condition = Mapping[str, Any]
SETTLED = (Status.PRESENT, Status.EXCLUDED)
LIMITS = ("at_least", "above", "at_most", "below")


@dataclass(frozen=True, slots=True)
class Fact:
    """One published finding; ``low`` and ``high`` as kept with it (None is open)."""

    status: str
    value: Any = None
    low: float | None = None
    high: float | None = None
    finding_id: int | None = None
    instance: int = 1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one patient, and by which attributes the codebook's features can be chosen."""

    facts: Mapping[str, Sequence[Fact]]
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def is_settled(self, slug: str) -> bool:
        return any(fact.status in SETTLED for fact in self.facts.get(slug, ()))


@dataclass(frozen=True, slots=True)
class Verdict:
    """``used``: features that bore on it. ``missing``: those whose silence, or unsettled answer, did."""

    truth: bool | None
    used: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """``low`` and ``high`` bound a number."""

    status: str
    value: Any = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """``case`` is the index of the case that holds; None where it cannot be told, and ``possible`` says between what."""

    outcome: Outcome
    case: int | None
    used: frozenset[str]
    missing: frozenset[str]
    possible: tuple[Outcome, ...] = ()


def decide(cases: Sequence[Condition], known: Known, *, untold: Any = None) -> Decision:
    """The first case that holds wins, unless an earlier one that may hold as well would say something else.

    ``untold`` is the value for "something was said, but it does not decide", where the feature has one for that.
    """
    verdicts: list[Verdict] = []
    possible: list[Outcome] = []
    for case in cases:
        verdict = evaluate(case["when"], known) if "when" in case else Verdict(True)
        verdicts.append(verdict)
        if verdict.truth is not False and _outcome(case) not in possible:
            possible.append(_outcome(case))
        if verdict.truth:
            break
    used = frozenset().union(*(v.used for v in verdicts))
    missing = frozenset().union(*(v.missing for v in verdicts))
    if len(possible) == 1 and verdicts[-1].truth:
        return Decision(possible[0], len(verdicts) - 1, used, missing)
    spoken = any(fact.status in (Status.PRESENT, Status.INDETERMINATE) for slug in missing for fact in known.facts.get(slug, ()))
    if untold is not None and any(known.is_settled(slug) for slug in used):
        return Decision(Outcome(Status.INDETERMINATE, untold), None, used, missing, tuple(possible))
    outcome = Outcome(Status.INDETERMINATE if spoken else Status.NOT_REPORTED)
    return Decision(outcome, None, used, missing, tuple(possible))


def _outcome(case: Condition) -> Outcome:
    return Outcome(case.get("status", Status.PRESENT), case.get("value"))


def evaluate(condition: Condition, known: Known) -> Verdict:
    if "all" in condition:
        return _every([evaluate(part, known) for part in condition["all"]])
    if "any" in condition:
        return _some([evaluate(part, known) for part in condition["any"]])
    if "not" in condition:
        inner = evaluate(condition["not"], known)
        return Verdict(None if inner.truth is None else not inner.truth, inner.used, inner.missing)
    if "at_least_of" in condition:
        return _enough(condition["at_least_of"]["count"], [evaluate(part, known) for part in condition["at_least_of"]["of"]])
    if "known" in condition:
        inner = evaluate(condition["known"], known)
        return Verdict(inner.truth is True, inner.used, inner.missing)
    if "any_feature" in condition:
        chosen = choose(condition["any_feature"], known.attributes)
        found = _some([_ask(slug, condition, known) for slug in chosen])
        return Verdict(found.truth, found.used, found.missing if found.truth is None else frozenset())
    if "first_of" in condition:
        return _first(condition["first_of"], condition, known)
    return _ask(condition["feature"], condition, known)


def _every(parts: Sequence[Verdict]) -> Verdict:
    truths = [part.truth for part in parts]
    return _joined(parts, False if False in truths else None if None in truths else True)


def _some(parts: Sequence[Verdict]) -> Verdict:
    truths = [part.truth for part in parts]
    return _joined(parts, True if True in truths else None if None in truths else False)


def _enough(count: int, parts: Sequence[Verdict]) -> Verdict:
    truths = [part.truth for part in parts]
    sure, possible = truths.count(True), len(truths) - truths.count(False)
    return _joined(parts, True if sure >= count else False if possible < count else None)


def _joined(parts: Sequence[Verdict], truth: bool | None) -> Verdict:
    """Only the parts that share the verdict are its reasons."""
    decisive = [part for part in parts if part.truth is truth]
    used, missing = (part.used for part in decisive), (part.missing for part in decisive)
    return Verdict(truth, frozenset().union(*used), frozenset().union(*missing))


def subjects(said: Any) -> set[str]:
    """Every feature that a rule, or a part of one, names."""
    if isinstance(said, list):
        return set().union(*map(subjects, said))
    if not isinstance(said, Mapping):
        return set()
    named = {said[name] for name in ("feature", "of", "by") if isinstance(said.get(name), str)}
    listed = {slug for slug in said.get("first_of", ()) if isinstance(slug, str)}
    return named | listed | set().union(*map(subjects, said.values()))


def choose(selection: Condition, attributes: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Features whose attributes are among those wanted, in the codebook's order."""
    return [
        slug
        for slug, own in attributes.items()
        if slug not in selection.get("except", ()) and all(own.get(name) in wanted for name, wanted in selection["where"].items())
    ]


def _first(slugs: Sequence[str], condition: Condition, known: Known) -> Verdict:
    for slug in slugs:
        if any(fact.status == Status.PRESENT for fact in known.facts.get(slug, ())):
            return _ask(slug, condition, known)
    return Verdict(None, frozenset(slugs), frozenset(slugs))


def _ask(slug: str, condition: Condition, known: Known) -> Verdict:
    """One feature; where it was recorded more than once, one record that passes is enough."""
    facts = known.facts.get(slug) or (Fact(Status.NOT_REPORTED),)
    truths = [_test(condition, fact) for fact in facts]
    truth = True if True in truths else None if None in truths else False
    unsettled = truth is None or ("status" in condition and not known.is_settled(slug))
    return Verdict(truth, frozenset({slug}), frozenset({slug}) if unsettled else frozenset())


def _test(condition: Condition, fact: Fact) -> bool | None:
    if "status" in condition:
        return fact.status in condition["status"]
    if "is" in condition:
        return fact.status == condition["is"] if fact.status in SETTLED else None
    if fact.status == Status.EXCLUDED and "value" in condition:
        return False
    if fact.status != Status.PRESENT:
        return None
    if "value" in condition:
        return None if fact.value in condition.get("unsure", ()) else _among(fact.value, condition["value"])
    return _within(fact, condition)


def _among(value: Any, wanted: Iterable[Any]) -> bool | None:
    if isinstance(value, list):  # a list says what there is, not that there is nothing else
        return True if set(value) & set(wanted) else None
    return value in wanted


def _within(fact: Fact, condition: Condition) -> bool | None:
    if fact.low is None and fact.high is None:
        return None
    low, high = (-inf if fact.low is None else fact.low), (inf if fact.high is None else fact.high)
    truths = [_limit(name, condition[name], low, high) for name in LIMITS if name in condition]
    return False if False in truths else None if None in truths else True


def _limit(name: str, limit: float, low: float, high: float) -> bool | None:
    surely, surely_not = {
        "at_least": (low >= limit, high < limit),
        "above": (low > limit, high <= limit),
        "at_most": (high <= limit, low > limit),
        "below": (high < limit, low >= limit),
    }[name]
    return True if surely else False if surely_not else None
