"""What a project decided about articles, and the deciding."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import Scope, ScreeningState, Verdict
from curation.errors import NotAllowed
from curation.models import Screening, User, Vote
from curation.people import queries as people
from curation.screening import actions as screening
from curation.screening import queries
from curation.screening.actions import Decision
from curation.screening.rules import LONGEST_CRITERIA, MOST_AT_ONCE
from curation.stories import queries as stories

LARGEST_ID, LARGEST_VERSION = 2**63 - 1, 2**31 - 1


class VoteSerializer(serializers.ModelSerializer):
    screener = serializers.StringRelatedField()

    class Meta:
        model = Vote
        fields = ("screener", "verdict", "reason", "patients_described", "cast_at", "withdrawn_at")
        read_only_fields = fields


class ScreeningSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    pmid = serializers.IntegerField(source="article.pmid", read_only=True)
    title = serializers.CharField(source="article.title", read_only=True)
    is_retracted = serializers.BooleanField(source="article.is_retracted", read_only=True)
    decided_by = serializers.StringRelatedField()

    class Meta:
        model = Screening
        fields = (
            *("id", "project", "article", "pmid", "title", "is_retracted", "state", "reason"),
            *("patients_described", "decided_by", "decided_at", "version"),
        )
        read_only_fields = fields


class ConflictSerializer(ScreeningSerializer):
    """With what both screeners said, votes taken back included."""

    votes = VoteSerializer(source="said", many=True, read_only=True)

    class Meta(ScreeningSerializer.Meta):
        fields = (*ScreeningSerializer.Meta.fields, "votes")
        read_only_fields = fields


class EventSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    did = serializers.CharField()
    reason = serializers.CharField()
    effects = serializers.ListField(child=serializers.CharField())


class ScreeningStorySerializer(ScreeningSerializer):
    """``my_vote``: what one said oneself; ``votes``: everybody's, once the article is decided; ``story``: the newest first."""

    my_vote = serializers.SerializerMethodField()
    votes = serializers.SerializerMethodField()
    story = serializers.SerializerMethodField()

    class Meta(ScreeningSerializer.Meta):
        fields = (*ScreeningSerializer.Meta.fields, "my_vote", "votes", "story")
        read_only_fields = fields

    @extend_schema_field(VoteSerializer(allow_null=True))
    def get_my_vote(self, screening: Screening) -> Mapping[str, Any] | None:
        return VoteSerializer(mine).data if (mine := self.context["mine"]) else None

    @extend_schema_field(VoteSerializer(many=True))
    def get_votes(self, screening: Screening) -> object:
        return VoteSerializer(self.context["shown"].votes, many=True).data

    @extend_schema_field(EventSerializer(many=True))
    def get_story(self, screening: Screening) -> object:
        return EventSerializer(self.context["told"].events, many=True).data


class IncludeSerializer(serializers.Serializer):
    patients_described = serializers.IntegerField(required=False, allow_null=True, default=None)


class ExcludeSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=200)


class ReopenSerializer(serializers.Serializer):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_CRITERIA)


class DecisionSerializer(serializers.Serializer):
    """``reason``: one of the project's, where it is excluded."""

    verdict = serializers.ChoiceField(Verdict.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    patients_described = serializers.IntegerField(required=False, allow_null=True, default=None)


class SettleSerializer(DecisionSerializer):
    """``remark`` says why, for those who read the article's story."""

    remark = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_CRITERIA)


class ChosenSerializer(serializers.Serializer):
    id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    version = serializers.IntegerField(min_value=1, max_value=LARGEST_VERSION)


class ManySerializer(DecisionSerializer):
    rows = serializers.ListField(child=ChosenSerializer(), min_length=1, max_length=MOST_AT_ONCE)


STATE = OpenApiParameter("state", str, enum=ScreeningState.values, description="Only decisions in this state.")
QUEUE = OpenApiParameter("queue", bool, description="Only what waits for your own decision, in the order of your queue.")


