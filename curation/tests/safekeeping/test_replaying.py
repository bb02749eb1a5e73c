"""The trail alone rebuilds every curated table."""

import pytest
from django.core.management import CommandError, call_command

from curation.errors import Invalid
from curation.models import Finding, Ruling
from curation.models.audit import AUDITED
from curation.review import actions as review
from curation.safekeeping import replaying
from curation.tests.safekeeping.conftest import Run
from curation.tests.worlds import People


def test_every_table_is_rebuilt_as_it_is(published: Ruling, who: People) -> None:
    finding = Finding.objects.published().filter(ruling__isnull=False).first()
    assert finding is not None
    review.retract(finding_id=finding.pk, version=finding.version, reason="A slip", by=who.moderator)
    done = replaying.replay()
    assert [table.table for table in done] == [f"curation_{name}" for name in AUDITED]
    assert all(table.is_equal for table in done)
    assert sum(table.rows for table in done) > 20


def test_nothing_is_left_behind_unless_it_is_to_be_kept(published: Ruling, run: Run) -> None:
    replaying.replay()
    assert not run("SELECT 1 FROM pg_namespace WHERE nspname = 'replayed'")
    replaying.replay(schema="recovered", keep=True)
    assert run("SELECT count(*) FROM recovered.curation_finding") == run("SELECT count(*) FROM curation_finding")


def test_a_table_that_was_changed_past_the_trail_is_named(
    published: Ruling, past_the_guards: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    past_the_guards("DELETE FROM curation_findingsource")
    with pytest.raises(CommandError, match="not what the trail tells"):
        call_command("replay_audit")
    assert "curation_findingsource" in next(line for line in capsys.readouterr().out.splitlines() if "told otherwise" in line)


@pytest.mark.parametrize("schema", ["public", "pg_catalog", "a b", 'x"; DROP TABLE y; --', ""])
def test_a_schema_that_cannot_be_is_refused(db: None, schema: str) -> None:
    with pytest.raises(Invalid, match="cannot be the schema"):
        replaying.replay(schema=schema)


def test_a_schema_that_is_there_is_left_alone(db: None, run: Run) -> None:
    run("CREATE SCHEMA replayed")
    with pytest.raises(CommandError, match="There is a schema"):
        call_command("replay_audit")
