"""People and their tokens; accounts are made, opened and closed by administrators."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from curation.admin.acting import Act, Making
from curation.admin.forms import NewPerson, PersonRole, Reason
from curation.admin.looking import Look
from curation.assignment import actions as assignment
from curation.models import ApiToken, Repeat, User
from curation.people import actions as people

admin.site.unregister(Group)  # roles are memberships; groups would be a second, unheeded kind


def close(row: User, *, version: int | None, reason: str, by: User) -> object:
    return assignment.set_active(user_id=row.pk, active=False, reason=reason, by=by)


def reopen(row: User, *, version: int | None, reason: str, by: User) -> object:
    return assignment.set_active(user_id=row.pk, active=True, reason=reason, by=by)


def give_role(row: User, *, version: int | None, by: User, **role: Any) -> object:
    return people.set_membership(user=row, by=by, **role)


def make_administrator(row: User, *, version: int | None, reason: str, by: User) -> object:
    return people.set_administrator(user_id=row.pk, administrator=True, reason=reason, by=by)


def end_administrator(row: User, *, version: int | None, reason: str, by: User) -> object:
    return people.set_administrator(user_id=row.pk, administrator=False, reason=reason, by=by)


@admin.register(User)
class Users(Making, Look):
    administrators_only = True
    secret = ("password",)
    list_display = ("username", "name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    making = NewPerson
    acts = (
        Act("give_role", _("Give a role in a project"), give_role, PersonRole),
        Act("close", _("Close the account"), close, Reason),
        Act("reopen", _("Open the account again"), reopen, Reason),
        Act("make_administrator", _("Make an administrator"), make_administrator, Reason),
        Act("end_administrator", _("No longer an administrator"), end_administrator, Reason),
    )

    def make(self, *, by: User, **data: Any) -> object:
        return people.create_person(by=by, **data)


@admin.register(Repeat)
class Repeats(Look):
    """Which writes were named by a key; what was answered is the sender's."""

    list_display = ("key", "user", "at")
    list_select_related = ("user",)
    secret = ("answer",)
    administrators_only = True


@admin.register(ApiToken)
class ApiTokens(Look):
    called = _("Tokens of programs")
    administrators_only = True
    secret = ("digest",)
    list_display = ("name", "user", "scopes", "created_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
