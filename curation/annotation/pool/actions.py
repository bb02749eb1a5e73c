"""The only writers of readings that go back to the pool and are taken up again. Nothing that was recorded is touched."""

from collections.abc import Iterable
from datetime import datetime

from curation.annotation.pool import queries
from curation.audit import action
from curation.choices import ReadingState
from curation.models import Annotation, Project, Reading, User
from curation.moves import READING_MOVES, require_move
from curation.notices.actions import tell
from curation.permissions import is_member, require_administrator, require_moderator
from curation.versions import raised


@action("reading.release")
def release_abandoned(*, at: datetime, by: User) -> list[Reading]:
    """Back to the pool with whatever nobody has worked on for as long as its project waits, and with what lost its reader.

    Asks no permission: this is what the projects' policies say, whoever looks at the clock.
    """
    found = list(queries.abandoned(at).values_list("pk", flat=True))
    rows = Reading.objects.filter(pk__in=found).select_for_update(of=("self",)).select_related("project", "article", "curator")
    locked = list(rows.order_by("pk"))
    still = set(queries.abandoned(at).filter(pk__in=found).values_list("pk", flat=True))  # somebody may just have gone on
    released = _release(row for row in locked if row.pk in still)
    for reading in released:
        occasion = f"version {reading.version}"
        tell(verb="reading.release", to=[reading.curator_id], about=reading, occasion=occasion, by=None)
    return released


@action("reading.release")
def release_of(*, reader: User, projects: Iterable[Project], by: User) -> list[Reading]:
    """Everything the person has open in these projects, as they leave."""
    require_administrator(by)
    rows = Reading.objects.open().filter(curator=reader, project__in=list(projects)).select_related("project", "article")
    return _release(rows.select_for_update(of=("self",)).order_by("pk"))


@action("reading.release")
def release_if_gone(*, reading: Reading, by: User) -> list[Reading]:
    """Where a reading goes back to somebody who is here no longer, the article is free for another reader."""
    require_moderator(by, reading.project)
    if reading.curator.is_active and is_member(reading.curator, reading.project):
        return []
    return _release([reading])


@action("reading.take_up")
def take_up(*, reading: Reading, by: User) -> Reading:
    """Open a reader's draft again where it was left, for themselves or by a moderator who gives it to them; whoever calls this
    has locked it and asked ``pool.guards``."""
    if by.pk != reading.curator_id:
        require_moderator(by, reading.project)
    if reading.submitted_at:
        state = ReadingState.RETURNED
    else:
        begun = Annotation.objects.filter(reading=reading).exists()
        state = ReadingState.IN_PROGRESS if begun else ReadingState.ASSIGNED
    require_move(READING_MOVES, reading.state, state, thing="This reading")
    reading = raised(reading)
    reading.state = state
    reading.save(update_fields=["state", "due_on", "assigned_by", "version", "changed_at"])
    return reading


def _release(readings: Iterable[Reading]) -> list[Reading]:
    released = []
    for reading in readings:
        require_move(READING_MOVES, reading.state, ReadingState.RELEASED, thing="This reading")
        reading = raised(reading)
        reading.state, reading.due_on = ReadingState.RELEASED, None
        reading.save(update_fields=["state", "due_on", "version", "changed_at"])
        released.append(reading)
    return released
