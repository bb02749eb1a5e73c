"""The tour of ``docs/tour.md``, walked on the demo; with CASEBOOK_SCREENSHOTS set it takes the tour's pictures."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from curation.models import Finding, Project, Reading
from curation.tests.browser.conftest import DESKTOP, PHONE, Screenshot, SignIn

ASYMMETRIC = "weakness_symmetry = asymmetric AND serostatus_derived IN (seronegative_complete, seronegative_incomplete)"

TALL = {"width": 1280, "height": 1250}


@pytest.fixture
def demo(transactional_db: None) -> None:
    call_command("seed_demo", stdout=StringIO())


@pytest.mark.usefixtures("demo")
def test_a_visitor_asks_and_sees_where_each_paper_says_so(page: Page, screenshot: Screenshot) -> None:
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Asymmetric and seronegative necrotizing myopathy")
    screenshot("home")

    page.goto("/projects/imnm/cohort/")
    page.get_by_label("Question", exact=True).fill(ASYMMETRIC)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("main")).to_contain_text("1 of 1 patient in 1 article")
    page.get_by_role("table").locator("summary").first.click()
    expect(page.get_by_role("table")).to_contain_text("unusual asymmetric muscle weakness and atrophy")
    page.set_viewport_size(TALL)
    screenshot("cohort")
    page.set_viewport_size(DESKTOP)

    serostatus = Finding.objects.published().get(feature__slug="serostatus_derived")
    page.goto(f"/findings/{serostatus.pk}/")
    expect(page.get_by_role("main")).to_contain_text("serologic testings were all negative")
    screenshot("finding")

    page.goto(f"/articles/{serostatus.patient.reports.get().article_id}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Prominent Asymmetric Muscle Weakness")
    screenshot("article")
    page.set_viewport_size(PHONE)
    screenshot("article-phone")
    page.set_viewport_size(DESKTOP)

    page.goto("/codebooks/imnm/1.0.0/")
    screenshot("codebook")


@pytest.mark.usefixtures("demo")
def test_a_curator_reads_and_a_moderator_looks(page: Page, sign_in_by_form: SignIn, screenshot: Screenshot) -> None:
    sign_in_by_form("curator", "casebook-curator")
    page.goto("/readings/")
    page.get_by_role("button", name="Begin").first.click()
    expect(page.locator("#article-text")).to_be_visible()
    reading = Reading.objects.get(project__slug="practice")
    page.locator("#feature-sex a.feature-name").click()
    form = page.locator("form#form-sex")
    form.get_by_label("Present").check()
    form.get_by_label("Male", exact=True).check()
    screenshot("workspace")
    page.set_viewport_size(PHONE)
    screenshot("workspace-phone")
    page.set_viewport_size(DESKTOP)
    assert reading.curator.username == "curator"

    page.get_by_role("button", name="Sign out").click()
    sign_in_by_form("moderator", "casebook-moderator")
    page.goto("/projects/imnm/screening/")
    screenshot("screening")
    done = Reading.objects.get(project__slug="imnm")
    page.goto(f"/review/{done.pk}/")
    expect(page.get_by_role("main")).to_contain_text("Accepted")
    screenshot("review")
    page.goto(f"/imports/{Project.objects.get(slug='imnm').batches.last().pk}/")
    screenshot("import")
    page.goto("/admin/")
    screenshot("admin")
