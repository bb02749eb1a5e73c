"""An import from the form to its end, in a browser, followed without a reload."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, Route, expect

from curation import tasks
from curation.models import Batch, Project
from curation.tests.articles.test_cutting import a_set, record
from curation.tests.browser.conftest import Check, Screenshot, SignIn

MIXED = a_set(*(record(n) for n in range(1, 9)), record(9, "<b>"))


@pytest.fixture
def curator(page: Page, project: Project, sign_in: SignIn, settings: SimpleNamespace, tmp_path: Path) -> Page:
    settings.MEDIA_ROOT = tmp_path
    sign_in("curator")
    return page


def test_a_file_watched_to_its_end(curator: Page, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot) -> None:
    page = curator
    page.goto("/imports/")
    page.get_by_role("link", name="Import articles").click()
    assert_accessible()
    screenshot("import-new")
    page.get_by_label("PubMed XML, NBIB or RIS").set_input_files({"name": "some.xml", "mimeType": "text/xml", "buffer": MIXED})
    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_text("0 of 9 records ended.")).to_be_visible()
    expect(page.get_by_text("It waits for a worker")).to_be_visible()
    assert_accessible()
    tasks.run_batch(Batch.objects.get().pk)
    expect(page.get_by_text("9 of 9 records ended.")).to_be_visible()  # without a reload
    expect(page.locator("#batch[hx-trigger]")).to_have_count(0)
    expect(page.get_by_text("This record is not well-formed XML")).to_be_visible()
    assert_accessible()
    screenshot("import-done")
    assert_fits()
    page.get_by_role("link", name="Quarantined 1").click()
    expect(page.get_by_text("Case 1.")).to_have_count(0)
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Dismissed: 9.")).to_be_visible()


def test_a_refused_file_says_why(curator: Page, assert_accessible: Check) -> None:
    curator.goto("/imports/new/")
    curator.get_by_label("PubMed XML, NBIB or RIS").set_input_files(
        {"name": "x.pdf", "mimeType": "text/xml", "buffer": b"%PDF-1.7"}
    )
    curator.get_by_role("button", name="Import this file").click()
    expect(curator.get_by_text("it seems to be a PDF")).to_be_visible()
    assert_accessible()


def test_how_far_an_upload_came_is_shown(curator: Page, assert_accessible: Check, assert_fits: Check) -> None:
    """The answer is held back, so that the bar can be looked at."""
    held: list[Route] = []
    curator.route("**/imports/file/", lambda route: held.append(route))
    curator.goto("/imports/new/")
    curator.get_by_label("PubMed XML, NBIB or RIS").set_input_files({"name": "a.xml", "mimeType": "text/xml", "buffer": MIXED})
    curator.get_by_role("button", name="Import this file").click()
    expect(curator.locator("progress")).to_be_visible()
    expect(curator.get_by_role("button", name="Import this file")).to_be_disabled()
    assert_accessible()
    assert_fits()
    held[0].continue_()
    expect(curator.get_by_text("0 of 9 records ended.")).to_be_visible()


def test_a_file_that_its_checksum_does_not_fit_is_refused_in_place(curator: Page) -> None:
    curator.goto("/imports/new/")
    curator.get_by_label("PubMed XML, NBIB or RIS").set_input_files({"name": "a.xml", "mimeType": "text/xml", "buffer": MIXED})
    curator.get_by_label("Its .md5 file").set_input_files(
        {"name": "a.xml.md5", "mimeType": "text/plain", "buffer": f"MD5(a.xml)= {'0' * 32}".encode()}
    )
    curator.get_by_role("button", name="Import this file").click()
    expect(curator.get_by_text("not the one that its .md5 file means")).to_be_visible()
    expect(curator.get_by_role("button", name="Import this file")).to_be_enabled()
    assert not Batch.objects.exists()
