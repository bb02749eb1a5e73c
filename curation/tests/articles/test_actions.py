"""Who may import, and what figures an article gets."""

import gzip
import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from curation.articles import actions
from curation.errors import Invalid, NotAllowed, NotFound, Refusal, WrongState
from curation.models import Batch, BatchItem, Figure, Project, Section
from curation.tests.articles.test_cutting import a_set, record
from curation.tests.articles.test_run import from_file
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db
SEEDS = Path(settings.BASE_DIR) / "seeds"
CAPTIONS = (SEEDS / "figures_34829411.json").read_text()


def test_who_may_import(who: People, project: Project) -> None:
    for person in (who.curator, who.moderator, who.administrator):
        assert actions.open_batch_of_ids(project=project, text="1", by=person).opened_by == person
    assert actions.open_batch_of_ids(project=None, text="1", by=who.administrator).project is None
    for into, person in ((project, who.outsider), (None, who.curator), (None, who.stranger)):
        with pytest.raises(NotAllowed), transaction.atomic():
            actions.open_batch_of_ids(project=into, text="1", by=person)


def test_a_private_project_is_not_there_for_others(who: People, private_project: Project) -> None:
    with pytest.raises(NotFound):
        actions.open_batch_of_ids(project=private_project, text="1", by=who.outsider)


def test_each_record_of_a_file_is_an_item_with_its_place(uploads: Path, who: People) -> None:
    data = a_set(record(5), record(6))
    batch = actions.open_batch_of_file(
        project=None, name="C:\\a\\b.xml.gz", stream=io.BytesIO(gzip.compress(data)), by=who.administrator
    )
    assert batch.title == "b.xml.gz"
    assert list(batch.items.values_list("position", "identifier", "pmid", "offset")) == [
        (1, "5", 5, data.index(record(5))),
        (2, "6", 6, data.index(record(6))),
    ]
    assert gzip.decompress((uploads / batch.file_path).read_bytes()) == data


@pytest.mark.parametrize("data", [b"", b"%PDF-", b"<PubmedArticleSet/>", gzip.compress(a_set(record(1)))[:-9]])
def test_nothing_stays_of_a_file_that_is_refused(uploads: Path, who: People, data: bytes) -> None:
    with pytest.raises(Invalid):
        actions.open_batch_of_file(project=None, name="x", stream=io.BytesIO(data), by=who.administrator)
    assert not Batch.objects.exists()
    assert not list((uploads / "imports").iterdir())


def test_only_what_ended_badly_is_retried_or_dismissed(uploads: Path, who: People) -> None:
    batch = from_file(a_set(record(1)), who.administrator)
    item = batch.items.get()
    for refused in (
        lambda: actions.retry_items(batch_id=batch.pk, by=who.administrator),
        lambda: actions.dismiss_item(item_id=item.pk, by=who.administrator),
        lambda: actions.resume(batch_id=batch.pk, by=who.administrator),
        lambda: actions.stop(batch_id=batch.pk, by=who.administrator),
    ):
        with pytest.raises(WrongState), transaction.atomic():
            refused()
    assert BatchItem.objects.get().state == "new"


def test_a_stopped_import_is_resumed_before_anything_is_retried(uploads: Path, who: People) -> None:
    batch = actions.open_batch_of_ids(project=None, text="1", by=who.administrator)
    actions.stop(batch_id=batch.pk, by=who.administrator)
    with pytest.raises(WrongState, match="Resume"):
        actions.retry_items(batch_id=batch.pk, by=who.administrator)


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def seed(uploads: Path, who: People) -> None:
    from_file((SEEDS / "pubmed_34829411.xml").read_bytes(), who.administrator)


def test_the_seeds_figures(seed: None, who: People) -> None:
    for _ in range(2):
        figures = actions.attach_figures(text=CAPTIONS, by=who.administrator)
        assert [(f.key, f.label, f.licence, f.image) for f in figures] == [
            (f"figure{n}", f"Figure {n}", "CC BY 4.0", "") for n in (1, 2, 3)
        ]
        captions = Section.objects.filter(kind="caption")
        assert [(s.key, s.version, s.is_current) for s in captions] == [(f"figure{n}", 1, True) for n in (1, 2, 3)]


def test_a_corrected_caption_is_a_new_section(seed: None, who: People) -> None:
    actions.attach_figures(text=CAPTIONS, by=who.administrator)
    file = json.loads(CAPTIONS)
    file["figures"] = [file["figures"][0] | {"caption": "Corrected."}]
    actions.attach_figures(text=json.dumps(file), by=who.administrator)
    assert [f.key for f in Figure.objects.all()] == ["figure1"]
    assert [(s.version, s.text) for s in Section.objects.filter(kind="caption").current()] == [(2, "Corrected.")]
    assert Section.objects.filter(kind="caption").count() == 4


def test_figures_of_an_article_that_is_not_here(who: People) -> None:
    with pytest.raises(NotFound, match="Import the article first"):
        actions.attach_figures(text=CAPTIONS, by=who.administrator)
    with pytest.raises(NotAllowed):
        actions.attach_figures(text=CAPTIONS, by=who.curator)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"pmid": 1}', "[" * 100_000, '{"pmid": 1, "figures": 5}'])
def test_what_is_no_figures_file(who: People, text: str) -> None:
    with pytest.raises(Refusal):
        actions.attach_figures(text=text, by=who.administrator)


def test_every_fault_of_a_figures_file_is_listed(who: People) -> None:
    good = {"key": "a", "label": "A", "caption": "C"}
    bad = {"key": 5, "label": "", "licence_url": "javascript:x", "size": 1}
    with pytest.raises(Invalid) as refused:
        actions.attach_figures(text=json.dumps({"pmid": "x", "figures": [good, bad, good, 7]}), by=who.administrator)
    assert [str(f) for f in refused.value.faults] == [
        "pmid: must be the article's PMID",
        "figure 2: “size” is not known",
        "figure 2: “key” must be a text",
        "figure 2: “label” is missing",
        "figure 2: “caption” is missing",
        "figure 2: “licence_url” must be an address that begins with https://",
        "figure 4: must be an object",
        "figure 3: has the key of an earlier figure",
    ]
