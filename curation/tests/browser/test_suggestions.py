"""Suggestions in a real browser: accepted and rejected by one key each, marked in the text, hidden where the project says."""

import pytest
from playwright.sync_api import Page, expect

from curation.annotation import actions as annotation
from curation.choices import SuggestionMode
from curation.models import Annotation, Article, Judged, Project, Reading
from curation.suggestions import actions
from curation.tests import seed, worlds
from curation.tests.browser.conftest import PHONE, Check, Screenshot, SignIn


@pytest.fixture
def article(who: worlds.People) -> Article:
    return seed.the_article(who.administrator)


@pytest.fixture
def reading(project: Project, article: Article, who: worlds.People) -> Reading:
    worlds.included(project, article, who.moderator)
    return annotation.start_reading(project=project, article=article, patients=["Patient 1"], by=who.curator)


@pytest.fixture
def codebook(who: worlds.People) -> object:
    return seed.the_codebook(who.administrator)


@pytest.fixture
def workspace(page: Page, reading: Reading, sign_in: SignIn) -> Page:
    page.set_viewport_size({"width": 1400, "height": 900})
    sign_in("curator")
    page.goto(f"/readings/{reading.pk}/")
    expect(page.locator("[data-suggestions]")).to_contain_text("suggestions from the text")
    return page


def in_hand(page: Page) -> str:
    """The feature of the suggestion that the keys act on."""
    offer = page.locator("[data-offer][data-current]")
    expect(offer).to_have_count(1)
    return str(offer.locator("xpath=..").get_attribute("id")).removeprefix("offers-")


def test_one_key_accepts_with_the_words_as_evidence(workspace: Page, screenshot: Screenshot) -> None:
    workspace.keyboard.press("o")
    first = in_hand(workspace)
    marked = workspace.evaluate("() => [...CSS.highlights.get('suggestion')][0].toString()")
    assert marked == workspace.locator("[data-offer][data-current] [data-place]").inner_text().strip("“”")
    screenshot("suggestions")
    workspace.keyboard.press("y")
    expect(workspace.locator(f"#feature-{first} .answer-quote").first).to_contain_text(marked)
    expect(workspace.locator(f"#offers-{first} [data-offer]")).to_have_count(0)
    assert in_hand(workspace) != first
    assert Annotation.objects.get().feature.slug == first
    assert Judged.objects.get().verdict == "accepted"


def test_keys_pressed_at_once_judge_one_after_the_other(workspace: Page) -> None:
    workspace.keyboard.press("o")
    first = in_hand(workspace)
    for key in ("y", "y", "x"):
        workspace.keyboard.press(key)
    expect(workspace.locator("[data-suggestions]")).to_contain_text("Undo the last rejection")
    assert in_hand(workspace) != first
    assert sorted(Judged.objects.values_list("verdict", flat=True)) == ["accepted", "accepted", "rejected"]
    assert Annotation.objects.count() == 2


def test_one_key_rejects_and_a_button_takes_it_back(workspace: Page) -> None:
    workspace.keyboard.press("o")
    first = in_hand(workspace)
    workspace.keyboard.press("x")
    expect(workspace.locator("[data-suggestions]")).to_contain_text("Undo the last rejection")
    expect(workspace.locator(f"#offers-{first} [data-offer]")).to_have_count(0)
    assert not Annotation.objects.exists()
    workspace.get_by_role("button", name="Undo the last rejection").click()
    expect(workspace.locator(f"#offers-{first} [data-offer]")).to_have_count(1)


def test_a_click_accepts(workspace: Page) -> None:
    offer = workspace.locator("#offers-sex [data-offer]")
    offer.get_by_role("button", name="Accept for Sex").click()
    expect(workspace.locator("#feature-sex .answer-said")).to_contain_text("Male")


def test_hidden_until_the_own_pass_is_done(
    page: Page, reading: Reading, project: Project, who: worlds.People, sign_in: SignIn
) -> None:
    mode = SuggestionMode.AFTER_OWN_PASS
    actions.set_mode(project_id=project.pk, version=worlds.fresh(project).version, mode=mode, by=who.moderator)
    sign_in("curator")
    page.goto(f"/readings/{reading.pk}/")
    done = page.get_by_role("button", name="I have finished my own pass")
    page.get_by_role("link", name="Features").or_(done).first.wait_for()
    expect(done).to_be_visible()
    assert page.locator("[data-offer]").count() == 0
    done.click()
    expect(page.locator("[data-offer]").first).to_be_attached()


def test_it_is_accessible_and_fits_a_phone(
    workspace: Page, reading: Reading, assert_accessible: Check, assert_fits: Check
) -> None:
    assert_accessible()
    workspace.set_viewport_size(PHONE)
    workspace.goto(f"/readings/{reading.pk}/#features")
    expect(workspace.locator("[data-suggestions]")).to_contain_text("suggestions from the text")
    workspace.goto(f"/readings/{reading.pk}/suggestions/")
    assert_fits()


def test_suggestions_are_judged_while_the_site_is_away(workspace: Page) -> None:
    workspace.keyboard.press("o")
    first = in_hand(workspace)
    workspace.context.set_offline(True)
    workspace.keyboard.press("x")
    expect(workspace.locator("[data-saving-state]")).to_contain_text("Changes kept in this browser: 1")
    assert in_hand(workspace) != first
    workspace.keyboard.press("y")
    expect(workspace.locator("[data-saving-state]")).to_contain_text("Changes kept in this browser: 2")
    workspace.context.set_offline(False)
    expect(workspace.locator("[data-saving-state]")).to_contain_text("All saved")
    assert sorted(Judged.objects.values_list("verdict", flat=True)) == ["accepted", "rejected"]
