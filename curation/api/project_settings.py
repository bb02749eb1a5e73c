"""How a project screens and gives out its readings: read by those who belong to it, set by its moderators."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import Scope
from curation.models import Project
from curation.people import queries as people
from curation.permissions import require_overseer
from curation.screening import actions as screening
from curation.screening.rules import (
    LIMITS,
    LONGEST_CRITERIA,
    LONGEST_REASON,
    LONGEST_WORD,
    MOST_REASONS,
    MOST_WORDS,
)


class ScreeningSettingsSerializer(serializers.ModelSerializer):
    """A word of interest may end in a star, which stands for any ending. ``most_open``: how many readings one person may have
    open; ``abandoned_after``: days without a saved change after which a reading goes back to the pool; null for no limit.
    ``reading_seed`` is that of the random order and of draws."""

    criteria = serializers.CharField(allow_blank=True, max_length=LONGEST_CRITERIA)
    exclusion_reasons = serializers.ListField(child=serializers.CharField(max_length=LONGEST_REASON), max_length=MOST_REASONS)
    words_of_interest = serializers.ListField(child=serializers.CharField(max_length=LONGEST_WORD), max_length=MOST_WORDS)
    screeners_required = serializers.IntegerField(min_value=1, max_value=2)
    reading_seed = serializers.IntegerField(min_value=1, max_value=LIMITS["reading_seed"], default=1)
    most_open = serializers.IntegerField(min_value=1, max_value=LIMITS["most_open"], allow_null=True, default=None)
    abandoned_after = serializers.IntegerField(min_value=1, max_value=LIMITS["abandoned_after"], allow_null=True, default=None)

    class Meta:
        model = Project
        fields = (
            *("criteria", "exclusion_reasons", "words_of_interest", "screeners_required"),
            *("reading_order", "reading_seed", "screener_may_read", "most_open", "abandoned_after", "version"),
        )
        read_only_fields = ("version",)
        extra_kwargs = {"reading_order": {"required": True}, "screener_may_read": {"required": True}}


class ScreeningSettings(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(operation_id="screening_settings", responses={200: ScreeningSettingsSerializer, **REFUSALS})
    def get(self, request: Request, slug: str) -> Response:
        project = people.project(request.user, slug)
        require_overseer(request.user, project)
        return versioned(ScreeningSettingsSerializer(project))

    @extend_schema(
        operation_id="screening_settings_change",
        parameters=[IF_MATCH],
        request=ScreeningSettingsSerializer,
        responses={200: ScreeningSettingsSerializer, **REFUSALS},
    )
    def put(self, request: SignedInRequest, slug: str) -> Response:
        """What was decided stays as it is."""
        project = people.project(request.user, slug)
        sent = ScreeningSettingsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        kept = screening.set_up(project_id=project.pk, version=version_of(request), by=request.user, **sent.validated_data)
        return versioned(ScreeningSettingsSerializer(kept))
