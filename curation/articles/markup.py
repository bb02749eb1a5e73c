"""Mixed content to text and to safe HTML, side by side: the HTML without its tags is the text, letter for letter."""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from lxml import etree

#: What may stand in a title or abstract; every other element is stepped through.
KEPT = {"i", "b", "sup", "sub"}
BLANKS = re.compile(r"[ \t\r\n]+")
#: Accents as they stand over a letter in formulas, and the combining character that puts them there.
OVER = {
    **dict.fromkeys(".˙", "\u0307"),
    **dict.fromkeys("¯‾-−_―", "\u0304"),
    **dict.fromkeys("^ˆ", "\u0302"),
    **dict.fromkeys("~˜", "\u0303"),
    **dict.fromkeys("→⃗", "\u20d7"),
    "¨": "\u0308",
}
#: Widths of a space in formulas that one sees, as between a number and its unit.
WIDE = re.compile(r"\s*(?:0*\.?0*[1-9]|(?:very){0,2}(?:thin|medium|thick)mathspace)")
SILENT = {"annotation", "annotation-xml"}

Part = tuple[bool, str]  # (is a tag, the tag or the raw text)


class Marked(NamedTuple):
    text: str
    html: str


EMPTY = Marked("", "")


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    tag = str(element.tag)
    return tag.rpartition("}")[2] if "}" in tag else tag.rpartition(":")[2]


def marked(element: etree._Element | None) -> Marked:
    """An element's content as text (runs of blanks made one) and as HTML with the kept tags only."""
    if element is None:
        return EMPTY
    if not len(element):
        text = squeezed(element.text or "")
        return Marked(text, escaped(text))
    return joined(list(_content(element)))


def plain(element: etree._Element | None) -> str:
    if element is None:
        return ""
    if len(element):
        return marked(element).text
    text = element.text or ""
    return text if text.isalnum() else squeezed(text)  # a year, a name: most texts are one word


def squeezed(text: str) -> str:
    """XML's blanks made one and cut at the ends; other spaces (no-break, thin) are the author's and stay."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:  # most have none of these, and this is asked very often
        text = BLANKS.sub(" ", text)
    return text.strip(" ")


def escaped(text: str) -> str:
    return escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


def _content(element: etree._Element) -> Iterator[Part]:
    if element.text:
        yield False, element.text
    for child in element:
        name = local(child)
        if name == "math":
            yield from math(child)
        elif name in KEPT:
            yield True, f"<{name}>"
            yield from _content(child)
            yield True, f"</{name}>"
        elif name == "DispFormula":
            yield False, " "
            yield from _content(child)
            yield False, " "
        else:
            yield from _content(child)
        if child.tail:
            yield False, child.tail


def joined(parts: list[Part]) -> Marked:
    """Join the parts, making each run of blanks one even where tags lie inside it, and dropping blanks at both ends."""
    text: list[str] = []
    html: list[str] = []
    owed = False  # a blank that is written only when more text follows
    for is_tag, part in parts:
        if is_tag:
            if owed and text and not part.startswith("</"):
                text.append(" ")
                html.append(" ")
                owed = False
            html.append(part)
            continue
        words = BLANKS.sub(" ", part)
        owed = owed or words.startswith(" ")
        core = words.strip(" ")
        if not core:
            continue
        if owed and text and text[-1] != " ":
            core = f" {core}"
        text.append(core)
        html.append(escaped(core))
        owed = words.endswith(" ")
    return _ended(text, html)


def _ended(text: list[str], html: list[str]) -> Marked:
    if text and text[-1] == " ":  # written before a tag that turned out to be empty
        text.pop()
        html.pop(len(html) - 1 - html[::-1].index(" "))
    return Marked("".join(text), re.sub(r"<(i|b|sup|sub)></\1>", "", "".join(html)))


def math(element: etree._Element) -> Iterator[Part]:
    """MathML as one would type it: indices and powers as <sub> and <sup>, fractions as a/b, roots by their sign."""
    name, children = local(element), [c for c in element if local(c) not in SILENT]
    if not children:
        words = element.text or ""
        if name == "mspace":
            yield False, " " if WIDE.match(element.get("width", "")) else ""
        else:
            yield False, (words if name == "mtext" else words.strip())
    elif name == "mmultiscripts":
        yield from _scripted(children)
    elif name in INDEXED and len(children) >= 2:
        yield from _indexed(children, INDEXED[name])
    elif name == "mover" and len(children) == 2:
        yield from _over(children)
    elif name == "mfrac" and len(children) == 2:
        yield from (*_grouped(children[0]), (False, "/"), *_grouped(children[1]))
    elif name == "msqrt":
        yield from ((False, "√("), *_each(children), (False, ")"))
    elif name == "mroot" and len(children) == 2:
        yield from ((True, "<sup>"), *math(children[1]), (True, "</sup>"), (False, "√("), *math(children[0]), (False, ")"))
    elif name == "mfenced":
        yield from _fenced(element, children)
    elif name in ("mtr", "mlabeledtr"):
        yield from (*_each(children, " "), (False, "; "))
    else:
        yield from _each(children)


INDEXED = {
    "msub": ("sub",),
    "msup": ("sup",),
    "msubsup": ("sub", "sup"),
    "munder": ("sub",),
    "munderover": ("sub", "sup"),
}


def _each(children: list[etree._Element], between: str = "") -> Iterator[Part]:
    for n, child in enumerate(children):
        if n and between:
            yield False, between
        yield from math(child)


def _indexed(children: list[etree._Element], tags: tuple[str, ...]) -> Iterator[Part]:
    yield from math(children[0])
    for tag, child in zip(tags, children[1:], strict=False):
        yield True, f"<{tag}>"
        yield from math(child)
        yield True, f"</{tag}>"


def _scripted(children: list[etree._Element]) -> Iterator[Part]:
    """Lower and upper indices by turns after the base, and after ``mprescripts`` those that stand before it: ¹²⁹Xe."""
    at = next((n for n, child in enumerate(children) if local(child) == "mprescripts"), len(children))
    yield from _by_turns(children[at + 1 :])
    yield from math(children[0])
    yield from _by_turns(children[1:at])


def _by_turns(children: list[etree._Element]) -> Iterator[Part]:
    for n, child in enumerate(children):
        if local(child) != "none":
            tag = "sup" if n % 2 else "sub"
            yield from ((True, f"<{tag}>"), *math(child), (True, f"</{tag}>"))


def _over(children: list[etree._Element]) -> Iterator[Part]:
    base, over = ("".join(t for tag, t in math(c) if not tag).strip() for c in children)
    if over in OVER and base:
        yield False, base + OVER[over]
    else:
        yield from _indexed(children, ("sup",))


def _grouped(element: etree._Element) -> Iterator[Part]:
    parts = list(math(element))
    if sum(len(t) for tag, t in parts if not tag) <= 1 or all(t.isalnum() for tag, t in parts if not tag):
        yield from parts
    else:
        yield from ((False, "("), *parts, (False, ")"))


def _fenced(element: etree._Element, children: list[etree._Element]) -> Iterator[Part]:
    yield False, element.get("open", "(")
    yield from _each(children, (element.get("separators", ",").strip() or "")[:1])
    yield False, element.get("close", ")")
