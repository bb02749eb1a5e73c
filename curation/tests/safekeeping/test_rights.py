"""The site's own role does all that the site does, and cannot touch the trail."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from curation.models import AuditEvent, AuditSeal, Screening
from curation.safekeeping import rights, sealing, verifying
from curation.tests import worlds
from curation.tests.safekeeping.conftest import Run

ROLE = "site_of_a_test"


@pytest.fixture
def as_the_site(db: None, run: Run, settings: SimpleNamespace) -> Iterator[None]:
    settings.SITE_DATABASE = {"USER": ROLE, "PASSWORD": "secret"}
    call_command("limit_rights", verbosity=0)
    call_command("limit_rights", verbosity=0)  # safe to repeat
    run(f"SET LOCAL ROLE {ROLE}")
    yield
    run("RESET ROLE")


def test_the_site_works_under_it_and_its_acts_are_written_down(
    included: Screening, who: worlds.People, as_the_site: None
) -> None:
    before = AuditEvent.objects.count()
    submitted = worlds.submitted(included.project, included.article, who.curator)
    worlds.decided(submitted, who.moderator)
    assert AuditEvent.objects.count() > before
    assert sealing.seal() is not None
    assert list(verifying.faults()) == []
    assert rights.are_limited()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE curation_auditevent SET verb = ''",
        "DELETE FROM curation_auditevent",
        "TRUNCATE curation_auditevent",
        "INSERT INTO curation_auditevent SELECT * FROM curation_auditevent",
        "ALTER TABLE curation_auditevent DISABLE TRIGGER append_only",
        "DROP TRIGGER audited ON curation_finding",
        "ALTER TABLE curation_finding DISABLE TRIGGER audited",
        "TRUNCATE curation_finding CASCADE",
        "DELETE FROM curation_auditseal",
        "INSERT INTO curation_auditseal SELECT * FROM curation_auditseal",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION curation_audit_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "DROP TABLE curation_auditevent",
    ],
)
def test_it_cannot_touch_the_trail(included: Screening, as_the_site: None, run: Run, statement: str) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        run(statement)
    assert (AuditEvent.objects.count(), AuditSeal.objects.count()) == (before, 0)


def test_the_owner_is_not_limited(db: None, settings: SimpleNamespace) -> None:
    settings.SITE_DATABASE = {"USER": connection.settings_dict["USER"], "PASSWORD": ""}
    with pytest.raises(CommandError, match="owns the tables"):
        call_command("limit_rights")
    assert not rights.are_limited()
