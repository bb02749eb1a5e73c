"""Codebooks, their features and the rules that derive values. Open to everybody; a new version by an administrator."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.versions import REFUSALS
from curation.choices import Scope, Tier
from curation.codebook import actions as codebooks
from curation.codebook import queries
from curation.criteria import queries as criteria
from curation.models import Codebook, CodebookVersion, Feature, FeatureGroup, Option, Rule

WORDS = OpenApiParameter("words", str, description="Only features in which every word stands somewhere.")
TIER = OpenApiParameter("tier", str, enum=Tier.values, description="Only features of this tier.")
REFUSED = {key: refusal for key, refusal in REFUSALS.items() if key[0] in (403, 422)}
ABSENT = {key: refusal for key, refusal in REFUSALS.items() if key[0] == 404}


class VersionListedSerializer(serializers.ModelSerializer):
    feature_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = CodebookVersion
        fields = ("version", "hpo_release", "sha256", "loaded_at", "feature_count")
        read_only_fields = fields


class CodebookSerializer(serializers.ModelSerializer):
    versions = VersionListedSerializer(many=True, read_only=True)

    class Meta:
        model = Codebook
        fields = ("slug", "title", "language", "versions")
        read_only_fields = fields


class GroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = FeatureGroup
        fields = ("slug", "label", "description")
        read_only_fields = fields


class VersionSerializer(serializers.ModelSerializer):
    """``source`` is the YAML as it was loaded, ``sha256`` its hash."""

    codebook = serializers.SlugRelatedField("slug", read_only=True)
    title = serializers.CharField(source="codebook.title", read_only=True)
    groups = GroupSerializer(many=True, read_only=True)

    class Meta:
        model = CodebookVersion
        fields = ("codebook", "title", "version", "hpo_release", "statuses", "groups", "sha256", "loaded_at", "source")
        read_only_fields = fields


class OptionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Option
        fields = ("value", "label", "definition", "hpo")
        read_only_fields = fields


class FeatureSerializer(serializers.ModelSerializer):
    group = serializers.SlugRelatedField("slug", read_only=True)
    options = OptionSerializer(many=True, read_only=True)

    class Meta:
        model = Feature
        fields = (
            *("slug", "group", "label", "question", "note", "value_type", "tier", "options", "unit", "range"),
            *("shown_when", "status_labels", "evidence_required", "repeatable", "repeat_group"),
            *("ontology", "antibody", "derivation"),
        )
        read_only_fields = fields


class RuleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Rule
        fields = ("slug", "version", "derives", "title", "reference", "verified", "definition", "sha256", "loaded_at")
        read_only_fields = fields


class TextSerializer(serializers.Serializer):
    text = serializers.CharField(help_text="The codebook's YAML text.", trim_whitespace=False, max_length=2_000_000)


class CodebookList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE
    serializer_class = CodebookSerializer
    queryset = Codebook.objects.none()

    def get_queryset(self) -> QuerySet[Codebook]:
        return queries.codebooks()

    @extend_schema(operation_id="codebooks_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="codebook_load",
        description="Load a version from its YAML. Only for administrators; the same text again answers the same version.",
        request=TextSerializer,
        responses={201: VersionSerializer, **REFUSED},
    )
    def post(self, request: SignedInRequest) -> Response:
        sent = TextSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        loaded = codebooks.load_codebook(text=sent.validated_data["text"], by=request.user)
        return Response(VersionSerializer(loaded).data, status=201)


class VersionDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="codebook_read", responses={200: VersionSerializer, **ABSENT})
    def get(self, request: Request, slug: str, number: str) -> Response:
        return Response(VersionSerializer(queries.version(slug, number)).data)


@extend_schema_view(get=extend_schema(operation_id="codebook_features_list", parameters=[WORDS, TIER]))
class FeatureList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = FeatureSerializer
    queryset = Feature.objects.none()

    def get_queryset(self) -> QuerySet[Feature]:
        version = queries.version(self.kwargs["slug"], self.kwargs["number"])
        rows = queries.search_features(version, self.request.query_params.get("words", ""))
        tier = self.request.query_params.get("tier", "")
        return rows.filter(tier=tier) if tier in Tier.values else rows


class FeatureDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="codebook_feature_read", responses={200: FeatureSerializer, **ABSENT})
    def get(self, request: Request, slug: str, number: str, feature: str) -> Response:
        return Response(FeatureSerializer(queries.feature(queries.version(slug, number), feature)).data)


@extend_schema_view(
    get=extend_schema(operation_id="rules_list", description="The rules in force: the version of each that was loaded last.")
)
class RuleList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = RuleSerializer
    queryset = Rule.objects.none()

    def get_queryset(self) -> QuerySet[Rule]:
        return criteria.rules(queries.codebook(self.kwargs["slug"]))
