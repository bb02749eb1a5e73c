"""Proposals, flags and re-evaluations, for programs."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.evidence import QuoteSerializer, quote_of
from curation.api.readings import LARGEST_ID
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.articles import queries as articles
from curation.challenges import actions, queries
from curation.choices import FlagState, ProposalField, ProposalState, Scope
from curation.models import Flag, Proposal, ProposalQuote, Reevaluation
from curation.people import queries as people
from curation.review import queries as review

LONGEST = 5000


class ProposalQuoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProposalQuote
        fields = ("section", "start", "end", "exact", "prefix", "suffix", "depth")
        read_only_fields = fields


class ProposalSerializer(serializers.ModelSerializer):
    """``new`` is what the field would say; ``outcome`` the finding an acceptance made."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    proposed_by = serializers.StringRelatedField()
    decided_by = serializers.StringRelatedField()
    new = serializers.JSONField(read_only=True, allow_null=True)
    quotes = ProposalQuoteSerializer(many=True, read_only=True)

    class Meta:
        model = Proposal
        fields = (
            *("id", "project", "finding", "field", "new", "reason", "quotes", "state", "proposed_by", "created_at"),
            *("answer", "decided_by", "decided_at", "outcome", "version"),
        )
        read_only_fields = fields


class NewProposalSerializer(serializers.Serializer):
    field = serializers.ChoiceField(ProposalField.choices)
    new = serializers.JSONField(help_text="A status, a value as annotations take it, or a comment.")
    reason = serializers.CharField(max_length=LONGEST)
    quotes = serializers.ListField(child=QuoteSerializer(), default=list, max_length=actions.MOST_QUOTES)


class FlagSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    raised_by = serializers.StringRelatedField()

    class Meta:
        model = Flag
        fields = ("id", "project", "finding", "text", "state", "raised_by", "created_at", "answer", "resolved_at", "version")
        read_only_fields = fields


class NewFlagSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST)


class FlagAnswerSerializer(serializers.Serializer):
    answer = serializers.CharField(max_length=LONGEST)


class WhySerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=LONGEST)


class MayWhySerializer(serializers.Serializer):
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST)


class ReevaluationSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    decided_by = serializers.StringRelatedField()

    class Meta:
        model = Reevaluation
        fields = ("id", "project", "article", "notices", "stands", "reason", "decided_by", "created_at")
        read_only_fields = fields


class NewReevaluationSerializer(serializers.Serializer):
    article = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    stands = serializers.BooleanField(help_text="Whether the findings stand; otherwise all of them are retracted.")
    reason = serializers.CharField(max_length=LONGEST)


class AskingSerializer(serializers.Serializer):
    article = serializers.IntegerField(source="article.pk")
    notices = serializers.ListField(child=serializers.CharField(), help_text="PubMed's kinds.")
    findings = serializers.IntegerField(help_text="How many published findings rest on it.")


class ProposalFilters(serializers.Serializer):
    state = serializers.ChoiceField(ProposalState.choices, required=False, default="")


class FlagFilters(serializers.Serializer):
    state = serializers.ChoiceField(FlagState.choices, required=False, default="")


