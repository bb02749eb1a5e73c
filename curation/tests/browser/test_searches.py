"""A query looked at before it is imported, and a standing search, in a browser."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from curation import tasks
from curation.articles import actions
from curation.models import Batch, Project
from curation.tests.articles.conftest import standin
from curation.tests.articles.test_cutting import a_set, record
from curation.tests.browser.conftest import Check, Screenshot, SignIn
from curation.tests.records import a_record
from curation.tests.standin.server import Standin

__all__ = ["standin"]
TITLES = ("Asymmetric weakness in a zebra keeper.", "A zebra with necrotizing myopathy.", "Statins and the zebra.")


@pytest.fixture
def moderator(page: Page, project: Project, sign_in: SignIn, standin: Standin, settings: SimpleNamespace, tmp_path: Path) -> Page:
    settings.MEDIA_ROOT = tmp_path
    for pmid, title in enumerate(TITLES, 901):
        standin.library.take(a_record(pmid, title=title).encode())
    sign_in("moderator")
    return page


def test_a_query_from_form_to_articles(
    moderator: Page, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot
) -> None:
    page = moderator
    page.goto("/imports/new/")
    form = page.locator("form", has=page.get_by_role("heading", name="By a query"))
    form.get_by_label("PubMed query").fill("zebra[ti]")
    form.get_by_label("Project").select_option("imnm")
    assert_accessible()
    form.get_by_role("button", name="Look first").click()
    expect(page.get_by_role("heading", name="PubMed finds 3 records")).to_be_visible()
    expect(page.get_by_text(TITLES[0])).to_be_visible()
    assert_accessible()
    assert_fits()
    screenshot("query-preview")
    page.get_by_role("button", name="Import these 3").click()
    expect(page.get_by_text("PubMed is asked which records these are.")).to_be_visible()
    tasks.run_batch(Batch.objects.get().pk)
    expect(page.get_by_text("3 of 3 records ended.")).to_be_visible()
    expect(page.get_by_text("adds up", exact=True)).to_be_visible()
    assert_accessible()


def test_a_standing_search_kept_run_paused_and_ended(
    moderator: Page, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot
) -> None:
    page = moderator
    page.goto("/projects/imnm/")
    page.get_by_role("link", name="Standing searches").click()
    page.get_by_label("Name").fill("New zebras")
    page.get_by_label("PubMed query").fill("zebra[ti]")
    page.get_by_label("What PubMed took in since").fill("2019-01-01")
    assert_accessible()
    page.get_by_role("button", name="Keep this search").click()
    expect(page.get_by_role("heading", name="New zebras")).to_be_visible()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_role("link", name="A run of a standing search")).to_be_visible()
    tasks.run_batch(Batch.objects.get().pk)
    tasks.run_searches()
    page.get_by_role("link", name="A run of a standing search").click()
    expect(page.get_by_role("cell", name="Done")).to_be_visible()
    assert_accessible()
    assert_fits()
    screenshot("standing-search")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Standing searches").click()
    assert_accessible()
    assert_fits()
    page.get_by_role("link", name="New zebras").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("What it brought stays.")).to_be_visible()


def test_quarantine(moderator: Page, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot) -> None:
    page = moderator
    page.goto("/imports/new/")
    page.get_by_label("PubMed XML, NBIB or RIS").set_input_files(
        {"name": "some.xml", "mimeType": "text/xml", "buffer": a_set(record(1), record(2, "<b>" + "x" * 500))}
    )
    page.get_by_role("button", name="Import this file").click()
    expect(page.get_by_text("0 of 2 records ended.")).to_be_visible()
    tasks.run_batch(Batch.objects.get().pk)
    page.goto("/imports/quarantine/")
    assert_accessible()
    assert_fits()
    page.get_by_role("main").get_by_role("link", name="PMID 2", exact=True).click()
    expect(page.get_by_text("This record is not well-formed XML")).to_be_visible()
    assert_accessible()
    assert_fits()
    screenshot("quarantine")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Dismissed: 2.")).to_be_visible()


def test_articles_near_it(moderator: Page, assert_accessible: Check, assert_fits: Check) -> None:
    page = moderator
    batch = _imported("901 902")
    page.goto(f"/articles/{batch.items.get(position=1).article_id}/")
    expect(page.get_by_role("heading", name="Near it in PubMed")).to_be_visible()
    expect(page.get_by_role("heading", name="The same patient?")).to_have_count(0)
    while tasks.relating.fetch_some():
        pass
    page.reload()
    expect(page.get_by_role("heading", name="Similar articles")).to_be_visible()
    assert_accessible()
    assert_fits()


def _imported(pmids: str) -> Batch:
    project = Project.objects.get(slug="imnm")
    by = project.memberships.get(user__username="moderator").user
    batch = actions.open_batch_of_ids(project=project, text=pmids, by=by)
    tasks.run_batch(batch.pk)
    return batch
