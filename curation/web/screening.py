"""The screening queue: one article after another, decided by one key each."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.models import Project, Screening
from curation.people import queries as people
from curation.screening import actions as screening
from curation.screening import guards, queries
from curation.web.forms import version_of, whole_number
from curation.web.requests import SignedIn
from curation.web.workspace import number_in


@login_required
@require_safe
def queue(request: SignedIn, slug: str) -> HttpResponse:
    """The next articles; ``?after=`` names the one that was just decided or skipped, ``?at=`` the one to come first."""
    project = people.project(request.user, slug)
    at, after = number_in(request.GET, "at") or 0, number_in(request.GET, "after") or 0
    return render(request, "screening/queue.html", _context(project, queries.desk(request.user, project, at=at, after=after)))


def _context(project: Project, desk: queries.Desk) -> dict[str, object]:
    return {
        "project": project,
        "by_two": guards.by_two(project),
        "may_decide": desk.may_screen,
        "is_moderator": desk.is_moderator,
        "progress": desk.progress,
        "last": desk.last,
        "cards": desk.cards,
    }


@login_required
@require_POST
def include(request: SignedIn, pk: int) -> HttpResponse:
    patients = whole_number(request, "patients_described")
    done = screening.include(screening_id=pk, version=version_of(request), patients_described=patients, by=request.user)
    return _on(request, done, _("%(article)s: you said include."))


@login_required
@require_POST
def exclude(request: SignedIn, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    done = screening.exclude(screening_id=pk, version=version_of(request), reason=reason, by=request.user)
    return _on(request, done, _("%(article)s: you said exclude."))


@login_required
@require_POST
def set_aside(request: SignedIn, pk: int) -> HttpResponse:
    done = screening.set_aside(screening_id=pk, version=version_of(request), by=request.user)
    return _on(request, done, _("%(article)s is set aside; it comes again at the end."))


@login_required
@require_POST
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    back = screening.take_back(screening_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("%(article)s is in your queue again.") % {"article": back.article})
    return redirect(f"{reverse('web:screening', args=[back.project.slug])}?at={pk}")


def _on(request: SignedIn, done: Screening, sentence: str) -> HttpResponse:
    """On to the next article. A page that shows it already asks by htmx, names what it ``have`` and what was ``said`` of and is
    still on its way here, and gets the one after those."""
    project = done.project
    if not request.htmx:
        messages.success(request, sentence % {"article": done.article})
        return redirect(f"{reverse('web:screening', args=[project.slug])}?after={done.pk}")
    have, said = _numbers(request.POST.getlist("have")), _numbers(request.POST.getlist("said"))
    number, after = max(0, queries.AHEAD - len(have)), max(have, default=done.pk)
    desk = queries.desk(request.user, project, after=after, number=number, but=frozenset((*have, *said, done.pk)))
    is_last = not (have or said or desk.cards)
    if is_last:  # but this one may have been set aside
        desk = queries.desk(request.user, project, number=1)
    return render(request, "screening/_more.html", {**_context(project, desk), "is_done": is_last and not desk.cards})


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 10]
