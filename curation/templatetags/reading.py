"""What the workspace's templates ask that plain templates cannot."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from curation.annotation.workspace import Mark, MarkedSection, Workspace

register = template.Library()


@register.filter
def holds(words: Iterable[str], text: str) -> bool:
    """Whether every word stands in the text; true where no words are given."""
    return all(word in text for word in words or ())


@register.simple_tag
def marked(section: MarkedSection, workspace: Workspace) -> SafeString:
    """A section's text, made here because one space more in a template would move every offset.

    Runs of text; each marked one is followed by links to its values, drawn by the style sheet alone.
    """
    ends = {mark: n for n, (_, marks) in enumerate(section.runs) for mark in marks}
    return format_html_join(
        "",
        "{}",
        (
            (_run(words, marks, [mark for mark in marks if ends[mark] == n], workspace),)
            for n, (words, marks) in enumerate(section.runs)
        ),
    )


def _run(words: str, marks: list[Mark], ending: list[Mark], workspace: Workspace) -> SafeString:
    if not marks:
        return format_html("{}", words)
    links = format_html_join(
        "", '<a class="mark-link" href="{}" aria-label="{}"></a>', ((_link(m, workspace), m.label) for m in ending)
    )
    names = ", ".join(dict.fromkeys(mark.label for mark in marks))
    return format_html(
        '<mark class="mark hue-{}" title="{}" data-feature="{}">{}</mark>{}', marks[0].hue, names, marks[0].slug, words, links
    )


def _link(mark: Mark, workspace: Workspace) -> str:
    patient = workspace.patient.pk if workspace.patient else ""
    return f"{reverse('web:reading', args=[workspace.reading.pk])}?patient={patient}#feature-{mark.slug}"
