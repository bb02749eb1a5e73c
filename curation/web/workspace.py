"""How the workspace is drawn: whole, with one feature's form open, or only the parts that a save may have changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from curation.annotation import answers, article_pane, history, queries
from curation.annotation.anchoring import Place
from curation.annotation.workspace import Workspace, workspace
from curation.codebook import queries as codebook
from curation.errors import NotFound, Refusal, Stale, WrongState
from curation.models import Reading, Section
from curation.web.feature_form import FeatureForm

Found = Sequence[tuple[Section, Place]]
NONE: Mapping[int, str] = MappingProxyType({})


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
    only_the_form = opened is not None and bool(request.headers.get("HX-Request"))
    reading = answers.reading_to_show(request.user, pk)
    if opened and only_the_form:
        space = workspace(request.user, reading, patient=patient, sections=(), features=(opened.slug,))
    else:
        space = workspace(request.user, reading, patient=patient)
    form = _form(space, opened, *_drawable(space)) if opened else None
    if opened and form is None:
        return _no_form(request, opened)
    q = request.GET.get("q", "")
    context = {
        "workspace": space,
        "form": form,
        "refusal": refusal,
        "q": q,
        "searched": q.casefold().split(),
        "acts": acts_in(space),
    }
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


def _drawable(space: Workspace) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """What evidence can be drawn on, and the tables whose cells can be: by label."""
    return article_pane.labels_in(space.sections) if space.sections else article_pane.labels_of(space.reading)


def _form(
    space: Workspace, opened: Opened, figures: Mapping[int, str] = NONE, tables: Mapping[int, str] = NONE
) -> FeatureForm | None:
    row = space.row(opened.slug)
    if row is None:
        return None
    shown = next((s for s in row.answers if s.annotation.instance == opened.instance), None)
    met = isinstance(opened.refusal, Stale) or (isinstance(opened.refusal, WrongState) and shown is not None)
    conflict = met and space.may_write
    changed = _last_change(space, opened) if conflict else None
    told = (opened.data, opened.refusal, conflict, opened.found, changed)
    return FeatureForm(row, opened.instance, shown, *told, figures, tables)


def _last_change(space: Workspace, opened: Opened) -> history.Change | None:
    patient = space.patient.pk if space.patient else 0
    changes = history.of_value(space.reading.curator, space.reading.pk, patient, opened.slug, opened.instance)
    return changes[0] if changes else None


def saved(
    request: HttpRequest,
    reading: Reading,
    *,
    patient: int,
    features: Collection[str] = (),
    groups: Collection[str] = (),
    sections: Collection[int] = (),
    opened: Opened | None = None,
    made: Sequence[int] = (),
    refusal: Refusal | None = None,
) -> HttpResponse:
    """What may look different after a save, and nothing else: progress and what is missing, the rows of the features and of those
    that hang on them (all of the groups named), the sections named; with what is stored now of the form that is open, and the
    rows of a series that were ``made``. Or, with a ``refusal``, what is there instead."""
    touched = {*features, *codebook.features_in(reading.codebook_version_id, groups)}
    space = workspace(request.user, reading, patient=patient, sections=sections, features=touched)
    context = {
        "workspace": space,
        "groups": space.touched_by(touched),
        "form": _form(space, opened) if opened else None,
        "form_template": "readings/_form_kept.html",
        "acts": acts_in(space),
        "made": made,
        "refusal": refusal,
    }
    return render(request, "readings/_saved.html", context, status=refusal.status if refusal else HTTPStatus.OK)


def acts_in(space: Workspace) -> dict[str, tuple[int, str] | None]:
    """What the reader can undo and do again next: the act's number, and the features it changed."""
    if not space.may_write:
        return {}
    labels = {row.feature.pk: row.spec.label for group in space.groups for row in group.rows}
    acts = history.acts(space.reading, space.reading.curator)
    return {name: _next(some, labels) for name, some in (("undo", acts.undo), ("redo", acts.redo))}


def _next(acts: Sequence[history.Act], labels: Mapping[int, str]) -> tuple[int, str] | None:
    if not acts:
        return None
    named = [labels[feature] for feature in acts[0].features if feature in labels]
    return acts[0].number, ", ".join(named[:3]) + (f" + {len(named) - 3}" if len(named) > 3 else "")


def back(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    messages.success(request, words)
    patient = number_in(request.POST, "patient")
    return redirect(f"/readings/{pk}/?patient={patient}" if patient else f"/readings/{pk}/")
