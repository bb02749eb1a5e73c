"""A saved question led to a later version of its codebook, by the same mapping as the values it asks for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from curation.choices import ValueType
from curation.codebook.carrying import Plan, Step
from curation.cohorts.language import parse
from curation.cohorts.question import And, Condition, Is, Literal, Node, Not, Number, Or, Question, Words, write
from curation.errors import Invalid


@dataclass(frozen=True, slots=True)
class Followed:
    """The question's text now; ``gone``: features it asks for that no single one has taken the place of."""

    text: str
    gone: tuple[str, ...] = ()


def followed(text: str, plan: Plan) -> Followed:
    """A question that cannot be read any more stays as it is."""
    try:
        question = parse(text)
    except Invalid:
        return Followed(text)
    steps = {slug: step for slug, step in plan.steps.items() if not step.is_plain}
    gone = [name for name in question.features() if name in steps and not _has_heir(steps[name])]
    if not question.root or not set(question.features()) & set(steps):
        return Followed(text)
    return Followed(write(Question(_node(question.root, steps))), tuple(gone))


def _has_heir(step: Step) -> bool:
    return len(step.new) == 1 and not step.why


def _node(node: Node, steps: Mapping[str, Step]) -> Node:
    match node:
        case Not(inner):
            return Not(_node(inner, steps))
        case And(parts):
            return And(tuple(_node(part, steps) for part in parts))
        case Or(parts):
            return Or(tuple(_node(part, steps) for part in parts))
        case _:
            return _condition(node, steps[node.name]) if node.name in steps else node


def _condition(condition: Condition, step: Step) -> Condition:
    if not _has_heir(step):
        return condition
    name = step.new[0].slug
    if isinstance(condition, Is):
        return replace(condition, name=name)
    return replace(condition, name=name, values=tuple(dict.fromkeys(_literal(value, step) for value in condition.values)))


def _literal(value: Literal, step: Step) -> Literal:
    if isinstance(value, Words):
        return Words(step.options.get(value.text, value.text))
    if isinstance(value, Number) and step.factor is not None and step.old.value_type == ValueType.NUMBER:
        return Number(Decimal(f"{float(value.value) * step.factor:.12g}"))
    return value
