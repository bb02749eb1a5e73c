"""A question over patients as a tree, and the one way to write it down.

``language.parse`` makes the tree from text, ``write`` makes the text from the tree; each undoes the other. Places (``at``)
are code-point offsets into the text a node was read from; they are for messages and never part of what a question means.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

Place = tuple[int, int]
NOWHERE: Place = (0, 0)

KEYWORDS = frozenset({"and", "or", "not", "in", "is"})
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
RANGES = ("<", "<=", ">", ">=")
#: What ``IS`` may ask of a feature: the recordable statuses, and "reported" for any word at all in the paper.
STATES = ("present", "excluded", "indeterminate", "not_tested", "not_reported", "reported")
#: What may be asked of the articles that describe a patient.
ARTICLE_FACTS = {
    "article.year": "number",
    "article.pmid": "number",
    "article.publication_type": "text",
    "article.retracted": "yes or no",
}

BARE_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.:+-]*")
ISO_SPAN = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?")


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time or an age; all parts have one sign."""

    years: Decimal = Decimal(0)
    months: Decimal = Decimal(0)
    weeks: Decimal = Decimal(0)
    days: Decimal = Decimal(0)
    at: Place = field(default=NOWHERE, compare=False)

    def parts(self) -> dict[str, Decimal]:
        return {"y": self.years, "mo": self.months, "w": self.weeks, "d": self.days}


Literal = Words | Number | Span


@dataclass(frozen=True, slots=True)
class Compare:
    """``name operator value``; ``IN`` holds several values, the others one."""

    name: str
    operator: str
    values: tuple[Literal, ...]
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    name: str
    state: str
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Node"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]


Condition = Compare | Is
Node = Condition | Not | And | Or


@dataclass(frozen=True, slots=True)
class Question:
    """``root`` is None for the empty question, which every patient answers."""

    root: Node | None = None

    def conditions(self) -> Iterator[Condition]:
        waiting = [self.root] if self.root else []
        while waiting:
            node = waiting.pop(0)
            match node:
                case Not(inner):
                    waiting.insert(0, inner)
                case And(parts) | Or(parts):
                    waiting[:0] = parts
                case _:
                    yield node

    def features(self) -> tuple[str, ...]:
        """The slugs asked about, each once, in the order of the text."""
        return tuple(dict.fromkeys(c.name for c in self.conditions() if c.name not in ARTICLE_FACTS))

    def terms(self) -> tuple[Node, ...]:
        """What must all hold: the parts of an AND, or the question itself."""
        match self.root:
            case None:
                return ()
            case And(parts):
                return parts
            case node:
                return (node,)

    def narrowed(self, condition: Node) -> "Question":
        """The question with one more thing that must hold; one that is there already is not said twice."""
        terms = self.terms()
        return self if condition in terms else of_terms((*terms, condition))

    def without(self, index: int) -> "Question":
        terms = self.terms()
        return of_terms(terms[:index] + terms[index + 1 :])


def of_terms(terms: tuple[Node, ...]) -> Question:
    match terms:
        case ():
            return Question()
        case (only,):
            return Question(only)
        case _:
            return Question(And(terms))


def write(question: Question) -> str:
    return "" if question.root is None else write_node(question.root)


def write_node(node: Node) -> str:
    match node:
        case And(parts):
            return " AND ".join(_write_inside(part) for part in parts)
        case Or(parts):
            return " OR ".join(_write_inside(part) for part in parts)
        case Not(inner):
            return f"NOT {_write_inside(inner)}"
        case Is(name, state):
            return f"{name} IS {state}"
        case Compare(name, "IN", values):
            return f"{name} IN ({', '.join(write_literal(value) for value in values)})"
        case Compare(name, operator, values):
            return f"{name} {operator} {write_literal(values[0])}"


def _write_inside(node: Node) -> str:
    return f"({write_node(node)})" if isinstance(node, And | Or) else write_node(node)


def write_literal(literal: Literal) -> str:
    match literal:
        case Number(value):
            return f"{value:f}"
        case Span():
            return _write_span(literal)
        case Words(text):
            return text if _needs_no_quotes(text) else _quoted(text)


def _needs_no_quotes(text: str) -> bool:
    return bool(BARE_WORD.fullmatch(text)) and not ISO_SPAN.fullmatch(text) and text.lower() not in KEYWORDS


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write_span(span: Span) -> str:
    said = {unit: number for unit, number in span.parts().items() if number} or {"y": Decimal(0)}
    if len(said) == 1:
        ((unit, number),) = said.items()
        return f"{number:f} {unit}"
    sign = "-" if min(said.values()) < 0 else ""
    return f"{sign}P" + "".join(f"{abs(number):f}{unit[0].upper()}" for unit, number in said.items())
