"""Pages of the annotation room: one feature's form opened, searched, saved, removed. The whole workspace without htmx."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from curation.annotation import actions as annotation
from curation.annotation import queries, saving
from curation.models import Annotation
from curation.web.feature_form import answer_in
from curation.web.forms import version_of, whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn
from curation.web.workspace import Opened, number_in, reshow, saved, show


@login_required
@require_safe
def feature(request: SignedIn, pk: int, slug: str) -> HttpResponse:
    opened = Opened(slug, instance=number_in(request.GET, "instance") or 1)
    return show(request, pk, patient=number_in(request.GET, "patient"), opened=opened)


@login_required
@require_POST
def find(request: SignedIn, pk: int, slug: str) -> HttpResponse:
    """Where typed words stand in the article, to choose from; everything typed stays as it is."""
    found = queries.places(queries.reading_for(request.user, pk), request.POST.get("find", ""))
    return reshow(request, pk, slug, found=found)


@login_required
@require_POST
def terms(request: SignedIn, pk: int, slug: str) -> HttpResponse:
    """Ontology terms that answer to what was typed, to choose from; everything typed stays as it is."""
    return reshow(request, pk, slug)


@login_required
@require_POST
def record(request: SignedIn, pk: int, slug: str) -> HttpResponse:
    """For the first time or anew, told apart by the version that was read."""
    in_place(request, lambda refusal: reshow(request, pk, slug, refusal=refusal))
    instance = whole_number(request, "instance") or 1
    answer = answer_in(request.POST, queries.value_type_in(pk, slug))
    kept = saving.keep(
        reading_id=pk,
        patient_id=whole_number(request, "patient") or 0,
        feature_slug=slug,
        instance=instance,
        version=version_of(request),
        by=request.user,
        **answer,
    )
    return _kept(request, kept, queries.sections_of(answer["quotes"]), Opened(slug, instance))


@login_required
@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    before = queries.annotation_for(request.user, pk)
    in_place(request, lambda refusal: reshow(request, before.reading_id, before.feature.slug, refusal=refusal))
    sections = {proof.section_id for proof in before.evidence.all()}
    annotation.remove(annotation_id=pk, version=version_of(request), by=request.user)
    return _kept(request, before, sections)


@login_required
@require_POST
def remove_evidence(request: SignedIn, pk: int) -> HttpResponse:
    """From within a form: what else was typed there stays."""
    proof = queries.evidence_for(request.user, pk)
    before = proof.annotation
    slug = before.feature.slug
    in_place(request, lambda refusal: reshow(request, before.reading_id, slug, refusal=refusal))
    kept = annotation.remove_evidence(evidence_id=pk, version=version_of(request), by=request.user)
    if request.headers.get("HX-Request"):
        return _kept(request, kept, {proof.section_id}, Opened(slug, before.instance))
    data = request.POST.copy()
    data["version"] = str(kept.version)
    return reshow(request, before.reading_id, slug, data=data)


@login_required
@require_POST
def change_evidence(request: SignedIn, pk: int) -> HttpResponse:
    """From within a form: whose words, whether they speak against it, which panel. What else was typed there stays."""
    proof = queries.evidence_for(request.user, pk)
    before = proof.annotation
    slug = before.feature.slug
    in_place(request, lambda refusal: reshow(request, before.reading_id, slug, refusal=refusal))
    kept = annotation.change_evidence(
        evidence_id=pk,
        version=version_of(request),
        role=request.POST.get(f"role-{pk}"),
        contradicts=f"contradicts-{pk}" in request.POST,
        panel=request.POST.get(f"panel-{pk}"),
        by=request.user,
    )
    if request.headers.get("HX-Request"):
        return _kept(request, kept, {proof.section_id}, Opened(slug, before.instance))
    data = request.POST.copy()
    data["version"] = str(kept.version)
    return reshow(request, before.reading_id, slug, data=data)


def _kept(request: SignedIn, kept: Annotation, sections: set[int], opened: Opened | None = None) -> HttpResponse:
    """Back to the workspace at the feature; to a script only the parts that may look different now."""
    slug, patient = kept.feature.slug, kept.patient_id
    if request.headers.get("HX-Request"):
        return saved(request, kept.reading, patient=patient, features={slug}, sections=sections, opened=opened)
    return redirect(queries.place_in_workspace(kept.reading_id, patient, slug))
