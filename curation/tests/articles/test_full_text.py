"""Full texts and figures from PMC: what may be kept is, once; what fails says how, and what goes on by itself does."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from curation import tasks
from curation.articles import actions, full_text, ledger, pmc
from curation.choices import BatchState, FullText, ItemState
from curation.errors import Invalid, NotAllowed, NotFound, WrongState
from curation.models import Article, Batch, Figure, Project, Reference
from curation.tests import worlds
from curation.tests.articles.fulltexts import A_FIGURE, DATA, a_bucket, a_full_text, fetched
from curation.tests.articles.pictures import a_picture
from curation.tests.records import a_record, taken_in
from curation.tests.standin.bucket import Bucket
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db

PICTURE = a_picture("JPEG")
PLACE = "PMC7.1/case-g001.jpg"
XML = "PMC7.1/PMC7.1.xml"


@pytest.fixture
def bucket(settings: SimpleNamespace, uploads: Path) -> Iterator[Bucket]:
    with a_bucket() as found:
        yield found


@pytest.fixture
def article(db: None) -> Article:
    return worlds.an_article(pmcid="PMC7")


def end(batch: Batch) -> tuple[str, str]:
    item = batch.items.get()
    return item.state, item.reason


def current(article: Article, kind: str) -> dict[str, str]:
    return dict(article.sections.current().of_kind(kind).values_list("key", "text"))


def test_text_tables_and_figures_are_kept(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE, "case-g001.gif": a_picture("GIF")})
    batch = fetched(article, who.administrator)
    assert (*end(batch), batch.state, batch.seen) == ("new", "", BatchState.DONE, 1)
    assert list(current(article, "body")) == ["body.1", "body.2"]
    assert list(current(article, "table").values()) == ["Laboratory findings\n\nTest\tValue\nCKa\t5,320\tU/L\n\na on admission"]
    assert current(article, "caption") == {"figure1": "Biopsy. Scattered necrosis."}
    article.refresh_from_db()
    assert (article.full_text, article.full_text_type, article.licence) == (FullText.KEPT, "case-report", "CC BY 4.0")
    assert article.attribution == "Park AB. J Rare Dis 2021;3:e9. © 2021 Park."
    figure = article.figures.get()
    assert (figure.width, figure.height, figure.licence, figure.attribution) == (60, 40, "CC BY 4.0", article.attribution)
    assert figure.source_md5 == hashlib.md5(PICTURE, usedforsecurity=False).hexdigest()
    assert figure.source_url == f"{bucket.url}{PLACE}"
    with default_storage.open(figure.image) as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == figure.sha256
    assert default_storage.exists(figure.thumbnail)


def test_again_it_is_unchanged_and_no_picture_is_asked_for(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    fetched(article, who.administrator)
    sections = list(article.sections.values_list("pk", flat=True))
    bucket.asked.clear()
    assert end(fetched(article, who.administrator)) == ("unchanged", "")
    assert PLACE not in bucket.asked
    assert list(article.sections.values_list("pk", flat=True)) == sections


def test_a_changed_text_is_a_new_section_and_a_changed_picture_replaces_the_old(
    bucket: Bucket, article: Article, who: People
) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    fetched(article, who.administrator)
    bucket.put("PMC7", a_full_text(case="He was 36."), {"case-g001.jpg": a_picture("JPEG", size=(80, 40))})
    assert end(fetched(article, who.administrator))[0] == "updated"
    versions = article.sections.filter(key="body.2").order_by("version").values_list("version", "is_current")
    assert list(versions) == [(1, False), (2, True)]
    assert article.figures.get().width == 80


def test_recorded_full_texts(bucket: Bucket, who: People) -> None:
    bucket.fill(DATA)
    for pmcid, sections, figures in (("PMC3460867", 23, 4), ("PMC2599765", 18, 3)):
        (article,) = taken_in(a_record(int(pmcid[3:]), pmcid=pmcid))
        state, reason = end(fetched(article, who.administrator))
        assert state == "new"
        assert reason.count("no picture of this name") == figures
        assert article.sections.current().of_kind("body", "table").count() == sections
        assert set(article.figures.values_list("withheld", flat=True)) == {"PMC's bucket holds no picture of this name."}


# --- which version, and what may be kept ------------------------------------------------------------------------------


def test_a_manuscript_of_a_higher_version_is_passed_over(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(case="Published."), version=1)
    bucket.put("PMC7", a_full_text(case="Manuscript."), version=2, is_manuscript="yes")
    fetched(article, who.administrator)
    assert current(article, "body")["body.2"] == "Published."


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"is_manuscript": "yes"}, "author's manuscript"),
        ({"is_pmc_openaccess": "no"}, "open access"),
        ({"license_code": "TDM"}, "no licence that is known"),
        ({"license_code": "CC BY-NC"}, "CC BY-NC allows no commercial use"),
    ],
)
def test_what_is_withheld_leaves_captions_and_a_link(
    bucket: Bucket, article: Article, who: People, metadata: dict[str, object], reason: str
) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE}, **metadata)
    state, why = end(fetched(article, who.administrator))
    assert state == ItemState.WITHHELD
    assert reason in why
    article.refresh_from_db()
    assert (article.full_text, article.full_text_reason) == (FullText.WITHHELD, why)
    assert current(article, "body") == current(article, "table") == {}
    assert current(article, "caption") == {"figure1": "Biopsy. Scattered necrosis."}
    figure = article.figures.get()
    assert (figure.image, figure.thumbnail) == ("", "")
    assert reason in figure.withheld
    assert PLACE not in bucket.asked
    assert not article.sources.filter(kind="jats").exists()


def test_a_full_text_without_any_licence_is_withheld(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(permissions="<copyright-statement>© 2021 X</copyright-statement>"), license_code=None)
    assert end(fetched(article, who.administrator))[0] == ItemState.WITHHELD


def test_where_pmc_names_no_licence_the_article_does(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE}, license_code=None)
    assert end(fetched(article, who.administrator))[0] == "new"


def test_noncommercial_is_a_setting(bucket: Bucket, article: Article, who: People, settings: SimpleNamespace) -> None:
    settings.PMC_STORE_NONCOMMERCIAL = True
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE}, license_code="CC BY-NC")
    assert end(fetched(article, who.administrator)) == ("new", "")
    assert article.figures.get().image


def test_a_figure_of_somebody_else_is_withheld_alone(bucket: Bucket, article: Article, who: People) -> None:
    borrowed = (
        "<fig><label>Figure 2</label><caption><p>Seen before.</p></caption><attrib>Reprinted with permission of Elsevier</attrib>"
        '<graphic xlink:href="case-g002"/></fig>'
    )
    pictures = {"case-g001.jpg": PICTURE, "case-g002.jpg": PICTURE}
    bucket.put("PMC7", a_full_text(figures=A_FIGURE + borrowed), pictures)
    assert end(fetched(article, who.administrator)) == ("new", "")
    own, other = article.figures.all()
    assert own.image
    assert (other.image, other.licence, other.attribution) == ("", "", "Reprinted with permission of Elsevier")
    assert "no licence" in other.withheld


def test_what_a_new_licence_forbids_is_thrown_away(
    bucket: Bucket, article: Article, who: People, django_capture_on_commit_callbacks: object
) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    fetched(article, who.administrator)
    name = article.figures.get().image
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE}, license_code="CC BY-NC")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        fetched(article, who.administrator)
    assert not default_storage.exists(name)
    assert article.figures.get().image == ""
    assert current(article, "body") == {}


def test_a_retracted_article_is_not_fetched_and_what_is_here_stays(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    fetched(article, who.administrator)
    bucket.put("PMC7", a_full_text(), is_retracted="yes")
    assert end(fetched(article, who.administrator))[0] == ItemState.WITHHELD
    article.refresh_from_db()
    assert article.full_text == FullText.KEPT


# --- failures told apart ----------------------------------------------------------------------------------------------


def test_what_pmc_does_not_have_is_missing(bucket: Bucket, article: Article, who: People) -> None:
    state, reason = end(fetched(article, who.administrator))
    assert (state, "has no PMC7" in reason) == (ItemState.MISSING, True)


@pytest.mark.parametrize("trouble", ["500", "half", "html", "redirect", "hang-up"])
@pytest.mark.parametrize("path", ["?PMC7.", "metadata/PMC7.1.json", XML, PLACE])
def test_what_fails_for_now_goes_on_by_itself(bucket: Bucket, article: Article, who: People, trouble: str, path: str) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    bucket.behave(trouble, path=path, times=2)
    batch = fetched(article, who.administrator)
    assert end(batch)[0] == ItemState.FAILED
    batch.items.update(due_at=timezone.now() - timedelta(seconds=1))
    ledger.reopen_due()
    tasks.run_batch(batch.pk)
    assert end(batch)[0] in ("new", "updated")
    assert article.figures.get().image


def test_one_bad_moment_is_tried_again_at_once(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    bucket.behave("checksum", path=PLACE)
    assert end(fetched(article, who.administrator)) == ("new", "")


def test_a_checksum_that_never_agrees_fails_for_now(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    bucket.behave("checksum", path=XML, times=2)
    state, reason = end(fetched(article, who.administrator))
    assert (state, "another checksum" in reason) == (ItemState.FAILED, True)
    assert current(article, "body") == {}


def test_an_answer_that_comes_too_slowly_is_given_up(
    bucket: Bucket, article: Article, who: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pmc, "MOST_SECONDS", 0.0)
    bucket.put("PMC7", a_full_text())
    state, reason = end(fetched(article, who.administrator))
    assert (state, "too slowly" in reason) == (ItemState.FAILED, True)


def test_where_pmc_is_away_all_that_is_left_waits(bucket: Bucket, who: People) -> None:
    articles = [worlds.an_article(pmid=n, pmcid=f"PMC{n}") for n in (1, 2)]
    bucket.behave("503", times=2)
    batch = actions.open_full_text(article_ids=[a.pk for a in articles], by=who.administrator)
    tasks.run_batch(batch.pk)
    assert set(batch.items.values_list("state", flat=True)) == {ItemState.FAILED}
    assert bucket.asked == ["?PMC1.", "?PMC1."]


def test_one_article_that_fails_does_not_hold_up_its_neighbour(bucket: Bucket, who: People) -> None:
    articles = [worlds.an_article(pmid=n, pmcid=f"PMC{n}") for n in (1, 2)]
    for each in articles:
        bucket.put(each.pmcid or "", a_full_text(each.pmcid or "", figures=""))
    bucket.behave("checksum", path="PMC1.1/PMC1.1.xml", times=2)
    batch = actions.open_full_text(article_ids=[a.pk for a in articles], by=who.administrator)
    tasks.run_batch(batch.pk)
    assert list(batch.items.values_list("state", flat=True)) == [ItemState.FAILED, ItemState.NEW]


def test_a_long_import_lets_others_come_between(bucket: Bucket, who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "MOST_A_RUN", 2)
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring", rung.append)
    articles = [worlds.an_article(pmid=n, pmcid=f"PMC{n}") for n in (1, 2, 3)]
    batch = actions.open_full_text(article_ids=[a.pk for a in articles], by=who.administrator)
    tasks.run_batch(batch.pk)
    assert (batch.items.filter(state=ItemState.WAITING).count(), rung) == (1, [batch.pk])
    tasks.run_batch(batch.pk)
    assert (worlds.fresh(batch).state, rung) == (BatchState.DONE, [batch.pk])


@pytest.mark.parametrize(
    ("xml", "metadata", "reason"),
    [
        (b"<article><front>", {}, "not well-formed"),
        (a_full_text("PMC8"), {}, "of PMC8 as that of PMC7"),
        (a_full_text(), {"pmcid": "PMC8"}, "speak of PMC8"),
        (a_full_text(), {"is_manuscript": "perhaps"}, "neither yes nor no"),
    ],
)
def test_what_is_damaged_needs_a_person(
    bucket: Bucket, article: Article, who: People, xml: bytes, metadata: dict[str, object], reason: str
) -> None:
    bucket.put("PMC7", xml, **metadata)
    state, why = end(fetched(article, who.administrator))
    assert (state, reason in why) == (ItemState.QUARANTINED, True)
    assert not article.full_text


def test_what_is_declined_needs_a_person(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text())
    bucket.behave("declined", path=XML)
    assert end(fetched(article, who.administrator))[0] == ItemState.QUARANTINED


@pytest.mark.parametrize("body", [b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"GIF89a", PICTURE[:200]])
def test_a_picture_that_cannot_be_shown_stops_only_itself(bucket: Bucket, article: Article, who: People, body: bytes) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": body})
    state, reason = end(fetched(article, who.administrator))
    assert (state, reason.startswith("Pictures that are not kept: Figure 1: ")) == ("new", True)
    figure = article.figures.get()
    assert (figure.image, bool(figure.withheld)) == ("", True)


def test_a_picture_too_large_to_fetch_is_not_kept(
    bucket: Bucket, article: Article, who: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pmc.MOST_BYTES, "picture", 100)
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    assert "larger than" in end(fetched(article, who.administrator))[1]


def test_a_dead_workers_article_is_fetched_once(bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    batch = actions.open_full_text(article_ids=[article.pk], by=who.administrator)
    ledger.start(batch.pk)
    ledger.claim(batch, most=1)
    assert ledger.release(older_than=timedelta(0)) == 1
    tasks.run_batch(batch.pk)
    assert end(batch) == ("new", "")
    assert Figure.objects.count() == 1


# --- who asks, and when -----------------------------------------------------------------------------------------------


def test_who_may_ask(article: Article, who: People, project: Project) -> None:
    for person in (who.stranger, who.outsider, who.curator):
        with pytest.raises(NotAllowed, match="members of a project that has the article"):
            actions.open_full_text(article_ids=[article.pk], by=person)
    worlds.to_screen(project, article, who.moderator)
    assert actions.open_full_text(article_ids=[article.pk], by=who.curator).project == project
    assert Batch.objects.count() == 1


def test_what_cannot_be_asked_for(who: People) -> None:
    without = worlds.an_article()
    with pytest.raises(WrongState, match="cannot be fetched") as refused:
        actions.open_full_text(article_ids=[without.pk], by=who.administrator)
    assert "no PMCID" in str(refused.value.faults[0])
    with pytest.raises(NotFound, match="no article 999"):
        actions.open_full_text(article_ids=[999], by=who.administrator)
    with pytest.raises(Invalid, match="at least one"):
        actions.open_full_text(article_ids=[], by=who.administrator)


def test_an_import_asks_for_the_full_texts_of_what_it_brought(
    bucket: Bucket, uploads: Path, who: People, project: Project
) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": PICTURE})
    worlds.an_article(pmid=1, pmcid="PMC7")
    worlds.an_article(pmid=2)
    first = _import(who, project, [1, 2], wants=False)
    assert not hasattr(first, "prompted")
    second = _import(who, project, [1, 2], wants=True)
    prompted = Batch.objects.get(prompted_by=second)
    assert list(prompted.items.values_list("identifier", "pmid")) == [("PMC7", 1)]
    tasks.run_batch(second.pk)  # again, as after a crash
    tasks.run_batch(prompted.pk)
    assert end(prompted) == ("new", "")
    assert not Batch.objects.filter(prompted_by=_import(who, project, [1], wants=True)).exists()  # it is here


def _import(who: People, project: Project, pmids: list[int], *, wants: bool) -> Batch:
    """A file of records like those that are here."""
    records = "".join(a_record(n, pmcid="PMC7" if n == 1 else "") for n in pmids)
    data = f"<PubmedArticleSet>{records}</PubmedArticleSet>".encode()
    batch = actions.open_batch_of_file(project=project, name="x.xml", stream=BytesIO(data), wants_full_text=wants, by=who.curator)
    tasks.run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def test_a_reference_that_a_new_version_words_otherwise_stands_once(bucket: Bucket, uploads: Path, who: People) -> None:
    article = taken_in(a_record(1, cites=1, pmcid="PMC7"))[0]
    for words in ("Kim. Old words. 2019.", "Kim. New words. 2019."):
        text = a_full_text("PMC7", references=f"<ref><mixed-citation>{words}</mixed-citation></ref>")
        bucket.put("PMC7", text, {})
        fetched(article, who.administrator)
    assert [r.citation for r in article.references.order_by("position")] == ["Cited 0.", "Kim. New words. 2019."]


def test_references_are_laid_beside_pubmeds_and_outlive_its_update(
    bucket: Bucket, uploads: Path, who: People, project: Project
) -> None:
    article = taken_in(a_record(1, cites=1, pmcid="PMC7"))[0]
    cited = (
        '<ref><mixed-citation>Cited 0. <pub-id pub-id-type="pmid">1</pub-id><pub-id pub-id-type="doi">10.1/a</pub-id>'
        "</mixed-citation></ref><ref><element-citation><name><surname>Kim</surname><given-names>B</given-names></name>"
        "<article-title>Another</article-title><source>J</source><year>2001</year></element-citation></ref>"
    )
    bucket.put("PMC7", a_full_text(references=cited))
    fetched(article, who.administrator)
    listed = [(1, 1, "10.1/a"), (2, None, "")]
    assert list(Reference.objects.values_list("position", "pmid", "doi")) == listed
    assert Reference.objects.get(position=2).citation == "Kim B. Another. J. 2001."
    _import(who, project, [1], wants=False)  # another text: PubMed's list is written anew, without references
    assert list(Reference.objects.values_list("position", "citation")) == [(1, "Cited 0."), (2, "Kim B. Another. J. 2001.")]
