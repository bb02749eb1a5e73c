"""Where the web door translates refusals: one page for a person, one fragment for a part of a page."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from curation.errors import Fault, Invalid, NotAllowed, NotFound, Refusal, SourceUnavailable, Stale, VersionMissing, WrongState

GetResponse = Callable[[HttpRequest], HttpResponse]

#: Refusals of what was sent, or of another site that was asked; the thing itself is still there and open to the person.
SHOWN_IN_PLACE = (WrongState.status, Stale.status, Invalid.status, VersionMissing.status, SourceUnavailable.status)


def in_place(request: HttpRequest, show: Callable[[Refusal], HttpResponse]) -> None:
    """Have a refusal of this request answered by the form it came from, so that nothing typed is lost."""
    request.show_refusal = show  # type: ignore[attr-defined]


class RefusalMiddleware:
    """Turn a Refusal raised anywhere behind a page into that page's plain sentence, with its status.

    A stranger who is not allowed is sent to sign in first; the API answers for itself (``curation.api.problems``).
    A view whose form should come back with what was typed says how in ``request.show_refusal`` (see ``in_place``).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """No keyboard sends the character 0 and no text of PostgreSQL holds it; what does is refused before any view."""
        if request.resolver_match and request.resolver_match.namespace == "web":
            faults = [Fault(name, "holds a character that cannot be stored") for name in _unfit(request.POST)]
            if faults:
                return self.process_exception(request, Invalid("Please leave out control characters.", faults=faults))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Http404):
            error = NotFound("There is no such page here, or it is not open to you.")
        if not isinstance(error, Refusal):
            return None
        if isinstance(error, NotAllowed) and not request.user.is_authenticated:
            return redirect(f"{reverse('web:sign-in')}?{urlencode({'next': request.get_full_path()})}")
        if error.status in SHOWN_IN_PLACE and (show := getattr(request, "show_refusal", None)):
            return show(error)
        template = "refusals/_refusal.html" if request.headers.get("HX-Request") else "refusals/refusal.html"
        return render(request, template, {"refusal": error}, status=error.status)


def _unfit(sent: QueryDict) -> list[str]:
    return [name for name, values in sent.lists() if any("\x00" in value for value in values)]
