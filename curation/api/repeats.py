"""Idempotency-Key: a write whose answer was lost can be sent again, and is done once (``curation.repeats``)."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from curation import repeats
from curation.api.access import SignedInRequest

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": repeats.LONGEST_KEY, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "A name of your own for this write, such as a UUID. Where the answer is lost, send the same again under the same key: "
        "within 24 hours you are given the first answer, with `Idempotency-Replayed: true`, and nothing is done twice. "
        "Something else under the same key is refused (422), and so is the same while the first is still at work (409)."
    ),
)
KEPT_HEADERS = ("ETag", "Location")
View = TypeVar("View", bound=Callable[..., Response])


def repeatable(view: View) -> View:
    """A view's method that writes: done once for each key."""

    @wraps(view)
    def wrapper(self: object, request: SignedInRequest, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(self, request, *args, **kwargs)

        def act() -> dict[str, Any]:
            made = view(self, request, *args, **kwargs)
            headers = {name: made.headers[name] for name in KEPT_HEADERS if name in made.headers}
            return {"status": made.status_code, "data": made.data, "headers": headers}

        said, again = repeats.once(by=request.user, key=key, sent=_sent(request), act=act)
        replayed = {"Idempotency-Replayed": "true"} if again else {}
        return Response(said["data"], status=said["status"], headers={**said["headers"], **replayed})

    return cast(View, extend_schema(parameters=[KEY])(wrapper))


def _sent(request: SignedInRequest) -> list[object]:
    """What tells this request from another; of a file its bytes."""
    form = getattr(request.data, "lists", None)
    data = {name: [_told(each) for each in several] for name, several in form()} if form else request.data
    return [request.method, request.path, request.META.get("QUERY_STRING", ""), request.headers.get("If-Match", ""), data]


def _told(value: object) -> object:
    if not isinstance(value, UploadedFile):
        return value
    digest = sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]
