"""How the workspace is drawn: whole, with one feature's form open, or only the parts that a save may have changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from curation.annotation import article_pane, queries
from curation.annotation.anchoring import Place
from curation.annotation.workspace import Workspace, workspace
from curation.articles import queries as articles
from curation.errors import NotFound, Refusal, Stale, WrongState
from curation.models import Section
from curation.web.feature_form import FeatureForm

Found = Sequence[tuple[Section, Place]]


@dataclass(frozen=True)
class Opened:
    """Which feature's form is open, with what was typed there where it comes back."""

    slug: str
    instance: int = 1
    data: QueryDict | None = None
    refusal: Refusal | None = None
    found: Found | None = None


def number_in(data: QueryDict, name: str) -> int | None:
    """A number of the address; whatever is none counts as not given."""
    text = data.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def show(
    request: HttpRequest,
    pk: int,
    *,
    patient: int | None = None,
    opened: Opened | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page; asked for by htmx only the form, to be put where the form belongs."""
    space = workspace(request.user, pk, patient=patient)
    form = _form(space, opened) if opened else None
    if opened and form is None:
        return _no_form(request, opened)
    q = request.GET.get("q", "")
    context = {"workspace": space, "form": form, "refusal": refusal, "q": q, "searched": q.casefold().split()}
    told = refusal or (opened.refusal if opened else None)
    status = told.status if told else HTTPStatus.OK
    if form is None or not request.headers.get("HX-Request"):
        return render(request, "readings/workspace.html", {**context, **_beside_the_text(request, space)}, status=status)
    answer = render(request, "readings/_form.html", context, status=status)
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#form-{form.spec.slug}", "outerHTML"
    return answer


def _beside_the_text(request: HttpRequest, space: Workspace) -> dict[str, object]:
    """What the article's pane shows of it besides its sections; ``?within=`` lists the places of words, without script."""
    within = request.GET.get("within", "")
    return {
        "references": list(articles.references(request.user, space.reading.article)),
        "within": within,
        "places": queries.places(space.reading, within) if within else [],
    }


def _no_form(request: HttpRequest, opened: Opened) -> HttpResponse:
    if opened.refusal is None:
        raise NotFound(f"There is no feature “{opened.slug}” to record here, or no patient yet to record it of.")
    return render(request, "refusals/refusal.html", {"refusal": opened.refusal}, status=opened.refusal.status)


def reshow(
    request: HttpRequest,
    pk: int,
    slug: str,
    *,
    data: QueryDict | None = None,
    refusal: Refusal | None = None,
    found: Found | None = None,
) -> HttpResponse:
    """The form again with what was typed, and the refusal or the places found."""
    data = data or request.POST
    opened = Opened(slug, number_in(data, "instance") or 1, data, refusal, found)
    return show(request, pk, patient=number_in(data, "patient"), opened=opened)


def _form(space: Workspace, opened: Opened) -> FeatureForm | None:
    row = space.row(opened.slug)
    if row is None:
        return None
    shown = next((s for s in row.answers if s.annotation.instance == opened.instance), None)
    stale = isinstance(opened.refusal, Stale) or (isinstance(opened.refusal, WrongState) and shown is not None)
    conflict = stale and space.may_write
    figures, tables = article_pane.labels_in(space.sections) if space.sections else queries.labels_of(space.reading)
    return FeatureForm(row, opened.instance, shown, opened.data, opened.refusal, conflict, opened.found, figures, tables)


def saved(
    request: HttpRequest,
    pk: int,
    *,
    patient: int,
    feature: str = "",
    groups: Collection[str] = (),
    sections: Collection[int] = (),
) -> HttpResponse:
    """For htmx: the head, the groups that the feature touches or that are named, the sections named."""
    space = workspace(request.user, pk, patient=patient)
    touched = [g for g in space.groups if g.group.slug in groups] or space.groups_touched_by(feature)
    context = {"workspace": space, "groups": touched, "sections": space.sections_among(sections)}
    return render(request, "readings/_saved.html", context)


def back(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    messages.success(request, words)
    patient = number_in(request.POST, "patient")
    return redirect(f"/readings/{pk}/?patient={patient}" if patient else f"/readings/{pk}/")
