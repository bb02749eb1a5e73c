"""A site goes into one file and comes back equal; a bad file changes nothing."""

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.articles import pictures, uploads
from curation.articles.images import Picture
from curation.backup import archive, files, programs, restoring, taking
from curation.errors import Invalid
from curation.export.queries import canonical_lines
from curation.models import AuditSeal, Digest, Ruling
from curation.notices.mail import queries as mailing
from curation.safekeeping import sealing, verifying
from curation.tests import worlds
from curation.tests.test_tasks import environment, kill, until
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db(transaction=True)
PIPE_HOLDS = 64 * 1024
PICTURE = Picture(body=b"a picture" * 20_000, ending="png", width=1, height=1, thumbnail=b"a smaller one")


@pytest.fixture(autouse=True)
def folders(settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.AUDIT_HEADS = tmp_path / "heads"


@pytest.fixture
def lived_in(published: Ruling) -> Ruling:
    """A site with a published reading, a picture with its thumbnail, and an upload."""
    pictures.keep(PICTURE)
    uploads.keep(io.BytesIO(b"an upload"), lambda stream: stream.read())
    return published


@pytest.fixture
def packed(lived_in: Ruling, tmp_path: Path) -> Path:
    return taking.take(tmp_path / "site.zip").path


def stands() -> tuple[list[str], dict[str, bytes]]:
    """All that a site is: its tables and its files."""
    return list(canonical_lines()), {name: place.read_bytes() for name, place in files.kept()}


def changed(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive with its members changed, as a zip that is in order."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(other, "w") as new:
        for name, body in members.items():
            new.writestr(name, body)
    return other


def told(members: dict[str, bytes], old: bytes, new: bytes) -> None:
    assert old in members[archive.MANIFEST]
    members[archive.MANIFEST] = members[archive.MANIFEST].replace(old, new)


def test_a_restored_site_equals_the_old_one(packed: Path, lived_in: Ruling, who: People, tmp_path: Path) -> None:
    before, events, heads = stands(), AuditSeal.objects.last(), sealing.heads()
    worlds.a_project(who, lived_in.project.codebook_version, slug="later")
    pictures.keep(PICTURE._replace(body=b"another picture"))
    (name,) = [name for name in before[1] if name.startswith("imports/")]
    (tmp_path / "media" / name).write_bytes(b"damaged")
    sealing.seal()
    done = restoring.restore(packed, replace=True)
    assert stands() == before
    assert AuditSeal.objects.last() == events
    assert list(verifying.faults()) == []
    assert (done.files, done.migrated) == (3, 0)
    # heads of the seal that is no more are kept aside
    assert sealing.heads() == heads
    assert done.heads_aside is not None
    assert len(sealing.heads(done.heads_aside)) == len(heads) + 1
    # it works on
    worlds.a_project(who, lived_in.project.codebook_version, slug="later")
    assert sealing.seal() is not None
    call_command("verify_audit", verbosity=0, stdout=io.StringIO())
    call_command("replay_audit", stdout=io.StringIO())
    call_command("migrate", check_unapplied=True, verbosity=0)


def test_what_was_due_before_is_not_sent_again(lived_in: Ruling, who: People, tmp_path: Path) -> None:
    """It waited when the backup was taken, and may have gone out since."""
    waits = Digest.objects.create(receiver=who.curator, period="2026-01-01", due_at=timezone.now())
    restoring.restore(taking.take(tmp_path / "waits.zip").path, replace=True)
    assert (worlds.fresh(waits).state, mailing.waiting()) == ("failed", [])


def test_an_empty_site_needs_no_word(packed: Path) -> None:
    before = stands()
    with connection.cursor() as cursor:
        restoring._empty()
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
        assert cursor.fetchone() == (0,)
    call_command("restore", packed, stdout=(out := io.StringIO()))
    assert stands() == before
    assert "with 3 files. Its audit trail holds." in out.getvalue()


def test_an_older_one_is_led_forward(packed: Path) -> None:
    before = stands()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        cursor.execute("DROP TABLE django_session")
    older = taking.take(packed.with_name("older.zip"))
    assert restoring.restore(older.path, replace=True).migrated == 1
    assert stands() == before
    call_command("migrate", check_unapplied=True, verbosity=0)


def test_what_holds_people_is_not_replaced_unasked(packed: Path) -> None:
    before = stands()
    with pytest.raises(CommandError, match=r"holds people or articles.*say --replace"):
        call_command("restore", packed)
    assert stands() == before


def no_dump(members: dict[str, bytes]) -> None:
    del members[archive.DATABASE]


def other_file(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.startswith("files/figures"))
    members[name] = b"another picture"


def leading_out(members: dict[str, bytes]) -> None:
    members["files/figures/../../../out"] = b""
    told(members, b'"members": {', b'"members": {"files/figures/../../../out": {"size": 0, "sha256": "' + EMPTY + b'"},')


def newer(members: dict[str, bytes]) -> None:
    told(members, b'"curation.0001_tables"', b'"curation.9999_of_tomorrow"')


def newer_server(members: dict[str, bytes]) -> None:
    told(members, b'"server": ', b'"server": 9')


def newer_format(members: dict[str, bytes]) -> None:
    told(members, b'"format": 1', b'"format": 2')


def other_head(members: dict[str, bytes]) -> None:
    digest = AuditSeal.objects.latest("pk").digest.encode()
    told(members, digest, b"0" * 64)


EMPTY = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
REFUSED = {
    no_dump: "database.dump: is not there once",
    other_file: "is not what was packed",
    leading_out: "does not belong into a backup",
    newer: "of a newer Casebook .* lacks curation.9999_of_tomorrow.* Update the program",
    newer_server: "use one as new",
    newer_format: "is of format 2",
    other_head: "audit trail in this backup does not hold",
}


def test_what_cannot_be_right_is_refused_and_all_stands(packed: Path) -> None:
    before = stands()
    for change, words in REFUSED.items():
        with pytest.raises(Invalid, match=words):
            restoring.restore(changed(packed, change), replace=True)
        assert stands() == before, change
    assert list(verifying.faults()) == []


def test_half_an_archive_and_a_damaged_one_are_refused(packed: Path) -> None:
    """Wherever it is cut, and whichever byte differs: refused, or not a byte of what it brings is another."""
    whole, damaged = packed.read_bytes(), packed.with_name("damaged.zip")
    with archive.opened(packed) as kept:
        members = kept.members

    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(at=st.integers(0, len(whole) - 1), bit=st.integers(0, 8))
    def holds(at: int, bit: int) -> None:
        cut = bit == 8
        damaged.write_bytes(whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        with suppress(Invalid), archive.opened(damaged) as other:
            assert not cut
            assert other.members == members

    holds()


@pytest.mark.parametrize("name", ["missing.zip", ""])
def test_what_is_no_file_is_a_sentence(db: None, tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match=r"cannot be read or written \((No such file|Is a directory)"):
        call_command("restore", tmp_path / name)


def test_a_dump_that_breaks_off_changes_nothing(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails after the tables are gone brings them back."""
    before = stands()
    broken = packed.with_name("broken.dump")
    with archive.opened(packed) as kept:
        kept.copy(archive.DATABASE, broken)
    body = broken.read_bytes()
    load = programs.load

    def halved(dump: Path) -> None:
        dump.write_bytes(body[: len(body) // 2])
        load(dump)

    monkeypatch.setattr(programs, "load", halved)
    with pytest.raises(Invalid, match="cannot be read"):
        restoring.restore(packed, replace=True)
    assert stands() == before


def test_killed_in_the_middle_all_stands(packed: Path, tmp_path: Path) -> None:
    """When all tables are made anew and the files are on their way: the first picture goes into a pipe that nobody empties."""
    later = worlds.an_article(2)
    tables, kept = stands()
    picture = next(place for name, place in files.kept() if len(kept[name]) > PIPE_HOLDS)
    picture.unlink()
    os.mkfifo(pipe := picture.with_name(f".{picture.name}.arriving"))
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    command = [sys.executable, "-W", "ignore", "manage.py", "restore", str(packed), "--replace"]
    places = {"MEDIA_ROOT": str(tmp_path / "media"), "AUDIT_HEADS": str(tmp_path / "heads")}
    process = subprocess.Popen(command, env=environment(**places), cwd=site.BASE_DIR, start_new_session=True)
    try:
        until(lambda: bool(os.read(end, 1)), "the writing of the picture")
    finally:
        kill(process)
        os.close(end)
    pipe.unlink()
    assert process.returncode == -signal.SIGKILL
    assert list(canonical_lines()) == tables
    assert worlds.fresh(later) == later
    assert list(verifying.faults()) == []
    restoring.restore(packed, replace=True)  # and it can be asked again
    assert stands()[1] == kept


def test_no_secret_and_no_session_is_in_it(packed: Path, who: People, client: object, tmp_path: Path) -> None:
    client.force_login(who.curator)  # type: ignore[attr-defined]
    key = client.session.session_key  # type: ignore[attr-defined]
    again = taking.take(tmp_path)
    with zipfile.ZipFile(again.path) as kept:
        (tmp_path / "dump").write_bytes(kept.read(archive.DATABASE))
        manifest = kept.read(archive.MANIFEST).decode()
    script = subprocess.run([programs.find("pg_restore"), "-f-", tmp_path / "dump"], capture_output=True, text=True, check=True)
    assert site.SECRET_KEY not in script.stdout + manifest
    assert connection.settings_dict["HOST"] not in manifest
    assert key not in script.stdout
    assert "curator" in script.stdout
    assert again.path.stat().st_mode & 0o077 == 0


def test_what_is_being_written_is_left_out_and_told(lived_in: Ruling, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "media/imports/arriving-xyz").write_bytes(b"ha")
    call_command("backup", tmp_path / "site.zip")
    said = capsys.readouterr()
    assert "still being written): imports/arriving-xyz" in said.err
    assert "3 files" in said.out
    assert "sealed to event" in said.out


def test_nothing_is_written_over_and_nothing_half_made_stays(packed: Path, tmp_path: Path) -> None:
    before = packed.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", packed)
    with pytest.raises(CommandError, match="no folder"):
        call_command("backup", tmp_path / "nowhere" / "site.zip")
    assert packed.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"site.zip", "media", "heads"}


def test_without_programs_new_enough_it_says_what_to_install(lived_in: Ruling, settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.POSTGRES_PROGRAMS = []
    with pytest.raises(CommandError, match=r"needs pg_dump of PostgreSQL .* or newer. Install .* CASEBOOK_PG_BIN"):
        call_command("backup", tmp_path)
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    (tmp_path / "pg_dump").chmod(0o755)
    settings.POSTGRES_PROGRAMS = [tmp_path]
    with pytest.raises(CommandError, match="the one here is of PostgreSQL 9"):
        call_command("backup", tmp_path)


def test_only_the_owner_restores(packed: Path) -> None:
    before = stands()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE somebody")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO somebody")
        cursor.execute("SET ROLE somebody")
        try:
            with pytest.raises(Invalid, match="run it as their owner"):
                restoring.restore(packed, replace=True)
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP OWNED BY somebody")
            cursor.execute("DROP ROLE somebody")
    assert stands() == before
