"""The question language, read: text in, tree out, or a fault that names its place and the way out.

    weakness_symmetry = asymmetric AND (dysphagia IS excluded OR NOT ck_value > 1000) AND article.year >= 2015

Conditions: ``feature = value``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``feature IN (value, value)``, ``feature IS present``.
Values: words, "quoted words", numbers, ages and durations (``40 y``, ``6 mo``, ``2 w``, ``10 d``, ``P40Y``, ``P11Y6M``).
They are joined by AND, OR, NOT and parentheses; AND binds tighter than OR.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from curation.cohorts.question import (
    COMPARISONS,
    ISO_SPAN,
    KEYWORDS,
    STATES,
    And,
    Compare,
    Condition,
    Is,
    Literal,
    Node,
    Not,
    Number,
    Or,
    Place,
    Question,
    Span,
    Words,
    write,
)
from curation.errors import Fault, Invalid

__all__ = ["MAX_CONDITIONS", "MAX_DEPTH", "MAX_LENGTH", "Mark", "parse", "refusal", "write"]

MAX_LENGTH = 4000  # characters
MAX_DEPTH = 20  # parentheses and NOTs inside each other
MAX_CONDITIONS = 60
MAX_VALUES = 100  # in one IN

UNITS = {"years": ("y", "yr", "yrs", "year", "years"), "months": ("mo", "mos", "month", "months")}
UNITS |= {"weeks": ("w", "wk", "wks", "week", "weeks"), "days": ("d", "day", "days")}
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}

TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?![\w.]))(?:[ \t]*(?P<unit>%s)(?![\w.]))?
    |(?P<short>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)(?P<tight>%s)(?![\w.])
    |(?P<quoted>"(?:[^"\\]|\\["\\])*")
    |(?P<word>(?:-(?=P[0-9]))?[A-Za-z_0-9][A-Za-z0-9_.:+-]*)
    |(?P<sign><=|>=|!=|[=<>(),])"""
    % (("|".join(sorted(UNIT_OF, key=len, reverse=True)),) * 2),
    re.VERBOSE | re.IGNORECASE,
)
#: Control characters and halves of characters: nobody types them and the database keeps neither.
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mark(Fault):
    """A fault with its place in the question (code points) and, where there are some, words to put there instead."""

    start: int = 0
    end: int = 0
    instead: tuple[str, ...] = ()


def mark(at: Place, reason: str, instead: Sequence[str] = ()) -> Mark:
    return Mark(where=f"q[{at[0]}:{at[1]}]", reason=reason, start=at[0], end=at[1], instead=tuple(instead))


def refusal(marks: Sequence[Mark]) -> Invalid:
    return Invalid("The question cannot be understood.", faults=marks)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # name, value, sign, keyword, end
    text: str
    at: Place
    literal: Literal | None = None


def parse(text: str) -> Question:
    """The question that the text asks. Raises Invalid with one Mark."""
    if len(text) > MAX_LENGTH:
        raise refusal([mark((MAX_LENGTH, len(text)), f"a question may be {MAX_LENGTH} characters long, this has {len(text)}")])
    if unfit := UNFIT.search(text):
        at, code = unfit.span(), ord(unfit.group())
        raise refusal([mark(at, f"the character U+{code:04X} cannot stand in a question; take it out")])
    tokens = _tokens(text)
    if tokens[0].kind == "end":
        return Question()
    reader = _Reader(tokens)
    root = reader.any_of(depth=0)
    reader.expect_end()
    return Question(root)


def _tokens(text: str) -> list[Token]:
    found, position = [], 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise refusal([_strange(text, position)])
        if match.lastgroup != "space":
            found.append(_token(match))
        position = match.end()
    return [*found, Token("end", "the end", (len(text), len(text)))]


def _strange(text: str, position: int) -> Mark:
    character = text[position]
    if character == '"':
        return mark(
            (position, len(text)), 'this quotation mark is never closed; end the value with " (and write \\" for one inside)'
        )
    if character in "“”„«»'‘’":
        return mark((position, position + 1), 'only straight double quotation marks (") hold a value', ('"',))
    return mark((position, position + 1), f"“{character}” has no meaning here; put a value that holds it in quotation marks")


def _token(match: re.Match[str]) -> Token:
    at, text = match.span(), match.group()
    groups = match.groupdict()
    unit = groups["unit"] or groups["tight"]
    if unit:
        number = Decimal(groups["number"] or groups["short"])
        return Token("value", text, at, Span(**{UNIT_OF[unit.lower()]: number}, at=at))
    if groups["number"]:
        return Token("value", text, at, Number(Decimal(text), at=at))
    if groups["quoted"]:
        return Token("value", text, at, Words(re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL), at=at))
    if groups["sign"]:
        return Token("sign", text, at)
    if text.lower() in KEYWORDS:
        return Token("keyword", text.upper(), at)
    if span := ISO_SPAN.fullmatch(text.upper()):
        sign, *parts = span.groups()
        years, months, weeks, days = (Decimal(f"{sign}{part}") if part else Decimal(0) for part in parts)
        return Token("value", text, at, Span(years, months, weeks, days, at=at))
    return Token("name", text, at, Words(text, at=at))


