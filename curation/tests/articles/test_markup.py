"""Markup: text and safe HTML that say the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from curation.articles.markup import marked

MATH = '<a>x <m:math xmlns:m="http://www.w3.org/1998/Math/MathML">{}</m:math> y</a>'


def html_of(xml: str) -> str:
    return marked(etree.fromstring(xml)).html


@pytest.mark.parametrize(
    ("xml", "html"),
    [
        ("<a>plain</a>", "plain"),
        ("<a> a\n\t b </a>", "a b"),
        ("<a>a <i>b</i> c</a>", "a <i>b</i> c"),
        ("<a>a<i> b </i>c</a>", "a<i> b</i> c"),
        ("<a><b><i>x</i></b><sup>2</sup><sub>3</sub></a>", "<b><i>x</i></b><sup>2</sup><sub>3</sub>"),
        ("<a>x<u>y</u><script>z</script></a>", "xyz"),
        ("<a>&lt;b&gt; &amp; &quot;</a>", '&lt;b&gt; &amp; "'),
        ("<a>x <i/> y</a>", "x y"),
        ("<a>x<i> </i>y</a>", "x y"),
        ("<a>a\u00a0 \u2009b</a>", "a\u00a0 \u2009b"),
        ("<a/>", ""),
        ("<a>in <DispFormula>x</DispFormula>out</a>", "in x out"),
    ],
)
def test_kept_tags_and_blanks(xml: str, html: str) -> None:
    assert html_of(xml) == html


@pytest.mark.parametrize(
    ("math", "html"),
    [
        ("<m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup>", "x<sup>2</sup>"),
        ("<m:msubsup><m:mi>x</m:mi><m:mn>1</m:mn><m:mn>2</m:mn></m:msubsup>", "x<sub>1</sub><sup>2</sup>"),
        ("<m:mfrac><m:mn>1</m:mn><m:mn>2</m:mn></m:mfrac>", "1/2"),
        ("<m:mfrac><m:mrow><m:mi>a</m:mi><m:mo>+</m:mo><m:mi>b</m:mi></m:mrow><m:mi>c</m:mi></m:mfrac>", "(a+b)/c"),
        ("<m:msqrt><m:mi>x</m:mi><m:mo>+</m:mo><m:mn>1</m:mn></m:msqrt>", "√(x+1)"),
        ("<m:mroot><m:mi>x</m:mi><m:mn>3</m:mn></m:mroot>", "<sup>3</sup>√(x)"),
        ("<m:mover><m:mi>x</m:mi><m:mo>¯</m:mo></m:mover>", "x\u0304"),
        ("<m:mover><m:mi>x</m:mi><m:mi>n</m:mi></m:mover>", "x<sup>n</sup>"),
        ('<m:mfenced open="[" close="]"><m:mi>a</m:mi><m:mi>b</m:mi></m:mfenced>', "[a,b]"),
        (
            "<m:mmultiscripts><m:mi>Xe</m:mi><m:mprescripts/><m:none/><m:mn>129</m:mn></m:mmultiscripts>",
            "<sup>129</sup>Xe",
        ),
        (
            "<m:mmultiscripts><m:mi>R</m:mi><m:mi>i</m:mi><m:none/><m:none/><m:mi>k</m:mi><m:mprescripts/><m:mi>a</m:mi><m:none/>"
            "</m:mmultiscripts>",
            "<sub>a</sub>R<sub>i</sub><sup>k</sup>",
        ),
        ('<m:mn>86</m:mn><m:mspace width="0.25em"/><m:mi>ms</m:mi><m:mspace width="0em"/><m:mi>x</m:mi>', "86 msx"),
        ('<m:mi>f</m:mi><m:mspace width="-1em"/><m:mspace width="thinmathspace"/><m:mi>x</m:mi><m:mspace/>', "f x"),
        ("<m:semantics><m:mi>a</m:mi><m:annotation>\\alpha</m:annotation></m:semantics>", "a"),
    ],
)
def test_formulas_as_one_would_type_them(math: str, html: str) -> None:
    assert html_of(MATH.format(math)) == f"x {html} y"


TREES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t "), max_size=8),
    lambda inner: st.tuples(st.sampled_from(["i", "b", "sup", "sub", "u", "x"]), st.lists(inner, max_size=4)),
    max_leaves=12,
)


def build(tree: "str | tuple[str, list]") -> etree._Element:
    name, children = tree if isinstance(tree, tuple) else ("a", [tree])
    element, last = etree.Element(name), None
    for child in children:
        if isinstance(child, tuple):
            last = build(child)
            element.append(last)
        elif last is None:
            element.text = (element.text or "") + child
        else:
            last.tail = (last.tail or "") + child
    return element


@given(TREES)
def test_html_without_its_tags_is_the_text(tree: "str | tuple[str, list]") -> None:
    element = build(tree)
    found = marked(element)
    bare = re.sub(r"</?(?:i|b|sup|sub)>", "", found.html)
    assert bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == found.text
    etree.fromstring(f"<a>{found.html}</a>")  # balanced, nothing else in it
    assert found.text == re.sub(r"[ \t\r\n]+", " ", "".join(element.itertext())).strip(" ")
