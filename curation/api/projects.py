"""Projects that are open to whoever asks, with what they hold."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess
from curation.api.versions import REFUSALS, versioned
from curation.models import Project
from curation.people import queries

ABSENT = (404, "application/problem+json")


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


@extend_schema_view(get=extend_schema(operation_id="projects_list"))
class ProjectList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = ProjectSerializer
    queryset = Project.objects.none()

    def get_queryset(self) -> QuerySet[Project]:
        return queries.projects_counted(self.request.user)


class ProjectDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="project", responses={200: ProjectSerializer, ABSENT: REFUSALS[ABSENT]})
    def get(self, request: Request, slug: str) -> Response:
        return versioned(ProjectSerializer(queries.project_counted(request.user, slug)))
