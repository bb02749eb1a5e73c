"""Pages of imports: start one, watch each of its records, retry or dismiss what failed."""

from typing import BinaryIO, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from curation import tasks
from curation.articles import actions, batches, previewing
from curation.choices import ITEM_RETRYABLE, ItemState
from curation.errors import Fault, Invalid, Refusal
from curation.models import Project
from curation.people import queries as people
from curation.web.forms import whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn

PAGE_SIZE = 50
FOLLOW = "?follow=yes"
MOST_OF_A_CHECKSUM = 1000


@login_required
@require_safe
def imports(request: SignedIn) -> HttpResponse:
    rows = Paginator(batches.batches(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "imports/imports.html", {"rows": rows})


@login_required
@require_safe
def new(request: SignedIn) -> HttpResponse:
    return _new(request)


def _new(request: SignedIn, refusal: Refusal | None = None) -> HttpResponse:
    context = {"projects": batches.projects_open_to(request.user), "typed": request.POST, "refusal": refusal}
    return render(request, "imports/new.html", context, status=refusal.status if refusal else 200)


@login_required
@require_POST
def open_pmids(request: SignedIn) -> HttpResponse:
    in_place(request, lambda refusal: _new(request, refusal))
    batch = actions.open_batch_of_ids(
        project=_project(request),
        text=request.POST.get("pmids", ""),
        wants_full_text=_wants_full_text(request),
        by=request.user,
    )
    tasks.start_batch(batch)
    to_article = FOLLOW if batch.seen == 1 else ""
    return redirect(f"{reverse('web:import', args=[batch.pk])}{to_article}")


@login_required
@require_safe
def query(request: SignedIn) -> HttpResponse:
    """``?query=`` is asked of PubMed and shown; nothing is imported before its button is pressed."""
    asked, slug = request.GET.get("query", ""), request.GET.get("project", "")
    project = people.project(request.user, slug) if slug else None
    context = {"query": asked, "project": project, "projects": batches.projects_open_to(request.user)}
    in_place(
        request, lambda refusal: render(request, "imports/query.html", {**context, "refusal": refusal}, status=refusal.status)
    )
    preview = previewing.preview(request.user, asked, project) if asked.strip() else None
    return render(request, "imports/query.html", {**context, "preview": preview})


@login_required
@require_POST
def open_query(request: SignedIn) -> HttpResponse:
    batch = actions.open_batch_of_query(
        project=_project(request),
        query=request.POST.get("query", ""),
        wants_full_text=_wants_full_text(request),
        by=request.user,
    )
    tasks.start_batch(batch)
    return redirect("web:import", batch.pk)


@login_required
@require_POST
def open_file(request: SignedIn) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("Choose a file first.", faults=[Fault("file", "no file came with the form")])
    batch = actions.open_batch_of_file(
        project=_project(request),
        name=file.name or "",
        stream=cast(BinaryIO, file),
        md5=_checksum(request),
        wants_full_text=_wants_full_text(request),
        by=request.user,
    )
    tasks.start_batch(batch)
    return redirect("web:import", batch.pk)


@login_required
@require_safe
def batch(request: SignedIn, pk: int) -> HttpResponse:
    """The whole page, or for htmx the part that changes while the import runs.

    With ``?follow`` it goes on to the article of an import of one record as soon as it is here.
    """
    shown = batches.batch(request.user, pk)
    if "follow" in request.GET and (article := batches.sole_article(shown)):
        address = reverse("web:article", args=[article])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    state = request.GET.get("state", "") if request.GET.get("state", "") in ItemState.values else ""
    rows = Paginator(batches.items(shown.batch, state), PAGE_SIZE).get_page(request.GET.get("page"))
    template = "imports/_batch.html" if request.headers.get("HX-Request") else "imports/batch.html"
    return render(request, template, {"shown": shown, "rows": rows, "state": state, "retryable": ITEM_RETRYABLE})


@login_required
@require_POST
def retry(request: SignedIn, pk: int) -> HttpResponse:
    """One item where the form names it, else all that ended badly."""
    item = whole_number(request, "item")
    count = actions.retry_items(batch_id=pk, item_ids=None if item is None else [item], by=request.user)
    tasks.start_batch(batches.batch(request.user, pk).batch)
    messages.success(request, _("Tried again: %(count)s.") % {"count": count})
    return redirect("web:import", pk)


@login_required
@require_POST
def stop(request: SignedIn, pk: int) -> HttpResponse:
    actions.stop(batch_id=pk, by=request.user)
    return redirect("web:import", pk)


@login_required
@require_POST
def resume(request: SignedIn, pk: int) -> HttpResponse:
    tasks.start_batch(actions.resume(batch_id=pk, by=request.user))
    return redirect("web:import", pk)


@login_required
@require_POST
def dismiss(request: SignedIn, pk: int) -> HttpResponse:
    item = actions.dismiss_item(item_id=pk, by=request.user)
    messages.success(request, _("Dismissed: %(item)s.") % {"item": item.identifier or item.position})
    return redirect("web:import", item.batch_id)


def _wants_full_text(request: SignedIn) -> bool:
    return request.POST.get("full_text") == "yes"


@login_required
@require_safe
def accounting(request: SignedIn, pk: int) -> StreamingHttpResponse:
    """Every record's fate as a file."""
    lines = batches.accounting(batches.batch(request.user, pk).batch)
    headers = {"Content-Disposition": f'attachment; filename="import-{pk}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@login_required
@require_safe
def quarantine(request: SignedIn) -> HttpResponse:
    rows = Paginator(batches.quarantine(request.user, request.GET.get("project", "")), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(request, "imports/quarantine.html", {"rows": rows})


@login_required
@require_safe
def item(request: SignedIn, pk: int) -> HttpResponse:
    return render(request, "imports/item.html", {"shown": batches.item(request.user, pk)})


def _checksum(request: HttpRequest) -> str:
    """What the .md5 file says that came beside the other; empty where none came."""
    file = request.FILES.get("md5")
    return file.read(MOST_OF_A_CHECKSUM).decode("ascii", "replace") if file else ""


def _project(request: HttpRequest) -> Project | None:
    slug = request.POST.get("project", "")
    return people.project(request.user, slug) if slug else None
