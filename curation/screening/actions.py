"""The only writers of what a project decided about articles."""

from collections.abc import Sequence

from django.utils import timezone

from curation.audit import action
from curation.choices import SCREENING_MOVES, ReadingState, ScreeningState, require_move
from curation.errors import WrongState
from curation.models import Finding, Project, Reading, Screening, User
from curation.permissions import require_belonging, require_moderator
from curation.screening.rules import check_patients, check_reason
from curation.versions import lock


@action("screening.enter")
def enter(*, project: Project, article_ids: Sequence[int], by: User) -> int:
    """Put articles before the project to be screened; those it already knows stay as they are. How many were added."""
    require_belonging(by, project)
    known = set(Screening.objects.filter(project=project, article__in=article_ids).values_list("article_id", flat=True))
    fresh = sorted(set(article_ids) - known)
    Screening.objects.bulk_create(
        [Screening(project=project, article_id=article_id) for article_id in fresh], ignore_conflicts=True
    )
    return len(fresh)


@action("screening.include")
def include(*, screening_id: int, version: int | None, patients_described: int | None = None, by: User) -> Screening:
    screening = _moved(screening_id, version, ScreeningState.INCLUDED, by)
    screening.patients_described = check_patients(patients_described)
    return _decided(screening, by)


@action("screening.exclude")
def exclude(*, screening_id: int, version: int | None, reason: str, by: User) -> Screening:
    screening = _moved(screening_id, version, ScreeningState.EXCLUDED, by)
    screening.reason = check_reason(reason, screening.project.exclusion_reasons)
    _require_nothing_depends(screening)
    return _decided(screening, by)


@action("screening.reopen")
def reopen(*, screening_id: int, version: int | None, by: User) -> Screening:
    """Take a decision back: the article returns to the queue."""
    screening = _moved(screening_id, version, ScreeningState.TO_SCREEN, by)
    _require_nothing_depends(screening)
    return _decided(screening, None)


def _moved(screening_id: int, version: int | None, after: ScreeningState, by: User) -> Screening:
    rows = Screening.objects.visible_to(by).select_related("project", "article")
    screening = lock(rows, pk=screening_id, version=version, guard=lambda row: require_moderator(by, row.project))
    require_move(SCREENING_MOVES, screening.state, after, thing=f"{screening.article}")
    screening.state, screening.reason, screening.patients_described = after, "", None
    return screening


def _require_nothing_depends(screening: Screening) -> None:
    """An article cannot leave a project under work that waits for a decision, or under what was published from it."""
    here = {"project": screening.project_id, "article": screening.article_id}
    if Reading.objects.filter(state=ReadingState.SUBMITTED, **here).exists():
        raise WrongState(f"A submitted reading of {screening.article} waits for review. Publish it or send it back first.")
    if Finding.objects.published().filter(ruling__project=here["project"], ruling__article=here["article"]).exists():
        raise WrongState(f"Findings published from {screening.article} count in this project. Retract them first.")


def _decided(screening: Screening, by: User | None) -> Screening:
    screening.decided_by, screening.decided_at = by, timezone.now() if by else None
    screening.save(update_fields=["state", "reason", "patients_described", "decided_by", "decided_at", "version", "changed_at"])
    return screening
