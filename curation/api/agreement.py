"""How far a project's blind readers agree, for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.agreement import queries
from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.versions import REFUSALS
from curation.people import queries as people


class CoefficientSerializer(serializers.Serializer):
    """``value`` is null where it is not defined: every rating the same."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class CoefficientsSerializer(serializers.Serializer):
    percent = CoefficientSerializer()
    kappa = CoefficientSerializer()
    alpha = CoefficientSerializer()
    ac1 = CoefficientSerializer()


class AgreementRowSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # a field of that name
    units = serializers.IntegerField(help_text="Patients and features that both readers answered.")
    missing = serializers.IntegerField(help_text="Those that only one of them answered; they count in no coefficient.")
    disagreements = serializers.IntegerField(source="differing")
    prevalence = serializers.FloatField(allow_null=True, help_text="Share of “present” among the ratings of these units.")
    coefficients = CoefficientsSerializer()


class AgreementSerializer(serializers.Serializer):
    articles = serializers.IntegerField()
    questioned = serializers.PrimaryKeyRelatedField(
        many=True,
        read_only=True,
        pk_field=serializers.IntegerField(),
        help_text="Those of the articles that were retracted, corrected or called in doubt since.",
    )
    whole = AgreementRowSerializer()
    groups = AgreementRowSerializer(many=True)
    features = AgreementRowSerializer(many=True)
    pairs = AgreementRowSerializer(many=True)


class DisagreementSerializer(serializers.Serializer):
    article = serializers.IntegerField(source="article.pk")
    patient = serializers.IntegerField(source="patient.pk")
    feature = serializers.CharField(source="feature.slug")
    readers = serializers.ListField(child=serializers.CharField())
    annotations = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    words = serializers.ListField(child=serializers.CharField(), help_text="Empty where there is no answer.")


class BehindSerializer(serializers.Serializer):
    feature = serializers.CharField(required=False, default="", max_length=80)
    group = serializers.CharField(required=False, default="", max_length=80)
    pair = serializers.CharField(required=False, default="", max_length=80, help_text="The key of a row of “pairs”.")


class Agreement(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="agreement", responses={200: AgreementSerializer, **REFUSALS})
    def get(self, request: SignedInRequest, slug: str) -> Response:
        """Percent, Cohen's kappa, Krippendorff's alpha and Gwet's AC1 with 95 % intervals, for a moderator of the project."""
        report = queries.report(request.user, people.project(request.user, slug))
        return Response(AgreementSerializer(report).data)


class Disagreements(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(
        operation_id="disagreements",
        parameters=[BehindSerializer],
        responses={200: DisagreementSerializer(many=True), **REFUSALS},
    )
    def get(self, request: SignedInRequest, slug: str) -> Response:
        """Where two readers said different things, or one of them nothing: what is behind a number of the report."""
        behind = BehindSerializer(data=request.query_params)
        behind.is_valid(raise_exception=True)
        found = queries.disagreements(request.user, people.project(request.user, slug), **behind.validated_data)
        rows = [
            {
                "article": each.article,
                "patient": each.patient,
                "feature": each.feature,
                "readers": [str(reader) for reader, _, _ in each.sides],
                "annotations": [answer.pk if answer else None for _, _, answer in each.sides],
                "words": [words for _, words, _ in each.sides],
            }
            for each in found
        ]
        return Response(DisagreementSerializer(rows, many=True).data)
