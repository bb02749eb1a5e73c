"""Screening, review and a finding in a real browser: by keyboard, accessible, readable on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from curation.choices import ReadingState
from curation.criteria.actions import load_rules
from curation.models import Finding, Reading, Screening
from curation.review import actions as review
from curation.tests import seed, worlds
from curation.tests.browser.conftest import DESKTOP, PHONE, Check, Screenshot, SignIn
from curation.tests.worlds import People, fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handed_in(who: People) -> Reading:
    """The seed report, read by the curator under the real codebook and its rules."""
    codebook = seed.the_codebook(who.administrator)
    load_rules(text=(seed.SEEDS / "rules" / "imnm.yaml").read_text(), codebook=codebook.codebook, by=who.administrator)
    project = worlds.a_project(who, codebook, slug="seed")
    article = worlds.included(project, seed.the_article(who.administrator), who.moderator).article
    return seed.read(project=project, article=article, by=who.curator)


def test_a_reading_is_published(
    page: Page, sign_in: SignIn, handed_in: Reading, assert_accessible: Check, screenshot: Screenshot
) -> None:
    sign_in("moderator")
    page.goto("/projects/seed/review/")
    assert_accessible()
    page.get_by_role("link", name=re.compile("Asymmetric Muscle Weakness")).click()
    assert_accessible()
    screenshot("review")
    page.get_by_role("button", name="Publish these answers").click()
    expect(page.get_by_text("is published.")).to_be_visible()
    assert fresh(handed_in).state == ReadingState.ACCEPTED


@pytest.mark.parametrize("slug", ["weakness_symmetry", "serostatus_derived"])
def test_a_finding_shows_what_proves_it(
    page: Page, handed_in: Reading, who: People, slug: str, assert_accessible: Check, screenshot: Screenshot
) -> None:
    review.publish(reading_id=handed_in.pk, version=handed_in.version, by=who.moderator)
    finding = Finding.objects.published().get(feature__slug=slug)
    page.goto(f"/findings/{finding.pk}/")
    expect(page.locator("mark").first).to_be_visible()
    assert_accessible()
    screenshot(f"finding_{slug}")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_review_on_a_phone(page: Page, sign_in: SignIn, handed_in: Reading, to_screen: Screening) -> None:
    page.set_viewport_size(PHONE)
    sign_in("moderator")
    for address in (f"/review/{handed_in.pk}/", "/projects/seed/review/", f"/projects/{to_screen.project.slug}/screening/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
    page.set_viewport_size(DESKTOP)
