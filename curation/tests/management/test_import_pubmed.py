"""The command: the same batches as the pages, the accounting printed, refusals as plain sentences."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from curation import tasks
from curation.models import Batch, Project
from curation.tests.articles.conftest import standin, uploads
from curation.tests.articles.test_cutting import a_set, record
from curation.tests.standin.server import Standin
from curation.tests.worlds import People

__all__ = ["standin", "uploads"]
pytestmark = pytest.mark.django_db
SEED = str(Path(settings.BASE_DIR) / "seeds" / "pubmed_34829411.xml")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("import_pubmed", *arguments)
    return capsys.readouterr().out


def test_importing_twice_changes_nothing_and_says_so(uploads: Path, who: People, capsys: pytest.CaptureFixture[str]) -> None:
    assert "1 seen: 1 new" in said(capsys, SEED, "--now")
    assert "1 seen: 1 unchanged" in said(capsys, SEED, "--now")


def test_pmids_and_a_project(standin: Standin, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "38762411", "1", "--project", "imnm", "--by", "curator", "--now")
    assert "2 seen: 1 new, 1 no such record" in out
    assert "1: PubMed has no record 1" in out
    assert project.screenings.get().article.pmid == 38762411


def test_what_was_refused_of_a_file_is_printed(
    uploads: Path, who: People, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "some.xml").write_bytes(a_set(record(1), record(2, "<b>")))
    out = said(capsys, str(tmp_path / "some.xml"), "--now")
    assert "2 seen: 1 new, 1 quarantined" in out
    assert "2: This record is not well-formed" in out


def test_without_now_a_worker_is_told(who: People, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring", lambda pk: rung.append(pk) or True)
    assert "a worker was told" in said(capsys, "38762411")
    assert rung == [Batch.objects.get().pk]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing.xml"], "There is no file nothing.xml"),
        (["abc"], "“abc”: is no PMID"),
        (["1", "--project", "nowhere"], "no project “nowhere”"),
        (["1", "--by", "nobody"], "nobody here by the user name “nobody”"),
        (["1", "--by", "curator"], "Only an administrator"),
        ([str(Path(__file__))], "This is neither PubMed XML"),
    ],
)
def test_refusals_are_sentences(uploads: Path, who: People, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_pubmed", *arguments, "--now")
    assert not Batch.objects.exists()


def test_nobody_to_import_as(db: None) -> None:
    with pytest.raises(CommandError, match="no administrator yet"):
        call_command("import_pubmed", "1")


def test_reconcile_says_what_it_found(standin: Standin, who: People, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reconcile")
    assert "none was left behind" in capsys.readouterr().out


def test_files_are_taken_by_their_numbers_and_held_against_their_checksums(
    uploads: Path, who: People, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("pubmed26n0010.xml", "pubmed26n0009.xml"):
        (tmp_path / name).write_bytes(a_set(record(1)))
        (tmp_path / f"{name}.md5").write_text(f"MD5({name})= {hashlib.md5(a_set(record(1))).hexdigest()}")
    call_command("import_pubmed", *map(str, sorted(tmp_path.glob("pubmed*"))[::-1]), "--now")
    assert [line.split(": ")[1] for line in capsys.readouterr().out.splitlines()] == ["pubmed26n0009.xml", "pubmed26n0010.xml"]
    (tmp_path / "pubmed26n0009.xml").write_bytes(a_set(record(2)))
    with pytest.raises(CommandError, match=r"not the one that its \.md5 file means"):
        call_command("import_pubmed", str(tmp_path / "pubmed26n0009.xml"))
