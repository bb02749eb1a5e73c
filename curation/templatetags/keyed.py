"""What a process keeps of what it drew."""

from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Keyed(NamedTuple, Generic[T]):
    """Something that is known again by its key alone."""

    key: tuple[object, ...]
    of: T

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)
