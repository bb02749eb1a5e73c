"""JATS's mixed content to text and to safe HTML: the HTML without its tags is the text, letter for letter. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from curation.articles.markup import EMPTY, Marked, Part, escaped, joined, math

#: Markup that is kept, and how it is written here; what is not named is stepped through.
INLINE = {"italic": "i", "bold": "b", "sup": "sup", "sub": "sub"}
#: What stands beside the text and is shown elsewhere, or not at all.
LEFT_OUT = {"fig", "fig-group", "table-wrap", "table-wrap-group", "object-id", "graphic", "contrib-group", "sec-meta"}
LEFT_OUT |= {"inline-graphic", "index-term", "processing-meta", "permissions"}
GROUPS = {"fig-group", "table-wrap-group"}
#: Files beside the article, such as a video: not here, but what they show is told.
SUPPLEMENTS = {"supplementary-material", "media"}
FORMULAS = {"disp-formula", "inline-formula", "chem-struct", "disp-formula-group"}
LISTS = {"list": "ul", "def-list": "ul"}
#: Blocks that hold blocks.
NESTING = {"disp-quote", "boxed-text", "statement", "verse-group", "speech", "chem-struct-wrap", "glossary", "fn-group", "fn"}
NESTING |= {"sec"}  # inside one of the others; an article's own sections are pieces of their own
BLOCKS = (NESTING - {"fn"}) | LISTS.keys() | LEFT_OUT | SUPPLEMENTS | {"disp-formula", "disp-formula-group", "preformat", "p"}
#: What is read by itself.
APART = LEFT_OUT | {"ref-list", "app", "sub-article", "response"}
#: What stands apart from its neighbours though no blank says so.
PARTED = {"break", "p", "title", "list-item", "label", "tr", "td", "th"}
BETWEEN = "\n\n"
UNREADABLE = "[formula]"


class Block(NamedTuple):
    """A paragraph (``p``) or a point of a list (``li``)."""

    tag: str
    words: Marked


def inline(element: etree._Element | None) -> Marked:
    """An element's content as one line."""
    return EMPTY if element is None else joined(list(_content(element)))


def plain(element: etree._Element | None) -> str:
    return inline(element).text


def blocks(element: etree._Element) -> Iterator[Block]:
    """The paragraphs and points directly in the element, and words that stand there without one."""
    yield from _flushed([(False, element.text or "")])
    for child in element:
        yield from block(child)
        yield from _flushed([(False, child.tail or "")])


def block(element: etree._Element) -> Iterator[Block]:
    """What one child of a section or a note is made of."""
    name = element.tag
    if name in LISTS:
        yield from _points(element)
    elif name in NESTING:
        yield from blocks(element)
    elif name in SUPPLEMENTS:
        yield from _supplement(element)
    elif name in GROUPS:
        yield from (b for child in element if child.tag in SUPPLEMENTS for b in _supplement(child))
    elif name == "alternatives":
        yield from _flushed(list(_first_readable(element)))
    elif name in ("label", "title"):
        if (words := inline(element)).text:
            yield Block("p", Marked(words.text, f"<b>{words.html}</b>"))
    elif name not in APART:
        yield from paragraphs(element)


def _supplement(element: etree._Element) -> Iterator[Block]:
    """Its label and caption, else those of the file in it."""
    if (label := inline(element.find("label"))).text:
        yield Block("p", Marked(label.text, f"<b>{label.html}</b>"))
    if (caption := element.find("caption")) is not None:
        yield from blocks(caption)
    elif not label.text:
        yield from (b for file in element.iterfind("media") for b in _supplement(file))
    yield from (b for words in element.iterfind("p") for b in block(words))


def paragraphs(element: etree._Element, *, without: str = "") -> Iterator[Block]:
    """A paragraph, cut where a block stands inside it; children named ``without`` are left to who asks for them."""
    pending: list[Part] = []
    if element.tag in FORMULAS:
        pending.extend(_formula(element))
    else:
        if element.text:
            pending.append((False, element.text))
        for child in element:
            if child.tag in BLOCKS:
                yield from _flushed(pending)
                pending = []
                yield from block(child)
            elif child.tag != without:
                pending.extend(_inline_child(child))
            if child.tail:
                pending.append((False, child.tail))
    yield from _flushed(pending)


