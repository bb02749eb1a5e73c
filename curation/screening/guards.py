"""What stands before every decision: who may screen, what is decided already, what depends on it. Nothing is written."""

from collections.abc import Callable

from curation import versions
from curation.choices import ReadingState, ScreeningState
from curation.errors import NotAllowed, NotFound, WrongState
from curation.models import Finding, Project, Reading, Screening, User, Vote
from curation.permissions import is_member, is_moderator, require_member, require_moderator


def by_two(project: Project) -> bool:
    return project.screeners_required == 2


def may_screen(user: object, project: Project) -> bool:
    """One screener is a moderator, who decides. Two are members, whose votes decide together."""
    return is_member(user, project) if by_two(project) else is_moderator(user, project)


def require_screener(by: User, project: Project) -> None:
    if by_two(project):
        require_member(by, project)
    else:
        require_moderator(by, project)


def require_may_screen(by: User, screening: Screening) -> None:
    require_screener(by, screening.project)


def require_may_moderate(by: User, screening: Screening) -> None:
    require_moderator(by, screening.project)


def at(screening_id: int, version: int | None, by: User, guard: Callable[[User, Screening], None]) -> Screening:
    """The row, locked, its version not yet raised: a vote that decides nothing leaves no trace on it that others could see."""
    rows = Screening.objects.visible_to(by).select_related("project", "article")
    screening = rows.select_for_update(of=("self",)).filter(pk=screening_id).first()
    if screening is None:
        raise NotFound(f"There is no screening {screening_id} here, or it is not open to you.")
    guard(by, screening)
    versions.expect(screening, version=version)
    return screening


def require_may_vote(screening: Screening, by: User) -> None:
    """Where two screen: each once, and nobody besides the two."""
    cast = Vote.objects.cast().filter(screening=screening)
    if cast.filter(screener=by).exists():
        raise WrongState(f"You have screened {screening.article} already. Take your vote back first.")
    if cast.count() >= 2:
        raise WrongState(f"{screening.article} has its two screeners.")


def require_open(screening: Screening) -> None:
    if screening.state != ScreeningState.TO_SCREEN:
        raise WrongState(
            f"{screening.article} is {screening.get_state_display().lower()} already. Put it back into the queue first."
        )


def require_may_settle(screening: Screening, by: User) -> None:
    cast = Vote.objects.cast().filter(screening=screening)
    if cast.filter(screener=by).exists():
        raise NotAllowed("You are one of the article's screeners; another moderator has to settle it.")
    require_open(screening)
    if not by_two(screening.project) or cast.count() < 2:
        raise WrongState(f"There is nothing to settle about {screening.article}: it has not been screened by two yet.")


def require_nothing_depends(screening: Screening) -> None:
    """An article cannot leave a project under work that waits for a decision, or under what was published from it."""
    here = {"project": screening.project_id, "article": screening.article_id}
    if Reading.objects.filter(state=ReadingState.SUBMITTED, **here).exists():
        raise WrongState(f"A submitted reading of {screening.article} waits for review. Publish it or send it back first.")
    if Finding.objects.published().filter(ruling__project=here["project"], ruling__article=here["article"]).exists():
        raise WrongState(f"Findings published from {screening.article} count in this project. Retract them first.")
