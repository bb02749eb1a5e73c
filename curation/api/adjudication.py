"""Two readings of an article adjudicated: what waits, both side by side, decided, published, taken up again."""

from collections.abc import Callable

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.adjudication import actions as adjudication
from curation.adjudication import queries
from curation.adjudication.actions import Pair, Third
from curation.annotation import selectors
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.adjudication_shapes import (
    AdjudicationSerializer,
    DecideSerializer,
    MergingSerializer,
    PairsSerializer,
    PointPlaceSerializer,
    RemarkedSerializer,
    TakeUpSerializer,
    WaitingArticleSerializer,
    place_of,
)
from curation.api.review import RulingSerializer
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import Scope
from curation.models import Project, Ruling, Screening
from curation.people import queries as people
from curation.permissions import require_moderator


class Adjudications(generics.ListAPIView):
    """Articles of which both readings are submitted and that you may decide on, the longest waiting first."""

    permission_classes = [ScopedAccess]
    serializer_class = WaitingArticleSerializer
    queryset = Screening.objects.none()

    request: SignedInRequest

    def get_queryset(self) -> QuerySet[Screening]:
        project = people.project(self.request.user, self.kwargs["slug"])
        require_moderator(self.request.user, project)
        return queries.waiting(self.request.user, project)

    @extend_schema(operation_id="adjudications_list", responses={200: WaitingArticleSerializer(many=True), **REFUSALS})
    def get(self, request: Request, slug: str) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(WaitingArticleSerializer(queries.compared(page or []), many=True).data)


class Moderated(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    def project(self, request: Request, slug: str) -> Project:
        return people.project(request.user, slug)

    def shown(self, request: SignedInRequest, slug: str, pk: int, *, status: int = 200) -> Response:
        desk = queries.desk(request.user, self.project(request, slug), pk)
        return versioned(AdjudicationSerializer(desk), status=status)


class Adjudication(Moderated):
    @extend_schema(operation_id="adjudication", responses={200: AdjudicationSerializer, **REFUSALS})
    def get(self, request: SignedInRequest, slug: str, pk: int) -> Response:
        """One article, by its number: both readings side by side. For moderators who did not read it themselves."""
        return self.shown(request, slug, pk)


class Pairs(Moderated):
    @extend_schema(
        operation_id="adjudication_pair",
        parameters=[IF_MATCH],
        request=PairsSerializer,
        responses={200: AdjudicationSerializer, **REFUSALS},
    )
    def put(self, request: SignedInRequest, slug: str, pk: int) -> Response:
        """Say of every patient whom the readings name apart who they are in the other reading."""
        sent = PairsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        adjudication.pair(
            project=self.project(request, slug),
            article_id=pk,
            version=version_of(request),
            pairs=[Pair(**each) for each in sent.validated_data["pairs"]],
            by=request.user,
        )
        return self.shown(request, slug, pk)


class Decisions(Moderated):
    @extend_schema(
        operation_id="adjudication_decide",
        parameters=[IF_MATCH],
        request=DecideSerializer,
        responses={201: AdjudicationSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, slug: str, pk: int) -> Response:
        """Say what holds at one point; deciding again replaces what was decided."""
        sent = DecideSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        adjudication.decide(
            project=self.project(request, slug),
            article_id=pk,
            version=version_of(request),
            place=place_of(told),
            outcome=told["outcome"],
            reason=told["reason"],
            reading_id=told["reading"],
            third=_third(told["answer"]),
            by=request.user,
        )
        return self.shown(request, slug, pk, status=status.HTTP_201_CREATED)


def _third(answer: dict | None) -> Third | None:
    if answer is None:
        return None
    quotes = [selectors.piece(quote) for quote in answer["quotes"]]
    return Third(**{name: answer[name] for name in ("status", "value", "qualifiers", "comment")}, quotes=quotes)


class TakeBack(Moderated):
    @extend_schema(
        operation_id="adjudication_take_back",
        parameters=[IF_MATCH],
        request=PointPlaceSerializer,
        responses={200: AdjudicationSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, slug: str, pk: int) -> Response:
        """Undo a decision that is not published."""
        sent = PointPlaceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        project, place = self.project(request, slug), place_of(sent.validated_data)
        adjudication.take_back(project=project, article_id=pk, version=version_of(request), place=place, by=request.user)
        return self.shown(request, slug, pk)


class Ruled(Moderated):
    def ruled(
        self, request: SignedInRequest, slug: str, pk: int, sent: serializers.Serializer, act: Callable[..., Ruling]
    ) -> Response:
        """Ask for the project, as it may not be there, and for the version, before the act."""
        sent.is_valid(raise_exception=True)
        project, version = self.project(request, slug), version_of(request)
        ruling = act(project=project, article_id=pk, version=version, by=request.user, **sent.validated_data)
        return Response(RulingSerializer(ruling).data, status=status.HTTP_201_CREATED)


class PublishAgreed(Ruled):
    @extend_schema(
        operation_id="adjudication_publish_agreed",
        parameters=[IF_MATCH],
        request=RemarkedSerializer,
        responses={201: RulingSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, slug: str, pk: int) -> Response:
        """Publish that on which the readings agree, where the project does so before the rest is settled."""
        return self.ruled(request, slug, pk, RemarkedSerializer(data=request.data), adjudication.publish_agreed)


class PublishSettled(Ruled):
    @extend_schema(
        operation_id="adjudication_publish",
        parameters=[IF_MATCH],
        request=RemarkedSerializer,
        responses={201: RulingSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, slug: str, pk: int) -> Response:
        """Publish the article whole; refused with every point that is not settled."""
        return self.ruled(request, slug, pk, RemarkedSerializer(data=request.data), adjudication.publish)


class Reopen(Ruled):
    @extend_schema(
        operation_id="adjudication_reopen",
        parameters=[IF_MATCH],
        request=TakeUpSerializer,
        responses={201: RulingSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, slug: str, pk: int) -> Response:
        """Take a published article up again; ``changes`` of the adjudication then tell what changed since."""
        return self.ruled(request, slug, pk, TakeUpSerializer(data=request.data), adjudication.reopen)


class MergePolicy(Moderated):
    @extend_schema(
        operation_id="merge_policy_change",
        parameters=[IF_MATCH],
        request=MergingSerializer,
        responses={200: MergingSerializer, **REFUSALS},
    )
    def put(self, request: SignedInRequest, slug: str) -> Response:
        """Say whether what two readings agree on is published before the rest is settled. The version is the project's."""
        sent = MergingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        project, policy = self.project(request, slug), sent.validated_data["merge_policy"]
        kept = adjudication.set_merge_policy(project_id=project.pk, version=version_of(request), policy=policy, by=request.user)
        return Response(MergingSerializer(kept).data, headers={"ETag": f'"{kept.version}"'})
