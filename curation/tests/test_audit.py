"""The trail is written by the database itself, names who acted, and cannot be altered."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from curation.audit import acting
from curation.errors import Invalid, NotAllowed, NotFound
from curation.models import AuditEvent, Codebook, User
from curation.models.audit import AUDITED
from curation.people import actions as people
from curation.trail import story


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


def test_people_are_written_down_without_their_secrets(person: User) -> None:
    (made,) = AuditEvent.objects.of_row("curation_user", person.pk)
    assert (made.actor_id, made.verb, made.operation) == (person.pk, "person.create", "INSERT")
    assert not {"password", "last_login", "email"} & set(made.after)
    administrator = User.objects.create_superuser("administrator", password="a long enough secret")
    people.set_administrator(user_id=person.pk, administrator=True, reason="She runs the site now.", by=administrator)
    newest = AuditEvent.objects.of_row("curation_user", person.pk)[0]
    assert (newest.actor_id, newest.reason) == (administrator.pk, "She runs the site now.")
    assert (newest.before["is_superuser"], newest.after["is_superuser"]) == (False, True)
    assert story(person)[0].did == "made somebody an administrator, or no longer one"


def test_a_role_over_the_site_does_not_change_without_an_actor(person: User, client: Client) -> None:
    with pytest.raises(DatabaseError, match="names no actor"), transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_superuser=True)
    written = AuditEvent.objects.count()
    person.set_password("a long enough secret")
    person.save(update_fields=["password"])  # as a sign-in does that brings the digest up to date
    assert client.login(username="someone", password="a long enough secret")
    assert AuditEvent.objects.count() == written, "a sign-in is no change of who may what"


def test_who_makes_administrators(person: User) -> None:
    administrator = User.objects.create_superuser("administrator", password="a long enough secret")
    for by, said in ((person, "Only an administrator"), (administrator, "another administrator")):
        with pytest.raises(NotAllowed, match=said):
            people.set_administrator(user_id=administrator.pk, administrator=False, reason="So.", by=by)
    with pytest.raises(Invalid, match="Say why"):
        people.set_administrator(user_id=person.pk, administrator=True, reason=" ", by=administrator)
    with pytest.raises(NotFound):
        people.set_administrator(user_id=0, administrator=True, reason="So.", by=administrator)
