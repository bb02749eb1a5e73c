"""Oneself, and the tokens of one's programs; those are made and revoked by a person, never by a token."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.versions import REFUSALS
from curation.choices import Scope
from curation.models import ApiToken, Membership, User
from curation.people import actions as people
from curation.people import queries

REFUSED, ABSENT, UNREADABLE = ((status, "application/problem+json") for status in (403, 404, 422))


class PersonOnly(BasePermission):
    message = "Tokens are seen, made and revoked by a signed-in person, not by a token."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.is_authenticated and not isinstance(request.auth, ApiToken)


class MembershipSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Membership
        fields = ("project", "role")


class MeSerializer(serializers.ModelSerializer):
    is_administrator = serializers.BooleanField(read_only=True)
    memberships = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("username", "name", "orcid", "is_administrator", "memberships")

    @extend_schema_field(MembershipSerializer(many=True))
    def get_memberships(self, person: User) -> object:
        return MembershipSerializer(queries.memberships_of(person), many=True).data


class TokenSerializer(serializers.ModelSerializer):
    class Meta:
        model = ApiToken
        fields = ("id", "name", "prefix", "scopes", "created_at", "expires_at")
        read_only_fields = ("id", "prefix", "created_at", "expires_at")


class NewTokenSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))


class IssuedTokenSerializer(TokenSerializer):
    """``secret`` is shown this once and never kept."""

    secret = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "secret")


class Me(APIView):
    permission_classes = [IsAuthenticated, ScopedAccess]

    @extend_schema(operation_id="me", responses={200: MeSerializer})
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)


class Tokens(APIView):
    permission_classes = [PersonOnly]

    @extend_schema(operation_id="tokens_list", responses={200: TokenSerializer(many=True), REFUSED: REFUSALS[REFUSED]})
    def get(self, request: SignedInRequest) -> Response:
        return Response(TokenSerializer(queries.tokens_of(request.user), many=True).data)

    @extend_schema(
        operation_id="token_issue",
        request=NewTokenSerializer,
        responses={201: IssuedTokenSerializer, REFUSED: REFUSALS[REFUSED], UNREADABLE: REFUSALS[UNREADABLE]},
    )
    def post(self, request: SignedInRequest) -> Response:
        sent = NewTokenSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        token, secret = people.issue_token(**sent.validated_data, by=request.user)
        shown = {**TokenSerializer(token).data, "secret": secret}
        return Response(shown, status=201, headers={"Cache-Control": "no-store"})


class RevokeToken(APIView):
    permission_classes = [PersonOnly]

    @extend_schema(
        operation_id="token_revoke",
        request=None,
        responses={204: None, REFUSED: REFUSALS[REFUSED], ABSENT: REFUSALS[ABSENT]},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        people.revoke_token(token_id=pk, by=request.user)
        return Response(status=204)