@extend_schema_view(get=extend_schema(operation_id="screenings_list", parameters=[STATE, QUEUE]))
class ScreeningList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = ScreeningSerializer
    queryset = Screening.objects.none()

    def get_queryset(self) -> object:
        project = people.project(self.request.user, self.kwargs["slug"])
        asked = self.request.query_params
        if asked.get("queue", "").lower() in ("true", "1"):
            return queries.decided(self.request.user, project, ScreeningState.TO_SCREEN)
        return queries.decisions(self.request.user, project, asked.get("state", ""))


@extend_schema_view(get=extend_schema(operation_id="screening_conflicts_list"))
class ConflictList(generics.ListAPIView):
    """Where two screeners differ, for moderators who are neither of the two."""

    permission_classes = [ScopedAccess]
    serializer_class = ConflictSerializer
    queryset = Screening.objects.none()

    def get_queryset(self) -> QuerySet[Screening]:
        user = self.request.user
        if not isinstance(user, User):
            raise NotAllowed("Sign in as a moderator of the project.")
        return queries.conflicts(user, people.project(user, self.kwargs["slug"]))


class ScreeningDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="screening", responses={200: ScreeningStorySerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        """One article's decision, and what became of it. For those who belong to the project."""
        shown = queries.story_of(request.user, pk)
        mine = queries.my_votes(request.user, [shown.screening]).get(pk)
        told = stories.story(request.user, "screening", shown.screening)
        return versioned(ScreeningStorySerializer(shown.screening, context={"shown": shown, "mine": mine, "told": told}))


class Decide(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE


class Include(Decide):
    @extend_schema(
        operation_id="screening_include",
        parameters=[IF_MATCH],
        request=IncludeSerializer,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = IncludeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        decided = screening.include(screening_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return versioned(ScreeningSerializer(decided))


class Exclude(Decide):
    @extend_schema(
        operation_id="screening_exclude",
        parameters=[IF_MATCH],
        request=ExcludeSerializer,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = ExcludeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        decided = screening.exclude(screening_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return versioned(ScreeningSerializer(decided))


class SetAside(Decide):
    @extend_schema(
        operation_id="screening_set_aside",
        parameters=[IF_MATCH],
        request=None,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """It comes again at the end of your own queue."""
        kept = screening.set_aside(screening_id=pk, version=version_of(request), by=request.user)
        return versioned(ScreeningSerializer(kept))


class TakeBack(Decide):
    @extend_schema(
        operation_id="screening_take_back",
        parameters=[IF_MATCH],
        request=None,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Undo what you said of it yourself."""
        kept = screening.take_back(screening_id=pk, version=version_of(request), by=request.user)
        return versioned(ScreeningSerializer(kept))


class Reopen(Decide):
    @extend_schema(
        operation_id="screening_reopen",
        parameters=[IF_MATCH],
        request=ReopenSerializer,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Back into the queue, with its history."""
        sent = ReopenSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        opened = screening.reopen(screening_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return versioned(ScreeningSerializer(opened))


class Settle(Decide):
    @extend_schema(
        operation_id="screening_settle",
        parameters=[IF_MATCH],
        request=SettleSerializer,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Decide where two screeners differ."""
        sent = SettleSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        remark = said.pop("remark")
        settled = screening.settle(
            screening_id=pk, version=version_of(request), decision=Decision(**said), reason=remark, by=request.user
        )
        return versioned(ScreeningSerializer(settled))


class DecideMany(Decide):
    @extend_schema(
        operation_id="screenings_decide",
        request=ManySerializer,
        responses={200: ScreeningSerializer(many=True), **REFUSALS},
    )
    def post(self, request: SignedInRequest, slug: str) -> Response:
        """The same for several articles, each with the version you read; for all of them or for none."""
        project = people.project(request.user, slug)
        sent = ManySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        rows = [(row["id"], row["version"]) for row in said.pop("rows")]
        done = screening.decide_many(project=project, rows=rows, decision=Decision(**said), by=request.user)
        return Response(ScreeningSerializer(done, many=True).data)
