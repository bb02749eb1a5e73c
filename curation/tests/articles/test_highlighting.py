"""Marks in markup: where they should be, and never a tag that is not allowed."""

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.articles.highlighting import ALLOWED, marked, merged, safe


@pytest.mark.parametrize(
    ("html", "text", "spans", "shown"),
    [
        ("severe weakness", "severe weakness", [(7, 15)], "severe <mark>weakness</mark>"),
        ("CD4<sup>+</sup> cells", "CD4+ cells", [(0, 10)], "<mark>CD4</mark><sup><mark>+</mark></sup><mark> cells</mark>"),
        ("a &lt; b &amp; c", "a < b & c", [(2, 5)], "a <mark>&lt; b</mark> &amp; c"),
        ("\U0001d49c weak", "\U0001d49c weak", [(2, 6)], "\U0001d49c <mark>weak</mark>"),
        ("one two", "one two", [(0, 3), (2, 7)], "<mark>one two</mark>"),
        ("another <b>text</b>", "the text < itself", [(4, 8)], "the <mark>text</mark> &lt; itself"),
    ],
)
def test_the_words_of_the_span_are_marked(html: str, text: str, spans: list[tuple[int, int]], shown: str) -> None:
    assert marked(html, text, spans) == shown


def test_only_the_first_mark_can_be_led_to() -> None:
    assert marked("a b c", "a b c", [(0, 1), (4, 5)], first="mark-1") == '<mark id="mark-1">a</mark> b <mark>c</mark>'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<script>alert(1)</script>", "alert(1)"),
        ('<i onclick="x()">In vivo</i>', "<i>In vivo</i>"),
        ("<img src=x onerror=y>&lt;img&gt;", "&lt;img&gt;"),
        ("<i>open <b>twice", "<i>open <b>twice</b></i>"),
        ("</b>closed</i>", "closed"),
        ("<i>a<b>b</i>c</b>", "<i>a<b>b</b></i>c"),
        ("<!-- hidden -->H<sub>2</sub>O", "H<sub>2</sub>O"),
    ],
)
def test_nothing_but_the_allowed_tags_comes_out(html: str, shown: str) -> None:
    assert safe(html) == shown


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, object]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


TEXT = st.text(st.sampled_from("ab<>&\"'/ é𝒜"), max_size=30)


@given(TEXT)
def test_whatever_comes_in_no_other_tag_and_no_attribute_comes_out(html: str) -> None:
    tags = Tags()
    tags.feed(safe(html))
    assert all(tag in ALLOWED and not attrs for tag, attrs in tags.seen)


@given(TEXT, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_marking_keeps_every_letter(text: str, spans: list[tuple[int, int]]) -> None:
    shown = marked("", text, [(min(span), max(span)) for span in spans])
    assert unescape(shown.replace("<mark>", "").replace("</mark>", "")) == text


def test_spans_that_touch_become_one() -> None:
    assert merged([(5, 9), (0, 3), (3, 4), (7, 7)]) == ((0, 4), (5, 9))
