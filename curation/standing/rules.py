"""The one rule by which an article's state in a project follows from facts; ``queries`` has the database read the same table."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from curation.choices import ScreeningState
from curation.standing.states import ArticleState


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so of one article in one project, for one person who asks.

    ``lacking``: how many readers it wants beyond those who handed in. ``decided``: points that a moderator settled and did not
    publish yet. ``reopened``: what is published is adjudicated again. ``is_apart``: the person reads it beside another, or has
    no part in reviewing: to them it is under reading until something is published. Readings back in the pool count nowhere.
    """

    decision: str
    wanted: int
    under_way: int
    sent_back: int
    submitted: int
    accepted: int
    lacking: int
    published: int
    decided: int
    reopened: bool
    asks_again: bool
    is_apart: bool


class Step(NamedTuple):
    """The state, where the facts are these (Django's lookups ``gt`` and ``lte``, else equal), and why in words."""

    state: ArticleState
    where: Mapping[str, Any]
    because: str


#: The first that holds. A further fact is one more field of ``Facts``, one line of ``queries.FACTS`` and one line here.
RULE: tuple[Step, ...] = (
    Step(ArticleState.TO_SCREEN, {"decision": ScreeningState.TO_SCREEN}, "the project has not decided on it"),
    Step(ArticleState.EXCLUDED, {"decision": ScreeningState.EXCLUDED}, "the project excluded it"),
    Step(
        ArticleState.TO_REEVALUATE,
        {"published__gt": 0, "asks_again": True},
        "a notice of PubMed calls it in question, and nobody has looked at its findings in that light",
    ),
    Step(ArticleState.PUBLISHED, {"published__gt": 0, "reopened": True, "is_apart": True}, "its findings are published"),
    Step(ArticleState.REOPENED, {"published__gt": 0, "reopened": True}, "its findings are published, and taken up again"),
    Step(ArticleState.IN_PART, {"published__gt": 0, "submitted__gt": 0}, "findings are published, and a reading waits"),
    Step(ArticleState.IN_PART, {"published__gt": 0, "sent_back__gt": 0}, "findings are published, and a reading was sent back"),
    Step(ArticleState.PUBLISHED, {"published__gt": 0}, "its findings are published"),
    Step(ArticleState.RETRACTED, {"accepted__gt": 0}, "its readings are accepted, and no finding of it is public any longer"),
    Step(ArticleState.UNDER_READING, {"is_apart": True, "under_way__gt": 0}, "somebody reads it"),
    Step(ArticleState.UNDER_READING, {"is_apart": True, "sent_back__gt": 0}, "somebody reads it"),
    Step(ArticleState.UNDER_READING, {"is_apart": True, "submitted__gt": 0}, "somebody reads it"),
    Step(ArticleState.RETURNED, {"sent_back__gt": 0}, "a reading was sent back to its reader"),
    Step(ArticleState.ADJUDICATING, {"lacking__lte": 0, "decided__gt": 0}, "a moderator has settled a part of it"),
    Step(ArticleState.TO_ADJUDICATE, {"wanted": 2, "lacking__lte": 0}, "both readers have handed in"),
    Step(ArticleState.TO_REVIEW, {"lacking__lte": 0}, "its reader has handed in"),
    Step(ArticleState.WAITING_SECOND, {"submitted__gt": 0}, "one of two readers has handed in"),
    Step(ArticleState.UNDER_READING, {"under_way__gt": 0}, "somebody reads it"),
    Step(ArticleState.TO_READ, {}, "it is included, and nobody reads it"),
)


def state_of(facts: Facts) -> ArticleState:
    return step_of(facts).state


def step_of(facts: Facts) -> Step:
    known = asdict(facts)
    return next(step for step in RULE if all(_holds(known, lookup, value) for lookup, value in step.where.items()))


def _holds(known: Mapping[str, Any], lookup: str, value: Any) -> bool:
    name, _sep, comparison = lookup.partition("__")
    match comparison:
        case "gt":
            return bool(known[name] > value)
        case "lte":
            return bool(known[name] <= value)
    return bool(known[name] == value)


def told(facts: Facts) -> Iterator[tuple[str, str]]:
    """Every fact by its name, in words a person at a terminal can check."""
    for name, value in asdict(facts).items():
        yield name.replace("_", " "), {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
