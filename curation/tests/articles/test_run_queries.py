"""Imports by PMCID, DOI and query: what NCBI makes of them, and every item's fate."""

from datetime import timedelta

import pytest
from django.utils import timezone

from curation import tasks
from curation.articles import actions, ledger, previewing
from curation.choices import BatchState, ItemState
from curation.errors import Invalid, NotAllowed, SourceUnavailable
from curation.models import Article, Batch, BatchItem, Project, User
from curation.tests.articles.test_run import ends, from_ids
from curation.tests.records import a_record
from curation.tests.standin.server import Standin
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(standin: Standin) -> Standin:
    """Two records beside the recorded ones: in PMC with a DOI, and only in PubMed with a DOI."""
    for pmid, ids in ((501, ("pmc", "PMC77", "doi", "10.1000/in.pmc")), (502, ("doi", "10.1000/Not.In.PMC"))):
        listed = "".join(f'<ArticleId IdType="{k}">{v}</ArticleId>' for k, v in zip(ids[::2], ids[1::2], strict=True))
        xml = a_record(pmid, title=f"Zebra {pmid}.").replace("<ArticleIdList/>", f"<ArticleIdList>{listed}</ArticleIdList>", 1)
        standin.library.take(xml.encode())
    return standin


def by_query(query: str, by: User, project: Project | None = None) -> Batch:
    batch = actions.open_batch_of_query(project=project, query=query, by=by)
    tasks.run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def test_pmcids_and_dois_beside_pmids(shelf: Standin, who: People) -> None:
    batch = from_ids("PMC77 9997 10.1000/not.in.pmc doi:10.1000/IN.PMC", who.administrator)
    assert ends(batch) == [("PMC77", "new"), ("9997", "new"), ("10.1000/not.in.pmc", "new"), ("10.1000/IN.PMC", "unchanged")]
    assert list(batch.items.order_by("position").values_list("pmid", flat=True)) == [501, 9997, 502, 501]
    assert [a.form["ids"] for a in shelf.asked_of("idconv")] == ["PMC77", "10.1000/not.in.pmc,10.1000/IN.PMC"]
    assert [a.form["term"] for a in shelf.asked_of("esearch")] == ['"10.1000/not.in.pmc"[AID]']
    assert len(shelf.asked_of("efetch")) == 1


def test_each_identifiers_fate_is_told(shelf: Standin, who: People) -> None:
    ids = '<ArticleIdList><ArticleId IdType="doi">10.1000/Not.In.PMC</ArticleId></ArticleIdList>'
    shelf.library.take(a_record(503).replace("<ArticleIdList/>", ids, 1).encode())
    batch = from_ids("PMC99 10.1000/nowhere 10.1000/not.in.pmc", who.administrator)
    assert {state for _, state in ends(batch)} == {"missing"}
    reasons = list(batch.items.order_by("position").values_list("reason", flat=True))
    assert "PMC has no article PMC99" in reasons[0]
    assert "Neither PMC nor PubMed knows" in reasons[1]
    assert "several records" in reasons[2]


def test_a_converter_that_fails_fails_for_now(shelf: Standin, who: People) -> None:
    shelf.behave("html", "500")
    batch = from_ids("PMC77 9997", who.administrator)
    assert {state for _, state in ends(batch)} == {"failed"}
    batch.items.update(due_at=timezone.now())
    ledger.reopen_due()
    tasks.run_batch(batch.pk)
    assert {state for _, state in ends(batch)} == {"new"}


def test_dois_that_the_converter_declines_are_looked_up_in_pubmed(shelf: Standin, who: People) -> None:
    shelf.behave("400")
    assert ends(from_ids("10.1000/in.pmc", who.administrator)) == [("10.1000/in.pmc", "new")]


def test_a_query_worked_off(shelf: Standin, who: People, project: Project) -> None:
    batch = by_query("zebra[ti]", who.curator, project)
    assert (batch.state, batch.seen, batch.trouble) == (BatchState.DONE, 2, "")
    assert sorted(batch.items.values_list("pmid", "state")) == [(501, "new"), (502, "new")]
    assert project.screenings.count() == 2


def test_a_query_that_finds_nothing_is_done(shelf: Standin, who: People) -> None:
    batch = by_query("unicorn[ti]", who.administrator)
    assert (batch.state, batch.seen, batch.items.count()) == (BatchState.DONE, 0, 0)


