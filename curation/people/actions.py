"""The only writers of people, projects, memberships and tokens."""

import secrets
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from curation.audit import action
from curation.choices import Role, Scope
from curation.errors import Fault, Invalid, NotAllowed, NotFound, WrongState
from curation.models import ApiToken, CodebookVersion, Membership, Project, User
from curation.people.queries import digest_of
from curation.permissions import require_administrator

#: What stands where a project's short name does in addresses.
ADDRESSES_TAKEN = frozenset({"new"})


@action("person.create")
def create_person(*, username: str, name: str, email: str, password: str, by: User) -> User:
    """An account for somebody; roles come by membership. Raises Invalid with every fault found."""
    require_administrator(by)
    person = User(username=username, name=name, email=email)
    faults = [*_faults_of(person), *_faults_of_password(password, person)]
    if faults:
        raise Invalid("The account was not made.", faults=faults)
    person.set_password(password)
    person.save()
    return person


def _faults_of(row: User | Project) -> list[Fault]:
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        return [Fault(field, reason) for field, reasons in error.message_dict.items() for reason in reasons]
    return []


def _faults_of_password(password: str, person: User) -> list[Fault]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [Fault("password", reason) for reason in error.messages]
    return []


@action("person.change_password")
def change_password(*, old: str, new: str, again: str, by: User) -> User:
    """The person's own, once they have shown that they know the one they have. Raises Invalid with every fault found."""
    faults = [Fault("old", "is not your password; mind capital letters")] if not by.check_password(old) else []
    if new != again:
        faults.append(Fault("again", "differs from the new password above it"))
    faults += [Fault("new", fault.reason) for fault in _faults_of_password(new, by)]
    if faults:
        raise Invalid("Your password was not changed.", faults=faults)
    by.set_password(new)
    by.save(update_fields=["password"])
    return by


@action("person.set_active")
def set_active(*, user_id: int, active: bool, by: User, reason: str = "") -> User:
    """Close an account, or open it again. What the person did stays; their sessions and tokens stop working."""
    require_administrator(by)
    person = User.objects.select_for_update().filter(pk=user_id).first()
    if person is None:
        raise NotFound("There is no such person here.")
    if person == by and not active:
        raise NotAllowed("You cannot close your own account; another administrator has to.")
    if not active:
        for project in Project.objects.of_member(person, Role.MODERATOR).order_by("pk"):
            _require_another_moderator(project, person)
    person.is_active = active
    person.save(update_fields=["is_active"])
    return person


@action("person.set_administrator")
def set_administrator(*, user_id: int, administrator: bool, reason: str, by: User) -> User:
    """Let somebody steer the whole site, or no longer. Not oneself: there is always one administrator left."""
    require_administrator(by)
    person = User.objects.select_for_update().filter(pk=user_id).first()
    if person is None:
        raise NotFound("There is no such person here.")
    if not reason.strip():
        raise Invalid("Say why.", faults=[Fault("reason", "a change of who steers the site is kept with its reason")])
    if person == by:
        raise NotAllowed("You cannot change this of yourself; another administrator has to.")
    person.is_superuser = person.is_staff = administrator
    person.save(update_fields=["is_superuser", "is_staff"])
    return person


@transaction.atomic
def schedule(*, by: str = "the schedule") -> User:
    """Who acts where a clock does, by this name in the trail; made when first needed. Nobody can sign in to the account, and
    no person can choose its name: user names hold no space."""
    account, _ = User.objects.get_or_create(
        username=by, defaults={"name": by.capitalize(), "is_active": False, "password": make_password(None)}
    )
    return account


@action("project.create")
def create_project(
    *,
    slug: str,
    title: str,
    question: str,
    codebook_version: CodebookVersion,
    is_public: bool,
    readers_required: int = 1,
    by: User,
) -> Project:
    """A project without members or articles yet. Raises Invalid with every fault found."""
    require_administrator(by)
    project = Project(
        slug=slug.strip(),
        title=title.strip(),
        question=question.strip(),
        codebook_version=codebook_version,
        is_public=is_public,
        readers_required=readers_required,
    )
    faults = _faults_of(project)
    if readers_required not in (1, 2):
        faults.append(Fault("readers_required", "must be 1 or 2"))
    if project.slug in ADDRESSES_TAKEN:
        faults.append(Fault("slug", "is an address of the site's own; choose another"))
    if faults:
        raise Invalid("The project was not made.", faults=faults)
    project.save()
    return project


@action("membership.set")
def set_membership(*, project: Project, user: User, role: str, reason: str = "", by: User) -> Membership:
    """Make the person a member in this role, or change the role they hold."""
    require_administrator(by)
    if role not in Role.values:
        raise Invalid(f"There is no role “{role}”.", faults=[Fault("role", f"choose one of {', '.join(Role.values)}")])
    if role != Role.MODERATOR:
        _require_another_moderator(project, user)
    membership, _ = Membership.objects.update_or_create(project=project, user=user, defaults={"role": role})
    return membership


@action("membership.end")
def end_membership(*, project: Project, user: User, reason: str = "", by: User) -> None:
    """For ``assignment.leave``, which sees to the person's work as well."""
    require_administrator(by)
    _require_another_moderator(project, user)
    ended, _ = Membership.objects.filter(project=project, user=user).delete()
    if not ended:
        raise NotFound(f"{user} does not belong to “{project}”.")


def _require_another_moderator(project: Project, user: User) -> None:
    """A project keeps one who decides. Locks theirs and all moderators' memberships: the last two do not leave at once."""
    rows = Membership.objects.filter(Q(role=Role.MODERATOR) | Q(user=user), project=project).select_related("user")
    locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    moderators = [each.user for each in locked if each.role == Role.MODERATOR]
    if user in moderators and not any(each.is_active for each in moderators if each != user):
        raise WrongState(f"{user} is the last moderator of “{project}”. Make somebody else a moderator first.")


@action("token.issue")
def issue_token(*, name: str, scopes: Sequence[str], by: User) -> tuple[ApiToken, str]:
    """A new token of the person's own, and its secret, which is shown this once and never kept."""
    faults = [Fault("scopes", f"“{s}” is no scope") for s in scopes if s not in Scope.values]
    if not name.strip():
        faults.append(Fault("name", "give the token a name, so that you know it again"))
    if not scopes:
        faults.append(Fault("scopes", "choose at least one"))
    if faults:
        raise Invalid("The token was not made.", faults=faults)
    secret = f"cb_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=by, name=name.strip()[:100], prefix=secret[:8], digest=digest_of(secret), scopes=sorted(set(scopes))
    )
    return token, secret


@action("token.revoke")
def revoke_token(*, token_id: int, by: User) -> None:
    if not ApiToken.objects.filter(pk=token_id, user=by, revoked_at=None).update(revoked_at=timezone.now()):
        raise NotFound("There is no such token of yours.")