def _flushed(parts: list[Part]) -> Iterator[Block]:
    words = joined(parts)
    if words.text:
        yield Block("p", words)


def _points(element: etree._Element) -> Iterator[Block]:
    for item in element:
        if item.tag in ("list-item", "def-item"):
            label = plain(item.find("label")) if item.tag == "list-item" else ""
            inner = list(paragraphs(item, without="label") if item.tag == "list-item" else blocks(item))
            for n, (_, words) in enumerate(inner):
                is_labelled = label and not n
                yield Block("li", Marked(f"{label} {words.text}", f"{escaped(label)} {words.html}") if is_labelled else words)
        elif item.tag in ("title", "label"):
            yield from block(item)


def stacked(found: Iterable[Block]) -> Marked:
    """Blocks one under the other: a blank line between them in the text, and inside their tags in the HTML."""
    listed = list(found)
    text, html = [], []
    for n, each in enumerate(listed):
        between = BETWEEN if n else ""
        opens = each.tag == "li" and (n == 0 or listed[n - 1].tag != "li")
        closes = each.tag == "li" and (n + 1 == len(listed) or listed[n + 1].tag != "li")
        text.append(between + each.words.text)
        item = f"<{each.tag}>{between}{each.words.html}</{each.tag}>"
        html.append(f"{'<ul>' if opens else ''}{item}{'</ul>' if closes else ''}")
    return Marked("".join(text), "".join(html))


def run_on(found: Iterable[Block]) -> Marked:
    """Blocks as one paragraph, for captions."""
    listed = [each.words for each in found]
    return Marked(" ".join(w.text for w in listed), " ".join(w.html for w in listed))


def _content(element: etree._Element) -> Iterator[Part]:
    if element.text:
        yield False, element.text
    for child in element:
        yield from _inline_child(child)
        if child.tail:
            yield False, child.tail


def _inline_child(child: etree._Element) -> Iterator[Part]:
    name = child.tag
    if name in LEFT_OUT or name in SUPPLEMENTS:
        return
    if tag := _kept(child):
        yield True, f"<{tag}>"
        yield from _content(child)
        yield True, f"</{tag}>"
    elif name == "math":
        yield from math(child)
    elif name == "tex-math":
        yield False, tex(child.text or "")
    elif name in FORMULAS:
        yield from _formula(child)
    elif name == "alternatives":
        yield from _first_readable(child)
    elif name in PARTED:
        yield False, " "
        yield from _content(child)
        yield False, " "
    elif name in ("given-names", "suffix") and not _tail_before(child):
        yield False, " "
        yield from _content(child)
    else:
        yield from _content(child)


def _tail_before(element: etree._Element) -> str:
    before = element.getprevious()
    return "-" if before is None else before.tail or ""


def _kept(element: etree._Element) -> str:
    """The tag it is written with here. Marks of footnotes are raised, as not all publishers say so themselves."""
    if element.tag == "xref" and element.get("ref-type") in ("fn", "table-fn") and element.find("sup") is None:
        return "sup"
    return INLINE.get(str(element.tag), "")


def _formula(element: etree._Element) -> Iterator[Part]:
    """The formula as one would type it, its number after it; pictures of formulas cannot be read."""
    if element.tag in ("disp-formula", "disp-formula-group"):
        yield False, " "
    parts = [part for child in element if child.tag != "label" for part in (*_inline_child(child), (False, child.tail or ""))]
    parts.insert(0, (False, element.text or ""))
    if not "".join(words for is_tag, words in parts if not is_tag).strip():
        parts = [(False, UNREADABLE)]
    yield from parts
    if label := plain(element.find("label")):
        yield False, f" {label}"
    if element.tag in ("disp-formula", "disp-formula-group"):
        yield False, " "


def _first_readable(element: etree._Element) -> Iterator[Part]:
    for name in ("math", "tex-math", "textual-form"):
        if (found := element.find(name)) is not None:
            yield from _inline_child(found)
            return
    yield from next((parts for c in element if (parts := list(_inline_child(c)))), ())


def tex(source: str) -> str:
    """The formula itself, without the document around it that publishers send with it."""
    found = re.search(r"\\begin\{document\}(.*?)(?:\\end\{document\}|$)", source, re.DOTALL)
    return (found[1] if found else source).strip().strip("$").strip()
