"""Who reads what: given out, taken, due; notes on a reading that came back; where a reader was corrected."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation import queries as readings
from curation.annotation.notes import actions as notes
from curation.annotation.notes.queries import notes_of
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.readings import LARGEST_ID, ReadingSerializer
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.articles import queries as articles
from curation.assignment import actions as assignment
from curation.assignment import queries
from curation.choices import Scope
from curation.errors import Fault, Invalid, NotAllowed
from curation.models import Annotation, Project, Reading, ReadingNote, User
from curation.people import queries as people
from curation.review import corrections


class AssignmentSerializer(serializers.ModelSerializer):
    """Who reads an article, how far in words of its state, and by when; nothing of what is recorded."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    pmid = serializers.IntegerField(source="article.pmid", read_only=True, allow_null=True)
    title = serializers.CharField(source="article.title", read_only=True)
    curator = serializers.CharField(source="curator.username", read_only=True)
    assigned_by = serializers.StringRelatedField()

    class Meta:
        model = Reading
        fields = (
            *("id", "project", "article", "pmid", "title", "curator", "state", "due_on", "assigned_by"),
            *("created_at", "submitted_at", "version"),
        )
        read_only_fields = fields


class AssignSerializer(serializers.Serializer):
    """``reader`` is a user name."""

    article = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    reader = serializers.CharField(max_length=150)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)


class DueSerializer(serializers.Serializer):
    due_on = serializers.DateField(allow_null=True)


class NextSerializer(serializers.Serializer):
    """``project``: the slug of one project; empty for any of your own."""

    project = serializers.CharField(required=False, allow_blank=True, default="", max_length=50)


class NoteSerializer(serializers.ModelSerializer):
    feature = serializers.SlugRelatedField("slug", read_only=True)
    author = serializers.StringRelatedField()

    class Meta:
        model = ReadingNote
        fields = (
            *("id", "reading", "patient", "feature", "author", "text", "answer", "answered_at"),
            *("resolved_at", "created_at", "version"),
        )
        read_only_fields = fields


class AnswerSerializer(serializers.Serializer):
    answer = serializers.CharField(max_length=notes.LONGEST)


class CorrectionSerializer(serializers.Serializer):
    """``now`` is empty where nothing stands any longer, ``finding`` null where none was published; ``proposal`` is the
    accepted one, where it was one."""

    finding = serializers.IntegerField(source="finding.pk", default=None, allow_null=True)
    annotation = serializers.IntegerField(source="annotation.pk")
    reading = serializers.IntegerField(source="annotation.reading_id")
    project = serializers.CharField(source="annotation.reading.project.slug")
    article = serializers.IntegerField(source="annotation.reading.article_id")
    feature = serializers.CharField(source="annotation.feature.slug")
    patient = serializers.IntegerField(source="annotation.patient_id")
    mine = serializers.CharField()
    now = serializers.CharField()
    how = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    why = serializers.CharField()
    proposal = serializers.IntegerField(source="proposal.pk", default=None, allow_null=True)


class CorrectionFilters(serializers.Serializer):
    project = serializers.SlugField(required=False)
    feature = serializers.SlugField(required=False)
    article = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


class CorrectedFeatureSerializer(serializers.Serializer):
    feature = serializers.CharField(source="slug")
    label = serializers.CharField()  # a field of that name
    number = serializers.IntegerField()


