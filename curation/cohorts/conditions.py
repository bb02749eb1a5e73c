"""What supports and what refutes one condition, as filters on rows. Used by the compiler only.

A condition looks at rows (findings of a feature, or a patient's articles) through three filters: ``inside`` rows prove it,
``maybe`` rows at least allow it (a range that straddles the limit, a value nobody gave), ``settled`` rows answer either way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Coalesce

from curation.choices import Status
from curation.codebook.rules import FeatureSpec
from curation.cohorts.checking import as_number, as_text, kind_of
from curation.cohorts.facts import PRECEDENCE
from curation.cohorts.question import Compare, Is, Literal, Words

#: Whose a finding or report is: somebody merged into another patient is the other.
PERSON = Coalesce("patient__merged_into", "patient")
PRESENT = Q(status=Status.PRESENT)
#: Statuses that say no to every question for a value.
SETTLED_NO = Q(status__in=(Status.EXCLUDED, Status.NOT_APPLICABLE))
SPOKEN = Q(status__in=(Status.PRESENT, Status.EXCLUDED, Status.INDETERMINATE, Status.NOT_TESTED))
RETRACTED = Q(article__publication_types__contains=[{"name": "Retracted Publication"}])

Having = Callable[[Q], Q]  # from a filter on rows to the patients who have such a row


@dataclass(frozen=True, slots=True)
class Judged:
    """Of which patients a condition is supported and of which it is refuted; never of one both."""

    supported: Q
    refuted: Q


def judge_status(condition: Is, having: Having) -> Judged:
    """Where nothing else is said, a status other than present and excluded is a fact about the paper: it is so or it is not."""
    if condition.state == "reported":
        return _either(having(SPOKEN))
    before = PRECEDENCE[: PRECEDENCE.index(Status(condition.state))]
    is_so = having(Q(status=condition.state))
    if before:
        is_so &= ~having(Q(status__in=before))
    match condition.state:
        case Status.PRESENT:
            return Judged(is_so, ~is_so & having(SETTLED_NO))
        case Status.EXCLUDED:
            return Judged(is_so, having(PRESENT) | (~having(Q(status=condition.state)) & having(Q(status=Status.NOT_APPLICABLE))))
        case _:
            return _either(is_so)


def judge_value(condition: Compare, spec: FeatureSpec, having: Having) -> Judged:
    inside, maybe = _of_values(condition, spec)
    return _judge(condition, having, inside=PRESENT & inside, maybe=PRESENT & maybe, valued=PRESENT, no=SETTLED_NO)


def judge_article(condition: Compare, having: Having) -> Judged:
    """By any of the articles that describe the patient; retracted as soon as one of them is."""
    match condition.name:
        case "article.retracted":
            yes = having(RETRACTED)
            wanted = {as_text(value) == "yes" for value in condition.values}
            if len(wanted) == 2:
                return _either(having(Q()))
            return _either(yes if wanted == {condition.operator != "!="} else ~yes)
        case "article.publication_type":
            inside = maybe = _any(Q(article__publication_types__contains=[{"name": as_text(v)}]) for v in condition.values)
            valued = Q()
        case name:
            column = {"article.year": "article__published_year", "article.pmid": "article__pmid"}[name]
            inside = _any(_number_is(condition.operator, column, column, as_number(v, "number")) for v in condition.values)
            maybe = inside | Q(**{column: None})
            valued = Q(**{f"{column}__isnull": False})
    return _judge(condition, having, inside=inside, maybe=maybe, valued=valued, no=None)


def _judge(condition: Compare, having: Having, *, inside: Q, maybe: Q, valued: Q, no: Q | None) -> Judged:
    """``!=`` holds where there is a value and none of a patient's values may be the one named."""
    if condition.operator == "!=":
        refuted = having(inside)
        return Judged(~having(maybe) & having(valued), refuted | (~having(valued) & having(no)) if no else refuted)
    return Judged(having(inside), ~having(maybe) & having(valued | no if no else valued))


def _either(so: Q) -> Judged:
    return Judged(so, ~so)


def _of_values(condition: Compare, spec: FeatureSpec) -> tuple[Q, Q]:
    kind = kind_of(spec)
    pairs = [_of_value(condition.operator, value, kind) for value in condition.values]
    return _any(inside for inside, _ in pairs), _any(maybe for _, maybe in pairs)


def _of_value(operator: str, literal: Literal, kind: str) -> tuple[Q, Q]:
    if kind in ("choice", "text") or isinstance(literal, Words):
        inside = _holds_word(as_text(literal))
        return inside, inside | Q(value__isnull=True)
    number = as_number(literal, kind)
    return _number_is(operator, "low", "high", number), _number_may_be(operator, number)


def _holds_word(word: str) -> Q:
    """A value that is the word, a list that holds it, or an ontology term with this id or label (alone or in a list)."""
    terms = ({"id": word}, {"label": word})
    return _any(Q(value__contains=shape) for shape in (word, *terms, *([term] for term in terms)))


def _number_is(operator: str, low: str, high: str, number: float) -> Q:
    """Rows whose whole range satisfies the comparison; an open end (NULL) never does."""
    match operator:
        case "<" | "<=":
            return Q(**{f"{high}__{'lt' if operator == '<' else 'lte'}": number})
        case ">" | ">=":
            return Q(**{f"{low}__{'gt' if operator == '>' else 'gte'}": number})
        case _:
            return Q(**{f"{low}__gte": number, f"{high}__lte": number})


def _number_may_be(operator: str, number: float) -> Q:
    """Rows of whose range some part satisfies the comparison; an open end always may."""
    open_low, open_high = Q(low=None), Q(high=None)
    match operator:
        case "<" | "<=":
            return open_low | Q(**{f"low__{'lt' if operator == '<' else 'lte'}": number})
        case ">" | ">=":
            return open_high | Q(**{f"high__{'gt' if operator == '>' else 'gte'}": number})
        case _:
            return (open_low | Q(low__lte=number)) & (open_high | Q(high__gte=number))


def _any(filters: Iterable[Q]) -> Q:
    return reduce(or_, filters)
