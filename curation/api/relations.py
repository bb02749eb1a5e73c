"""What PubMed links an article to."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation import tasks
from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.versions import REFUSALS
from curation.articles import actions, links, queries, related
from curation.choices import LinkState, RelationKind, Scope
from curation.models import Relation


class RelationSerializer(serializers.Serializer):
    pmid = serializers.IntegerField()
    title = serializers.SerializerMethodField()
    source = serializers.CharField()
    article = serializers.IntegerField(source="here", allow_null=True, help_text="Its own id, where it is here too.")

    def get_title(self, relation: Relation) -> str:
        return getattr(relation, "here_title", None) or relation.title


class RelationGroupSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(RelationKind.choices)
    total = serializers.IntegerField(help_text="How many PubMed names; the first of them are kept here.")
    articles = RelationSerializer(many=True, source="rows")


class RelatedSerializer(serializers.Serializer):
    """``state`` is empty where PubMed was not asked yet."""

    state = serializers.ChoiceField(LinkState.choices, source="linking.state", default="", allow_blank=True)
    reason = serializers.CharField(source="linking.reason", default="")
    fetched_at = serializers.DateTimeField(source="linking.fetched_at", default=None, allow_null=True)
    groups = RelationGroupSerializer(many=True)


class Relations(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.IMPORT

    @extend_schema(operation_id="article_relations", responses={200: RelatedSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return _shown(request, pk)

    @extend_schema(operation_id="article_relations_fetch", request=None, responses={202: RelatedSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Have PubMed asked, at most once a day."""
        actions.fetch_relations(article_id=pk, by=request.user)
        tasks.start_links()
        return _shown(request, pk, status=202)


def _shown(request: Request, pk: int, status: int = 200) -> Response:
    found = related.related(request.user, queries.article(request.user, pk), most=links.MOST_KEPT)
    return Response(RelatedSerializer(found).data, status=status)
