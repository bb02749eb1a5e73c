"""Who is who: tokens looked up, a person's projects listed."""

import hashlib

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from curation.choices import Role, Status
from curation.errors import Fault, Invalid, NotFound
from curation.models import ApiToken, Finding, Membership, Patient, Project, Screening, User
from curation.permissions import require_administrator


def token_of(secret: str) -> ApiToken | None:
    """The live token with this secret, or None where it is unknown, expired, revoked or its owner was deactivated."""
    live = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    rows = ApiToken.objects.select_related("user").filter(live, revoked_at=None, user__is_active=True)
    return rows.filter(digest=digest_of(secret)).first()


def digest_of(secret: str) -> str:
    """Tokens are 256 random bits, so a plain SHA-256 is enough and can be looked up by index."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user, revoked_at=None).order_by("-created_at")


def memberships_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("project").order_by("project__title")


def moderates(user: object) -> bool:
    """Whether the person moderates any project."""
    return isinstance(user, User) and Membership.objects.filter(user=user, role=Role.MODERATOR).exists()


def project(user: object, slug: str) -> Project:
    """The project at this address, as the person may see it. Raises NotFound."""
    found = Project.objects.visible_to(user).select_related("codebook_version__codebook").filter(slug=slug).first()
    if found is None:
        raise NotFound("There is no such project here, or it is not open to you.")
    return found


def projects(user: object) -> QuerySet[Project]:
    """The projects that are open to the person."""
    return Project.objects.visible_to(user).select_related("codebook_version__codebook")


def projects_counted(user: object) -> QuerySet[Project]:
    """The same, each with ``role`` (the person's own in it, or None), ``articles_included``, ``patients_published`` (each person
    once) and ``findings_published`` (those that say something)."""
    of_project = {"project": OuterRef("pk")}
    included = Screening.objects.filter(**of_project).included()
    findings = Finding.objects.filter(**of_project).published().exclude(status=Status.NOT_REPORTED)
    patients = Patient.objects.filter(**of_project).counted()
    of_person = Finding.objects.published().filter(Q(patient=OuterRef("pk")) | Q(patient__merged_into=OuterRef("pk")))
    role = Membership.objects.filter(**of_project, user=user.pk if isinstance(user, User) else None)
    return projects(user).annotate(
        role=Subquery(role.values("role")),
        articles_included=_number_of(included),
        patients_published=_number_of(patients.filter(Exists(of_person))),
        findings_published=_number_of(findings),
    )


def _number_of(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("project").annotate(number=Count("pk")).values("number")), 0)


def project_counted(user: object, slug: str) -> Project:
    """One of ``projects_counted``. Raises NotFound."""
    found = projects_counted(user).filter(slug=slug).first()
    if found is None:
        raise NotFound("There is no such project here, or it is not open to you.")
    return found


def members(project: Project) -> QuerySet[Membership]:
    return project.memberships.select_related("user").order_by("role", "user__name", "user__username")


def moderators(project: Project) -> QuerySet[Membership]:
    """Those whose account is open, the longest there first."""
    return project.memberships.filter(role=Role.MODERATOR, user__is_active=True).select_related("user").order_by("pk")


def answers_for(project: Project, person: User) -> User:
    """The person while they belong to the project; after that its first moderator, so that what they set going still arrives."""
    if person.is_active and (person.is_administrator or project.memberships.filter(user=person).exists()):
        return person
    heir = moderators(project).first()
    return heir.user if heir else person


def person(user: object, username: str) -> User:
    """For administrators. Raises Invalid."""
    require_administrator(user)
    found = User.objects.filter(username=username.strip().replace("\0", "")).first()
    if found is None:
        raise Invalid("Name a person.", faults=[Fault("username", f"nobody here has the user name “{username.strip()[:80]}”")])
    return found


def member(project: Project, user_id: int | None) -> User:
    """Raises Invalid for whoever does not belong to the project."""
    found = User.objects.filter(pk=user_id or 0, memberships__project=project).first()
    if found is None:
        raise Invalid("Choose a member of the project.", faults=[Fault("reader", "is no member of the project")])
    return found
