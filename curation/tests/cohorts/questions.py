"""Every question there is, for properties: any tree, and trees that fit the codebook of ``crowd``."""

from decimal import Decimal

from hypothesis import strategies as st

from curation.cohorts.checking import kind_of
from curation.cohorts.question import COMPARISONS, STATES, And, Compare, Is, Not, Number, Or, Question, Span, Words
from curation.tests.cohorts.crowd import SPECS, WORDS

names = st.from_regex(r"[a-z][a-z0-9_.-]{0,20}", fullmatch=True).filter(lambda n: n not in {"and", "or", "not", "in", "is"})
texts = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=20)
numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False)
whole = st.integers(0, 500).map(Decimal)
spans = st.one_of(
    st.builds(Span, years=whole, months=whole, weeks=whole, days=whole),
    st.builds(Span, years=whole.map(lambda n: -n), months=whole.map(lambda n: -n)),
    st.builds(Span, months=numbers),
)
literals = st.one_of(texts.map(Words), numbers.map(Number), spans)
conditions = st.one_of(
    st.builds(Is, names, st.sampled_from(STATES)),
    st.builds(Compare, names, st.sampled_from(COMPARISONS), literals.map(lambda value: (value,))),
    st.builds(Compare, names, st.just("IN"), st.lists(literals, min_size=1, max_size=4).map(tuple)),
)


def trees(leaves: st.SearchStrategy, size: int) -> st.SearchStrategy:
    def grow(inner: st.SearchStrategy) -> st.SearchStrategy:
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(inner.map(Not), parts.map(And), parts.map(Or))

    return st.recursive(leaves, grow, max_leaves=size)


questions = st.one_of(st.just(Question()), trees(conditions, 12).map(Question))


def _fitting(slug: str) -> st.SearchStrategy:
    kind = kind_of(SPECS[slug])
    asked = st.builds(Is, st.just(slug), st.sampled_from(STATES))
    if kind == "status":
        return asked
    values = {
        "choice": st.sampled_from(SPECS[slug].options).map(Words),
        "text": st.sampled_from(WORDS).map(Words),
        "number": st.integers(0, 6).map(lambda n: Number(Decimal(n))),
        "age": st.integers(0, 6).map(lambda n: Span(years=Decimal(n))),
        "duration": st.integers(0, 6).map(lambda n: Span(days=Decimal(n))),
    }[kind]
    operators = COMPARISONS if kind in ("number", "age", "duration") else ("=", "!=")
    one = st.builds(Compare, st.just(slug), st.sampled_from(operators), values.map(lambda value: (value,)))
    several = st.builds(Compare, st.just(slug), st.just("IN"), st.lists(values, min_size=1, max_size=3).map(tuple))
    return st.one_of(asked, one, several)


years = st.integers(2018, 2022).map(lambda year: (Number(Decimal(year)),))
article_conditions = st.one_of(
    st.builds(Compare, st.just("article.year"), st.sampled_from(COMPARISONS), years),
    st.builds(Compare, st.just("article.publication_type"), st.sampled_from(("=", "!=")), st.just((Words("Letter"),))),
    st.builds(
        Compare, st.just("article.retracted"), st.sampled_from(("=", "!=")), st.sampled_from(((Words("yes"),), (Words("no"),)))
    ),
)
fitting_conditions = st.one_of(*(_fitting(slug) for slug in SPECS), article_conditions)
fitting_questions = st.one_of(st.just(Question()), trees(fitting_conditions, 6).map(Question))
