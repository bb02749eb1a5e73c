"""The moves that are allowed between states.

``docs/states.md`` is drawn from the tables here and a test compares the two.
"""

from collections.abc import Mapping

from curation.choices import (
    BatchState,
    DigestState,
    FindingState,
    FlagState,
    ProposalState,
    ReadingState,
    SameState,
    ScreeningState,
    UnmovedState,
)
from curation.errors import WrongState

Moves = Mapping[str, tuple[str, ...]]

SCREENING_MOVES: Moves = {
    ScreeningState.TO_SCREEN: (ScreeningState.INCLUDED, ScreeningState.EXCLUDED),
    ScreeningState.INCLUDED: (ScreeningState.EXCLUDED, ScreeningState.TO_SCREEN),
    ScreeningState.EXCLUDED: (ScreeningState.INCLUDED, ScreeningState.TO_SCREEN),
}
READING_MOVES: Moves = {
    ReadingState.ASSIGNED: (ReadingState.IN_PROGRESS, ReadingState.RELEASED),
    ReadingState.IN_PROGRESS: (ReadingState.SUBMITTED, ReadingState.RELEASED),
    ReadingState.SUBMITTED: (ReadingState.RETURNED, ReadingState.ACCEPTED),
    ReadingState.RETURNED: (ReadingState.IN_PROGRESS, ReadingState.SUBMITTED, ReadingState.RELEASED),
    ReadingState.ACCEPTED: (ReadingState.SUBMITTED,),
    ReadingState.RELEASED: (ReadingState.ASSIGNED, ReadingState.IN_PROGRESS, ReadingState.RETURNED),
}
FINDING_MOVES: Moves = {
    FindingState.PUBLISHED: (FindingState.SUPERSEDED, FindingState.RETRACTED),
    FindingState.SUPERSEDED: (),
    FindingState.RETRACTED: (),
}
SAME_MOVES: Moves = {
    SameState.PROPOSED: (SameState.CONFIRMED, SameState.DECLINED),
    SameState.CONFIRMED: (SameState.UNDONE,),
    SameState.DECLINED: (),
    SameState.UNDONE: (),
}
PROPOSAL_MOVES: Moves = {
    ProposalState.OPEN: (
        ProposalState.ACCEPTED,
        ProposalState.REJECTED,
        ProposalState.SUPERSEDED,
        ProposalState.WITHDRAWN,
    ),
    ProposalState.ACCEPTED: (),
    ProposalState.REJECTED: (),
    ProposalState.SUPERSEDED: (),
    ProposalState.WITHDRAWN: (),
}
FLAG_MOVES: Moves = {FlagState.OPEN: (FlagState.RESOLVED,), FlagState.RESOLVED: ()}
UNMOVED_MOVES: Moves = {
    UnmovedState.OPEN: (UnmovedState.ENTERED, UnmovedState.DISMISSED),
    UnmovedState.ENTERED: (),
    UnmovedState.DISMISSED: (),
}
BATCH_MOVES: Moves = {
    BatchState.WAITING: (BatchState.RUNNING, BatchState.STOPPED),
    BatchState.RUNNING: (BatchState.DONE, BatchState.STOPPED),
    BatchState.STOPPED: (BatchState.RUNNING,),
    BatchState.DONE: (BatchState.RUNNING,),
}
DIGEST_MOVES: Moves = {
    DigestState.WAITING: (DigestState.SENDING, DigestState.FAILED),
    DigestState.SENDING: (DigestState.SENT, DigestState.WAITING, DigestState.FAILED),
    DigestState.SENT: (),
    DigestState.FAILED: (),
}


def require_move(moves: Moves, before: str, after: str, *, thing: str) -> None:
    """Refuse a state change that the table does not hold."""
    if after not in moves[before]:
        allowed = ", ".join(moves[before]) or "nothing: it is settled"
        raise WrongState(
            f"{thing} is {before.replace('_', ' ')} and cannot become {after.replace('_', ' ')}. Possible now: {allowed}."
        )
