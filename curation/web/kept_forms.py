"""The forms of a reading as a browser keeps them for when the site is away: blank ones of a codebook version, which never
changes, and those of the answers there are. By their place, "patient/feature/instance"."""

import json
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from curation.annotation import answers
from curation.annotation.workspace import Row, Shown, questions_of, workspace
from curation.codebook import queries as codebook
from curation.templatetags.kept import PATIENT, READING, numbered
from curation.templatetags.keyed import Keyed
from curation.web.feature_form import FeatureForm
from curation.web.requests import SignedIn
from curation.web.workspace import number_in


def _etag(request: SignedIn, slug: str, number: str) -> str:
    return _blank(codebook.version(slug, number).pk, str(get_language())).etag


@login_required
@require_safe
@condition(etag_func=_etag)
def blank(request: SignedIn, slug: str, number: str) -> HttpResponse:
    """Of every feature of the version, for nobody in particular: the browser asks only whether they are still the same."""
    kept = _blank(codebook.version(slug, number).pk, str(get_language()))
    return HttpResponse(kept.forms, content_type="application/json", headers={"Cache-Control": "private, no-cache"})


class Blank(NamedTuple):
    """All of a version, as JSON."""

    forms: bytes
    etag: str


@lru_cache(maxsize=4)
def _blank(version_id: int, language: str) -> Blank:
    asked = {slug: each for slug, each in questions_of(version_id).items() if not each.spec.derived}
    drawn = {f"{PATIENT}/{slug}/1": _form(Row(each, asked=True, answers=[], lacks=[]), 1, None) for slug, each in asked.items()}
    forms = json.dumps(drawn).encode()
    return Blank(forms, f'"{sha256(forms).hexdigest()}"')


def _form(row: Row, instance: int, shown: Shown | None) -> str:
    space = {"reading": {"pk": READING}, "patient": {"pk": PATIENT}, "may_write": True}
    return render_to_string("readings/_form.html", {"form": FeatureForm(row, instance, shown), "workspace": space})


@login_required
@require_safe
def answered(request: SignedIn, pk: int) -> HttpResponse:
    """Of the answers about one patient; ``feature``, given once or more: of these only."""
    reading = answers.reading_to_show(request.user, pk)
    wanted = request.GET.getlist("feature") or None
    space = workspace(request.user, reading, patient=number_in(request.GET, "patient"), sections=(), features=wanted)
    if not space.may_write or space.patient is None:
        return JsonResponse({})
    rows = [row for group in space.groups for row in group.rows if wanted is None or row.spec.slug in wanted]
    drawn = {
        f"{space.patient.pk}/{row.spec.slug}/{shown.annotation.instance}": _with_answer(row, shown)
        for row in rows
        for shown in row.answers
    }
    return JsonResponse({place: numbered(html, space) for place, html in drawn.items()})


def _with_answer(row: Row, shown: Shown) -> str:
    said = shown.annotation
    proofs = tuple((each.pk, each.role, each.contradicts, each.panel, each.state, each.section_id) for each in shown.evidence)
    return _drawn(Keyed((get_language(), said.pk, said.version, proofs), (row, shown)))


@lru_cache(maxsize=2048)
def _drawn(answered: Keyed[tuple[Row, Shown]]) -> str:
    row, shown = answered.of
    return _form(row, shown.annotation.instance, shown)
