"""A project's flow handed out: as a figure, as a table in CSV, with the address at which each number's articles are listed."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from curation.articles import spreadsheet
from curation.models import Project
from curation.screening import drawing
from curation.screening.flow import Flow, Line

FORMATS = {"svg": "image/svg+xml", "csv": "text/csv"}


def address(project: Project, line: Line) -> str:
    """Empty for a number that is a sum of others."""
    if line.box == "patients":
        return reverse("web:cohort", args=[project.slug])
    if line.box == "refused":
        return f"{reverse('web:quarantine')}?{urlencode({'project': project.slug})}"
    if not line.box:
        return ""
    named = {"box": line.box, "detail": line.detail} if line.detail else {"box": line.box}
    return f"{reverse('web:screening-decisions', args=[project.slug])}?{urlencode(named)}"


def table(flow: Flow) -> list[tuple[str, Line, str]]:
    """(phase, number, address) in the order of the figure."""
    return [(phase, line, address(flow.project, line)) for phase, line in flow.lines]


def svg(flow: Flow, site: str = "") -> str:
    """``site`` (https://…) makes the figure's links work away from the site."""

    def said(line: Line) -> drawing.Said:
        href = address(flow.project, line)
        return drawing.Said(line.label, line.number, f"{site}{href}" if href else "")

    steps = [
        drawing.Step(
            stage.phase,
            [said(line) for line in (stage.kept, *stage.parts)],
            [said(line) for line in (stage.left, *stage.left_parts) if line],
        )
        for stage in flow.stages
    ]
    title = _("PRISMA 2020 flow: %(project)s") % {"project": flow.project}
    told = "; ".join(f"{line.label}: {line.number}" for _phase, line in flow.lines)
    return drawing.svg(title, told, steps)


def csv(flow: Flow) -> str:
    head = spreadsheet.line(("phase", "label", "number", "box", "detail"))
    return head + "".join(spreadsheet.line((phase, line.label, line.number, line.box, line.detail)) for phase, line in flow.lines)


def written(flow: Flow, suffix: str, site: str) -> str:
    return svg(flow, site) if suffix == "svg" else csv(flow)
