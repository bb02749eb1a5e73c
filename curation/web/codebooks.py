"""Pages of the codebook room: what may be recorded, and by which rules the rest is derived."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.choices import Tier
from curation.codebook import actions as codebooks
from curation.codebook import browsing, queries
from curation.codebook.marked import decode
from curation.criteria import queries as criteria
from curation.errors import Fault, Invalid
from curation.models import CodebookVersion
from curation.permissions import require_administrator
from curation.web.requests import Request, SignedIn

#: The list of a version's features, 150 kB of it, by version, what is derived, tier and language.
WRITTEN: dict[tuple[object, ...], SafeString] = {}
MOST_WRITTEN = 24


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
        "shelves": _shelves(shown, frozenset(rules), words.strip(), tier if tier in Tier.values else ""),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return HttpResponse(context["shelves"])
    return render(request, "codebooks/version.html", context)


def _shelves(version: CodebookVersion, derived: frozenset[str], words: str, tier: str) -> SafeString:
    """A version never changes, so that what is shown of all of it is written once per process."""
    if words:
        return _written(version, derived, words, tier)
    key = (version.pk, version.sha256, derived, tier, get_language())
    if key not in WRITTEN:
        if len(WRITTEN) >= MOST_WRITTEN:
            WRITTEN.clear()
        WRITTEN[key] = _written(version, derived, words, tier)
    return WRITTEN[key]


def _written(version: CodebookVersion, derived: frozenset[str], words: str, tier: str) -> SafeString:
    browse = browsing.browse(version, derived=derived, words=words, tier=tier)
    return render_to_string("codebooks/_shelves.html", {"version": version, "browse": browse, "words": words, "tier": tier})


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
