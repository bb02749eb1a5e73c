"""Pages of the cohorts room: a question asked, narrowed, taken away as a file, and saved."""

from typing import TypedDict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.cohorts import actions, queries, table
from curation.cohorts.checking import kind_of
from curation.cohorts.question import Words, write_literal
from curation.errors import Fault, Invalid, NotFound
from curation.models import Cohort, Project
from curation.people import queries as people
from curation.web.forms import version_of
from curation.web.marking import marked_question
from curation.web.requests import SignedIn

MOST_ROWS_IN_A_FILE = 2000


@require_safe
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """``?q=`` the question, ``show=`` features to show beside those it names, ``feature=`` one to build a condition on."""
    return _answered(request, people.project(request.user, slug), request.GET.get("q", ""))


@require_safe
def saved(request: HttpRequest, pk: int) -> HttpResponse:
    """A saved question with what it finds today."""
    cohort = queries.cohort(request.user, pk)
    return _answered(request, cohort.project, cohort.question, cohort)


def _answered(request: HttpRequest, project: Project, text: str, cohort: Cohort | None = None) -> HttpResponse:
    book = queries.book(project)
    asked, show = queries.understand(text, book), _shown(request)
    answer, chosen = None, book.specs.get(request.GET.get("feature", ""))
    if not asked.marks:
        answer = queries.answer(user=request.user, book=book, question=asked.question, page=_page(request), show=show)
    context = {
        "project": project,
        "book": book,
        "cohort": cohort,
        "is_own": cohort is not None and cohort.owner_id == getattr(request.user, "pk", None),
        "text": answer.text if answer else text,
        "answer": answer,
        "marked": marked_question(asked),
        "examples": queries.examples(book, [facet.spec for facet in answer.facets] if answer else []),
        "chosen": chosen,
        "kind": kind_of(chosen) if chosen else "",
        "show": show,
    }
    return render(request, "cohorts/ask.html", context, status=422 if asked.marks else 200)


def _shown(request: HttpRequest) -> list[str]:
    return [slug for slug in dict.fromkeys(request.GET.getlist("show")) if slug][: queries.MOST_COLUMNS]


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not text.isdecimal() or len(text) > 9 or not int(text):
        raise Invalid("There is no such page.", faults=[Fault("page", "must be a whole number from 1")])
    return int(text)


@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    """What may be asked of one feature: the second step of building a condition."""
    project = people.project(request.user, slug)
    book = queries.book(project)
    if (chosen := book.specs.get(request.GET.get("feature", ""))) is None:
        raise NotFound("There is no such feature in this project's codebook.")
    context = {"project": project, "chosen": chosen, "kind": kind_of(chosen), "text": request.GET.get("q", "")}
    return render(request, "cohorts/_condition.html", context)


@require_safe
def narrow(request: HttpRequest, slug: str) -> HttpResponse:
    """The question with the built condition added, on the page that answers it."""
    project, sent = people.project(request.user, slug), request.GET
    value = sent.get("value", "").strip()
    words = write_literal(Words(value)) if sent.get("is_word") else f"{value} {sent.get('unit', '')}"
    built = f"{sent.get('feature', '')} {sent.get('operator', '')} {words}".strip()
    text = queries.narrowed(sent.get("q", ""), f"NOT {built}" if sent.get("negated") else built)
    return redirect(f"{reverse('web:cohort', args=[project.slug])}?{urlencode({'q': text})}")


@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponse:
    project, text = people.project(request.user, slug), request.GET.get("q", "")
    answer = queries.ask(user=request.user, project=project, question=text, show=_shown(request), page_size=MOST_ROWS_IN_A_FILE)
    if answer.pages > 1:
        raise Invalid(f"A file holds {MOST_ROWS_IN_A_FILE} patients, this answer has {answer.patients}; narrow the question.")
    headers = {"Content-Disposition": f'attachment; filename="{project.slug}-cohort.csv"'}
    return HttpResponse(table.lines(answer), content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def cohorts(request: HttpRequest, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    rows = list(queries.cohorts(request.user, project))
    gone = queries.with_gone(rows, queries.book(project))
    context = {"project": project, "cohorts": [(row, gone.get(row.pk, ())) for row in rows]}
    return render(request, "cohorts/cohorts.html", context)


@login_required
@require_POST
def save(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    cohort = actions.save_cohort(project=project, by=request.user, **_form(request))
    messages.success(request, _("“%(cohort)s” is saved.") % {"cohort": cohort})
    return redirect("web:cohort-saved", cohort.pk)


@login_required
@require_POST
def change(request: SignedIn, pk: int) -> HttpResponse:
    cohort = actions.change_cohort(cohort_id=pk, version=version_of(request), by=request.user, **_form(request))
    messages.success(request, _("“%(cohort)s” is changed.") % {"cohort": cohort})
    return redirect("web:cohort-saved", cohort.pk)


@login_required
@require_POST
def delete(request: SignedIn, pk: int) -> HttpResponse:
    cohort = queries.cohort(request.user, pk)
    actions.delete_cohort(cohort_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("“%(cohort)s” is deleted.") % {"cohort": cohort})
    return redirect("web:cohorts", cohort.project.slug)


@login_required
@require_POST
def watch(request: SignedIn, pk: int) -> HttpResponse:
    actions.watch(cohort_id=pk, by=request.user)
    messages.success(request, _("You are told when its answer changes."))
    return redirect("web:cohort-saved", pk)


@login_required
@require_POST
def unwatch(request: SignedIn, pk: int) -> HttpResponse:
    actions.unwatch(cohort_id=pk, by=request.user)
    messages.success(request, _("You are no longer told when its answer changes."))
    return redirect("web:cohort-saved", pk)


class Form(TypedDict):
    title: str
    question: str
    is_public: bool


def _form(request: HttpRequest) -> Form:
    sent = request.POST
    return {"title": sent.get("title", ""), "question": sent.get("question", ""), "is_public": bool(sent.get("is_public"))}
