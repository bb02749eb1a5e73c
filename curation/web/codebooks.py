"""Pages of the codebook room: what may be recorded, and by which rules the rest is derived."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.choices import Tier
from curation.codebook import actions as codebooks
from curation.codebook import browsing, queries
from curation.codebook.marked import decode
from curation.criteria import queries as criteria
from curation.errors import Fault, Invalid
from curation.permissions import require_administrator
from curation.web.requests import Request, SignedIn


@require_safe
def listing(request: Request) -> HttpResponse:
    return render(request, "codebooks/listing.html", {"codebooks": queries.codebooks()})


@require_safe
def version(request: Request, slug: str, number: str) -> HttpResponse:
    """``?words=`` and ``?tier=`` cut the list down; htmx asks for the list alone."""
    shown = queries.version(slug, number)
    rules = {rule.derives: rule for rule in criteria.rules(shown.codebook)}
    words, tier = request.GET.get("words", ""), request.GET.get("tier", "")
    context = {
        "version": shown,
        "words": words,
        "tier": tier,
        "tiers": Tier.choices,
        "browse": browsing.browse(shown, derived=rules, words=words, tier=tier if tier in Tier.values else ""),
    }
    alone = request.htmx and not request.htmx.history_restore_request
    return render(request, "codebooks/_shelves.html" if alone else "codebooks/version.html", context)


@require_safe
def feature(request: Request, slug: str, number: str, feature: str) -> HttpResponse:
    shown = queries.version(slug, number)
    derivation = criteria.derivation(shown, feature)
    page = browsing.feature_page(shown, feature, has_rule=derivation is not None)
    context = {"version": shown, "page": page, "derivation": derivation}
    return render(request, "codebooks/feature.html", context)


@require_safe
def source(request: Request, slug: str, number: str) -> HttpResponse:
    """The YAML as it was loaded."""
    shown = queries.version(slug, number)
    name = f"{shown.codebook.slug}-{shown.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(shown.source, content_type="application/yaml; charset=utf-8", headers=headers)


@login_required
@require_safe
def new(request: SignedIn) -> HttpResponse:
    require_administrator(request.user)
    return render(request, "codebooks/new.html")


@login_required
@require_POST
def load(request: SignedIn) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("No file was sent.", faults=[Fault("file", "choose the codebook's YAML file")])
    loaded = codebooks.load_codebook(text=decode(file.read()), by=request.user)
    messages.success(request, _("%(version)s is loaded.") % {"version": loaded})
    return redirect("web:codebook", loaded.codebook.slug, loaded.version)
