"""How articles are drawn among readers: fewest open readings first, and nobody beyond the maximum. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

#: A reader's or article's number.
Key = int


@dataclass(frozen=True, slots=True)
class Drawn:
    """``pairs``: (article, reader) in the order in which they were drawn; ``left``: how many readers each article still wants."""

    pairs: list[tuple[Key, Key]] = field(default_factory=list)
    left: dict[Key, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names this draw, so that what is confirmed is what was looked at."""
        return sha256(repr(self.pairs).encode()).hexdigest()[:16]


def draw(
    *,
    wants: Mapping[Key, int],
    readers: Mapping[Key, int],
    barred: Collection[tuple[Key, Key]],
    most_open: int | None,
    seed: int,
) -> Drawn:
    """``wants``: articles in the project's order, each with how many readers it lacks. ``readers``: how many readings each has
    open. ``barred``: pairs (article, reader) that are not to be.

    Each place goes to whoever has fewest open; among equals ``lot`` decides, so that the same draw comes out the same.
    """
    drawn, load = Drawn(), dict(readers)
    for article, places in wants.items():
        here: list[Key] = []
        while len(here) < places:
            free = [each for each in load if each not in here and (article, each) not in barred]
            may = [each for each in free if most_open is None or load[each] < most_open]
            if not may:
                drawn.left[article] = places - len(here)
                break
            here.append(min(may, key=lambda each: (load[each], lot(seed, article, each))))
            load[here[-1]] += 1
        drawn.pairs.extend((article, reader) for reader in here)
    return drawn


def lot(seed: int, article: Key, reader: Key) -> str:
    """The same for the same three numbers: the SHA-256 of “seed:article:reader”."""
    return sha256(f"{seed}:{article}:{reader}".encode()).hexdigest()


def days_left(*, since_change: int, abandoned_after: int | None) -> int | None:
    """In how many days a reading goes back to the pool, once a third of the time or less is left (a day at least); else None."""
    if abandoned_after is None:
        return None
    left = max(abandoned_after - since_change, 0)
    return left if left <= max(abandoned_after // 3, 1) else None


def commonest(reasons: Sequence[str]) -> str:
    """The reason that holds most often; among equals the first named."""
    return max(dict.fromkeys(reasons), key=reasons.count, default="")
