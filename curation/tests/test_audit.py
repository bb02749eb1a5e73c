"""The trail is written by the database itself, names who acted, and cannot be altered."""

import pytest
from django.db import DatabaseError, connection, transaction

from curation.audit import acting
from curation.models import AuditEvent, Codebook, User
from curation.models.audit import AUDITED


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("someone")


def test_a_write_without_an_actor_is_refused(person: User) -> None:
    with pytest.raises(DatabaseError, match="names no actor"), transaction.atomic():
        Codebook.objects.create(slug="x", title="X")
    assert not Codebook.objects.exists()


def test_a_change_is_written_down_with_actor_verb_and_reason(person: User) -> None:
    with transaction.atomic(), acting(by=person, verb="test.make", reason="to see"):
        book = Codebook.objects.create(slug="x", title="X")
    with transaction.atomic(), acting(by=person, verb="test.rename"), connection.cursor() as cursor:
        cursor.execute("UPDATE curation_codebook SET title = 'Y'")
    renamed, made = AuditEvent.objects.of_row("curation_codebook", book.pk)
    assert (made.operation, made.verb, made.reason, made.actor_id, made.before) == (
        "INSERT",
        "test.make",
        "to see",
        person.pk,
        None,
    )
    assert (renamed.before["title"], renamed.after["title"], renamed.verb) == ("X", "Y", "test.rename")


def test_after_an_act_the_next_write_needs_its_own(person: User) -> None:
    with transaction.atomic(), acting(by=person, verb="test.make"):
        Codebook.objects.create(slug="x", title="X")
    with pytest.raises(DatabaseError, match="names no actor"), transaction.atomic():
        Codebook.objects.update(title="Y")


@pytest.mark.parametrize("statement", ["UPDATE curation_auditevent SET verb = ''", "DELETE FROM curation_auditevent"])
def test_the_trail_cannot_be_altered(person: User, statement: str) -> None:
    with transaction.atomic(), acting(by=person, verb="test.make"):
        Codebook.objects.create(slug="x", title="X")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get(table="curation_codebook").verb == "test.make"


def test_the_trail_cannot_be_emptied(db: None) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE curation_auditevent ENABLE TRIGGER never_emptied")
        cursor.execute("TRUNCATE curation_auditevent")


def test_each_curated_table_has_its_trigger(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audited'")
        assert {name for (name,) in cursor.fetchall()} == {f"curation_{table}" for table in AUDITED}
