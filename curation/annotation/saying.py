"""A piece of evidence in one line of words, wherever there is no room for the text, the picture or the table itself."""

from django.utils.translation import gettext as _

from curation.annotation import tables
from curation.choices import EvidenceKind
from curation.models.annotation import Proof


def words(evidence: Proof) -> str:
    """The quote; “CK, Value: 5,320 U/L”; “Figure 3, panel A”."""
    if evidence.kind == EvidenceKind.REGION:
        return place_on_figure(evidence)
    if evidence.kind == EvidenceKind.CELL:
        return f"{under}: {tables.in_words(evidence.exact)}" if (under := heads(evidence)) else tables.in_words(evidence.exact)
    return evidence.exact


def heads(evidence: Proof) -> str:
    """Of which row and column a cell is; a row's own words say it."""
    kept = evidence.cell or {}
    return "" if kept.get("column") is None else ", ".join(filter(None, (kept.get("row_head"), kept.get("column_head"))))


def place_on_figure(evidence: Proof) -> str:
    return on_figure(evidence.figure.label if evidence.figure else evidence.section.label, evidence.panel)


def on_figure(label: str, panel: str) -> str:
    label = label or _("A figure that is no longer here")
    return _("%(figure)s, panel %(panel)s") % {"figure": label, "panel": panel} if panel else label
