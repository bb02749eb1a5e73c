"""What is under /api/v1/ and no endpoint: a problem like any other refusal, not a page."""

from django.http import HttpResponsePermanentRedirect
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.errors import NotFound


@extend_schema(exclude=True)
class Nowhere(APIView):
    """Addresses have no slash at their end; one that has is shown the way, its method kept (RFC 9110, 308)."""

    def get(self, request: Request, rest: str) -> Response | HttpResponsePermanentRedirect:
        if rest.endswith("/"):
            query = request.META["QUERY_STRING"]
            way = request.path.rstrip("/") + (f"?{query}" if query else "")
            return HttpResponsePermanentRedirect(way, preserve_request=True)
        raise NotFound(f"There is no endpoint “{rest[:200]}”. All of them are described at /api/v1/docs/.")

    post = put = patch = delete = get
