"""The cohort as a person asks it: by text, by building, by clicking; every number opens its evidence."""

import pytest
from playwright.sync_api import Page, expect

from curation.criteria.actions import load_rules
from curation.models import Article, CodebookVersion
from curation.tests import seed, worlds
from curation.tests.browser.conftest import Check, Screenshot

QUESTION = "weakness_symmetry = asymmetric AND serostatus_derived IN (seronegative_complete, seronegative_incomplete)"


@pytest.fixture
def codebook(who: worlds.People) -> CodebookVersion:
    """With the rules that derive the serostatus."""
    version = seed.the_codebook(who.administrator)
    load_rules(text=(seed.SEEDS / "rules" / "imnm.yaml").read_text(), codebook=version.codebook, by=who.administrator)
    return version


def test_the_question_is_asked_narrowed_and_proved(
    page: Page, report: Article, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot
) -> None:
    page.goto("/projects/imnm/cohort/")
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("of 1 patient")).to_be_visible()
    page.locator("summary", has_text="Negative as far as tested").click()
    expect(page.get_by_text("serologic testings were all negative")).to_be_visible()
    page.locator("summary", has_text="Asymmetric").click()
    screenshot("cohort")
    assert_accessible()
    assert_fits()

    page.get_by_label("Add a condition").select_option("sex")
    page.locator("#condition").get_by_role("button", name="Add").first.click()
    expect(page.get_by_label("Question", exact=True)).to_have_value(f"{QUESTION} AND sex = male")

    page.get_by_label("Question", exact=True).fill("serostatus = seronegative_complete")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="did you mean")).to_be_visible()
    screenshot("cohort-fault")
    assert_accessible()
    page.get_by_role("link", name="serostatus_derived").click()
    expect(page.get_by_text("No patient answers this question")).to_be_visible()
    assert_accessible()
    assert_fits()
