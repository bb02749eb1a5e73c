"""What was done to the values of a reading: told, undone, and done again."""

from collections.abc import Callable

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation import history, queries, reversal
from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.readings import LARGEST_ID
from curation.api.versions import REFUSALS
from curation.choices import Scope
from curation.models import Reading


class ChangeSerializer(serializers.Serializer):
    """One thing that happened to a value; ``before`` and ``after`` in words, empty where there was or is nothing."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    did = serializers.CharField()
    called = serializers.CharField(help_text="What the feature was called then; empty where that is what it is called now.")
    before = serializers.CharField()
    after = serializers.CharField()
    added = serializers.ListField(child=serializers.CharField(), help_text="Quotes that became evidence.")
    removed = serializers.ListField(child=serializers.CharField(), help_text="Quotes that are evidence no longer.")


class ActSerializer(serializers.Serializer):
    act = serializers.IntegerField(source="number")
    at = serializers.DateTimeField()
    label = serializers.CharField()


class ActsSerializer(serializers.Serializer):
    """The next to come first in both."""

    undo = ActSerializer(many=True)
    redo = ActSerializer(many=True)


class WhichSerializer(serializers.Serializer):
    """``act``: the one you take for the newest; refused (412) where another one is. Without it the newest, whatever it is."""

    act = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True, default=None)


PLACE = [
    OpenApiParameter("patient", int, required=True, description="Of which patient."),
    OpenApiParameter("instance", int, description="Which one, where the feature repeats; the first otherwise."),
]


class ValueHistory(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="value_history", parameters=PLACE, responses={200: ChangeSerializer(many=True), **REFUSALS})
    def get(self, request: Request, pk: int, slug: str) -> Response:
        """Who said what of one value and when, the newest first; also of a value that was removed."""
        patient, instance = (_number(request, name) for name in ("patient", "instance"))
        return Response(ChangeSerializer(history.of_value(request.user, pk, patient or 0, slug, instance or 1), many=True).data)


class ReadingActs(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="reading_acts", responses={200: ActsSerializer, **REFUSALS})
    def get(self, request: SignedInRequest, pk: int) -> Response:
        """Your last acts on this reading's values that can be undone or done again."""
        return Response(ActsSerializer(_acts(queries.reading_for(request.user, pk), request)).data)


class Undo(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="reading_undo", request=WhichSerializer, responses={200: ActsSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Take back your newest act on this reading's values, as a new act. Refused (412) where a value was changed since."""
        return _turned(reversal.undo, request, pk)


class Redo(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="reading_redo", request=WhichSerializer, responses={200: ActsSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Do again what the newest undo took back."""
        return _turned(reversal.redo, request, pk)


def _turned(turn: Callable[..., history.Turned], request: SignedInRequest, pk: int) -> Response:
    sent = WhichSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    turn(reading_id=pk, act=sent.validated_data["act"], by=request.user)
    return Response(ActsSerializer(_acts(queries.reading_for(request.user, pk), request)).data)


def _acts(reading: Reading, request: SignedInRequest) -> dict[str, object]:
    acts = history.acts(reading, request.user)
    labels = history.labels(reading, [*acts.undo, *acts.redo])
    return {
        name: [{"number": act.number, "at": act.at, "label": labels[act.number]} for act in some]
        for name, some in (("undo", acts.undo), ("redo", acts.redo))
    }


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
