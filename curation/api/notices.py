"""What one was told, and that one has read it."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation import tasks
from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.versions import REFUSALS
from curation.choices import Scope
from curation.models import MailChoice, Notification
from curation.models.notices import Every, NoticeKind
from curation.notices import actions, queries
from curation.notices.mail import actions as mail
from curation.notices.mail import queries as mailing
from curation.notices.telling import Told

REFUSED, ABSENT, UNREADABLE = ((status, "application/problem+json") for status in (403, 404, 422))


class NoticeChangeSerializer(serializers.Serializer):
    what = serializers.CharField()
    articles = serializers.ListField(child=serializers.IntegerField())


class WhatChangedSerializer(serializers.Serializer):
    what = serializers.CharField()
    articles = serializers.ListField(child=serializers.IntegerField())


class NotificationSerializer(serializers.Serializer):
    """``sentence`` and ``words`` say what its receiver may know now; ``page`` is the address of what it is about."""

    id = serializers.IntegerField(source="notice.pk")
    kind = serializers.ChoiceField(NoticeKind.choices, source="notice.kind")
    act = serializers.CharField(source="notice.verb")
    sentence = serializers.CharField()
    words = serializers.CharField(help_text="What was written to it: a note, an answer, a reason.")
    project = serializers.CharField(source="notice.project.slug")
    page = serializers.CharField(source="link")
    changes = serializers.SerializerMethodField(help_text="Of a cohort: what changed, and with which articles.")
    at = serializers.DateTimeField(source="notice.at")
    read_at = serializers.DateTimeField(source="notice.read_at", allow_null=True)

    @extend_schema_field(WhatChangedSerializer(many=True))
    def get_changes(self, told: Told) -> list[dict[str, object]]:
        return [{"what": what, "articles": [each.pk for each in articles]} for what, articles in told.changes]


class UnreadSerializer(serializers.Serializer):
    unread = serializers.IntegerField()


class MailChoiceSerializer(serializers.ModelSerializer):
    """No ``kinds``: no e-mail. ``is_verified``: whether somebody who reads the mail of this address opened the link that is sent
    to it when it is chosen; before, nothing else is. ``is_sent``: whether this site has a mail server at all."""

    kinds = serializers.ListField(child=serializers.ChoiceField(NoticeKind.choices), max_length=len(NoticeKind))
    every = serializers.ChoiceField(Every.choices)
    address = serializers.CharField(allow_blank=True, max_length=254)
    is_verified = serializers.BooleanField(read_only=True)
    is_sent = serializers.SerializerMethodField()

    class Meta:
        model = MailChoice
        fields = ("address", "kinds", "every", "is_verified", "is_sent")

    def get_is_sent(self, choice: MailChoice) -> bool:
        return mailing.is_on()


class NoticeList(generics.ListAPIView):
    permission_classes = [IsAuthenticated, ScopedAccess]
    serializer_class = NotificationSerializer
    queryset = Notification.objects.none()

    request: SignedInRequest

    @extend_schema(
        operation_id="notices_list",
        parameters=[OpenApiParameter("kind", str, enum=NoticeKind.values), OpenApiParameter("unread", bool)],
    )
    def get(self, request: Request) -> Response:
        """What you were told, the newest first."""
        return self.list(request)

    def get_queryset(self) -> QuerySet[Notification]:
        asked = self.request.query_params
        unread = asked.get("unread", "").lower() in ("1", "true", "yes")
        return queries.in_full(queries.notices(self.request.user, kind=asked.get("kind", ""), unread=unread))

    def get_serializer(self, *args: object, **kwargs: object) -> serializers.BaseSerializer:
        rows = args[0] if args else ()
        return NotificationSerializer(queries.told(self.request.user, rows), many=True)  # type: ignore[arg-type]


class Unread(APIView):
    permission_classes = [IsAuthenticated, ScopedAccess]

    @extend_schema(operation_id="notices_unread", responses={200: UnreadSerializer})
    def get(self, request: Request) -> Response:
        """How many you have not read."""
        return Response({"unread": queries.unread(request.user)})


class Mark(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE
    read = True

    def marked(self, request: SignedInRequest, pk: int) -> Response:
        notice = actions.mark(notice_id=pk, read=self.read, by=request.user)
        (told,) = queries.told(request.user, [notice])
        return Response(NotificationSerializer(told).data)


MARKED = {200: NotificationSerializer, REFUSED: REFUSALS[REFUSED], ABSENT: REFUSALS[ABSENT]}


class MarkRead(Mark):
    @extend_schema(operation_id="notice_read", request=None, responses=MARKED)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        return self.marked(request, pk)


class MarkUnread(Mark):
    read = False

    @extend_schema(operation_id="notice_unread", request=None, responses=MARKED)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        return self.marked(request, pk)


class MarkAllRead(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="notices_read", request=None, responses={200: UnreadSerializer, REFUSED: REFUSALS[REFUSED]})
    def post(self, request: SignedInRequest) -> Response:
        """All of yours."""
        actions.mark_all(by=request.user)
        return Response({"unread": queries.unread(request.user)})


class Mail(APIView):
    permission_classes = [IsAuthenticated, ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="mail_choice", responses={200: MailChoiceSerializer})
    def get(self, request: SignedInRequest) -> Response:
        """What you get by e-mail, where and how often."""
        return Response(MailChoiceSerializer(mailing.choice_of(request.user)).data)

    @extend_schema(
        operation_id="mail_choose",
        request=MailChoiceSerializer,
        responses={200: MailChoiceSerializer, REFUSED: REFUSALS[REFUSED], UNREADABLE: REFUSALS[UNREADABLE]},
    )
    def put(self, request: SignedInRequest) -> Response:
        """Choose anew."""
        sent = MailChoiceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        choice = mail.choose(**sent.validated_data, by=request.user)
        tasks.start_link(choice)
        return Response(MailChoiceSerializer(choice).data)
