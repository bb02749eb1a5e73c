"""The only writers of who reads what, and by when."""

from datetime import date, timedelta

from django.utils import timezone

from curation.annotation import actions as annotation
from curation.annotation import guards
from curation.annotation import queries as readings
from curation.assignment import queries
from curation.audit import action
from curation.choices import READING_OPEN, ReadingState
from curation.errors import Fault, Invalid, NotAllowed, WrongState
from curation.models import Annotation, Article, Patient, Project, Reading, ReadingPatient, User
from curation.notices.actions import tell
from curation.permissions import is_member, require_member, require_moderator
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
    screening = guards.included(project, article)
    begun = Reading.objects.filter(project=project, article=article)
    if by != reader and project.readers_required > 1 and begun.open().filter(curator=by).exists():
        raise NotAllowed(f"You are reading {article} yourself, blind to its other reader; another moderator has to assign them.")
    if begun.filter(curator=reader).exists():
        raise WrongState(f"{reader} has a reading of {article} already.")
    guards.require_room_for_reader(screening)
    guards.require_may_read(screening, reader)
    reading = readings.new_reading(project, article, reader)
    reading.due_on, reading.assigned_by = due_on, by
    reading.save()
    tell(verb="reading.assign", to=[reader.pk], about=reading, by=by)
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
def unassign(*, reading_id: int, version: int | None, by: User) -> Project:
    """Take a reading back that nothing was recorded in; the article waits for a reader again."""
    reading = _steered(reading_id, version, by)
    if reading.state != ReadingState.ASSIGNED or Annotation.objects.filter(reading=reading).exists():
        raise WrongState(f"{reading.curator} has begun to read {reading.article}; only what is not begun can be taken back.")
    alone = Patient.objects.filter(described_in__reading=reading, findings=None)
    alone = alone.exclude(described_in__in=ReadingPatient.objects.exclude(reading=reading))
    keys = list(alone.values_list("pk", flat=True))
    project = reading.project
    Reading.objects.filter(pk=reading.pk).delete()
    Patient.objects.filter(pk__in=keys).delete()
    return project


@action("reading.take_next")
def take_next(*, project: Project | None = None, by: User) -> Reading:
    """Begin the next article that the person may read, of the project or of any of theirs. Two at once get two different ones."""
    if project is not None:
        require_member(by, project)
    theirs = [project] if project else Project.objects.of_member(by).order_by("title", "pk")
    for each in theirs:
        full: set[int] = set()
        while screening := queries.next_free(by, each, but=full):
            if queries.has_room(screening):
                patients = [ONLY_PATIENT] if screening.patients_described == 1 else []
                return annotation.start_reading(project=each, article=screening.article, patients=patients, by=by)
            full.add(screening.pk)
    raise WrongState("No included article waits for you. A moderator includes articles by screening.")


def _steered(reading_id: int, version: int | None, by: User) -> Reading:
    return lock(
        queries.assigned(by), pk=reading_id, version=version, guard=lambda reading: require_moderator(by, reading.project)
    )


def _check_due(due_on: date | None) -> None:
    today = timezone.localdate()
    if due_on and not today <= due_on <= today + FARTHEST:
        raise Invalid("Choose a day to come.", faults=[Fault("due_on", f"{due_on} is not between today and ten years from now")])
