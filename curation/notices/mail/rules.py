"""Which period a digest is of, and when it is tried again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

#: So often a mail server is asked to take a digest before it is given up: over some ten hours.
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=5)


class Period(NamedTuple):
    """A day (2026-11-22) or a week (2026-W47) that is over; ``end`` is the first moment after it."""

    name: str
    end: datetime


def last_period(every: str, today: date) -> Period:
    """The last day, or for "week" the last week from Monday on, that is over."""
    if every == "week":
        monday = today - timedelta(days=today.weekday())
        year, week, _ = (monday - timedelta(days=1)).isocalendar()
        return Period(f"{year}-W{week:02}", _midnight(monday))
    return Period((today - timedelta(days=1)).isoformat(), _midnight(today))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def wait(attempts: int) -> timedelta | None:
    """How long until the next try after so many; None where there is none."""
    return FIRST_WAIT * 2 ** (attempts - 1) if attempts < MOST_ATTEMPTS else None
