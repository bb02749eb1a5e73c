"""Pages of the review room: what waits, one reading to decide on, one finding and all that proves it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.challenges import queries as challenges
from curation.choices import ReadingState
from curation.people import queries as people
from curation.review import actions as review
from curation.review import queries
from curation.standing import queries as standing
from curation.web.forms import version_of
from curation.web.notes import notes_in
from curation.web.requests import SignedIn

PAGE_SIZE = 50


@login_required
@require_safe
def submitted(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    page = Paginator(queries.submitted(request.user, project), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = standing.named(request.user, project, page.object_list)
    return render(request, "review/submitted.html", {"project": project, "rows": page})


@login_required
@require_safe
def reading(request: SignedIn, pk: int) -> HttpResponse:
    shown = queries.reading_to_review(request.user, pk)
    may_ask = shown.reading.state == ReadingState.SUBMITTED and not shown.is_own
    context = {"shown": shown, "may_ask": may_ask, "questions": queries.questions(shown.reading) if may_ask else []}
    return render(request, "review/reading.html", context)


@require_safe
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.finding_page(request.user, pk)
    context = {
        "shown": shown,
        "proposals": challenges.proposals_of(request.user, shown.finding),
        "flags": challenges.flags_of(request.user, shown.finding),
    }
    return render(request, "review/finding.html", context)


@login_required
@require_POST
def publish(request: SignedIn, pk: int) -> HttpResponse:
    ruling = review.publish(reading_id=pk, version=version_of(request), reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("The reading of %(article)s is published.") % {"article": ruling.article})
    return redirect("web:review", ruling.project.slug)


@login_required
@require_POST
def send_back(request: SignedIn, pk: int) -> HttpResponse:
    ruling = review.send_back(
        reading_id=pk,
        version=version_of(request),
        note=request.POST.get("note", ""),
        notes=notes_in(request.POST),
        by=request.user,
    )
    messages.success(request, _("The reading of %(article)s went back to its reader.") % {"article": ruling.article})
    return redirect("web:review", ruling.project.slug)


@login_required
@require_POST
def retract(request: SignedIn, pk: int) -> HttpResponse:
    review.retract(finding_id=pk, version=version_of(request), reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("The finding is retracted and no longer counts."))
    return redirect("web:finding", pk)
