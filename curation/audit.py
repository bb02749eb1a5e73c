"""GUARD: who is acting. Every write to a curated table happens inside ``acting``; triggers write the trail from it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

from django.db import connection, transaction

from curation.models import User

P = ParamSpec("P")
R = TypeVar("R")


class Act(NamedTuple):
    """``actor`` is a user's id as text, because that is how a database setting is kept."""

    actor: str
    verb: str
    reason: str


NOBODY = Act("", "", "")
_current: ContextVar[Act] = ContextVar("act", default=NOBODY)


@contextmanager
def acting(*, by: User, verb: str, reason: str = "") -> Iterator[None]:
    """Name the actor, verb and reason of the writes inside, for this transaction only. Acts may nest; the outer one returns."""
    before = _current.get()
    _tell_database(act := Act(str(by.pk), verb, reason))
    token = _current.set(act)
    try:
        yield
        _tell_database(before)  # after an error the rollback takes the setting back
    finally:
        _current.reset(token)


def _tell_database(act: Act) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('casebook.actor', %s, true), set_config('casebook.verb', %s, true), "
            "set_config('casebook.reason', %s, true)",
            act,
        )


def action(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action: one transaction, by a named person (``by=``), its ``reason=`` kept in the trail."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            by, reason = kwargs["by"], kwargs.get("reason", "")
            with transaction.atomic(), acting(by=by, verb=verb, reason=str(reason)):  # type: ignore[arg-type]
                return function(*args, **kwargs)

        return wrapper

    return decorate
