"""Who is who: patients with their reports, merged within a reading, and said to be the same across articles."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation import queries as annotation
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.readings import LARGEST_ID, PatientSerializer
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import Scope
from curation.models import Patient, PatientMerge, PatientReport, SamePatient
from curation.patients import actions as patients
from curation.patients import queries


class PatientReportSerializer(serializers.ModelSerializer):
    pmid = serializers.IntegerField(source="article.pmid", read_only=True)

    class Meta:
        model = PatientReport
        fields = ("article", "pmid", "label_in_article")
        read_only_fields = fields


class KnownPatientSerializer(serializers.ModelSerializer):
    """``merged_into``: who is counted in their place."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    reports = PatientReportSerializer(many=True, read_only=True)

    class Meta:
        model = Patient
        fields = ("id", "project", "label", "merged_into", "reports", "version")
        read_only_fields = fields


class SamePatientSerializer(serializers.ModelSerializer):
    proposed_by = serializers.StringRelatedField()
    settled_by = serializers.StringRelatedField(allow_null=True)

    class Meta:
        model = SamePatient
        fields = (
            *("id", "patient", "other", "state", "reason", "proposed_by", "proposed_at"),
            *("settled_by", "settled_at", "settled_reason", "version"),
        )
        read_only_fields = fields


class MarkSerializer(serializers.Serializer):
    other = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    reason = serializers.CharField(max_length=5000)


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=5000, allow_blank=True, default="")


class OrderSerializer(serializers.Serializer):
    patients = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=1000)


class MergeSerializer(serializers.Serializer):
    """``choices``: for each feature in which the two differ, whose answer holds: kept or gone."""

    gone = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    choices = serializers.DictField(child=serializers.ChoiceField(["kept", "gone"]), default=dict)


class MergedSerializer(serializers.ModelSerializer):
    class Meta:
        model = PatientMerge
        fields = ("id", "reading", "kept", "gone", "merged_at", "undone_at", "version")
        read_only_fields = fields


PROJECT = OpenApiParameter("project", str, description="Only patients of the project with this slug.")
WORDS = OpenApiParameter("q", str, description="Words of the name or of the article's title, or its PMID.")


class PatientList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = KnownPatientSerializer
    queryset = Patient.objects.none()

    def get_queryset(self) -> QuerySet[Patient]:
        asked = self.request.query_params
        return queries.patients(self.request.user, project=asked.get("project", ""), words=asked.get("q", ""))

    @extend_schema(operation_id="patients_list", parameters=[PROJECT, WORDS])
    def get(self, request: Request) -> Response:
        """Patients of whom something is published, and those of the readings open to you."""
        return self.list(request)


class PatientDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="patient", responses={200: KnownPatientSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return versioned(KnownPatientSerializer(queries.patient(request.user, pk)))


class SamePatients(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="same_patients_list", responses={200: SamePatientSerializer(many=True), **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        """What is said of this patient being another, settled or not."""
        found = queries.links(request.user, [queries.patient(request.user, pk).pk])
        return Response(SamePatientSerializer(found, many=True).data)

    @extend_schema(operation_id="same_patient_mark", request=MarkSerializer, responses={201: SamePatientSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Say that the patient is one reported in another article. A moderator confirms it."""
        sent = MarkSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = patients.mark_same(
            patient_id=pk, other_id=sent.validated_data["other"], reason=sent.validated_data["reason"], by=request.user
        )
        return versioned(SamePatientSerializer(made), status=status.HTTP_201_CREATED)


def reason_in(request: Request) -> str:
    sent = ReasonSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return str(sent.validated_data["reason"])


class Confirm(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(
        operation_id="same_patient_confirm",
        parameters=[IF_MATCH],
        request=ReasonSerializer,
        responses={200: SamePatientSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """From now on the two count as one; their findings stay side by side."""
        found = patients.confirm_same(link_id=pk, version=version_of(request), reason=reason_in(request), by=request.user)
        return versioned(SamePatientSerializer(found))


class Decline(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(
        operation_id="same_patient_decline",
        parameters=[IF_MATCH],
        request=ReasonSerializer,
        responses={200: SamePatientSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        found = patients.decline_same(link_id=pk, version=version_of(request), reason=reason_in(request), by=request.user)
        return versioned(SamePatientSerializer(found))


class Undo(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(
        operation_id="same_patient_undo",
        parameters=[IF_MATCH],
        request=ReasonSerializer,
        responses={200: SamePatientSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Count the two as two again."""
        found = patients.undo_same(link_id=pk, version=version_of(request), reason=reason_in(request), by=request.user)
        return versioned(SamePatientSerializer(found))


class Order(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="patients_order", request=OrderSerializer, responses={200: PatientSerializer(many=True), **REFUSALS}
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Show the reading's patients in this order."""
        sent = OrderSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        patients.order_patients(reading_id=pk, patients=sent.validated_data["patients"], by=request.user)
        found = annotation.patients_of(annotation.reading_for(request.user, pk))
        return Response(PatientSerializer(found, many=True).data)


class Merge(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="patient_merge", request=MergeSerializer, responses={201: MergedSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int, patient: int) -> Response:
        """Take another patient of the reading for this one. Refused with each difference that needs a choice."""
        sent = MergeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        made = patients.merge(reading_id=pk, kept_id=patient, gone_id=asked["gone"], choices=asked["choices"], by=request.user)
        return versioned(MergedSerializer(made), status=status.HTTP_201_CREATED)


class UndoMerge(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="patient_unmerge", parameters=[IF_MATCH], request=None, responses={200: MergedSerializer, **REFUSALS}
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Take the two apart again, everything where it was."""
        found = patients.undo_merge(merge_id=pk, version=version_of(request), by=request.user)
        return versioned(MergedSerializer(found))
