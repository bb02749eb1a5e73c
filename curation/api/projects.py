"""Projects that are open to whoever asks, with what they hold."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.versions import REFUSALS, versioned
from curation.choices import Scope
from curation.codebook import queries as codebooks
from curation.models import Project
from curation.people import actions as people
from curation.people import queries

ABSENT = (404, "application/problem+json")
REFUSED = {key: refusal for key, refusal in REFUSALS.items() if key[0] in (403, 404, 422)}


class ProjectSerializer(serializers.ModelSerializer):
    """``role`` is one's own in it; patients are counted once each, findings where they say something."""

    codebook = serializers.SlugField(source="codebook_version.codebook.slug", read_only=True)
    codebook_version = serializers.CharField(source="codebook_version.version", read_only=True)
    role = serializers.CharField(allow_null=True, read_only=True)
    articles_included = serializers.IntegerField(read_only=True)
    patients_published = serializers.IntegerField(read_only=True)
    findings_published = serializers.IntegerField(read_only=True)

    class Meta:
        model = Project
        fields = (
            *("slug", "title", "question", "codebook", "codebook_version", "readers_required", "is_public", "exclusion_reasons"),
            "suggestions",
            *("role", "articles_included", "patients_published", "findings_published", "version"),
        )
        read_only_fields = fields


class NewProjectSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=50, help_text="Its short name in addresses.")
    question = serializers.CharField(allow_blank=True, default="", max_length=10_000)
    codebook = serializers.SlugField()
    codebook_version = serializers.CharField(max_length=50)
    readers_required = serializers.IntegerField(min_value=1, max_value=2, default=1)
    is_public = serializers.BooleanField(default=False)


@extend_schema_view(get=extend_schema(operation_id="projects_list"))
class ProjectList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE
    serializer_class = ProjectSerializer
    queryset = Project.objects.none()

    def get_queryset(self) -> QuerySet[Project]:
        return queries.projects_counted(self.request.user)

    @extend_schema(operation_id="project_create", request=NewProjectSerializer, responses={201: ProjectSerializer, **REFUSED})
    def post(self, request: SignedInRequest) -> Response:
        """Make a project without members or articles. Only for administrators."""
        sent = NewProjectSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        version = codebooks.version(data.pop("codebook"), data.pop("codebook_version"))
        made = people.create_project(**data, codebook_version=version, by=request.user)
        return versioned(ProjectSerializer(queries.project_counted(request.user, made.slug)), status=201)


class ProjectDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="project", responses={200: ProjectSerializer, ABSENT: REFUSALS[ABSENT]})
    def get(self, request: Request, slug: str) -> Response:
        return versioned(ProjectSerializer(queries.project_counted(request.user, slug)))
