"""Storing: the same statements for one and for many; texts that evidence points at are never altered."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curation.articles import cutting, parsing, store
from curation.articles.records import Deletion, Passage, Record
from curation.articles.store import Incoming
from curation.choices import ItemState
from curation.models import Article, Notice, Reference, Section, SourceRecord

pytestmark = pytest.mark.django_db


def incoming(record: Record, raw: bytes = b"") -> Incoming:
    return Incoming(record, raw or repr(record).encode())


def a_record(pmid: int = 1, abstract: str = "Weak.", **fields: object) -> Record:
    title = Passage("title", "title", 0, "A title.", "A title.")
    text = Passage("abstract", "abstract", 1, abstract, abstract)
    return Record(pmid=pmid, pmid_version=1, title="A title.", title_html="A title.", passages=(title, text), **fields)  # type: ignore[arg-type]


def states(*records: Record) -> list[ItemState]:
    return [o.state for o in store.store([incoming(r) for r in records])]


def all_of(samples: dict[str, bytes]) -> list[Incoming]:
    return [Incoming(parsing.parse(c), c.body) for data in samples.values() for c in cutting.records([data])]


def test_everything_of_real_records_is_stored(samples: dict[str, bytes]) -> None:
    records = all_of(samples)
    assert {o.state for o in store.store(records)} == {ItemState.NEW}
    for record, raw, _ in records:
        article = Article.objects.get(pmid=record.pmid)
        plain = [f for f in Record.__dataclass_fields__ if f not in {"published", "book", "passages", "references", "notices"}]
        assert [getattr(article, f) for f in plain] == [getattr(record, f) for f in plain]
        assert (article.published_literal, article.published_year) == (record.published.literal, record.published.year)
        kept = article.sections.current().order_by("position")
        assert [(s.key, s.text, s.html) for s in kept] == [(p.key, p.text, p.html) for p in record.passages]
        assert list(article.references.values_list("citation", flat=True)) == [r.citation for r in record.references]
        assert list(article.notices.values_list("kind", flat=True)) == [n.kind for n in record.notices]
        assert article.sources.get().sha256 == store.sha256(raw)


def test_the_same_bytes_again_change_nothing(samples: dict[str, bytes]) -> None:
    records = all_of(samples)
    store.store(records)
    before = list(Section.objects.order_by("pk").values()), list(Article.objects.order_by("pk").values("pk", "updated_at"))
    assert {o.state for o in store.store(records)} == {ItemState.UNCHANGED}
    assert (
        list(Section.objects.order_by("pk").values()),
        list(Article.objects.order_by("pk").values("pk", "updated_at")),
    ) == before
    assert set(store.unchanged({r.record.pmid: r.raw for r in records})) == {r.record.pmid for r in records}


def test_a_changed_text_is_a_new_section_and_the_old_one_stays() -> None:
    assert states(a_record()) == [ItemState.NEW]
    title = Section.objects.get(key="title")
    assert states(a_record(abstract="Weaker.")) == [ItemState.UPDATED]
    assert list(Section.objects.filter(key="abstract").order_by("version").values_list("version", "is_current", "text")) == [
        (1, False, "Weak."),
        (2, True, "Weaker."),
    ]
    assert Section.objects.get(key="title").pk == title.pk


def test_a_changed_label_leaves_the_section_where_it_is() -> None:
    states(a_record())
    before = Section.objects.get(key="abstract")
    record = a_record()
    states(replace(record, passages=(record.passages[0], replace(record.passages[1], label="AIM", html="<b>Weak.</b>"))))
    after = Section.objects.get(key="abstract")
    assert (after.pk, after.text, after.label, after.html) == (before.pk, "Weak.", "AIM", "<b>Weak.</b>")


def test_a_text_that_went_is_no_longer_current() -> None:
    states(a_record())
    record = a_record()
    states(replace(record, passages=record.passages[:1]))
    assert not Section.objects.get(key="abstract").is_current


def test_captions_outlive_a_new_record() -> None:
    (outcome,) = store.store([incoming(a_record())])
    store.store_captions(outcome.article_id, [Passage("figure1", "caption", 1000, "Muscle.", "Muscle.", label="Figure 1")])
    states(a_record(abstract="Weaker."))
    assert Section.objects.get(key="figure1").is_current


@pytest.mark.parametrize(
    "older",
    [a_record(abstract="Old.", date_revised=date(2020, 1, 1)), a_record(abstract="Old.")],
)
def test_the_newest_revision_wins(older: Record) -> None:
    states(a_record(date_revised=date(2021, 1, 1)))
    (outcome,) = store.store([incoming(older)])
    assert (outcome.state, outcome.reason) == (ItemState.UNCHANGED, store.KEPT_NEWER)
    assert Section.objects.get(key="abstract", is_current=True).text == "Weak."


def test_the_highest_version_wins_whatever_its_date() -> None:
    states(replace(a_record(date_revised=date(2020, 1, 1)), pmid_version=2))
    assert states(a_record(abstract="Old.", date_revised=date(2022, 1, 1))) == [ItemState.UNCHANGED]


def test_a_pmid_that_comes_three_times_in_a_file() -> None:
    first, second = a_record(date_revised=date(2020, 1, 1)), a_record(abstract="Weaker.", date_revised=date(2021, 1, 1))
    assert states(first, a_record(2), second, first) == [ItemState.NEW, ItemState.NEW, ItemState.UPDATED, ItemState.UNCHANGED]
    assert Section.objects.get(article__pmid=1, key="abstract", is_current=True).text == "Weaker."


def test_references_and_notices_are_replaced() -> None:
    record = parsing.parse(next(iter(cutting.records([NOTED]))))
    store.store([incoming(record)])
    store.store([incoming(replace(record, references=record.references[1:], notices=()))])
    assert list(Reference.objects.values_list("position", "citation")) == [(1, "Two")]
    assert not Notice.objects.exists()


NOTED = (
    b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T.</ArticleTitle></Article>"
    b'<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>X.</RefSource></CommentsCorrections>'
    b"</CommentsCorrectionsList></MedlineCitation><PubmedData><ReferenceList><Reference><Citation>One</Citation></Reference>"
    b"<Reference><Citation>Two</Citation></Reference></ReferenceList></PubmedData></PubmedArticle></PubmedArticleSet>"
)


def test_a_deletion_is_a_mark_until_the_record_comes_again() -> None:
    states(a_record())
    assert list(store.mark_deleted([Deletion(1, 1), Deletion(99, 1)])) == [1]
    assert Article.objects.get().is_deleted_at_source
    assert states(a_record()) == [ItemState.UNCHANGED]
    assert Article.objects.get().is_deleted_at_source
    assert states(a_record(abstract="Back.")) == [ItemState.UPDATED]
    assert not Article.objects.get().is_deleted_at_source


def test_the_source_is_kept() -> None:
    store.store([Incoming(a_record(), b"<PubmedArticle/>")])
    assert SourceRecord.objects.get().kind == "pubmed"


def test_many_records_take_as_many_statements_as_one() -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        states(a_record(1))
    with CaptureQueriesContext(connection) as many:
        states(*(a_record(n) for n in range(2, 60)))
    assert len(many) == len(one)


def test_a_pmcid_that_comes_later_is_taken_over() -> None:
    states(a_record())
    states(a_record(pmcid="PMC7"))
    assert Article.objects.get().pmcid == "PMC7"


def test_what_another_import_brings_meanwhile_is_met_as_if_it_had_been_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look finds nothing; when the records are written one of them is there."""
    states(a_record(1))
    look, looks = store._known, iter([dict])
    monkeypatch.setattr(store, "_known", lambda pmids: next(looks, lambda: look(list(pmids)))())
    assert states(a_record(1, abstract="Stronger."), a_record(2)) == [ItemState.UPDATED, ItemState.NEW]