@pytest.mark.parametrize("trouble", ["count", "html", "half", "500", "429"])
def test_a_wrong_count_or_half_an_answer_is_asked_again(shelf: Standin, who: People, trouble: str) -> None:
    shelf.behave(trouble)
    assert by_query("zebra[ti]", who.administrator).seen == 2
    assert len(shelf.asked_of("esearch")) == 2


def test_a_search_that_fails_is_tried_when_due_and_then_left_to_a_person(shelf: Standin, who: People) -> None:
    batch = actions.open_batch_of_query(project=None, query="zebra[ti]", by=who.administrator)
    for attempt in range(1, ledger.MOST_ATTEMPTS + 1):
        shelf.behave("500", "500")
        tasks.run_batch(batch.pk)
        batch.refresh_from_db()
        assert (batch.attempts, batch.seen, "status 500" in batch.trouble) == (attempt, None, True)
        if batch.state == BatchState.RUNNING:
            assert batch.pk not in ledger.forgotten()  # not before it is due
            Batch.objects.filter(pk=batch.pk).update(due_at=timezone.now() - timedelta(seconds=1))
            assert batch.pk in ledger.forgotten()
    assert batch.state == BatchState.STOPPED
    actions.resume(batch_id=batch.pk, by=who.administrator)
    tasks.run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.seen, batch.trouble) == (BatchState.DONE, 2, "")


def test_two_workers_put_the_records_down_once(shelf: Standin, who: People) -> None:
    batch = actions.open_batch_of_query(project=None, query="zebra[ti]", by=who.administrator)
    ledger.start(batch.pk)
    batch.refresh_from_db()
    assert ledger.begin_listing(batch)
    assert not ledger.begin_listing(batch)
    assert ledger.listed(batch, seen=2, trouble="")
    assert not ledger.listed(batch, seen=2, trouble="")
    assert not BatchItem.objects.filter(batch=batch).exists()


def test_more_than_ten_thousand_hits(shelf: Standin, who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed by windows; what they hold is not fetched here."""
    records = (a_record(n, title="Crowd.", year=1990 + n % 30) for n in range(1_000_000, 1_010_500))
    shelf.library.take(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode())
    monkeypatch.setattr(ledger, "claim", lambda batch, most: [])
    batch = by_query("crowd[ti]", who.administrator)
    assert (batch.seen, batch.items.values("pmid").distinct().count(), batch.trouble) == (10_500, 10_500, "")
    windows = [a.form.get("mindate") for a in shelf.asked_of("esearch")]
    assert windows[0] is None
    assert len(windows) > 2


def test_a_preview_writes_nothing(shelf: Standin, who: People, project: Project) -> None:
    from_ids("501", who.curator, project)
    found = previewing.preview(who.curator, " zebra[ti] ", project)
    assert (found.query, found.count, found.here, found.in_project, found.is_whole) == ("zebra[ti]", 2, 1, 1, True)
    assert [(hit.summary.pmid, bool(hit.here)) for hit in found.first] == [(502, False), (501, True)]
    assert (Article.objects.count(), Batch.objects.count()) == (1, 1)


def test_a_preview_says_what_pubmed_did_not_understand(shelf: Standin, who: People) -> None:
    assert "No items found." in previewing.preview(who.curator, "unicorn[ti]").remarks


def test_a_preview_is_quick_to_give_up(shelf: Standin, who: People) -> None:
    shelf.behave("500", "html")
    with pytest.raises(SourceUnavailable):
        previewing.preview(who.curator, "zebra")
    assert len(shelf.asked) == 2


def test_whose_preview(shelf: Standin, who: People) -> None:
    with pytest.raises(NotAllowed):
        previewing.preview(None, "zebra")
    with pytest.raises(Invalid):
        previewing.preview(who.curator, " ")
    assert not shelf.asked


def test_a_stopped_query_stays_stopped(shelf: Standin, who: People) -> None:
    batch = actions.open_batch_of_query(project=None, query="zebra[ti]", by=who.administrator)
    actions.stop(batch_id=batch.pk, by=who.administrator)
    tasks.run_batch(batch.pk)
    assert not shelf.asked
    assert ItemState.WAITING not in set(batch.items.values_list("state", flat=True))
