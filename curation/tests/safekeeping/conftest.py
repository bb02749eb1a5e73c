from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from curation.models import Ruling
from curation.safekeeping import sealing

Run = Callable[..., list[tuple]]


@pytest.fixture(autouse=True)
def heads(settings: SimpleNamespace, tmp_path: Path) -> Path:
    settings.AUDIT_HEADS = tmp_path / "kept" / "heads"
    return settings.AUDIT_HEADS


@pytest.fixture
def sealed(published: Ruling) -> Ruling:
    """A project with a published reading, everything of it sealed."""
    assert sealing.seal() is not None
    return published


@pytest.fixture
def run() -> Run:
    def statement(text: str, *values: object) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall() if cursor.description else []

    return statement


@pytest.fixture
def past_the_guards(run: Run) -> Run:
    """Write as somebody who owns the database and has switched the triggers off."""

    def statement(text: str, *values: object) -> None:
        run("SET CONSTRAINTS ALL IMMEDIATE")  # no table with checks outstanding can be altered
        run("SET LOCAL session_replication_role = replica")
        run(text, *values)
        run("SET LOCAL session_replication_role = origin")

    return statement
