"""Of two beats only one sends, and the other takes over when it ends."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from portal import beat
from portal.celery import app

pytestmark = pytest.mark.django_db


@pytest.fixture
def another_beat() -> Iterator[psycopg.Connection]:
    """The database session of a beat that runs elsewhere and sends."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as session:
        session.execute("select pg_advisory_lock(%s)", [beat.LOCK])
        yield session


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[beat.OneBeat]:
    scheduler = beat.OneBeat(app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
    scheduler.setup_schedule()
    yield scheduler
    scheduler.close()
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock_all()")


def test_a_second_beat_waits(scheduler: beat.OneBeat, another_beat: psycopg.Connection) -> None:
    assert scheduler.tick() == beat.ASK_AGAIN
    assert scheduler._heap is None  # nothing was even looked at


def test_it_takes_over_when_the_first_ends(scheduler: beat.OneBeat, another_beat: psycopg.Connection) -> None:
    scheduler.tick()
    another_beat.execute("select pg_advisory_unlock(%s)", [beat.LOCK])
    scheduler.tick()
    assert scheduler._heap is not None


def test_without_a_database_it_waits(scheduler: beat.OneBeat, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise beat.DatabaseError

    with monkeypatch.context() as while_it_is_down:
        while_it_is_down.setattr(beat.connection, "cursor", broken)
        while_it_is_down.setattr(beat.connection, "close", lambda: None)
        assert scheduler.tick() == beat.ASK_AGAIN
