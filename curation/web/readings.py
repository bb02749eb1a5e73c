"""Pages of the annotation room: readings begun, scoped, marked and handed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from curation.annotation import actions as annotation
from curation.annotation import queries
from curation.articles import queries as articles
from curation.people import queries as people
from curation.web.forms import version_of, whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn
from curation.web.workspace import back, number_in, saved, show


@login_required
@require_POST
def start(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    project = people.project(request.user, slug)
    patients = [label for label in request.POST.getlist("patient") if label.strip()]
    article = articles.article(request.user, pk)
    reading = annotation.start_reading(project=project, article=article, patients=patients, by=request.user)
    return redirect("web:reading", reading.pk)


@login_required
@require_safe
def reading(request: SignedIn, pk: int) -> HttpResponse:
    return show(request, pk, patient=number_in(request.GET, "patient"))


@login_required
@require_POST
def scope(request: SignedIn, pk: int) -> HttpResponse:
    annotation.set_scope(reading_id=pk, version=version_of(request), scope=request.POST.getlist("scope"), by=request.user)
    return back(request, pk, _("The scope of your reading is kept."))


@login_required
@require_POST
def rest_not_reported(request: SignedIn, pk: int) -> HttpResponse:
    """For one group: whatever is asked there and has no answer yet."""
    group = request.POST.get("group", "")
    patient = whole_number(request, "patient") or 0
    marked = annotation.mark_rest_not_reported(reading_id=pk, patient_id=patient, group_slug=group, by=request.user)
    if request.headers.get("HX-Request"):
        return saved(request, queries.reading_for(request.user, pk), patient=patient, groups={group})
    messages.success(request, ngettext("%d marked as not reported.", "%d marked as not reported.", marked) % marked)
    return redirect(f"{reverse('web:reading', args=[pk])}?patient={patient}#group-{group}")


@login_required
@require_POST
def submit(request: SignedIn, pk: int) -> HttpResponse:
    in_place(request, lambda refusal: show(request, pk, patient=number_in(request.POST, "patient"), refusal=refusal))
    handed_in = annotation.submit(reading_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("Submitted: %(article)s. A moderator takes it from here.") % {"article": handed_in.article})
    return redirect("web:readings")


@login_required
@require_POST
def add_patient(request: SignedIn, pk: int) -> HttpResponse:
    patient = annotation.add_patient(reading_id=pk, label=request.POST.get("label", ""), by=request.user)
    return redirect(f"{reverse('web:reading', args=[pk])}?patient={patient.pk}")


@login_required
@require_POST
def rename_patient(request: SignedIn, pk: int, patient: int) -> HttpResponse:
    annotation.rename_patient(
        reading_id=pk,
        patient_id=patient,
        version=version_of(request),
        label=request.POST.get("label", ""),
        by=request.user,
    )
    return redirect(f"{reverse('web:reading', args=[pk])}?patient={patient}")


@login_required
@require_POST
def remove_patient(request: SignedIn, pk: int, patient: int) -> HttpResponse:
    annotation.remove_patient(reading_id=pk, patient_id=patient, version=version_of(request), by=request.user)
    return back(request, pk, _("The patient is taken out of your reading."))
