"""The pages of imports: both ways in, every record's fate, and the buttons."""

import io
import tracemalloc
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from curation import tasks
from curation.articles.opening import MIB
from curation.choices import BatchState, ItemState
from curation.models import Batch, BatchItem, Project
from curation.tests import worlds
from curation.tests.articles.conftest import standin
from curation.tests.articles.test_cutting import a_set, record
from curation.tests.standin.server import Standin

__all__ = ["standin"]

GOOD = a_set(record(1), record(2, "<b>"))


@pytest.fixture(autouse=True)
def uploads(settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def curator(client: Client, who: worlds.People, project: Project) -> Client:
    client.force_login(who.curator)
    return client


def upload(client: Client, data: bytes, **fields: str) -> Batch:
    sent = client.post("/imports/file/", {"file": SimpleUploadedFile("some.xml", data), "project": "imnm", **fields})
    assert sent.status_code == 302
    batch = Batch.objects.latest("pk")
    assert sent.headers["Location"] == f"/imports/{batch.pk}/"
    return batch


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    for address in ("/imports/", "/imports/new/", "/imports/1/"):
        assert client.get(address).headers["Location"].startswith("/sign-in/")


def test_a_file_from_form_to_page(curator: Client) -> None:
    assert "Nothing was imported yet" in curator.get("/imports/").text
    assert "Imnm" in curator.get("/imports/new/").text
    batch = upload(curator, GOOD)
    waiting = curator.get(f"/imports/{batch.pk}/").text
    assert "It waits for a worker" in waiting
    assert 'hx-trigger="every' in waiting
    tasks.run_batch(batch.pk)
    page = curator.get(f"/imports/{batch.pk}/").text
    assert "2 of 2 records ended" in page
    assert "Case 1." in page
    assert "well-formed" in page
    assert "hx-trigger" not in page
    assert "Retry all that failed (1)" in page
    assert "some.xml" in curator.get("/imports/").text


def test_the_list_of_records_by_state_and_as_a_part(curator: Client) -> None:
    batch = upload(curator, GOOD)
    tasks.run_batch(batch.pk)
    part = curator.get(f"/imports/{batch.pk}/?state=quarantined", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="batch"')
    assert "Case 1." not in part
    assert "well-formed" in part
    assert curator.get(f"/imports/{batch.pk}/?state=nonsense&page=x").status_code == 200


def test_pmids_pasted(curator: Client, who: worlds.People) -> None:
    curator.post("/imports/pmids/", {"pmids": "PMID: 34829411, 9997", "project": "imnm"})
    batch = Batch.objects.get()
    assert (batch.seen, batch.opened_by, batch.project.slug) == (2, who.curator, "imnm")


class LargeUpload(io.RawIOBase):
    """A form with a large file, whose bytes are made as they are asked for."""

    TYPE = "multipart/form-data; boundary=-x-"
    BEFORE = (
        b'---x-\r\nContent-Disposition: form-data; name="project"\r\n\r\nimnm\r\n'
        b'---x-\r\nContent-Disposition: form-data; name="file"; filename="large.xml"\r\nContent-Type: text/xml\r\n\r\n'
        b"<PubmedArticleSet>"
    )
    AFTER = b"</PubmedArticleSet>\r\n---x---\r\n"

    def __init__(self, records: int, record: bytes) -> None:
        self.length = len(self.BEFORE) + records * len(record) + len(self.AFTER)
        self.pieces = iter(chain([self.BEFORE], repeat(record, records), [self.AFTER]))
        self.left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:
        if not self.left:
            self.left = memoryview(next(self.pieces, b""))
        given, self.left = self.left[: len(into)], self.left[len(into) :]
        into[: len(given)] = given
        return len(given)


@pytest.mark.parametrize("address", ["/imports/file/", "/api/v1/batches"])
def test_a_large_upload_is_never_whole_in_memory(curator: Client, address: str) -> None:
    upload = LargeUpload(24, record(1, f"<!-- {'x' * MIB} -->"))
    request = {"REQUEST_METHOD": "POST", "PATH_INFO": address, "CONTENT_TYPE": upload.TYPE, "CONTENT_LENGTH": str(upload.length)}
    tracemalloc.start()
    try:
        answer = curator.request(**request, **{"wsgi.input": io.BufferedReader(upload)})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code in (201, 302)
    assert Batch.objects.get().seen == 24
    assert upload.length > 24 * MIB > 2 * most


def test_one_pmid_leads_to_its_article(curator: Client, standin: Standin) -> None:
    sent = curator.post("/imports/pmids/", {"pmids": "38762411", "project": "imnm"})
    batch = Batch.objects.get()
    assert sent.headers["Location"] == f"/imports/{batch.pk}/?follow=yes"
    waiting = curator.get(sent.headers["Location"])
    assert 'hx-trigger="every 250ms"' in waiting.text
    assert f'hx-get="/imports/{batch.pk}/?follow=yes"' in waiting.text
    tasks.run_batch(batch.pk)
    article = f"/articles/{BatchItem.objects.get().article_id}/"
    assert curator.get(sent.headers["Location"]).headers["Location"] == article
    assert curator.get(sent.headers["Location"], headers={"HX-Request": "true"}).headers["HX-Redirect"] == article
    assert "1 of 1 records ended" in curator.get(f"/imports/{batch.pk}/").text  # asked for by itself it stays


def test_a_pmid_that_nobody_has_stays_on_the_page_of_its_import(curator: Client, standin: Standin) -> None:
    sent = curator.post("/imports/pmids/", {"pmids": "99999999", "project": "imnm"})
    tasks.run_batch(Batch.objects.get().pk)
    page = curator.get(sent.headers["Location"])
    assert page.status_code == 200
    assert "PubMed has no record 99999999" in page.text


def test_an_old_import_is_looked_at_less_often(curator: Client) -> None:
    batch = upload(curator, GOOD)
    Batch.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert 'hx-trigger="every 1500ms"' in curator.get(f"/imports/{batch.pk}/").text


@pytest.mark.parametrize(
    ("address", "form", "said"),
    [
        ("/imports/pmids/", {"pmids": "abc", "project": "imnm"}, "“abc”"),
        ("/imports/pmids/", {"pmids": "", "project": "imnm"}, "There is no PMID, PMCID or DOI here"),
        ("/imports/file/", {"project": "imnm"}, "Choose a file first"),
        ("/imports/file/", {"project": "imnm", "file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")}, "it seems to be a PDF"),
        ("/imports/file/", {"project": "imnm", "file": SimpleUploadedFile("x.xml", b"<PubmedArticleSet/>")}, "holds no record"),
    ],
)
def test_refusals_are_said_on_the_page(curator: Client, address: str, form: dict[str, object], said: str) -> None:
    answer = curator.post(address, form)
    assert answer.status_code == 422
    assert said in answer.text
    assert not Batch.objects.exists()


def test_a_list_that_was_refused_is_still_there_to_be_mended(curator: Client) -> None:
    answer = curator.post("/imports/pmids/", {"pmids": "34829411 abc", "project": "imnm"})
    assert ">34829411 abc</textarea>" in answer.text
    assert '<option value="imnm" selected>' in answer.text


def test_only_members_import_into_a_project(client: Client, who: worlds.People, project: Project) -> None:
    client.force_login(who.outsider)
    assert "you are a member of none yet" in client.get("/imports/new/").text
    assert client.post("/imports/pmids/", {"pmids": "1", "project": "imnm"}).status_code == 403
    assert client.post("/imports/pmids/", {"pmids": "1"}).status_code == 403
    assert client.post("/imports/pmids/", {"pmids": "1", "project": "nowhere"}).status_code == 404
    assert not Batch.objects.exists()


def test_somebody_elses_import_is_not_found(client: Client, curator: Client, who: worlds.People) -> None:
    batch = upload(curator, GOOD)
    client.force_login(who.outsider)
    for address in ("", "retry/", "stop/", "resume/"):
        call = client.post if address else client.get
        assert call(f"/imports/{batch.pk}/{address}").status_code == 404
    assert client.post(f"/import-items/{BatchItem.objects.first().pk}/dismiss/").status_code == 404
    batch.refresh_from_db()
    assert batch.state == BatchState.WAITING


def test_the_buttons(curator: Client) -> None:
    batch = upload(curator, GOOD)
    assert "Stop" in curator.get(f"/imports/{batch.pk}/").text
    curator.post(f"/imports/{batch.pk}/stop/")
    assert "Resume" in curator.get(f"/imports/{batch.pk}/").text
    curator.post(f"/imports/{batch.pk}/resume/")
    tasks.run_batch(batch.pk)
    hurt = batch.items.get(state=ItemState.QUARANTINED)
    page = curator.post(f"/imports/{batch.pk}/retry/", {"item": hurt.pk}, follow=True)
    assert "Tried again: 1." in page.text
    tasks.run_batch(batch.pk)
    page = curator.post(f"/import-items/{hurt.pk}/dismiss/", follow=True)
    assert "Dismissed: 2." in page.text
    assert curator.post(f"/imports/{batch.pk}/retry/").status_code == 409
    assert curator.post(f"/imports/{batch.pk}/stop/").status_code == 409


def test_a_page_asks_few_questions(curator: Client, django_assert_max_num_queries: object) -> None:
    batch = upload(curator, a_set(*(record(n) for n in range(1, 60))))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        curator.get(f"/imports/{batch.pk}/")
