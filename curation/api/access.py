"""What each API view declares of itself: who may call it, with which token scope, and the version a write must name."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from curation.choices import Scope
from curation.errors import Invalid
from curation.models import ApiToken, User


class SignedInRequest(Request):
    """A request that ``ScopedAccess`` let write: whoever sends it has signed in."""

    user: User


class ScopedAccess(BasePermission):
    """Reads are open (rows are cut down by ``visible_to``); writes need a signed-in person whose token has ``view.scope``."""

    message = "This needs a signed-in person whose token has the scope for it."

    def has_permission(self, request: Request, view: APIView) -> bool:
        wanted = Scope.READ if request.method in SAFE_METHODS else getattr(view, "scope", None)
        if isinstance(request.auth, ApiToken):
            return wanted in request.auth.scopes
        return request.method in SAFE_METHODS or bool(wanted and request.user.is_authenticated)


def version_of(request: Request) -> int | None:
    """The version that If-Match names; None where the header is missing. Raises Invalid for one that is no version."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not tag:
        return None
    if not tag.isdecimal() or len(tag) > 9:
        raise Invalid(f'If-Match must hold the version you read, a whole number such as "3"; it held {tag[:40]!r}.')
    return int(tag)
