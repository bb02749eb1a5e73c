"""GUARD: no lost update. A write names the version it read; only the first of two wins, the other is told."""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from curation.errors import NotFound, Stale, VersionMissing
from curation.models.base import Versioned

V = TypeVar("V", bound=Versioned)


def lock(rows: QuerySet[V], *, pk: int, version: int | None, guard: Callable[[V], None] | None = None) -> V:
    """The row, locked until the transaction ends, its version and time already raised for the save that follows.

    ``rows`` is what the person may see (``visible_to``). ``guard`` asks whether they may do this to it, before the version is
    compared: who may not do a thing is told so, whatever version they name. Raises NotFound, VersionMissing, Stale.
    """
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    name = rows.model._meta.verbose_name
    if row is None:
        raise NotFound(f"There is no {name} {pk} here, or it is not open to you.")
    if guard:
        guard(row)
    expect(row, version=version)
    return raised(row)


def expect(row: Versioned, *, version: int | None) -> None:
    """Refuse a write that read another version of the row."""
    name = row._meta.verbose_name
    if version is None:
        raise VersionMissing(
            f'Say which version of this {name} you read (If-Match: "{row.version}" by API, the hidden field in forms).'
        )
    if row.version != version:
        raise Stale(
            f"This {name} was changed since you read it: you had version {version}, it is now {row.version}. "
            "Reload it, compare, and make your change again."
        )


def raised(row: V) -> V:
    """The row with its next version, for actions that lock it by another way."""
    row.version += 1
    row.changed_at = timezone.now()
    return row
