"""Parts of the workspace drawn once for as long as nothing in them changes: a codebook version is frozen, and that of an answer
rises with each change of it. Unanswered rows, which most are, look the same in every reading."""

from functools import lru_cache

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from curation.annotation.series.layout import Line, Series
from curation.annotation.workspace import Row, Shown, Workspace
from curation.templatetags.keyed import Keyed

register = template.Library()

#: Stand in what is kept where the reading's and the patient's numbers and the form's token will stand.
READING, PATIENT, TOKEN = 700_100_700_100_700_101, 700_100_700_100_700_102, "700100700100700103"


@register.simple_tag
def kept_row(row: Row, workspace: Workspace) -> SafeString:
    answers = tuple(map(_said, row.answers))
    key = ("row", get_language(), row.feature.pk, workspace.may_write, row.asked, tuple(row.lacks), answers)
    drawn = _drawn(Keyed(key, ("_row", {"row": row, "workspace": _space(workspace)})))
    return _numbered(drawn, workspace)


@register.simple_tag(takes_context=True)
def kept_line(context: Context, line: Line, series: Series) -> SafeString:
    """A row of a series."""
    workspace: Workspace = context["workspace"]
    is_last = line.number == len(series.lines)
    cells = tuple((spec.slug, shown and (*_said(shown), bool(shown.evidence))) for spec, shown in line.cells)
    version = workspace.reading.codebook_version_id
    key = ("line", get_language(), version, workspace.may_write, line.number, is_last, line.instance, cells)
    drawn = _drawn(Keyed(key, ("_series_row", {"line": line, "series": series, **_of(workspace)})))
    return _numbered(drawn, workspace, context)


@register.simple_tag(takes_context=True)
def kept_new(context: Context, series: Series) -> SafeString:
    """Where a row of a series is typed, and what it will look like."""
    workspace: Workspace = context["workspace"]
    columns = tuple(column.spec.slug for column in series.columns)
    key = ("new", get_language(), workspace.reading.codebook_version_id, columns)
    drawn = _drawn(Keyed(key, ("_series_new", {"series": series, **_of(workspace)})))
    return _numbered(drawn, workspace, context)


def _said(shown: Shown) -> tuple[object, ...]:
    proofs = tuple((proof.pk, proof.section_id, proof.state) for proof in shown.evidence)
    return shown.annotation.pk, shown.annotation.version, shown.unread, proofs


def _space(workspace: Workspace) -> dict[str, object]:
    return {"reading": {"pk": READING}, "patient": {"pk": PATIENT}, "may_write": workspace.may_write}


def _of(workspace: Workspace) -> dict[str, object]:
    space = _space(workspace)
    return {"workspace": space, "reading": space["reading"], "patient": space["patient"], "csrf_token": TOKEN}


@lru_cache(maxsize=4096)
def _drawn(keyed: Keyed[tuple[str, dict[str, object]]]) -> str:
    name, context = keyed.of
    return render_to_string(f"readings/{name}.html", context)


def numbered(drawn: str, workspace: Workspace) -> str:
    """With the reading's and the patient's own numbers where others stand for them."""
    patient = workspace.patient.pk if workspace.patient else ""
    return drawn.replace(str(READING), str(workspace.reading.pk)).replace(str(PATIENT), str(patient))


def _numbered(drawn: str, workspace: Workspace, context: Context | None = None) -> SafeString:
    drawn = numbered(drawn, workspace)
    if context is not None:
        drawn = drawn.replace(TOKEN, str(context.get("csrf_token", "")))
    return mark_safe(drawn)  # noqa: S308 - a template drew it, and numbers are put in
