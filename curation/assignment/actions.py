"""The only writers of who reads what, and by when."""

from datetime import date, timedelta

from django.utils import timezone

from curation.annotation import actions as annotation
from curation.annotation import guards
from curation.annotation import queries as readings
from curation.annotation.pool import actions as pool
from curation.annotation.pool.guards import require_may_begin, require_place
from curation.annotation.pool.queries import obstacle
from curation.assignment import drawing, queries
from curation.assignment.queries import Leaving
from curation.audit import action
from curation.choices import READING_OPEN, ReadingState
from curation.errors import Fault, Invalid, NotAllowed, WrongState
from curation.models import Annotation, Article, Membership, Patient, Project, Reading, Screening, User
from curation.notices.actions import tell
from curation.people import actions as people
from curation.people import queries as known
from curation.permissions import is_member, require_administrator, require_member, require_moderator
from curation.searches import actions as searches
from curation.versions import lock

FARTHEST = timedelta(days=3650)
#: What a report of one patient calls them until its reader says otherwise.
ONLY_PATIENT = "Patient 1"


@action("reading.assign")
def assign(*, project: Project, article: Article, reader: User, due_on: date | None = None, by: User) -> Reading:
    """Give the article to a reader. Refused where it has as many as the project asks for, or the reader may not read it."""
    require_moderator(by, project)
    if not (reader.is_active and is_member(reader, project)):
        raise Invalid("Only a member of the project can read for it.", faults=[Fault("reader", f"{reader} is no member")])
    _check_due(due_on)
    require_place(reader, project)
    screening = guards.included(project, article)
    begun = Reading.objects.standing().filter(project=project, article=article)
    if by != reader and project.readers_required > 1 and begun.filter(curator=by).exists():
        raise NotAllowed(f"You are reading {article} yourself, blind to its other reader; another moderator has to assign them.")
    return _give(screening, reader, due_on, by)


@action("reading.draw")
def draw(*, project: Project, number: int, key: str, by: User) -> list[Reading]:
    """Give out what ``drawing.plan`` showed, whose ``key`` this is; or nothing, where it would come out otherwise now."""
    require_moderator(by, project)
    members = Membership.objects.filter(project=project).order_by("pk")
    list(members.select_for_update())
    shown = drawing.plan(by, project, number)
    list(Screening.objects.filter(pk__in=[row.pk for row in shown.rows.values()]).order_by("pk").select_for_update())
    plan = drawing.plan(by, project, number)  # again, now that nobody else can take these articles
    if plan.key != key:
        raise WrongState("The pool changed since you looked: somebody took an article, came or left. Look at the new draw.")
    if not plan.number:
        raise WrongState("Nobody can be given anything now; the draw says why.")
    people = {share.person.pk: share.person for share in plan.shares}
    return [_give(plan.rows[article], people[reader], None, by) for article, reader in plan.drawn.pairs]


def _give(screening: Screening, reader: User, due_on: date | None, by: User) -> Reading:
    """What the reader had left of the article as a draft comes back to them. The article is locked."""
    require_may_begin(screening, reader, giver=by)
    draft = Reading.objects.filter(project=screening.project_id, article=screening.article_id, curator=reader)
    reading = draft.select_for_update().first() or readings.new_reading(screening.project, screening.article, reader)
    reading.due_on, reading.assigned_by = due_on, by
    if reading.pk:
        reading = pool.take_up(reading=reading, by=by)
    else:
        reading.save()
    tell(verb="reading.assign", to=[reader.pk], about=reading, occasion=f"version {reading.version}", by=by)
    return reading


@action("reading.set_due")
def set_due(*, reading_id: int, version: int | None, due_on: date | None, by: User) -> Reading:
    """Another date, or none."""
    _check_due(due_on)
    reading = _steered(reading_id, version, by)
    if reading.state not in READING_OPEN:
        raise WrongState(f"This reading is {reading.get_state_display().lower()}; nothing is due of it.")
    reading.due_on = due_on
    reading.save(update_fields=["due_on", "version", "changed_at"])
    return reading


@action("reading.unassign")
def unassign(*, reading_id: int, version: int | None, reason: str = "", by: User) -> Project:
    """Take a reading back that nothing was recorded in; the article waits for a reader again."""
    reading = _steered(reading_id, version, by)
    if reading.state != ReadingState.ASSIGNED or Annotation.objects.filter(reading=reading).exists():
        raise WrongState(f"{reading.curator} has begun to read {reading.article}; only what is not begun can be taken back.")
    project, described = reading.project, list(reading.patients.all())
    Reading.objects.filter(pk=reading.pk).delete()
    Patient.objects.filter(pk__in=[each.pk for each in described if not guards.is_named(each)]).delete()
    return project


@action("reading.take_next")
def take_next(*, project: Project | None = None, by: User) -> Reading:
    """Begin the next article that the person may read, of the project or of any of theirs. Two at once get two different ones."""
    if project is not None:
        require_member(by, project)
    theirs = [project] if project else Project.objects.of_member(by).order_by("title", "pk")
    for each in theirs:
        require_place(by, each)
        gone: set[int] = set()
        while screening := queries.next_free(by, each, but=gone):
            if not obstacle(screening, by):
                patients = [ONLY_PATIENT] if screening.patients_described == 1 else []
                return annotation.start_reading(project=each, article=screening.article, patients=patients, by=by)
            gone.add(screening.pk)
    raise WrongState(queries.why_nothing(by, theirs))


@action("membership.end")
def leave(*, project: Project, user: User, reason: str = "", by: User) -> Leaving:
    """End a membership and leave nothing stuck: what they have open goes back to the pool with its draft, what runs for them
    runs on for another moderator, and what they handed in is decided on like anybody's. Returns what that was."""
    require_administrator(by)
    left = queries.leaving(by, project, user)
    people.end_membership(project=project, user=user, reason=reason, by=by)
    pool.release_of(reader=user, projects=[project], by=by)
    _hand_over(project, user, by)
    return left


@action("person.set_active")
def set_active(*, user_id: int, active: bool, reason: str = "", by: User) -> User:
    """Close an account, leaving nothing stuck in any project, or open it again; memberships stay, and drafts wait."""
    person = people.set_active(user_id=user_id, active=active, reason=reason, by=by)
    if not active:
        theirs = Project.objects.of_member(person).order_by("pk")
        pool.release_of(reader=person, projects=theirs, by=by)
        for project in theirs:
            _hand_over(project, person, by)
    return person


def _hand_over(project: Project, gone: User, by: User) -> None:
    """To the moderator who has been there longest; where there is none, an administrator makes one first."""
    if heir := known.moderators(project).exclude(user=gone).first():
        searches.hand_over(project=project, owner=gone, to=heir.user, by=by)


def _steered(reading_id: int, version: int | None, by: User) -> Reading:
    return lock(
        queries.assigned(by), pk=reading_id, version=version, guard=lambda reading: require_moderator(by, reading.project)
    )


def _check_due(due_on: date | None) -> None:
    today = timezone.localdate()
    if due_on and not today <= due_on <= today + FARTHEST:
        raise Invalid("Choose a day to come.", faults=[Fault("due_on", f"{due_on} is not between today and ten years from now")])
