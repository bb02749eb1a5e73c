"""How answers about versioned things look: the ETag that a later If-Match names, and the refusals that writes may meet."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response


class FaultSerializer(serializers.Serializer):
    where = serializers.CharField()
    reason = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    faults = FaultSerializer(many=True, required=False)


IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='The version you read, such as "3".'
)


def _problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer, description=description)


#: By media type, as drf-spectacular takes them.
REFUSALS: dict[tuple[int, str], OpenApiResponse] = {
    (403, "application/problem+json"): _problem("You may see this, but not do it."),
    (404, "application/problem+json"): _problem("There is no such thing, or it is not open to you."),
    (409, "application/problem+json"): _problem("Its state does not allow this."),
    (412, "application/problem+json"): _problem("It was changed since the version you named."),
    (422, "application/problem+json"): _problem("What you sent breaks a rule; each fault is listed."),
    (428, "application/problem+json"): _problem("If-Match is missing."),
}


def versioned(shown: serializers.BaseSerializer, *, status: int = 200) -> Response:
    """The thing as it now is, with its version as ETag."""
    data = shown.data
    return Response(data, status=status, headers={"ETag": f'"{data["version"]}"'})
