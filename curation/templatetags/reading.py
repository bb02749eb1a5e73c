"""What the workspace's templates ask that plain templates cannot."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from curation.annotation.article_pane import Drawn, Mark, MarkedSection
from curation.annotation.workspace import Row, Workspace
from curation.articles import highlighting
from curation.models import PatientMerge, Reading, ReadingNote
from curation.patients import queries as patients
from curation.templatetags.keyed import Keyed

register = template.Library()


@register.filter
def holds(words: Iterable[str], text: str) -> bool:
    """Whether every word stands in the text; true where no words are given."""
    return all(word in text for word in words or ())


@register.filter
def notes_on(workspace: Workspace, row: Row) -> list[ReadingNote]:
    """What a moderator asked of this feature and the chosen patient, settled or not."""
    return [each for each in workspace.notes if each.feature and each.feature.slug == row.spec.slug and _of(workspace, each)]


@register.filter
def notes_elsewhere(workspace: Workspace) -> list[ReadingNote]:
    """What is asked of the whole reading, or of the chosen patient and no feature."""
    return [each for each in workspace.notes if not each.feature and _of(workspace, each)]


def _of(workspace: Workspace, note: ReadingNote) -> bool:
    return note.patient_id is None or (workspace.patient is not None and note.patient_id == workspace.patient.pk)


@register.simple_tag
def marked(section: MarkedSection, workspace: Workspace) -> SafeString:
    """A section's text, made here because one space more in a template would move every offset.

    Runs of text; each marked one is followed by links to its values, drawn by the style sheet alone. Kept for as long as its
    marks are the same: a section's text never changes.
    """
    names = tuple((len(words), tuple((mark, mark.name) for mark in marks)) for words, marks in section.runs)
    key = (get_language(), workspace.reading.pk, workspace.patient, section.section.pk, names)
    return _woven(Keyed(key, (section, workspace)))


@lru_cache(maxsize=512)
def _woven(keyed: Keyed[tuple[MarkedSection, Workspace]]) -> SafeString:
    section, workspace = keyed.of
    ends = {mark: n for n, (_, marks) in enumerate(section.runs) for mark in marks}
    at, pieces = 0, []
    for n, (words, marks) in enumerate(section.runs):
        if marks:
            opens, after = _mark(marks), _links([m for m in marks if ends[m] == n], workspace)
            pieces.append(highlighting.Piece(at, at + len(words), opens, "</mark>", after=after))
        at += len(words)
    html = section.section.html if section.is_blocks else escape(section.section.text)
    written = highlighting.woven(html, section.section.text, pieces, blocks=section.is_blocks)
    return mark_safe(written)  # noqa: S308 - written anew from an allow-list


@register.filter
def chosen(sent: QueryDict, name: str) -> str:
    """What a refused form had sent under the name."""
    return str(sent.get(name, ""))


@register.simple_tag
def merges_of(reading: Reading) -> list[PatientMerge]:
    """Patients of the reading that were found to be one, to be taken apart again."""
    return list(patients.merges(reading))


@register.simple_tag
def drawn_on(drawn: Iterable[Drawn], workspace: Workspace) -> SafeString:
    """The rectangles over a figure, each a link to its value."""
    rectangles = format_html_join(
        "",
        '<a class="region-link hue-{}{}" href="{}" data-feature="{}" aria-label="{}"><title>{}</title>'
        '<rect class="region{}" x="{}" y="{}" width="{}" height="{}"/></a>',
        (
            (
                *(each.mark.hue, " is-other" if each.mark.of else "", _address(each.mark, workspace)),
                *("" if each.mark.of else each.mark.slug, _("Evidence for %s") % each.mark.name, _title(each)),
                *(" region--against" if each.evidence.contradicts else "", *map(str, each.evidence.region or ())),
            )
            for each in drawn
        ),
    )
    return format_html('<svg class="regions" viewBox="0 0 100 100" preserveAspectRatio="none">{}</svg>', rectangles)


def _title(drawn: Drawn) -> str:
    panel = drawn.evidence.panel
    return f"{drawn.mark.name} ({_('panel')} {panel})" if panel else drawn.mark.name


def _address(mark: Mark, workspace: Workspace) -> str:
    patient = mark.of or workspace.patient
    query = f"?patient={patient.pk}" if patient else ""
    return f"{_page_of(workspace.reading.pk)}{query}#feature-{mark.slug}"


@lru_cache(maxsize=64)
def _page_of(reading_id: int) -> str:
    """A long article has hundreds of marks, each a link."""
    return reverse("web:reading", args=[reading_id])


def _mark(marks: list[Mark]) -> SafeString:
    """In the colour of the first; those of other patients are drawn fainter and lead to that patient."""
    names = ", ".join(dict.fromkeys(mark.name for mark in marks))
    own = [mark for mark in marks if not mark.of]
    if not own:
        return format_html('<mark class="mark mark--other hue-{}" title="{}">', marks[0].hue, names)
    slugs = " ".join(dict.fromkeys(mark.slug for mark in own))
    return format_html('<mark class="mark hue-{}" title="{}" data-features="{}">', own[0].hue, names, slugs)


def _links(ending: list[Mark], workspace: Workspace) -> SafeString:
    links = ((" is-other" if mark.of else "", _address(mark, workspace), _("Evidence for %s") % mark.name) for mark in ending)
    return format_html_join("", '<a class="mark-link{}" href="{}" aria-label="{}"></a>', links)
