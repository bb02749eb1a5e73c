"""An import worked off: every item comes to its end, once, and says why."""

import gzip
import hashlib
import io
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from curation import tasks
from curation.articles import actions, batches, ledger, store
from curation.choices import BatchState, ItemState
from curation.errors import Invalid
from curation.models import Article, Batch, BatchItem, Project, Screening, User
from curation.tests.articles.test_cutting import a_set, record
from curation.tests.standin.server import Standin
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db


def from_file(data: bytes, by: User, project: Project | None = None) -> Batch:
    batch = actions.open_batch_of_file(project=project, name="some.xml", stream=io.BytesIO(data), by=by)
    tasks.run_batch(batch.pk)
    return batch


def from_ids(text: str, by: User, project: Project | None = None) -> Batch:
    batch = actions.open_batch_of_ids(project=project, text=text, by=by)
    tasks.run_batch(batch.pk)
    return batch


def ends(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.items.order_by("position").values_list("identifier", "state"))


def test_a_file_twice(uploads: Path, who: People, samples: dict[str, bytes]) -> None:
    first, second = (from_file(samples["pubmedpy_efetch_6records"], who.administrator) for _ in range(2))
    assert batches.batch(who.administrator, first.pk).counts == [(ItemState.NEW, 6)]
    again = batches.batch(who.administrator, second.pk)
    assert (again.batch.state, again.counts, again.seen) == (BatchState.DONE, [(ItemState.UNCHANGED, 6)], 6)


def test_a_damaged_record_stops_only_itself(uploads: Path, who: People) -> None:
    data = a_set(
        record(1),
        record(2, "<b>"),
        record(3),
        record(4).replace(b"<ArticleTitle>Case 4.</ArticleTitle>", b""),
        b"<DeleteCitation><PMID>1</PMID></DeleteCitation>",
    )
    batch = from_file(gzip.compress(data), who.administrator)
    assert ends(batch) == [("1", "new"), ("2", "quarantined"), ("3", "new"), ("4", "quarantined"), ("1", "deleted")]
    hurt = batch.items.get(position=2)
    assert "well-formed" in hurt.reason
    assert zlib.decompress(hurt.raw) == data[hurt.offset : hurt.offset + len(zlib.decompress(hurt.raw))] == record(2, "<b>")
    assert "no title" in batch.items.get(position=4).reason
    page = batches.batch(who.administrator, batch.pk)
    assert page.seen == page.ended == sum(count for _, count in page.counts) == 5
    assert page.batch.trouble == ""


def test_what_the_database_refuses_stops_only_itself(uploads: Path, who: People) -> None:
    """Two PMIDs that claim one PMCID."""
    ids = '<ArticleIdList><ArticleId IdType="pmc">PMC7</ArticleId></ArticleIdList>'
    same = [record(n).replace(b"</PubmedArticle>", f"<PubmedData>{ids}</PubmedData></PubmedArticle>".encode()) for n in (1, 2)]
    batch = from_file(a_set(*same, record(3)), who.administrator)
    assert ends(batch) == [("1", "new"), ("2", "quarantined"), ("3", "new")]
    assert "database refuses" in batch.items.get(position=2).reason


def test_new_articles_come_before_the_project(uploads: Path, who: People, project: Project) -> None:
    from_file(a_set(record(1), record(2)), who.curator, project)
    from_file(a_set(record(2), record(3)), who.curator, project)
    assert sorted(Screening.objects.filter(project=project).values_list("article__pmid", flat=True)) == [1, 2, 3]


def test_pmids_with_one_that_pubmed_does_not_have(standin: Standin, who: People, project: Project) -> None:
    batch = from_ids("38762411, 1, PMID: 9997", who.curator, project)
    assert ends(batch) == [("38762411", "new"), ("1", "missing"), ("9997", "new")]
    assert "no record 1" in batch.items.get(position=2).reason
    assert len(standin.asked) == 1


def test_an_empty_set_means_that_there_is_no_such_record(standin: Standin, who: People) -> None:
    standin.behave("empty")
    assert ends(from_ids("38762411", who.administrator)) == [("38762411", "missing")]


def test_a_damaged_answer_is_not_taken_for_a_missing_record(standin: Standin, who: People) -> None:
    standin.behave("garbage")
    assert ends(from_ids("38762411", who.administrator)) == [("38762411", "quarantined")]


@pytest.mark.parametrize("trouble", ["429", "html", "half"])
def test_a_source_that_fails_is_tried_again_when_due(standin: Standin, who: People, trouble: str) -> None:
    standin.behave(trouble, trouble)
    batch = from_ids("38762411 9997", who.administrator)
    assert [state for _, state in ends(batch)] == ["failed", "failed"]
    assert not Article.objects.exists()
    batch.items.update(due_at=timezone.now() - timedelta(seconds=1))
    ledger.reopen_due()
    tasks.run_batch(batch.pk)
    assert [state for _, state in ends(batch)] == ["new", "new"]
    assert len(standin.asked) == 3  # both in one request again


def test_a_source_that_never_answers_leaves_it_to_a_person(standin: Standin, who: People) -> None:
    batch = actions.open_batch_of_ids(project=None, text="9997", by=who.administrator)
    for _ in range(ledger.MOST_ATTEMPTS):
        standin.behave("500", "500")
        tasks.run_batch(batch.pk)
        batch.items.filter(due_at__isnull=False).update(due_at=timezone.now())
        ledger.reopen_due()
    item = batch.items.get()
    assert (item.state, item.due_at, "status 500" in item.reason) == (ItemState.FAILED, None, True)


def claimed_and_left(batch: Batch) -> list[BatchItem]:
    """As a worker leaves it that is killed after its claim."""
    ledger.start(batch.pk)
    return ledger.claim(batch, most=200)