def read(serializer: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    sent = serializer(data=data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def shown(request: Request, pk: int, status: int = 200) -> Response:
    return versioned(ProposalSerializer(queries.proposal(request.user, pk)), status=status)


@extend_schema_view(get=extend_schema(operation_id="finding_proposals_list"))
class FindingProposals(generics.ListAPIView):
    """Proposals for one finding; for members of its project."""

    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE
    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()

    def get_queryset(self) -> QuerySet[Proposal]:
        finding = review.finding(self.request.user, self.kwargs["pk"])
        return queries.proposals_of(self.request.user, finding).prefetch_related("quotes").select_related("project")

    @extend_schema(operation_id="proposal_make", request=NewProposalSerializer, responses={201: ProposalSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Suggest that one field of a published finding say something else."""
        sent = read(NewProposalSerializer, request.data)
        sent["quotes"] = [quote_of(quote) for quote in sent["quotes"]]
        return shown(request, actions.propose(finding_id=pk, by=request.user, **sent).pk, 201)


@extend_schema_view(get=extend_schema(operation_id="proposals_list", parameters=[ProposalFilters]))
class Proposals(generics.ListAPIView):
    """What is proposed in a project, the oldest first; for its members."""

    permission_classes = [ScopedAccess]
    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()
    request: SignedInRequest

    def get_queryset(self) -> QuerySet[Proposal]:
        project = people.project(self.request.user, self.kwargs["slug"])
        rows = queries.proposals(self.request.user, project, **read(ProposalFilters, self.request.query_params))
        return rows.prefetch_related("quotes").select_related("project")


class ProposalDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="proposal_retrieve", responses={200: ProposalSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return shown(request, pk)


class Accept(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(
        operation_id="proposal_accept",
        parameters=[IF_MATCH],
        request=MayWhySerializer,
        responses={200: ProposalSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Publish what it proposes; rival proposals are superseded."""
        sent = read(MayWhySerializer, request.data)
        actions.accept(proposal_id=pk, version=version_of(request), by=request.user, **sent)
        return shown(request, pk)


class Reject(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(
        operation_id="proposal_reject",
        parameters=[IF_MATCH],
        request=WhySerializer,
        responses={200: ProposalSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = read(WhySerializer, request.data)
        actions.reject(proposal_id=pk, version=version_of(request), by=request.user, **sent)
        return shown(request, pk)


class Withdraw(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="proposal_withdraw", parameters=[IF_MATCH], request=None, responses={200: ProposalSerializer, **REFUSALS}
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        actions.withdraw(proposal_id=pk, version=version_of(request), by=request.user)
        return shown(request, pk)


class FindingFlags(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="flag_raise", request=NewFlagSerializer, responses={201: FlagSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """“Something is wrong here”, by anybody signed in who can see the finding."""
        raised = actions.flag(finding_id=pk, by=request.user, **read(NewFlagSerializer, request.data))
        return versioned(FlagSerializer(raised), status=201)


@extend_schema_view(get=extend_schema(operation_id="flags_list", parameters=[FlagFilters]))
class Flags(generics.ListAPIView):
    """A project's flags for its moderators; those they raised for others."""

    permission_classes = [ScopedAccess]
    serializer_class = FlagSerializer
    queryset = Flag.objects.none()
    request: SignedInRequest

    def get_queryset(self) -> QuerySet[Flag]:
        project = people.project(self.request.user, self.kwargs["slug"])
        return queries.flags(self.request.user, project, **read(FlagFilters, self.request.query_params)).select_related("project")


class Resolve(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(
        operation_id="flag_resolve",
        parameters=[IF_MATCH],
        request=FlagAnswerSerializer,
        responses={200: FlagSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = read(FlagAnswerSerializer, request.data)
        return versioned(FlagSerializer(actions.resolve(flag_id=pk, version=version_of(request), by=request.user, **sent)))


class Reevaluations(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(operation_id="reevaluations_asked", responses={200: AskingSerializer(many=True), **REFUSALS})
    def get(self, request: SignedInRequest, slug: str) -> Response:
        """Articles whose notices ask for another look at their findings; for moderators."""
        asked = queries.reevaluations(request.user, people.project(request.user, slug))
        rows = [{"article": each.article, "notices": [n.kind for n in each.notices], "findings": each.findings} for each in asked]
        return Response(AskingSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="reevaluation_make", request=NewReevaluationSerializer, responses={201: ReevaluationSerializer, **REFUSALS}
    )
    def post(self, request: SignedInRequest, slug: str) -> Response:
        sent = read(NewReevaluationSerializer, request.data)
        article = articles.article(request.user, sent.pop("article"))
        made = actions.reevaluate(project=people.project(request.user, slug), article=article, by=request.user, **sent)
        return Response(ReevaluationSerializer(made).data, status=201)
