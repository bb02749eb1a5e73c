"""The screening queue: one article after another, decided by one key each."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.models import Project, Screening, User
from curation.people import queries as people
from curation.permissions import is_moderator
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
    first = number_in(request.GET, "at")
    at = queries.card(request.user, project, first) if first else []
    known = frozenset(each.screening.pk for each in at)
    after = number_in(request.GET, "after") or (first or 0)
    ahead = queries.cards(request.user, project, after=after, number=queries.AHEAD - len(at), but=known)
    return render(request, "screening/queue.html", {**_frame(request.user, project), "cards": [*at, *ahead]})


def _frame(user: User, project: Project) -> dict[str, object]:
    """What stands around the articles."""
    return {
        "project": project,
        "by_two": guards.by_two(project),
        "may_decide": guards.may_screen(user, project),
        "is_moderator": is_moderator(user, project),
        "progress": queries.progress(user, project),
        "last": queries.last_said(user, project),
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
    """On to the next article. A page that shows it already asks by htmx, names what it ``have`` and gets the one after that."""
    project = done.project
    if not request.htmx:
        messages.success(request, sentence % {"article": done.article})
        return redirect(f"{reverse('web:screening', args=[project.slug])}?after={done.pk}")
    have = _numbers(request.POST.getlist("have"))
    known = frozenset((*have, done.pk))
    after, number = max(have, default=done.pk), queries.AHEAD - len(have)
    ahead = queries.cards(request.user, project, after=after, number=max(0, number), but=known)
    if not (have or ahead):  # it may be the only one left, set aside
        ahead = queries.cards(request.user, project, number=1)
    context = {**_frame(request.user, project), "cards": ahead, "is_done": not (have or ahead)}
    return render(request, "screening/_more.html", context)


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 10]
