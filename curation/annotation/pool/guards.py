"""What stands before a reading begins: that its reader belongs here, and that nothing is in the way. Nothing is written."""

from curation.annotation.pool import queries
from curation.annotation.pool.queries import FULL, MOST, READS, SAW, SCREENED, SETTLED
from curation.errors import NotAllowed, Refusal, WrongState
from curation.models import Membership, Project, Screening, User
from curation.permissions import require_member

#: Each obstacle in words.
WHY = {
    READS: "the same person reads it already",
    SETTLED: "it was read and accepted",
    FULL: "it has its readers",
    SCREENED: "whoever screened an article does not read it here",
    SAW: "a moderator may see what the first reader handed in",
    MOST: "as many readings are open as one person may have here",
}


def require_place(reader: User, project: Project) -> None:
    """Their membership, locked before any article is: so nobody is counted twice, and nobody given work who is just leaving."""
    if not Membership.objects.select_for_update().filter(user=reader, project=project).exists():
        require_member(reader, project)


def require_may_begin(screening: Screening, reader: User, *, giver: User | None = None) -> None:
    """``screening`` is locked, and ``require_place`` was asked before."""
    if found := queries.obstacle(screening, reader, giver=giver):
        raise _refusal(found, screening, reader, giver or reader)


def _refusal(found: str, screening: Screening, reader: User, by: User) -> Refusal:
    project, article = screening.project, screening.article
    if found == READS:
        return WrongState(f"{reader} has a reading of {article} already.")
    if found == FULL:
        return WrongState(f"{article} already has its {project.readers_required} reader(s) in “{project.title}”.")
    if found == SCREENED:
        return NotAllowed(f"Whoever screened an article does not read it in “{project}”; {article} is for others.")
    if found == MOST and by != reader and queries.unsettled(by).filter(project=project).exists():
        return WrongState(
            f"{reader} may have {project.most_open} readings open in “{project}”, as many as one person may: you read articles "
            "there yourself and are not told who else does, so each of these counts. Let another moderator give this one out."
        )
    if found == MOST:
        return WrongState(
            f"{reader} has {project.most_open} readings open in “{project}”, as many as one person may. Hand one in first."
        )
    if found == SAW:
        return NotAllowed(f"{reader} moderates and may see what the first reader of {article} handed in; others have to read it.")
    return WrongState(f"{article} was read and accepted in “{project}”; it wants no further reader.")
