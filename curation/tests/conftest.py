"""What every test may lean on. States are reached through actions (``worlds``), never by hand-made rows."""

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Let the test runner empty the audit trail between tests; ``test_audit`` turns the guard on again to test it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("ALTER TABLE curation_auditevent DISABLE TRIGGER never_emptied")
