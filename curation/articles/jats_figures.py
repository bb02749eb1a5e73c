"""The figures of a JATS article: label, caption, the stem its picture's name has, and under which licence it stands. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from curation.articles import jats_text, licences
from curation.articles.licences import Licence
from curation.articles.markup import EMPTY, Marked

XLINK = "{http://www.w3.org/1999/xlink}href"
LONGEST_LABEL = 200
ELSEWHERE = {"sub-article", "response"}
FORMULAS = jats_text.FORMULAS | {"caption"}
#: Words by which a figure says that it belongs to somebody else.
BORROWED = re.compile(
    r"(?:with|by)\s+(?:kind\s+)?permission|all\s+rights\s+reserved|copyright\s+(?:©\s*)?(?:by\s+)?\d{4}|©\s*\d{4}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture with its caption. ``stem`` is its name in the bucket without the ending, empty where there is no picture.

    ``licence`` is the figure's own, None where it has none and the article's holds.
    """

    key: str
    label: str
    caption: Marked
    stem: str
    licence: Licence | None
    attribution: str


def own(article: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Elements of the article itself, not of a letter or a translation printed with it."""
    for part in article:
        if part.tag not in ELSEWHERE:
            yield from part.iter(*tags)


def figures(article: etree._Element, attribution: str) -> list[Drawn]:
    """In the order of the text: figures, those inside figures, and tables that are pictures."""
    found: list[Drawn] = []
    for n, figure in enumerate(own(article, "fig"), 1):
        found += _drawn(figure, f"figure{n}", _label(figure, f"Figure {n}"), _caption(figure), attribution)
    for n, wrap in enumerate(own(article, "table-wrap"), 1):
        if wrap.find(".//table") is None:
            found += [d for d in _drawn(wrap, f"table{n}", _label(wrap, f"Table {n}"), EMPTY, attribution) if d.stem]
    return found


def _drawn(element: etree._Element, key: str, label: str, caption: Marked, attribution: str) -> Iterator[Drawn]:
    """One for each picture; the first bears the caption."""
    licence = licence_of(element.find("permissions"))
    attrib = " ".join(jats_text.plain(a) for a in _inside(element, "attrib"))
    if licence is None and BORROWED.search(f"{attrib} {caption.text}"):
        licence = licences.NONE
    whose = " ".join(filter(None, (attrib, copyright_of(element.find("permissions"))))) or attribution
    stems = list(dict.fromkeys(_stems(element))) or [""]
    for n, stem in enumerate(stems, 1):
        yield Drawn(
            key=key if n == 1 else f"{key}.{n}",
            label=(label if n == 1 else f"{label} ({n})")[:LONGEST_LABEL],
            caption=caption if n == 1 else EMPTY,
            stem=stem,
            licence=licence,
            attribution=whose,
        )


def _label(element: etree._Element, otherwise: str) -> str:
    label = jats_text.plain(element.find("label"))
    group = element.getparent()
    if not label and group is not None and group.tag in ("fig", "fig-group"):
        label = jats_text.plain(group.find("label"))
    return (label or otherwise)[:LONGEST_LABEL]


def _caption(figure: etree._Element) -> Marked:
    """Its own, and that of the group it stands in where it is the first of it or has none."""
    own, group = figure.find("caption"), figure.getparent()
    shared = None
    if group is not None and group.tag == "fig-group" and (own is None or group.find("fig") is figure):
        shared = group.find("caption")
    return jats_text.run_on(b for caption in (shared, own) if caption is not None for b in jats_text.blocks(caption))


def _inside(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Those of the element itself, not of a figure inside it, nor of formulas in its caption."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in ("fig", "fig-group") and child.tag not in FORMULAS:
            yield from _inside(child, *tags)


def _stems(element: etree._Element) -> Iterator[str]:
    """The pictures' names; of alternatives for the same picture the first."""
    for child in _inside(element, "graphic", "alternatives"):
        graphic = child if child.tag == "graphic" else child.find("graphic")
        if graphic is not None and (href := (graphic.get(XLINK) or graphic.get("href") or "").strip()):
            yield href.rpartition("/")[2]


def licence_of(permissions: etree._Element | None) -> Licence | None:
    """What ``<permissions>`` state, read from the address, the addresses inside and the words; None where they state nothing.

    Older articles state it in the words of their copyright. A right that is claimed without a licence is a licence that is not
    known.
    """
    if permissions is None:
        return None
    stated = [*permissions.iterfind("license"), *permissions.iterfind("license_ref")]
    if not stated:
        return licences.of_words(said) if (said := copyright_of(permissions)) else None
    found = [licences.read(addresses=_addresses(each), words=jats_text.plain(each)) for each in stated]
    return licences.strictest(found) if all(each.code for each in found) else licences.NONE


def _addresses(element: etree._Element) -> Iterator[str]:
    yield element.get(XLINK) or element.get("href") or ""
    for inner in element.iter("license_ref", "ext-link", "uri"):
        yield inner.get(XLINK) or inner.get("href") or ""
        yield jats_text.plain(inner)


def copyright_of(permissions: etree._Element | None) -> str:
    if permissions is None:
        return ""
    statement = jats_text.plain(permissions.find("copyright-statement"))
    year, holder = (jats_text.plain(permissions.find(f"copyright-{part}")) for part in ("year", "holder"))
    return statement or (f"© {year} {holder}".replace("  ", " ").strip() if holder else "")