class _Reader:
    """Recursive descent; only parentheses and NOT recurse, and those to MAX_DEPTH."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.conditions = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.next
        self.position += token.kind != "end"
        return token

    def took(self, text: str, kind: str = "keyword") -> bool:
        if (self.next.kind, self.next.text) != (kind, text):
            return False
        self.take()
        return True

    def refuse(self, token: Token, reason: str, instead: Sequence[str] = ()) -> Invalid:
        return refusal([mark(token.at, reason, instead)])

    def expect_end(self) -> None:
        if self.next.kind != "end":
            raise self.refuse(self.next, self._why_not_over())

    def _why_not_over(self) -> str:
        if self.next.text == ")":
            return "there is no ( that it closes"
        after = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        looks_like_a_unit = self.next.kind == "name" and after.text not in (*COMPARISONS, "IS", "IN")
        if looks_like_a_unit and isinstance(self.tokens[self.position - 1].literal, Number):
            return (
                f"“{self.next.text}” is no unit: ages and durations are in y, mo, w or d (40 y), "
                "other numbers stand alone, in the feature's own unit"
            )
        return "expected AND, OR or the end of the question here"

    def any_of(self, *, depth: int) -> Node:
        parts = [self.all_of(depth=depth)]
        while self.took("OR"):
            parts.append(self.all_of(depth=depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self, *, depth: int) -> Node:
        parts = [self.one(depth=depth)]
        while self.took("AND"):
            parts.append(self.one(depth=depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self, *, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.refuse(self.next, f"a question may be nested {MAX_DEPTH} deep; take some parentheses or NOTs out")
        if self.took("NOT"):
            return Not(self.one(depth=depth + 1))
        opening = self.next
        if not self.took("(", "sign"):
            return self.condition()
        node = self.any_of(depth=depth + 1)
        if not self.took(")", "sign"):
            raise self.refuse(opening, "this ( is never closed; add a )")
        return node

    def condition(self) -> Condition:
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            raise self.refuse(self.next, f"a question may hold {MAX_CONDITIONS} conditions; ask in two steps")
        name = self.take()
        if name.kind != "name":
            raise self.refuse(name, f"expected the name of a feature, found {_shown(name)}")
        operator = self.take()
        at = (name.at[0], self.next.at[1])
        if (operator.kind, operator.text) == ("keyword", "IS"):
            return Is(name.text, self.state(), at=at)
        if (operator.kind, operator.text) == ("keyword", "IN"):
            values = self.values()
            return Compare(name.text, "IN", values, at=(name.at[0], self.tokens[self.position - 1].at[1]))
        if operator.text in COMPARISONS:
            return Compare(name.text, operator.text, (self.value(),), at=at)
        raise self.refuse(operator, _after_a_name(name, operator))

    def state(self) -> str:
        word = self.take()
        state = word.text.lower()
        if state not in STATES:
            raise self.refuse(word, f"after IS stands one of {', '.join(STATES)}; found {_shown(word)}", STATES)
        return state

    def value(self) -> Literal:
        token = self.take()
        if token.literal is None:
            hint = " (put it in quotation marks if it is meant as a value)" if token.kind == "keyword" else ""
            raise self.refuse(token, f"expected a value, found {_shown(token)}{hint}")
        return token.literal

    def values(self) -> tuple[Literal, ...]:
        if not self.took("(", "sign"):
            raise self.refuse(self.next, "after IN stand values in parentheses: IN (this, that)")
        found = [self.value()]
        while self.took(",", "sign"):
            found.append(self.value())
        if not self.took(")", "sign"):
            raise self.refuse(self.next, f"expected a comma or ) after the value, found {_shown(self.next)}")
        if len(found) > MAX_VALUES:
            raise self.refuse(self.next, f"IN may hold {MAX_VALUES} values")
        return tuple(found)


def _shown(token: Token) -> str:
    return token.text if token.kind == "end" else f"“{token.text[:40]}”"


def _after_a_name(name: Token, operator: Token) -> str:
    if operator.text == "NOT":
        return f"write NOT before the condition: NOT {name.text} …"
    return (
        f"after “{name.text}” stands one of = != < <= > >= IN IS, for instance “{name.text} IS present”; found {_shown(operator)}"
    )
