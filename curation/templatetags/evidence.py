"""Evidence drawn in pages: words of a piece, rectangles over a figure, the part of a figure that a rectangle cuts out.

Everything is drawn by SVG's own attributes: the pages' policy allows no style in the markup.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from curation.annotation import saying
from curation.articles import highlighting, licences
from curation.models import Figure
from curation.models.annotation import Proof
from curation.review.layout import MarkedSection

register = template.Library()
register.filter("evidence_words", saying.words)

#: The largest a cut-out is drawn, in points of the page.
WIDEST, HIGHEST = 220, 140


@register.filter
def of_figure(regions: Mapping[int, Any], figure: Figure) -> Any:
    """What is drawn on the figure: the rectangles that a mapping by figure holds for it."""
    return regions.get(figure.pk, ()) if regions else ()


@register.simple_tag
def told(each: MarkedSection) -> SafeString:
    """A section with its paragraphs, lists and tables, each mark with the places that links to evidence lead to."""
    at, pieces = 0, []
    for run in each.runs:
        if run.marks:
            anchors = format_html_join("", '<span id="quote-{}"></span>', ((mark,) for mark in run.opens))
            pieces.append(highlighting.Piece(at, at + len(run.text), "<mark>", "</mark>", begins=f"<mark>{anchors}"))
        at += len(run.text)
    words = highlighting.woven(each.section.html, each.section.text, pieces, blocks=True)
    return mark_safe(words)  # noqa: S308 - written anew from an allow-list


@register.inclusion_tag("figures/_overlay.html")
def overlay(evidence: Iterable[Proof], address: str = "") -> dict[str, object]:
    """The rectangles over a figure; each leads to ``address`` with its own key where one is given."""
    drawn = [(each, *each.region) for each in evidence if each.region]
    return {"drawn": drawn, "address": address}


@register.inclusion_tag("figures/_crop.html")
def crop(evidence: Proof) -> dict[str, object]:
    """The part of the picture that is meant; the whole, with the rectangle on it, where its licence forbids to cut."""
    figure, region = evidence.figure, evidence.region
    if not (figure and region and figure.image and figure.sha256 == evidence.picture_sha256):
        return {"figure": None}
    width, height = float(figure.width or 100), float(figure.height or 100)
    x, y, w, h = region[0] * width / 100, region[1] * height / 100, region[2] * width / 100, region[3] * height / 100
    cut = licences.Flag.NO_DERIVATIVES not in licences.of_name(figure.licence).flags
    seen = (x, y, w, h) if cut else (0.0, 0.0, width, height)
    scale = min(WIDEST / seen[2], HIGHEST / seen[3])
    return {
        "figure": figure,
        "evidence": evidence,
        "view": " ".join(f"{side:.2f}" for side in seen),
        "size": (round(seen[2] * scale), round(seen[3] * scale)),
        "picture": (round(width), round(height)),
        "rectangle": None if cut else [f"{side:.2f}" for side in (x, y, w, h)],
    }
