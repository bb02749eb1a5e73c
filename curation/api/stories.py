"""A thing's story: who did what with it, when and why."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess
from curation.api.versions import REFUSALS
from curation.stories import queries

ABSENT = (404, "application/problem+json")
BEFORE = OpenApiParameter("before", int, description="As `older` of the page before names it; the newest acts without it.")


class StoryEventSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    did = serializers.CharField()
    effects = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()


class StorySerializer(serializers.Serializer):
    """``events``: the newest first. ``older``: what the next page is asked for with as ``before``; null on the last one."""

    title = serializers.CharField()
    events = StoryEventSerializer(many=True)
    older = serializers.IntegerField(allow_null=True)


class StoryView(APIView):
    permission_classes = [ScopedAccess]
    kind: ClassVar[str] = ""

    def told(self, request: Request, **address: Any) -> Response:
        text = request.query_params.get("before", "")
        before = int(text) if text.isdecimal() and len(text) < 19 else None
        thing = queries.find(request.user, self.kind, **address)
        return Response(StorySerializer(queries.story(request.user, self.kind, thing, before=before)).data)


def history(kind: str) -> type[StoryView]:
    """The view of one kind's stories, under an operation of its own."""

    class History(StoryView):
        @extend_schema(
            operation_id=f"{kind}_history", parameters=[BEFORE], responses={200: StorySerializer, ABSENT: REFUSALS[ABSENT]}
        )
        def get(self, request: Request, **address: Any) -> Response:
            """What became of it, in words, as far as you may know."""
            return self.told(request, **address)

    History.kind = kind
    return History
