"""What PubMed links an article to: asked for once, never lost, and shown with what is here."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import stamina
from django.test import Client
from django.utils import timezone

from curation import tasks
from curation.articles import actions, links, queries, related, relating
from curation.choices import LinkState, RelationKind
from curation.errors import NotFound, WrongState
from curation.models import Article, Linking, Project, Relation
from curation.tests.articles.test_run import from_ids
from curation.tests.records import a_record, taken_in
from curation.tests.standin.server import Standin
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db

TITLE = "Zorbulent quiverings of the knotted zebra."


@pytest.fixture
def shelf(standin: Standin) -> Standin:
    """701 cites 702; 703 has a title like 701's."""
    cites = (
        '<Reference><Citation>x</Citation><ArticleIdList><ArticleId IdType="pubmed">702</ArticleId></ArticleIdList></Reference>'
    )
    own = a_record(701, title=TITLE).replace("<ReferenceList>", f"<ReferenceList>{cites}")
    for xml in (own, a_record(702, title="Older."), a_record(703, title=TITLE)):
        standin.library.take(xml.encode())
    return standin


def fetch_all() -> None:
    while relating.fetch_some():
        pass


def kinds(pmid: int) -> set[tuple[str, int, bool]]:
    rows = Relation.objects.filter(article__pmid=pmid)
    return {(row.kind, row.pmid, bool(row.title)) for row in rows}


def test_an_import_into_a_project_wants_relations(shelf: Standin, who: People, project: Project) -> None:
    from_ids("701 702", who.curator, project)
    assert Linking.objects.filter(state=LinkState.WAITING).count() == 2
    fetch_all()
    assert kinds(701) == {("similar", 703, True), ("cites", 702, False)}  # 702 is here and has its own title
    assert kinds(702) == {("cited_by", 701, False)}
    assert len(shelf.asked_of("elink")) == 1


def test_an_import_without_a_project_does_not(shelf: Standin, who: People) -> None:
    from_ids("701", who.administrator)
    assert not Linking.objects.exists()


def test_what_is_shown(shelf: Standin, who: People, project: Project) -> None:
    from_ids("701 702", who.curator, project)
    fetch_all()
    page = queries.page(who.curator, Article.objects.get(pmid=701).pk)
    groups = {group.kind: group for group in related.related(who.curator, page.article).groups}
    assert groups[RelationKind.SIMILAR].rows[0].title == TITLE
    cited = groups[RelationKind.CITES].rows[0]
    assert (cited.here_title, cited.here) == ("Older.", Article.objects.get(pmid=702).pk)


@pytest.mark.parametrize("trouble", ["500", "html", "half", "429", "hang-up"])
def test_a_failure_is_put_off_and_then_left_to_a_person(shelf: Standin, who: People, project: Project, trouble: str) -> None:
    from_ids("701", who.curator, project)
    for _ in range(links.MOST_ATTEMPTS):
        shelf.behave(trouble, trouble)
        assert not relating.fetch_some()
        Linking.objects.filter(state=LinkState.WAITING).update(due_at=timezone.now())
    assert Linking.objects.get().state == LinkState.FAILED
    assert not relating.fetch_some()
    actions.fetch_relations(article_id=Article.objects.get().pk, by=who.curator)
    assert relating.fetch_some()
    assert Linking.objects.get().state == LinkState.DONE


def test_an_empty_answer_is_no_relations_of_this_record(shelf: Standin, who: People, project: Project) -> None:
    from_ids("701", who.curator, project)
    shelf.behave("empty")
    fetch_all()
    assert Linking.objects.get().state == LinkState.FAILED
    assert "names no relations" in Linking.objects.get().reason


def test_a_dead_workers_claim_is_given_back_and_a_late_one_writes_nothing(shelf: Standin, who: People, project: Project) -> None:
    from_ids("701", who.curator, project)
    (late,) = links.claim(most=5)
    assert links.claim(most=5) == []
    links.release(older_than=timedelta(0))
    fetch_all()
    links.keep(late, {"similar": (1, 2, 3)}, {})
    assert kinds(701) == {("similar", 703, True), ("cites", 702, True)}


def test_a_worker_that_dies_each_time_is_noticed(shelf: Standin, who: People, project: Project) -> None:
    from_ids("701", who.curator, project)
    for _ in range(links.MOST_ATTEMPTS):
        assert links.claim(most=5)
        links.release(older_than=timedelta(0))
    assert links.claim(most=5) == []
    assert "worker ended" in Linking.objects.get().reason


def test_asking_again(shelf: Standin, who: People) -> None:
    (article,) = taken_in(a_record(701))
    actions.fetch_relations(article_id=article.pk, by=who.curator)
    fetch_all()
    with pytest.raises(WrongState, match="a day after"):
        actions.fetch_relations(article_id=article.pk, by=who.curator)
    Linking.objects.update(fetched_at=timezone.now() - timedelta(days=2))
    actions.fetch_relations(article_id=article.pk, by=who.curator)
    assert Linking.objects.get().state == LinkState.WAITING
    with pytest.raises(NotFound):
        actions.fetch_relations(article_id=article.pk + 1, by=who.curator)


def test_the_schedule_finds_what_the_bell_missed(shelf: Standin, who: People, project: Project) -> None:
    from_ids("701", who.curator, project)
    tasks.fetch_links()
    assert not links.are_waiting()


def test_references_are_linked_by_any_identifier(who: People) -> None:
    ids = '<ArticleId IdType="pmc">PMC5</ArticleId><ArticleId IdType="doi">10.1000/a</ArticleId>'
    taken_in(a_record(11).replace("<ArticleIdList/>", f"<ArticleIdList>{ids}</ArticleIdList>", 1))
    entry = '<Reference><Citation>x</Citation><ArticleIdList><ArticleId IdType="{}">{}</ArticleId></ArticleIdList></Reference>'
    cited = "".join(
        entry.format(kind, value)
        for kind, value in (("pubmed", "11"), ("pmc", "PMC5"), ("doi", "10.1000/a"), ("doi", "10.1000/b"))
    )
    (article,) = taken_in(a_record(12).replace("<ReferenceList>", f"<ReferenceList>{cited}"))
    here = Article.objects.get(pmid=11).pk
    assert [row.here for row in queries.references(who.curator, article)] == [here, here, here, None]


def test_without_a_network_it_is_quiet_and_says_so_on_the_page(
    shelf: Standin,
    who: People,
    project: Project,
    client: Client,
    settings: SimpleNamespace,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from_ids("701", who.curator, project)
    settings.NCBI_BASE_URL = "http://127.0.0.1:1/"
    with stamina.set_testing(False), caplog.at_level("WARNING"):
        assert not relating.fetch_some()
    assert not caplog.records
    waiting = Linking.objects.get()
    assert (waiting.state, waiting.due_at > timezone.now()) == (LinkState.WAITING, True)
    client.force_login(who.curator)
    page = client.get(f"/articles/{waiting.pk}/").content.decode()
    assert "PubMed could not be asked yet" in page
    assert "the connection failed" in page
