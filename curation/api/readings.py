"""A curator's readings: begun, what they read and whom they describe, what is missing, handed in."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation import actions as annotation
from curation.annotation import lacks, queries
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.evidence import SectionSerializer
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.articles import queries as articles
from curation.choices import ReadingState, ReadPart, Scope
from curation.models import Patient, Reading
from curation.people import queries as people

LARGEST_ID = 2**63 - 1


class ReadingSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    pmid = serializers.IntegerField(source="article.pmid", read_only=True, allow_null=True)
    title = serializers.CharField(source="article.title", read_only=True)
    is_retracted = serializers.BooleanField(source="article.is_retracted", read_only=True)
    curator = serializers.StringRelatedField()
    codebook = serializers.StringRelatedField(source="codebook_version")
    scope = serializers.ListField(child=serializers.ChoiceField(ReadPart.choices), read_only=True)

    class Meta:
        model = Reading
        fields = (
            *("id", "project", "article", "pmid", "title", "is_retracted", "curator", "codebook", "state", "scope"),
            *("note", "due_on", "created_at", "own_pass_at", "submitted_at", "changed_at", "version"),
        )
        read_only_fields = fields


class StartSerializer(serializers.Serializer):
    """``patients`` names those that the reading describes from the start; more are added later."""

    project = serializers.SlugField()
    article = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    patients = serializers.ListField(child=serializers.CharField(max_length=200), default=list, max_length=200)


class ScopeSerializer(serializers.Serializer):
    scope = serializers.ListField(child=serializers.ChoiceField(ReadPart.choices), max_length=len(ReadPart.values))


class PatientSerializer(serializers.ModelSerializer):
    class Meta:
        model = Patient
        fields = ("id", "label", "version")
        read_only_fields = ("id", "version")


class MissingSerializer(serializers.Serializer):
    """``link`` is the address in the workspace where it can be mended."""

    where = serializers.CharField()
    reason = serializers.CharField()
    link = serializers.CharField()


class RestSerializer(serializers.Serializer):
    patient = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    group = serializers.CharField(max_length=200)


class MarkedSerializer(serializers.Serializer):
    marked = serializers.IntegerField()


PROJECT = OpenApiParameter("project", str, description="Only readings of the project with this slug.")
STATE = OpenApiParameter("state", str, enum=ReadingState.values, description="Only readings in this state.")


class ReadingList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE
    serializer_class = ReadingSerializer
    queryset = Reading.objects.none()

    def get_queryset(self) -> QuerySet[Reading]:
        asked = self.request.query_params
        return queries.visible_readings(self.request.user, project=asked.get("project", ""), state=asked.get("state", ""))

    @extend_schema(operation_id="readings_list", parameters=[PROJECT, STATE])
    def get(self, request: Request) -> Response:
        """Your own readings, and those handed in where you moderate."""
        return self.list(request)

    @extend_schema(operation_id="reading_start", request=StartSerializer, responses={201: ReadingSerializer, **REFUSALS})
    def post(self, request: SignedInRequest) -> Response:
        """Begin to read an article that the project included; the same reading again where you had begun it."""
        sent = StartSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        begun = annotation.start_reading(
            project=people.project(request.user, sent.validated_data["project"]),
            article=articles.article(request.user, sent.validated_data["article"]),
            patients=sent.validated_data["patients"],
            by=request.user,
        )
        return versioned(ReadingSerializer(begun), status=status.HTTP_201_CREATED)


class ReadingDetail(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="reading", responses={200: ReadingSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return versioned(ReadingSerializer(queries.reading_for(request.user, pk)))

    @extend_schema(
        operation_id="reading_set_scope",
        parameters=[IF_MATCH],
        request=ScopeSerializer,
        responses={200: ReadingSerializer, **REFUSALS},
    )
    def patch(self, request: SignedInRequest, pk: int) -> Response:
        """Say what was read, and so what “not reported” means."""
        sent = ScopeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        kept = annotation.set_scope(
            reading_id=pk, version=version_of(request), scope=sent.validated_data["scope"], by=request.user
        )
        return versioned(ReadingSerializer(kept))


class ReadingSections(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="reading_sections", responses={200: SectionSerializer(many=True), **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        """The article's text that quotes point into."""
        reading = queries.reading_for(request.user, pk)
        return Response(SectionSerializer(queries.sections_for(reading), many=True).data)


class ReadingMissing(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="reading_missing", responses={200: MissingSerializer(many=True), **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        """What submit would refuse; empty where the reading is ready."""
        missing = lacks.missing(queries.reading_for(request.user, pk))
        return Response(MissingSerializer(missing, many=True).data)


class ReadingPatients(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="reading_patients", responses={200: PatientSerializer(many=True), **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        patients = queries.patients_of(queries.reading_for(request.user, pk))
        return Response(PatientSerializer(patients, many=True).data)

    @extend_schema(operation_id="patient_add", request=PatientSerializer, responses={201: PatientSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = PatientSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        added = annotation.add_patient(reading_id=pk, label=sent.validated_data["label"], by=request.user)
        return versioned(PatientSerializer(added), status=status.HTTP_201_CREATED)


class ReadingPatient(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="patient_rename",
        parameters=[IF_MATCH],
        request=PatientSerializer,
        responses={200: PatientSerializer, **REFUSALS},
    )
    def patch(self, request: SignedInRequest, pk: int, patient: int) -> Response:
        sent = PatientSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        label = sent.validated_data["label"]
        renamed = annotation.rename_patient(
            reading_id=pk, patient_id=patient, version=version_of(request), label=label, by=request.user
        )
        return versioned(PatientSerializer(renamed))

    @extend_schema(operation_id="patient_remove", parameters=[IF_MATCH], responses={204: None, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int, patient: int) -> Response:
        """Take back a patient of whom nothing is recorded."""
        annotation.remove_patient(reading_id=pk, patient_id=patient, version=version_of(request), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RestNotReported(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="reading_rest_not_reported", request=RestSerializer, responses={200: MarkedSerializer, **REFUSALS}
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Record “not reported” for every feature of the group that is asked and has no answer."""
        sent = RestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        patient, group = sent.validated_data["patient"], sent.validated_data["group"]
        marked = annotation.mark_rest_not_reported(reading_id=pk, patient_id=patient, group_slug=group, by=request.user)
        return Response({"marked": marked})


class Submit(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="reading_submit", parameters=[IF_MATCH], request=None, responses={200: ReadingSerializer, **REFUSALS}
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Hand the reading in. Refused with everything that is missing."""
        return versioned(ReadingSerializer(annotation.submit(reading_id=pk, version=version_of(request), by=request.user)))
