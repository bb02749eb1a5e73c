"""Who belongs to a project: read by those who do, set and ended by administrators."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.versions import REFUSALS
from curation.assignment import actions as assignment
from curation.assignment import queries
from curation.choices import Role, Scope
from curation.models import Membership
from curation.people import actions as people
from curation.people import queries as known
from curation.permissions import require_belonging


class MemberSerializer(serializers.ModelSerializer):
    username = serializers.CharField(source="user.username", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = Membership
        fields = ("username", "name", "role")
        read_only_fields = ("username", "name")


class SetMemberSerializer(serializers.Serializer):
    role = serializers.ChoiceField(Role.choices)


class LeavingSerializer(serializers.Serializer):
    """What a person would leave behind: readings that go back to the pool with their drafts, readings that are decided on
    like any other, votes that stand, searches that run on for another moderator; ``stays``: why they cannot leave."""

    open = serializers.IntegerField()
    handed_in = serializers.IntegerField()
    votes = serializers.IntegerField()
    searches = serializers.IntegerField()
    stays = serializers.CharField()


class MemberList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = MemberSerializer
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        project = known.project(self.request.user, self.kwargs["slug"])
        require_belonging(self.request.user, project)
        return known.members(project)

    @extend_schema(operation_id="members_list")
    def get(self, request: Request, slug: str) -> Response:
        return self.list(request)


class MemberDetail(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(operation_id="member_leaving", responses={200: LeavingSerializer, **REFUSALS})
    def get(self, request: Request, slug: str, username: str) -> Response:
        """What would become of the person's work, were they to leave; for administrators."""
        project = known.project(request.user, slug)
        person = known.person(request.user, username)
        return Response(LeavingSerializer(queries.leaving(request.user, project, person)).data)

    @extend_schema(operation_id="member_set", request=SetMemberSerializer, responses={200: MemberSerializer, **REFUSALS})
    def put(self, request: SignedInRequest, slug: str, username: str) -> Response:
        """Make the person a member in this role, or change their role. Who was one before finds their drafts again."""
        project = known.project(request.user, slug)
        person = known.person(request.user, username)
        sent = SetMemberSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        membership = people.set_membership(project=project, user=person, role=sent.validated_data["role"], by=request.user)
        return Response(MemberSerializer(membership).data)

    @extend_schema(operation_id="member_remove", responses={200: LeavingSerializer, **REFUSALS})
    def delete(self, request: SignedInRequest, slug: str, username: str) -> Response:
        """End the membership; the answer says what became of the person's work."""
        project = known.project(request.user, slug)
        person = known.person(request.user, username)
        return Response(LeavingSerializer(assignment.leave(project=project, user=person, by=request.user)).data)
