"""Two readings adjudicated in a real browser, by keyboard alone: followed, a third, undone, published."""

import re

import pytest
from playwright.sync_api import Page, expect

from curation.annotation import actions as annotation
from curation.choices import ReadingState
from curation.models import DecisionEvidence, Finding, Reading
from curation.tests import seed, worlds
from curation.tests.browser.conftest import Check, Screenshot, SignIn
from curation.tests.browser.test_workspace import select
from curation.tests.worlds import People, fresh

pytestmark = pytest.mark.django_db(transaction=True)
DIFFERING = {"age_at_report": "P36Y", "sex": "female", "weakness_symmetry": "symmetric"}


@pytest.fixture
def twice_read(who: People) -> tuple[Reading, Reading]:
    """The seed report under the real codebook; the second reader differs in three answers."""
    project = worlds.a_project(who, seed.the_codebook(who.administrator), slug="pair", readers_required=2)
    article = worlds.included(project, seed.the_article(who.administrator), who.moderator).article
    one = seed.read(project=project, article=article, by=who.curator)
    other = differing(seed.read(project=project, article=article, by=who.curator2), who)
    return one, other


def differing(reading: Reading, who: People) -> Reading:
    back = worlds.sent_back(reading, who.moderator2, note="Look again.")
    for slug in DIFFERING:
        worlds.changed(back, slug, value=DIFFERING[slug])
    back = fresh(back)
    return annotation.submit(reading_id=back.pk, version=back.version, by=back.curator)


def settled(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def test_by_keyboard(
    page: Page,
    sign_in: SignIn,
    twice_read: tuple[Reading, Reading],
    assert_accessible: Check,
    assert_fits: Check,
    screenshot: Screenshot,
) -> None:
    sign_in("moderator")
    page.goto("/projects/pair/adjudication/")
    assert_accessible()
    assert_fits()
    page.get_by_role("link", name=re.compile("Asymmetric Muscle Weakness")).click()
    settled(page, "0 of")
    assert_accessible()
    screenshot("adjudication")
    page.keyboard.press("a")
    page.keyboard.type("The case says so.")
    page.keyboard.press("Enter")
    settled(page, "1 of")
    select(page, "his first")
    page.keyboard.press("e")  # words first: they open the third answer of the point one is at
    form = page.locator(".feature-form")
    expect(form.locator("[data-quotes]")).to_contain_text("his first")
    select(page, "left lower extremity weakness", nth=1)
    page.get_by_role("button", name="Use as evidence").click()
    expect(form.get_by_role("checkbox", name="left lower extremity weakness")).to_be_checked()
    assert_accessible()
    assert_fits()
    form.get_by_role("radio", name="Present").check()
    form.get_by_label("Age at presentation/report").fill("34 years")
    form.get_by_role("checkbox", name="A 35-year-old male").check()
    form.get_by_label("Why", exact=True).fill("Counted from the dates.")
    form.get_by_role("button", name="Decide so").click()
    settled(page, "2 of")
    proofs = DecisionEvidence.objects.filter(exact__in=("his first", "left lower extremity weakness"))
    assert all(proof.section.text[proof.start : proof.end] == proof.exact for proof in proofs)
    assert proofs.get(exact="left lower extremity weakness").start > proofs.get(exact="his first").start
    page.keyboard.press("u")
    settled(page, "1 of")
    for key in ("b", "i"):  # in haste: the second before the first is answered
        page.keyboard.press(key)
        page.keyboard.type("The title says so.")
        page.keyboard.press("Enter")
    settled(page, "3 of 3")  # which side is weaker is asked no more
    assert_accessible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Publish what is settled").click()
    expect(page.get_by_text("is published.")).to_be_visible()
    one, other = twice_read
    assert {fresh(one).state, fresh(other).state} == {ReadingState.ACCEPTED}
    assert Finding.objects.published().get(feature__slug="age_at_report").value == "P36Y"
    assert Finding.objects.published().exclude(rule=None).exists()
    page.goto(f"/projects/pair/adjudication/{one.article_id}/?show=all")
    page.get_by_label("Why it is taken up again").fill("An erratum came.")
    page.get_by_role("button", name="Take up again").click()
    expect(page.get_by_text("Taken up again.")).to_be_visible()
