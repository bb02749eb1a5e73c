"""Whether a question fits a codebook: every name known, every value one that its feature can hold."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from curation.codebook.durations import DAYS, YEAR
from curation.codebook.rules import FeatureSpec
from curation.cohorts.language import Mark, mark, refusal
from curation.cohorts.question import (
    ARTICLE_FACTS,
    RANGES,
    STATES,
    Compare,
    Condition,
    Is,
    Literal,
    Number,
    Question,
    Span,
    Words,
    write_literal,
    write_node,
)

#: How the values of a feature are compared, by its value type; "derived" is seen to in ``kind_of``.
KINDS = {
    "finding": "status",
    "measurement": "status",
    "choice": "choice",
    "choice_multi": "choice",
    "choice_open": "text",
    "text": "text",
    "time": "text",
    "variant": "text",
    "ontology_term": "text",
    "number": "number",
    "age_iso8601": "age",
    "duration_iso8601": "duration",
    "duration_signed_iso8601": "duration",
}
EXAMPLES = {
    "number": "article.year >= 2015",
    "text": 'article.publication_type = "Case Reports"',
    "yes or no": "article.retracted = no",
}
MOST_SUGGESTIONS = 5


Specs = Mapping[str, FeatureSpec]


def check(question: Question, specs: Specs) -> None:
    """Raise Invalid with every condition that does not fit."""
    if marks := [fault for condition in question.conditions() for fault in _faults(condition, specs)]:
        raise refusal(marks)


def kind_of(spec: FeatureSpec) -> str:
    """status, choice, text, number, age, duration; or "derived" for a rule's value of no stated kind."""
    if spec.value_type == "derived":
        return "choice" if spec.options else "derived"
    return KINDS[spec.value_type]


def as_text(literal: Literal) -> str:
    return literal.text if isinstance(literal, Words) else write_literal(literal)


def as_number(literal: Literal, kind: str) -> float:
    """The literal on the scale of ``Finding.low``: years for an age, days for a duration, else the plain number."""
    if isinstance(literal, Number):
        return float(literal.value)
    if isinstance(literal, Span):
        days = sum(float(number) * DAYS[unit[0].upper()] for unit, number in literal.parts().items())
        return round(days / YEAR if kind == "age" else days, 6)  # as values are rounded when they are kept
    raise TypeError(literal)


def near(name: str, specs: Specs) -> tuple[str, ...]:
    """Names that somebody who typed this one may have meant, by slug or by label, best first."""
    wanted = name.lower().replace("-", "_").removeprefix("article.")
    every = {slug: spec.label for slug, spec in specs.items()} | dict.fromkeys(ARTICLE_FACTS, "")
    ranked = sorted(
        ((_likeness(wanted, slug, label), slug) for slug, label in every.items()), key=lambda pair: (-pair[0], pair[1])
    )
    return tuple(slug for likeness, slug in ranked[:MOST_SUGGESTIONS] if likeness > 0.6)


def _likeness(wanted: str, slug: str, label: str) -> float:
    slug, label = slug.removeprefix("article.").lower(), label.lower().replace(" ", "_")
    if wanted == label:
        return 3
    for text in (slug, label):
        if len(wanted) > 2 and wanted in text:
            return 1 + len(wanted) / len(text)
    return max(SequenceMatcher(None, wanted, text).ratio() for text in (slug, label))


def _faults(condition: Condition, specs: Specs) -> Iterator[Mark]:
    name = condition.name
    here = (condition.at[0], condition.at[0] + len(name))
    if name in ARTICLE_FACTS:
        yield from _article_faults(condition)
    elif (spec := specs.get(name)) is None:
        names = near(name, specs)
        way = f"did you mean {' or '.join(names)}?" if names else "look it up in the codebook"
        yield mark(here, f"there is no feature “{name}” in this codebook; {way}", names)
    elif isinstance(condition, Compare):
        yield from _feature_faults(condition, spec)


def _article_faults(condition: Condition) -> Iterator[Mark]:
    kind = ARTICLE_FACTS[condition.name]
    if isinstance(condition, Is):
        yield mark(
            condition.at, f"{condition.name} is a fact about the article; compare it with a value, for instance {EXAMPLES[kind]}"
        )
        return
    if condition.operator in RANGES and kind != "number":
        yield mark(condition.at, f"{condition.name} has no order; use =, != or IN")
    for value in condition.values:
        if kind == "number" and not (isinstance(value, Number) and value.value == value.value.to_integral_value()):
            yield mark(value.at, f"{condition.name} is a whole number, for instance {EXAMPLES[kind]}")
        if kind == "yes or no" and as_text(value) not in ("yes", "no"):
            yield mark(value.at, f"{condition.name} is yes or no", ("yes", "no"))


EXAMPLES = {
    "number": "article.year >= 2015",
    "text": 'article.publication_type = "Case Reports"',
    "yes or no": "article.retracted = no",
}


def _feature_faults(condition: Compare, spec: FeatureSpec) -> Iterator[Mark]:
    kind = kind_of(spec)
    if kind == "status":
        yield _status_only(condition, spec)
    elif condition.operator in RANGES and kind in ("choice", "text"):
        yield mark(condition.at, f"the values of {spec.slug} ({spec.label}) have no order; use =, != or IN")
    else:
        for value in condition.values:
            yield from _value_faults(condition, value, spec, kind)


def _status_only(condition: Compare, spec: FeatureSpec) -> Mark:
    word = as_text(condition.values[0])
    wanted = [word] if word in STATES else ["present", "excluded"]
    ways = [write_node(Is(spec.slug, state)) for state in wanted]
    return mark(condition.at, f"{spec.slug} ({spec.label}) has a status and no value to compare; write {' or '.join(ways)}", ways)


def _value_faults(condition: Compare, value: Literal, spec: FeatureSpec, kind: str) -> Iterator[Mark]:
    if kind == "choice" and as_text(value) not in spec.options:
        yield _no_such_option(condition, value, spec)
    elif kind == "number" and not isinstance(value, Number):
        yield mark(value.at, f"{spec.slug} ({spec.label}) is a number; write it without a unit, for instance {spec.slug} > 10")
    elif kind in ("age", "duration") and not isinstance(value, Span):
        ways = [f"{write_literal(value)} {unit}" for unit in ("y", "mo", "d")] if isinstance(value, Number) else []
        what = "an age" if kind == "age" else "a duration"
        yield mark(value.at, f"{spec.slug} ({spec.label}) is {what}; write it with its unit: 40 y, 6 mo or P11Y6M", ways)
    elif kind == "derived" and condition.operator in RANGES and not isinstance(value, Number):
        yield mark(value.at, f"{condition.operator} compares {spec.slug} with a number")


def _no_such_option(condition: Compare, value: Literal, spec: FeatureSpec) -> Mark:
    word = as_text(value)
    if word in STATES and condition.operator == "=":
        way = write_node(Is(spec.slug, word))
        return mark(condition.at, f"“{word}” is a status of {spec.slug}, not one of its values; write {way}", [way])
    close = sorted(spec.options, key=lambda option: -_likeness(word.lower(), option, ""))
    return mark(
        value.at, f"“{word}” is not a value of {spec.slug}; its values are {', '.join(spec.options)}", close[:MOST_SUGGESTIONS]
    )