class AssignmentList(generics.ListAPIView):
    """Who reads what in a project, for its moderators; administrators may look on."""

    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE
    serializer_class = AssignmentSerializer
    queryset = Reading.objects.none()

    def get_queryset(self) -> QuerySet[Reading]:
        return queries.assignments(self.request.user, people.project(self.request.user, self.kwargs["slug"]))

    @extend_schema(operation_id="assignments_list")
    def get(self, request: Request, slug: str) -> Response:
        return self.list(request)

    @extend_schema(operation_id="reading_assign", request=AssignSerializer, responses={201: AssignmentSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, slug: str) -> Response:
        """Give an included article to a member of the project."""
        project = people.project(request.user, slug)
        sent = AssignSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        reading = assignment.assign(
            project=project,
            article=articles.article(request.user, sent.validated_data["article"]),
            reader=_member(project, sent.validated_data["reader"]),
            due_on=sent.validated_data["due_on"],
            by=request.user,
        )
        return versioned(AssignmentSerializer(reading), status=status.HTTP_201_CREATED)


def _member(project: Project, username: str) -> User:
    if (found := User.objects.filter(username=username.replace("\0", ""), memberships__project=project).first()) is None:
        raise Invalid("Choose a member of the project.", faults=[Fault("reader", f"“{username[:80]}” is no member of it")])
    return found


class AssignmentDetail(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(
        operation_id="reading_set_due",
        parameters=[IF_MATCH],
        request=DueSerializer,
        responses={200: AssignmentSerializer, **REFUSALS},
    )
    def patch(self, request: SignedInRequest, pk: int) -> Response:
        """Another day by which it is due, or none."""
        sent = DueSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        kept = assignment.set_due(
            reading_id=pk, version=version_of(request), due_on=sent.validated_data["due_on"], by=request.user
        )
        return versioned(AssignmentSerializer(kept))

    @extend_schema(operation_id="reading_unassign", parameters=[IF_MATCH], responses={204: None, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        """Take back a reading in which nothing is recorded."""
        assignment.unassign(reading_id=pk, version=version_of(request), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TakeNext(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="reading_take_next", request=NextSerializer, responses={201: ReadingSerializer, **REFUSALS})
    def post(self, request: SignedInRequest) -> Response:
        """Begin the next article that you may read, in the project's order."""
        sent = NextSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        slug = sent.validated_data["project"]
        project = people.project(request.user, slug) if slug else None
        begun = assignment.take_next(project=project, by=request.user)
        return versioned(ReadingSerializer(begun), status=status.HTTP_201_CREATED)


class ReadingNotes(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="reading_notes", responses={200: NoteSerializer(many=True), **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        """What moderators asked of the reading, with the answers."""
        return Response(NoteSerializer(notes_of(readings.reading_for(request.user, pk)), many=True).data)


class NoteAnswer(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="note_answer",
        parameters=[IF_MATCH],
        request=AnswerSerializer,
        responses={200: NoteSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """The reader's answer; it may be changed until the reading is handed in."""
        sent = AnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        text = sent.validated_data["answer"]
        return versioned(NoteSerializer(notes.answer(note_id=pk, version=version_of(request), text=text, by=request.user)))


@extend_schema_view(get=extend_schema(operation_id="corrections_list", parameters=[CorrectionFilters]))
class CorrectionList(generics.ListAPIView):
    """Where what is published says something else than your own accepted readings."""

    permission_classes = [ScopedAccess]
    serializer_class = CorrectionSerializer
    queryset = Annotation.objects.none()

    def get_queryset(self) -> QuerySet[Annotation]:
        return _corrected(self.request)

    def get_serializer(self, *args: object, **kwargs: object) -> serializers.BaseSerializer:
        rows = args[0] if args else ()
        return CorrectionSerializer(corrections.told(rows), many=True)  # type: ignore[arg-type]


class CorrectedFeatures(APIView):
    """How often you were corrected in each feature, the most often first."""

    permission_classes = [ScopedAccess]

    @extend_schema(
        operation_id="corrected_features",
        parameters=[CorrectionFilters],
        responses={200: CorrectedFeatureSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        return Response(CorrectedFeatureSerializer(corrections.by_feature(_corrected(request)), many=True).data)


def _corrected(request: Request) -> QuerySet[Annotation]:
    if not isinstance(request.user, User):
        raise NotAllowed("Sign in to see where you were corrected.")
    asked = CorrectionFilters(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return corrections.corrected(request.user, **asked.validated_data)
