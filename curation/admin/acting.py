"""What may be done in the admin: pages that ask for what an action needs, and the one place where refusals become messages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from curation.admin.requests import SignedIn
from curation.errors import Fault, Invalid, Refusal
from curation.permissions import require_administrator

#: More rows than one decides on by hand at once.
MOST_ROWS = 100


@dataclass(frozen=True)
class Act:
    """A thing to do with each chosen row. ``do`` gets (row, version, by, **what the form asked for).

    ``look`` (row, by, **the same) says beforehand what would come of it, and a key that names this; ``do`` then gets the ``key``.
    """

    name: str
    title: Any
    do: Callable[..., object]
    form: type[forms.Form] = forms.Form
    look: Callable[..., tuple[str, Sequence[str]]] | None = None


def action_for(act: Act) -> Callable[[admin.ModelAdmin, SignedIn, QuerySet], HttpResponse | None]:
    """Django's admin action: first a page that shows the rows and asks, then the room's action for each of them."""

    def run(model_admin: admin.ModelAdmin, request: SignedIn, rows: QuerySet) -> HttpResponse | None:
        asked = "apply" in request.POST
        form = act.form(request.POST if asked else None)
        chosen = list(rows[:MOST_ROWS])
        looked = _looked(request, act, chosen, form) if asked and act.look and "confirmed" not in request.POST else None
        if asked and form.is_valid() and looked is None:
            done = sum(_did(model_admin, request, act, row, form.cleaned_data) for row in chosen)
            if done:
                messages.success(request, _("%(act)s: done for %(number)d.") % {"act": act.title, "number": done})
            return None
        context = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": act.title,
            "act": act,
            "form": form,
            "rows": chosen,
            "looked": looked,
            "left_out": rows.count() > MOST_ROWS,
        }
        return TemplateResponse(request, "admin/act.html", context)

    return run


def _looked(request: SignedIn, act: Act, rows: Sequence[Model], form: forms.Form) -> list[tuple[Model, str, Sequence[str]]]:
    """What would come of the act: (row, key, lines) of each row; rows that refuse to say are left out, with a message."""
    found: list[tuple[Model, str, Sequence[str]]] = []
    if act.look is None or not form.is_valid():
        return found
    for row in rows:
        with refusals_as_messages(request, str(row)):
            found.append((row, *act.look(row, by=request.user, **form.cleaned_data)))
    return found


def _did(model_admin: admin.ModelAdmin, request: SignedIn, act: Act, row: Model, asked_for: dict[str, Any]) -> bool:
    keyed = {"key": request.POST.get(f"key_{row.pk}", "")} if act.look else {}
    with refusals_as_messages(request, str(row)) as refused:
        act.do(row, version=_version(request, row), by=request.user, **asked_for, **keyed)
    return not refused


def _version(request: SignedIn, row: Model) -> int | None:
    """The version of the row that the asking page showed."""
    text = request.POST.get(f"version_{row.pk}", "")
    if text and not (text.isdecimal() and len(text) <= 9):
        raise Invalid("Please enter a whole number.", faults=[Fault("version", f"“{text[:40]}” is not a whole number")])
    return int(text) if text else None


@contextmanager
def refusals_as_messages(request: SignedIn, thing: str = "") -> Iterator[list[Refusal]]:
    """The admin door's translation: a refusal is told as a message, and kept in what this yields."""
    refused: list[Refusal] = []
    try:
        yield refused
    except Refusal as refusal:
        refused.append(refusal)
        words = "; ".join([refusal.detail, *map(str, refusal.faults)])
        messages.error(request, f"{thing}: {words}" if thing else words)


class Making(admin.ModelAdmin):
    """A table whose rows are made by an action: ``making`` is its form, ``make(by, **data)`` calls it."""

    making: type[forms.Form] = forms.Form
    change_list_template = "admin/make_list.html"

    def make(self, *, by: Any, **data: Any) -> object:
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_new"
        return [path("new/", self.admin_site.admin_view(self.new), name=name), *super().get_urls()]

    def new(self, request: SignedIn) -> HttpResponse:
        require_administrator(request.user)
        form = self.making(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with refusals_as_messages(request) as refused:
                made = self.make(by=request.user, **form.cleaned_data)
            if not refused:
                messages.success(request, _("%(thing)s is made.") % {"thing": made})
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        title = _("New %(kind)s") % {"kind": self.opts.verbose_name}
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "form": form}
        return TemplateResponse(request, "admin/make.html", context)
