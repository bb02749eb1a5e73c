"""GUARD: who may do what. Visibility is a query (``visible_to`` on the tables); acts are asked here, inside actions."""

from curation.choices import Role
from curation.errors import NotAllowed, NotFound
from curation.models import Finding, Membership, Project, Reading, User


def roles_of(user: object, project: Project) -> set[str]:
    if not isinstance(user, User):
        return set()
    return set(Membership.objects.filter(user=user, project=project).values_list("role", flat=True))


def is_moderator(user: object, project: Project) -> bool:
    return Role.MODERATOR in roles_of(user, project)


def is_member(user: object, project: Project) -> bool:
    return bool(roles_of(user, project))


def may_enter_admin(user: object) -> bool:
    """Django's admin is open to administrators and to whoever moderates a project."""
    return (
        isinstance(user, User)
        and user.is_active
        and (user.is_administrator or Membership.objects.filter(user=user, role=Role.MODERATOR).exists())
    )


def require_visible(user: object, project: Project) -> None:
    if not Project.objects.visible_to(user).filter(pk=project.pk).exists():
        raise NotFound("There is no such project here, or it is not open to you.")


def require_member(user: object, project: Project, *roles: str) -> None:
    """Refuse whoever holds none of the roles in the project (no role at all, where none is named)."""
    held = roles_of(user, project)
    if not held or (roles and not held & set(roles)):
        require_visible(user, project)
        wanted = " or ".join(roles) or "member"
        raise NotAllowed(f"This needs the role {wanted} in the project “{project.title}”. Ask an administrator for it.")


def require_belonging(user: object, project: Project) -> None:
    """For what is the project's own business: its members', and administrators may look on."""
    if not (isinstance(user, User) and user.is_administrator):
        require_member(user, project)


def require_moderator(user: object, project: Project) -> None:
    require_member(user, project, Role.MODERATOR)


def require_overseer(user: object, project: Project) -> None:
    """For what only moderators steer: theirs, and administrators may look on."""
    if not (isinstance(user, User) and user.is_administrator):
        require_moderator(user, project)


def require_administrator(user: object) -> None:
    if not (isinstance(user, User) and user.is_active and user.is_administrator):
        raise NotAllowed("Only an administrator of the site may do this.")


def is_source(user: User, finding: Finding) -> bool:
    """Whether the person recorded what the finding was made from, or what was overruled when it was made."""
    if finding.annotations.filter(reading__curator=user).exists():
        return True
    if finding.ruling is None:
        return False
    return Reading.objects.filter(curator=user, project=finding.project_id, article=finding.ruling.article_id).exists()


def require_not_source(user: User, finding: Finding) -> None:
    """The same of a finding: whoever recorded what it was made from does not decide on what becomes of it."""
    if is_source(user, finding):
        raise NotAllowed("This finding comes from your own reading; another moderator has to decide on it.")


def require_not_own(user: User, reading: Reading) -> None:
    """Nobody approves their own work, by any door."""
    if reading.curator_id == user.pk:
        raise NotAllowed("This is your own reading; another moderator has to decide on it.")
