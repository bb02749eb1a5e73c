"""The few ways in which Casebook says no. Raised in the rooms, translated once per door.

Each carries a sentence that names the thing and the way out; doors add nothing to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    ``where`` names the field, line or record it was found at; ``link`` (a fragment or path) leads a person there.
    """

    where: str
    reason: str
    link: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" if self.where else self.reason


class Refusal(Exception):
    """A request that was understood and is declined; ``status`` is its HTTP status, ``title`` its RFC 9457 title."""

    status = 400
    title = "Refused"
    slug = "refused"

    def __init__(self, detail: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class NotAllowed(Refusal):
    """The person may see the thing but not do this to it."""

    status, title, slug = 403, "Not allowed", "not-allowed"


class NotFound(Refusal):
    """There is no such thing, or the person may not know of it; both look the same from outside."""

    status, title, slug = 404, "Not found", "not-found"


class WrongState(Refusal):
    """The thing is not in a state from which this move is possible."""

    status, title, slug = 409, "Not possible in this state", "wrong-state"


class Stale(Refusal):
    """Somebody changed the thing since the version that this write read."""

    status, title, slug = 412, "Changed meanwhile", "stale"


class Invalid(Refusal):
    """The input breaks a rule; every fault found is listed at once."""

    status, title, slug = 422, "Not valid", "invalid"


class VersionMissing(Refusal):
    """A write that does not say which version it read."""

    status, title, slug = 428, "Version missing", "version-missing"


class SourceUnavailable(Refusal):
    """A part that this needs (NCBI, the broker) does not answer now; asking again later may succeed."""

    status, title, slug = 503, "Not available now", "unavailable"
