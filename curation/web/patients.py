"""Pages of who is who: patients of a reading put in order and merged, a person with both sides, "same patient as"."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.annotation import queries as readings
from curation.choices import SameState
from curation.errors import Refusal
from curation.patients import actions as patients
from curation.patients import queries
from curation.web.forms import version_of, whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn
from curation.web.workspace import number_in


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    page = queries.person_page(request.user, pk, request.GET.get("q", ""))
    return render(request, "patients/person.html", {"page": page})


@login_required
@require_POST
def mark(request: SignedIn, pk: int) -> HttpResponse:
    in_place(request, lambda refusal: _again(request, pk, refusal))
    reason = request.POST.get("reason", "")
    made = patients.mark_same(patient_id=pk, other_id=whole_number(request, "other") or 0, reason=reason, by=request.user)
    counted = made.state == SameState.CONFIRMED
    messages.success(request, _("The two count as one now.") if counted else _("Proposed. A moderator decides on it."))
    return redirect("web:patient", pk)


def _again(request: SignedIn, pk: int, refusal: Refusal) -> HttpResponse:
    """The page with what was chosen and typed."""
    page = queries.person_page(request.user, pk, request.POST.get("q", ""))
    context = {
        "page": page,
        "refusal": refusal,
        "chosen": request.POST.get("other", ""),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "patients/person.html", context, status=refusal.status)


@login_required
@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    found = patients.confirm_same(link_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("The two count as one now."))
    return redirect("web:patient", found.patient_id)


@login_required
@require_POST
def decline(request: SignedIn, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    found = patients.decline_same(link_id=pk, version=version_of(request), reason=reason, by=request.user)
    messages.success(request, _("Declined. The two count as two."))
    return redirect("web:patient", found.patient_id)


@login_required
@require_POST
def undo(request: SignedIn, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    found = patients.undo_same(link_id=pk, version=version_of(request), reason=reason, by=request.user)
    messages.success(request, _("Taken back. The two count as two again."))
    return redirect("web:patient", found.patient_id)


# --- within a reading -------------------------------------------------------------------------------------------------


@login_required
@require_POST
def move(request: SignedIn, pk: int, patient: int) -> HttpResponse:
    """One place forward; ``back`` one place back."""
    order = [each.pk for each in readings.patients_of(readings.reading_for(request.user, pk))]
    if patient in order:
        at = order.index(patient)
        to = max(0, at - 1) if "back" in request.POST else at + 1
        order.insert(to, order.pop(at))
    patients.order_patients(reading_id=pk, patients=order, by=request.user)
    return redirect(_workspace(pk, patient))


@login_required
def merge(request: SignedIn, pk: int, patient: int) -> HttpResponse:
    """Asked for: the two side by side. Sent: taken for one, with a choice for each difference."""
    if request.method == "POST":
        gone = whole_number(request, "gone") or 0
        in_place(request, lambda refusal: _side_by_side(request, pk, patient, gone, refusal))
        chosen = {name.removeprefix("choice-"): str(said) for name, said in request.POST.items() if name.startswith("choice-")}
        made = patients.merge(reading_id=pk, kept_id=patient, gone_id=gone, choices=chosen, by=request.user)
        told = _("%(gone)s is %(kept)s now. It can be undone under “Patients…”.") % {"gone": made.gone, "kept": made.kept}
        messages.success(request, told)
        return redirect(_workspace(pk, patient))
    return _side_by_side(request, pk, patient, number_in(request.GET, "gone") or 0)


def _side_by_side(request: SignedIn, pk: int, kept: int, gone: int, refusal: Refusal | None = None) -> HttpResponse:
    page = queries.merge_page(request.user, pk, kept, gone)
    context = {"page": page, "refusal": refusal, "sent": request.POST}
    return render(request, "patients/merge.html", context, status=refusal.status if refusal else 200)


@login_required
@require_POST
def undo_merge(request: SignedIn, pk: int) -> HttpResponse:
    found = patients.undo_merge(merge_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("%(gone)s and %(kept)s are two again.") % {"gone": found.gone, "kept": found.kept})
    return redirect(_workspace(found.reading_id, found.gone_id))


def _workspace(reading: int, patient: int) -> str:
    return f"{reverse('web:reading', args=[reading])}?patient={patient}"