def test_what_a_dead_worker_claimed_is_done_once(standin: Standin, who: People) -> None:
    batch = actions.open_batch_of_ids(project=None, text="38762411 9997", by=who.administrator)
    claimed_and_left(batch)
    tasks.run_batch(batch.pk)
    assert [state for _, state in ends(batch)] == ["running", "running"]  # they may still be worked on
    assert ledger.release(older_than=timedelta(0)) == 2
    tasks.run_batch(batch.pk)
    assert [state for _, state in ends(batch)] == ["new", "new"]


def test_a_record_that_kills_its_worker_is_found_and_its_neighbours_are_not_blamed(standin: Standin, who: People) -> None:
    batch = actions.open_batch_of_ids(project=None, text="38762411 9997 219391", by=who.administrator)
    assert len(claimed_and_left(batch)) == 3
    for _ in range(2):  # the first item alone kills twice more
        ledger.release(older_than=timedelta(0))
        assert [i.identifier for i in ledger.claim(batch, most=200)] == ["38762411"]
    ledger.release(older_than=timedelta(0))
    tasks.run_batch(batch.pk)
    assert ends(batch) == [("38762411", "quarantined"), ("9997", "new"), ("219391", "new")]


def test_a_late_worker_does_not_overwrite_what_another_ended(standin: Standin, who: People) -> None:
    batch = actions.open_batch_of_ids(project=None, text="9997", by=who.administrator)
    late = claimed_and_left(batch)
    ledger.release(older_than=timedelta(0))
    tasks.run_batch(batch.pk)
    ledger.end([ledger.End(late[0], ItemState.FAILED, "too late")])
    assert ends(batch) == [("9997", "new")]


def test_a_stopped_import_goes_on_where_it_was(standin: Standin, who: People) -> None:
    batch = actions.open_batch_of_ids(project=None, text="9997", by=who.administrator)
    actions.stop(batch_id=batch.pk, by=who.administrator)
    tasks.run_batch(batch.pk)
    assert ends(batch) == [("9997", "waiting")]
    actions.resume(batch_id=batch.pk, by=who.administrator)
    tasks.run_batch(batch.pk)
    assert ends(batch) == [("9997", "new")]


def test_an_upload_that_is_gone_fails_plainly(uploads: Path, who: People) -> None:
    batch = actions.open_batch_of_file(project=None, name="x.xml", stream=io.BytesIO(a_set(record(1))), by=who.administrator)
    (uploads / batch.file_path).unlink()
    tasks.run_batch(batch.pk)
    assert "no longer there" in batch.items.get().reason
    assert ends(batch) == [("1", "failed")]


def test_accounts_that_do_not_add_up_are_said(uploads: Path, who: People) -> None:
    batch = actions.open_batch_of_file(project=None, name="x.xml", stream=io.BytesIO(a_set(record(1))), by=who.administrator)
    Batch.objects.filter(pk=batch.pk).update(seen=2)
    tasks.run_batch(batch.pk)
    batch.refresh_from_db()
    assert "do not add up" in batch.trouble


def test_running_a_finished_import_again_does_nothing(uploads: Path, who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = from_file(a_set(record(1)), who.administrator)
    monkeypatch.delattr(store, "store")
    tasks.run_batch(batch.pk)
    assert ends(batch) == [("1", "new")]


NBIB = b"PMID- 1\nTI  - From NBIB.\n\nPMID- 2\n\nPMID- 3\nTI  - Third.\n"


def test_nbib_comes_in_by_what_it_holds_and_gives_way_to_pubmeds_own_record(uploads: Path, who: People) -> None:
    assert ends(from_file(NBIB, who.administrator)) == [("1", "new"), ("2", "quarantined"), ("3", "new")]
    assert ends(from_file(gzip.compress(NBIB), who.administrator))[::2] == [("1", "unchanged"), ("3", "unchanged")]
    assert ends(from_file(a_set(record(1)), who.administrator)) == [("1", "updated")]
    again = from_file(NBIB.replace(b"NBIB", b"another"), who.administrator)
    assert again.items.get(position=1).reason == store.KEPT_FULLER
    assert Article.objects.get(pmid=1).title == "Case 1."
    assert sorted(Article.objects.get(pmid=1).sources.values_list("kind", flat=True)) == ["nbib", "pubmed"]


def test_ris_comes_in(uploads: Path, who: People) -> None:
    data = b"TY  - JOUR\nTI  - A title\nAN  - 7\nER  - \n\nTY  - JOUR\nTI  - No number\nER  - \n"
    batch = from_file(data, who.administrator)
    assert ends(batch) == [("7", "new"), ("", "quarantined")]
    assert "no PMID" in batch.items.get(position=2).reason


def test_a_file_is_held_against_its_md5(uploads: Path, who: People) -> None:
    data = a_set(record(1))
    digest = hashlib.md5(data).hexdigest()
    for said in (f"MD5(x.xml)= {digest}", f"{digest.upper()}  x.xml\n", "", " \n"):
        actions.open_batch_of_file(project=None, name="x.xml", stream=io.BytesIO(data), md5=said, by=who.administrator)
    opened = Batch.objects.count()
    for said, why in ((f"MD5(x.xml)= {'0' * 32}", "not the one"), ("not found", "names no MD5")):
        with pytest.raises(Invalid, match=why):
            actions.open_batch_of_file(project=None, name="x.xml", stream=io.BytesIO(data), md5=said, by=who.administrator)
    assert Batch.objects.count() == opened
    digest = hashlib.sha256(data).hexdigest()
    assert sorted(path.name for path in (uploads / "imports").iterdir()) == [digest, f"{digest}.places"]
