"""Rows of a series: features that share their rows, such as a blood value and its day."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation import selectors
from curation.annotation.series import actions as series
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.evidence import PieceSerializer
from curation.api.readings import LARGEST_ID
from curation.api.repeats import repeatable
from curation.api.versions import REFUSALS
from curation.choices import Scope


class NewRowSerializer(serializers.Serializer):
    """``values`` by feature, each present; ``quotes`` prove all of them."""

    patient = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    values = serializers.DictField(child=serializers.JSONField(allow_null=True))
    quotes = serializers.ListField(child=PieceSerializer(), default=list, max_length=100)


class RowOfSerializer(serializers.Serializer):
    patient = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class MoveRowSerializer(RowOfSerializer):
    up = serializers.BooleanField(default=False)


class InstancesSerializer(serializers.Serializer):
    """The ``instance`` of each row made; its answers are among the reading's annotations."""

    instances = serializers.ListField(child=serializers.IntegerField())


def made(instances: list[int]) -> Response:
    return Response({"instances": instances}, status=status.HTTP_201_CREATED)


class RowList(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @repeatable
    @extend_schema(operation_id="series_add", request=NewRowSerializer, responses={201: InstancesSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int, series_slug: str) -> Response:
        """Write down a row; two values in one ("from 7,200 to 310 U/L") become two."""
        sent = NewRowSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        row = sent.validated_data
        quotes = [selectors.piece(quote) for quote in row["quotes"]]
        return made(
            series.add_row(
                reading_id=pk, patient_id=row["patient"], series=series_slug, values=row["values"], quotes=quotes, by=request.user
            )
        )


OF_PATIENT = OpenApiParameter("patient", int, required=True, description="Whose row it is.")
ROW_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The sum of the versions of the row's answers."
)


class RowDetail(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @repeatable
    @extend_schema(operation_id="series_remove", parameters=[OF_PATIENT, ROW_MATCH], responses={204: None, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int, series_slug: str, instance: int) -> Response:
        """Take away a row as one act."""
        sent = RowOfSerializer(data=request.query_params.dict() or request.data)
        sent.is_valid(raise_exception=True)
        patient = sent.validated_data["patient"]
        series.remove_row(
            reading_id=pk, patient_id=patient, series=series_slug, instance=instance, version=version_of(request), by=request.user
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class CopyRow(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @repeatable
    @extend_schema(operation_id="series_copy", request=RowOfSerializer, responses={201: InstancesSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int, series_slug: str, instance: int) -> Response:
        """A row like this one after the last, without its evidence."""
        sent = RowOfSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        patient = sent.validated_data["patient"]
        return made([series.copy_row(reading_id=pk, patient_id=patient, series=series_slug, instance=instance, by=request.user)])


class MoveRow(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @repeatable
    @extend_schema(operation_id="series_move", request=MoveRowSerializer, responses={204: None, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int, series_slug: str, instance: int) -> Response:
        """Change places with the row after this one, or before it."""
        sent = MoveRowSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        series.move_row(
            reading_id=pk,
            patient_id=sent.validated_data["patient"],
            series=series_slug,
            instance=instance,
            up=sent.validated_data["up"],
            by=request.user,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
