"""The trail is sealed in a chain, by the database, while others write."""

from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from curation import tasks
from curation.annotation import actions as annotation
from curation.audit import acting
from curation.models import AuditEvent, AuditSeal, Codebook, Reading, Ruling
from curation.safekeeping import sealing
from curation.tests.worlds import People


def test_a_seal_covers_what_is_new_and_follows_the_one_before(sealed: Ruling, who: People, heads: Path) -> None:
    first = AuditSeal.objects.get()
    assert (first.first_event, first.last_event, first.events, first.previous) == (
        AuditEvent.objects.order_by("pk").values_list("pk", flat=True)[0],
        AuditEvent.objects.latest("pk").pk,
        AuditEvent.objects.count(),
        "",
    )
    with transaction.atomic(), acting(by=who.administrator, verb="test.make"):
        Codebook.objects.create(slug="another", title="Another")
    second = sealing.seal()
    assert second is not None
    assert (second.events, second.previous) == (1, first.digest)
    assert sealing.heads() == {first.pk: first.digest, second.pk: second.digest}


def test_nothing_new_makes_no_seal(sealed: Ruling) -> None:
    assert sealing.seal() is None
    assert AuditSeal.objects.count() == 1


def test_the_schedule_seals(published: Ruling) -> None:
    tasks.seal_audit()
    assert AuditSeal.objects.get().last_event == AuditEvent.objects.latest("pk").pk


def test_a_head_that_a_crash_kept_in_is_told_later(sealed: Ruling, heads: Path) -> None:
    kept = heads.read_text()
    heads.write_text(kept[:20])  # the line was cut short
    sealing.tell()
    assert sealing.heads() == {AuditSeal.objects.get().pk: AuditSeal.objects.get().digest}


@pytest.mark.parametrize("statement", ["UPDATE curation_auditseal SET digest = ''", "DELETE FROM curation_auditseal"])
def test_a_seal_cannot_be_altered(sealed: Ruling, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_still_writes_is_waited_for_and_left_to_the_next_sealing(started: Reading, who: People) -> None:
    """Its events have lower numbers than others that are in already: a seal past them would be broken when they come."""
    given = connection.get_connection_params()
    names = {name: given[name] for name in ("host", "user", "dbname") if name in given}
    with psycopg.connect(**names) as other:  # type: ignore[arg-type]
        other.execute("SELECT set_config('casebook.actor', %s, true)", [str(who.administrator.pk)])
        other.execute("INSERT INTO curation_codebook (slug, title, language) VALUES ('slow', 'Slow', 'en')")
        annotation.add_patient(reading_id=started.pk, label="Another", by=who.curator)
        assert sealing.seal() is None
        other.commit()
    made = sealing.seal()
    assert made is not None
    assert made.events == AuditEvent.objects.count()
