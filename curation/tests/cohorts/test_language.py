"""The question language: what is written is read again, and what is wrong is named with its place and a way out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.cohorts.checking import as_number, check, near
from curation.cohorts.language import MAX_CONDITIONS, MAX_DEPTH, MAX_LENGTH, Mark, parse, write
from curation.cohorts.question import And, Compare, Is, Not, Number, Or, Question, Span, Words
from curation.errors import Invalid
from curation.tests.cohorts.crowd import SPECS
from curation.tests.cohorts.questions import fitting_questions, questions


@given(questions)
def test_what_is_written_is_read_again(question: Question) -> None:
    assert parse(write(question)) == question


@given(questions)
def test_writing_is_settled_after_once(question: Question) -> None:
    assert write(parse(write(question))) == write(question)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except Invalid as refusal:
        (mark,) = refusal.faults
        assert isinstance(mark, Mark)
        assert 0 <= mark.start <= mark.end <= len(text)


@given(
    st.lists(st.sampled_from(["NOT", "AND", "OR", "(", ")", "a", "IS", "present", "=", "IN", ",", "40 y", '"x"', "<"])).map(
        " ".join
    )
)
def test_any_words_of_the_language_are_read_or_refused(text: str) -> None:
    try:
        question = parse(text)
    except Invalid:
        return
    assert parse(write(question)) == question


@given(fitting_questions)
def test_questions_that_fit_pass_the_check(question: Question) -> None:
    check(question, SPECS)


def test_and_binds_tighter_than_or_and_not_tighter_than_both() -> None:
    a, b, c = (Is(name, "present") for name in "abc")
    assert parse("a IS present OR b IS present AND NOT c is present").root == Or((a, And((b, Not(c)))))
    assert write(parse("(a is present or b is present) and c is present")) == "(a IS present OR b IS present) AND c IS present"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("40", Number(Decimal(40))),
        ("-0.5", Number(Decimal("-0.5"))),
        ("40 y", Span(years=Decimal(40))),
        ("40y", Span(years=Decimal(40))),
        ("40 Years", Span(years=Decimal(40))),
        ("P40Y", Span(years=Decimal(40))),
        ("p11y6m", Span(years=Decimal(11), months=Decimal(6))),
        ("-P2M", Words("")),
        ("-2 mo", Span(months=Decimal(-2))),
        ("HP:0003198", Words("HP:0003198")),
        ('"P40Y"', Words("P40Y")),
        (r'"he said \"no\" \\"', Words(r'he said "no" \ '.strip())),
        ('"and"', Words("and")),
        ('"심근"', Words("심근")),
    ],
)
def test_values(text: str, value: object) -> None:
    if text == "-P2M":
        value = Span(months=Decimal(-2))
    assert parse(f"x = {text}").root == Compare("x", "=", (value,))


def test_the_example_of_the_manual_is_a_question() -> None:
    text = (
        "weakness_symmetry = asymmetric AND serostatus_derived IN (seronegative_complete, seronegative_incomplete) "
        "AND NOT dysphagia IS present AND age_at_onset < 40 y AND article.year >= 2015"
    )
    question = parse(text)
    assert write(question) == text
    assert question.features() == ("weakness_symmetry", "serostatus_derived", "dysphagia", "age_at_onset")


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("a", (1, 1), "stands one of"),
        ("a =", (3, 3), "expected a value"),
        ("= 3", (0, 1), "expected the name"),
        ("a NOT IN (b)", (2, 5), "NOT a"),
        ("a IS sure", (5, 9), "one of present"),
        ("a = (b)", (4, 5), "expected a value"),
        ("a IN b", (5, 6), "parentheses"),
        ("a IN (b c)", (8, 9), "comma"),
        ("(a IS present", (0, 1), "never closed"),
        ("a IS present)", (12, 13), "no ( that it closes"),
        ("a = 1 b = 2", (6, 7), "AND, OR or the end"),
        ("a < 40 m", (7, 8), "no unit"),
        ('a = "b', (4, 6), "never closed"),
        ("a = “b”", (4, 5), "straight"),
        ("a = and", (4, 7), "quotation marks"),
        ("a = \0", (4, 5), "U+0000"),
        ('a = "\0"', (5, 6), "U+0000"),
        ('a = "\ud800"', (5, 6), "U+D800"),
        ("a = 5%", (5, 6), "no meaning"),
    ],
)
def test_a_fault_names_its_place(text: str, place: tuple[int, int], says: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text)
    (mark,) = refused.value.faults
    assert (mark.start, mark.end) == place
    assert says in mark.reason
    assert mark.where == f"q[{place[0]}:{place[1]}]"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * (MAX_LENGTH + 1), "characters long"),
        ("(" * (MAX_DEPTH + 2) + "a IS present" + ")" * (MAX_DEPTH + 2), "nested"),
        ("(" * MAX_LENGTH, "nested"),
        ("NOT " * (MAX_DEPTH + 2) + "a IS present", "nested"),
        (" OR ".join(["a IS present"] * (MAX_CONDITIONS + 1)), "conditions"),
        (f"a IN ({', '.join('b' * 101)})", "100 values"),
    ],
)
def test_too_much_is_refused(text: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text)
    assert says in refused.value.faults[0].reason


def _mark(text: str) -> Mark:
    with pytest.raises(Invalid) as refused:
        check(parse(text), SPECS)
    (mark,) = refused.value.faults
    assert isinstance(mark, Mark)
    return mark


@pytest.mark.parametrize(
    ("text", "at", "says", "instead"),
    [
        ("serostatus = a", "serostatus", "did you mean serostatus_derived?", ("serostatus_derived",)),
        ("disphagia IS present", "disphagia", "did you mean dysphagia", ("dysphagia",)),
        ("weakness = a", "weakness", "symmetry", ("symmetry",)),
        ("year >= 2015", "year", "article.year", ("article.year",)),
        ("qqqqqq IS present", "qqqqqq", "look it up in the codebook", ()),
        ("symmetry = asymetric", "asymetric", "its values are a, b, c", None),
        ("symmetry = excluded", "symmetry = excluded", "status of symmetry", ("symmetry IS excluded",)),
        ("symmetry < a", "symmetry < a", "no order", ()),
        ("dysphagia = present", "dysphagia = present", "has a status and no value", ("dysphagia IS present",)),
        ("onset < 40", "40", "with its unit", ("40 y", "40 mo", "40 d")),
        ("onset < old", "old", "an age", ()),
        ("delay = 3", "3", "a duration", ("3 y", "3 mo", "3 d")),
        ("grade > 3 y", "3 y", "without a unit", ()),
        ("article.year IS present", "article.year IS present", "fact about the article", ()),
        ("article.year = 2015.5", "2015.5", "whole number", ()),
        ("article.retracted = perhaps", "perhaps", "yes or no", ("yes", "no")),
        ("article.retracted < yes", "article.retracted < yes", "no order", ()),
    ],
)
def test_what_does_not_fit_the_codebook(text: str, at: str, says: str, instead: tuple[str, ...] | None) -> None:
    mark = _mark(text)
    assert text[mark.start : mark.end] == at
    assert says in mark.reason
    assert instead is None or mark.instead == instead


def test_every_condition_that_does_not_fit_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        check(parse("serostatus = a AND (onset < 40 OR symmetry = z)"), SPECS)
    assert len(refused.value.faults) == 3


def test_a_feature_is_found_by_its_label() -> None:
    assert near("age at onset".replace(" ", "_"), SPECS)[0] == "onset"


def test_spans_are_numbers_on_the_scale_of_findings() -> None:
    assert as_number(Span(years=Decimal(11), months=Decimal(6)), "age") == 11.5
    assert as_number(Span(weeks=Decimal(2)), "duration") == 14
    assert as_number(Number(Decimal("0.5")), "number") == 0.5


def test_narrowing_and_widening() -> None:
    question = parse("a IS present OR b IS present")
    narrowed = question.narrowed(Is("c", "excluded"))
    assert write(narrowed) == "(a IS present OR b IS present) AND c IS excluded"
    assert narrowed.narrowed(Is("c", "excluded")) == narrowed
    assert narrowed.without(1) == question
    assert write(Question().narrowed(Is("c", "present")).without(0)) == ""
