"""A project moved to another version of its codebook, and the values that a move left for a person."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import Scope, Status
from curation.models import Unmoved, Upgrade
from curation.people import queries as people
from curation.permissions import require_belonging
from curation.upgrades import actions, queries

TO = OpenApiParameter("to", str, required=True, description="A version of the project's codebook that was loaded after its own.")


class UpgradeSerializer(serializers.ModelSerializer):
    """Counts of published values: each was carried over as it is, changed by the mapping, or left for a person."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    before = serializers.CharField(source="before.version", read_only=True)
    after = serializers.CharField(source="after.version", read_only=True)

    class Meta:
        model = Upgrade
        fields = ("id", "project", "before", "after", "carried", "changed", "left", "readings", "moved_at")
        read_only_fields = fields


class MoveSerializer(serializers.Serializer):
    to = serializers.CharField(max_length=20, help_text="A version of the codebook loaded after the project's own.")


class TurnedSerializer(serializers.Serializer):
    before = serializers.CharField()
    to = serializers.CharField(help_text="Empty where the mapping gives the values up.")
    number = serializers.IntegerField()


class LeftSerializer(serializers.Serializer):
    finding = serializers.IntegerField()
    says = serializers.CharField()
    why = serializers.CharField()


class MovePreviewSerializer(serializers.Serializer):
    """What a move would do now; ``version`` is the project's, to be sent with the move."""

    to = serializers.CharField(source="after.version")
    carried = serializers.IntegerField()
    changed = serializers.IntegerField()
    left = serializers.IntegerField()
    readings = serializers.IntegerField()
    turned = TurnedSerializer(many=True)
    listed = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="project.version")

    @extend_schema_field(LeftSerializer(many=True))
    def get_listed(self, preview: queries.Preview) -> list[dict[str, object]]:
        return [{"finding": finding.pk, "says": words, "why": why} for finding, words, why in preview.listed]


class UnmovedSerializer(serializers.ModelSerializer):
    """``finding`` where it was published, ``annotation`` where it is in a reading; both stay as they were."""

    feature = serializers.CharField(source="said.feature.slug", read_only=True)
    status = serializers.ChoiceField(Status.choices, source="said.status", read_only=True)
    value = serializers.JSONField(source="said.value", read_only=True)
    patient = serializers.IntegerField(source="said.patient_id", read_only=True)

    class Meta:
        model = Unmoved
        fields = (
            *("id", "upgrade", "finding", "annotation", "patient", "feature", "status", "value", "why", "state"),
            *("answer", "outcome", "decided_at", "version"),
        )
        read_only_fields = fields


class EnterSerializer(serializers.Serializer):
    feature = serializers.CharField(max_length=80, help_text="A feature of the project's codebook, by its slug.")
    status = serializers.CharField(max_length=20)
    value = serializers.JSONField(required=False, allow_null=True, default=None)
    qualifiers = serializers.DictField(required=False, default=dict)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)
    reason = serializers.CharField(required=False, allow_blank=True, default="", help_text="Needed for a published value.")


class DismissSerializer(serializers.Serializer):
    reason = serializers.CharField()


class Moves(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(operation_id="codebook_moves_list", responses={200: UpgradeSerializer(many=True), **REFUSALS})
    def get(self, request: SignedInRequest, slug: str) -> Response:
        """The moves made, the newest first. For the project's members."""
        project = people.project(request.user, slug)
        return Response(UpgradeSerializer(queries.overview(request.user, project).upgrades, many=True).data)

    @extend_schema(
        operation_id="codebook_move",
        parameters=[IF_MATCH],
        request=MoveSerializer,
        responses={201: UpgradeSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, slug: str) -> Response:
        """Carry over all the project has, in one act. If-Match names the project's version."""
        project = people.project(request.user, slug)
        sent = MoveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        done = actions.move(project_id=project.pk, version=version_of(request), number=sent.validated_data["to"], by=request.user)
        return Response(UpgradeSerializer(done).data, status=201)


class MovePreview(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="codebook_move_preview", parameters=[TO], responses={200: MovePreviewSerializer, **REFUSALS})
    def get(self, request: SignedInRequest, slug: str) -> Response:
        """What the move would do with what is published now. Nothing is written."""
        project = people.project(request.user, slug)
        found = queries.preview(request.user, project, request.query_params.get("to", ""))
        return Response(MovePreviewSerializer(found).data)


class UnmovedList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = UnmovedSerializer
    queryset = Unmoved.objects.none()

    @extend_schema(operation_id="unmoved_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """What moves of the project left for a person, as far as it is open to you."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Unmoved]:
        project = people.project(self.request.user, self.kwargs["slug"])
        require_belonging(self.request.user, project)
        return queries.unmoved_of(self.request.user, project)


class UnmovedDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="unmoved_read", responses={200: UnmovedSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return versioned(UnmovedSerializer(queries.unmoved(request.user, pk)))


class UnmovedEnter(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="unmoved_enter",
        parameters=[IF_MATCH],
        request=EnterSerializer,
        responses={200: UnmovedSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Say it anew; its evidence goes with it. A published value by a moderator, one in a reading by its reader."""
        sent = EnterSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = dict(sent.validated_data)
        slug = told.pop("feature")
        done = actions.enter(unmoved_id=pk, version=version_of(request), feature_slug=slug, by=request.user, **told)
        return versioned(UnmovedSerializer(done))


class UnmovedDismiss(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="unmoved_dismiss",
        parameters=[IF_MATCH],
        request=DismissSerializer,
        responses={200: UnmovedSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Leave it as it was, kept in its history and counted nowhere."""
        sent = DismissSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        done = actions.dismiss(unmoved_id=pk, version=version_of(request), reason=sent.validated_data["reason"], by=request.user)
        return versioned(UnmovedSerializer(done))
