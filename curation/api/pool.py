"""The pool of a project: where its articles stand, and the draw that gives them to readers."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.versions import REFUSALS
from curation.api.work import AssignmentSerializer
from curation.assignment import actions as assignment
from curation.assignment import drawing
from curation.choices import Scope
from curation.errors import Fault, Invalid
from curation.models import Screening
from curation.people import queries as people
from curation.standing import queries as standing
from curation.standing.states import ArticleState


class ProjectArticleSerializer(serializers.ModelSerializer):
    """``state`` as you may know it: to a reader beside another it is under reading until something is published."""

    pmid = serializers.IntegerField(source="article.pmid", read_only=True, allow_null=True)
    title = serializers.CharField(source="article.title", read_only=True)
    state = serializers.ChoiceField(ArticleState.choices, source="stands", read_only=True)

    class Meta:
        model = Screening
        fields = ("article", "pmid", "title", "state")
        read_only_fields = fields


class DrawnArticleSerializer(serializers.Serializer):
    article = serializers.IntegerField(source="pk")
    pmid = serializers.IntegerField(allow_null=True)


class DrawnShareSerializer(serializers.Serializer):
    """``why``: why somebody would get nothing."""

    reader = serializers.CharField(source="person.username")
    open_now = serializers.IntegerField()
    open_after = serializers.IntegerField()
    articles = DrawnArticleSerializer(many=True)
    why = serializers.CharField()


class DrawnGapSerializer(serializers.Serializer):
    """An article that would still want readers, and why nobody is left for it."""

    article = serializers.IntegerField(source="article.pk")
    lacks = serializers.IntegerField()
    why = serializers.CharField()


class DrawSerializer(serializers.Serializer):
    """``key`` names the draw; send it to have exactly this given out. ``beside``: how many articles you read here yourself and
    are not told who else does; each counts for one more open reading of everybody, where the project has a maximum."""

    key = serializers.CharField()
    number = serializers.IntegerField()
    beside = serializers.IntegerField()
    shares = DrawnShareSerializer(many=True)
    gaps = DrawnGapSerializer(many=True)


class ConfirmSerializer(serializers.Serializer):
    articles = serializers.IntegerField(min_value=1, max_value=drawing.MOST_DRAWN)
    key = serializers.CharField(max_length=64)


STATE = OpenApiParameter("state", str, enum=ArticleState.values, description="Only articles in this state.")
ARTICLES = OpenApiParameter("articles", int, required=True, description=f"Of how many articles, 1 to {drawing.MOST_DRAWN}.")


class ProjectArticles(generics.ListAPIView):
    """A project's articles, each with where it stands there."""

    permission_classes = [ScopedAccess]
    serializer_class = ProjectArticleSerializer
    queryset = Screening.objects.none()

    def get_queryset(self) -> QuerySet[Screening]:
        project = people.project(self.request.user, self.kwargs["slug"])
        return standing.articles(self.request.user, project, self.request.query_params.get("state", ""))

    @extend_schema(operation_id="project_articles_list", parameters=[STATE])
    def get(self, request: Request, slug: str) -> Response:
        return self.list(request)


class Draw(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(operation_id="draw", parameters=[ARTICLES], responses={200: DrawSerializer, **REFUSALS})
    def get(self, request: Request, slug: str) -> Response:
        """Who would get what by the project's policy, and why somebody would get nothing. Nothing is given out."""
        project = people.project(request.user, slug)
        return Response(DrawSerializer(drawing.plan(request.user, project, _number(request))).data)

    @extend_schema(
        operation_id="draw_confirm", request=ConfirmSerializer, responses={201: AssignmentSerializer(many=True), **REFUSALS}
    )
    def post(self, request: SignedInRequest, slug: str) -> Response:
        """Give out what the draw of this key showed; refused where it would come out otherwise now."""
        project = people.project(request.user, slug)
        sent = ConfirmSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        number, key = sent.validated_data["articles"], sent.validated_data["key"]
        given = assignment.draw(project=project, number=number, key=key, by=request.user)
        return Response(AssignmentSerializer(given, many=True).data, status=status.HTTP_201_CREATED)


def _number(request: Request) -> int:
    text = request.query_params.get("articles", "")
    if not (text.isdecimal() and len(text) <= 9):
        raise Invalid("Say how many articles.", faults=[Fault("articles", f"“{text[:40]}” is not a whole number")])
    return int(text)
