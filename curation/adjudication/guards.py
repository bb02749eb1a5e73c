"""What stands before every write: the article locked and laid out, as the person read it. Nothing is written."""

from collections.abc import Sequence
from typing import NamedTuple

from curation.adjudication import queries
from curation.adjudication.layout import Desk, Point
from curation.choices import ReadingState
from curation.errors import Fault, Invalid, NotFound, Stale, VersionMissing, WrongState
from curation.models import Project, Reading, User
from curation.review.queries import require_included
from curation.review.settling import Place

UNPAIRED = "Say first which patients of the two readings are one."


class Pair(NamedTuple):
    """Two patients who are one; without ``other`` one whom only one reading describes, and why they are nobody else's."""

    patient: int
    other: int | None = None
    reason: str = ""


def locked(
    project: Project, article_id: int, version: int | None, by: User, *, state: ReadingState = ReadingState.SUBMITTED
) -> Desk:
    """The article with its readings locked in key order, which is what two moderators, or a reader and one, take turns by."""
    list(Reading.objects.filter(project=project, article=article_id).select_for_update(of=("self",)).order_by("pk"))
    readings = list(queries.readings_of(project, article_id))  # after the wait, not as it was before it
    desk = queries.laid_out(by, project, article_id, readings)
    _expect(desk, version)
    if any(reading.state != state for reading in desk.readings):
        is_now = "published; re-open it first" if state == ReadingState.SUBMITTED else "not published yet"
        raise WrongState(f"{desk.article} is {is_now}.")
    if state == ReadingState.SUBMITTED:
        require_included(desk.project, desk.article)
    return desk


def _expect(desk: Desk, version: int | None) -> None:
    if version is None:
        raise VersionMissing(
            f'Say which version of this adjudication you read (If-Match: "{desk.version}" by API, the hidden field in forms).'
        )
    if version != desk.version:
        raise Stale(
            f"This adjudication was changed since you read it: you had version {version}, it is now {desk.version}. Another "
            "moderator decided something, or a reading came back. Reload it, compare, and decide again."
        )


def point_at(desk: Desk, place: Place) -> Point:
    if not desk.is_paired:
        raise WrongState(UNPAIRED)
    if (point := desk.point(place)) is None:
        raise NotFound(f"Neither reading says anything of “{place[1]}” of a patient {place[0]} in this article.")
    return point


def require_pairs(desk: Desk, pairs: Sequence[Pair]) -> None:
    """Each of whoever is not one row of both readings, once; two only of different readings."""
    apart = {patient.pk: patient for many in desk.unpaired.values() for patient in many}
    apart |= {p.pk: p for person in desk.persons if person.pairing for p in person.of.values()}
    reading_of = {patient.pk: pk for pk, many in desk.unpaired.items() for patient in many}
    reading_of |= {p.pk: pk for person in desk.persons for pk, p in person.of.items()}
    named = [pk for each in pairs for pk in (each.patient, each.other) if pk is not None]
    faults = [Fault("pairs", f"{pk} is no patient to be paired here") for pk in named if pk not in apart]
    faults += [Fault(str(apart[pk]), "is named twice") for pk in set(named) & set(apart) if named.count(pk) > 1]
    faults += [
        Fault(str(patient), "is missing; say who they are, or that they are nobody else")
        for pk, patient in apart.items()
        if pk not in named
    ]
    for each in pairs:
        if each.patient in apart and each.other in apart and reading_of[each.patient] == reading_of[each.other]:
            faults.append(
                Fault(str(apart[each.patient]), f"and {apart[each.other]} are of the same reading; its reader keeps them apart")
            )
        if each.patient in apart and each.other is None and not each.reason.strip():
            faults.append(Fault(str(apart[each.patient]), "say why only one reader describes them"))
    if faults:
        raise Invalid("The patients were not paired.", faults=faults)
