"""Screening in a real browser, by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from curation.choices import ScreeningState, Verdict
from curation.models import Article, Project, Screening, Vote
from curation.tests import worlds
from curation.tests.browser.conftest import Check, Screenshot, SignIn
from curation.tests.worlds import People, fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def four(project: Project, who: People) -> list[Screening]:
    worlds.set_up(
        project,
        who.moderator,
        criteria="Reports of single patients with a necrotizing myopathy.\n\nAny age, any language.",
        words_of_interest=["asymmetr*", "weakness"],
    )
    return [worlds.to_screen(project, worlds.an_article(pmid=n), who.moderator) for n in (1, 2, 3, 4)]


def states(rows: list[Screening]) -> list[str]:
    return [fresh(row).state for row in rows]


def test_by_keyboard_alone(page: Page, sign_in: SignIn, four: list[Screening], assert_accessible: Check) -> None:
    sign_in("moderator")
    page.goto("/projects/imnm/screening/")
    assert_accessible()
    card = page.locator("[data-card]:not([hidden])")
    expect(card).to_have_count(1)
    expect(card.locator("mark").first).to_have_text("Asymmetric")
    expect(card).to_contain_text("Any age, any language.")
    page.keyboard.press("p")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(card.get_by_role("link", name="PMID 2")).to_be_visible()
    page.keyboard.press("1")
    expect(card.get_by_role("link", name="PMID 3")).to_be_visible()
    page.keyboard.press("s")
    expect(card.get_by_role("link", name="PMID 4")).to_be_visible()
    page.keyboard.press("i")
    expect(card.get_by_role("link", name="PMID 3")).to_be_visible()  # what was set aside comes at the end
    expect(card).to_contain_text("You set it aside")
    expect(page.locator("#screening-head")).to_contain_text("PMID 4: Include")
    page.keyboard.press("u")
    expect(page.get_by_text("PMID 4 is in your queue again.")).to_be_visible()
    expect(card.get_by_role("link", name="PMID 4")).to_be_visible()
    assert states(four) == ["included", "excluded", "to_screen", "to_screen"]
    assert fresh(four[0]).patients_described == 2
    page.keyboard.press("u")
    expect(page.get_by_text("PMID 3 is in your queue again.")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    assert states(four) == ["included", "excluded", "excluded", "excluded"]


def test_keys_pressed_faster_than_the_site_answers(page: Page, sign_in: SignIn, four: list[Screening]) -> None:
    sign_in("moderator")
    page.goto("/projects/imnm/screening/")
    for key in ("i", "1", "i"):
        page.keyboard.press(key)
    expect(page.locator("[data-card]:not([hidden])").get_by_role("link", name="PMID 4")).to_be_visible()
    expect(page.locator("#screening-head")).to_contain_text("PMID 3: Include")
    assert states(four) == ["included", "excluded", "included", "to_screen"]


def test_a_refused_decision_brings_its_article_back(page: Page, sign_in: SignIn, four: list[Screening], who: People) -> None:
    sign_in("moderator")
    page.goto("/projects/imnm/screening/")
    worlds.screening.include(screening_id=four[0].pk, version=1, by=who.moderator2)
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text("was changed since you read it")
    expect(page.locator("[data-card]:not([hidden])").get_by_role("link", name="PMID 1")).to_be_visible()
    assert states(four)[0] == ScreeningState.INCLUDED


def test_several_by_keyboard(
    page: Page, sign_in: SignIn, four: list[Screening], assert_accessible: Check, assert_fits: Check
) -> None:
    sign_in("moderator")
    page.goto("/projects/imnm/screening/decisions/?state=to_screen")
    assert_accessible()
    assert_fits()
    boxes = page.locator("[data-choice]")
    page.keyboard.press("j")
    expect(boxes.nth(0)).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_text("chosen: 3")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_text("3 articles are decided.")).to_be_visible()
    assert states(four) == ["excluded", "excluded", "excluded", "to_screen"]


def test_shift_and_click_choose_up_to_here(page: Page, sign_in: SignIn, four: list[Screening]) -> None:
    sign_in("moderator")
    page.goto("/projects/imnm/screening/decisions/?state=to_screen")
    boxes = page.locator("[data-choice]")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.get_by_text("chosen: 4")).to_be_visible()


def test_two_screeners_and_their_conflict(
    page: Page, sign_in: SignIn, project: Project, article: Article, who: People, assert_accessible: Check, assert_fits: Check
) -> None:
    worlds.in_conflict(worlds.with_two_screeners(project, who.moderator), article, who.curator, who.curator2)
    sign_in("moderator")
    page.goto("/projects/imnm/screening/conflicts/")
    assert_accessible()
    assert_fits()
    page.get_by_label("Why").fill("Both patients are in the table.")
    page.get_by_role("button", name="Include", exact=True).click()
    expect(page.get_by_text("is settled.")).to_be_visible()
    assert Screening.objects.get().state == ScreeningState.INCLUDED
    assert Vote.objects.cast().filter(verdict=Verdict.EXCLUDED).count() == 1


def test_the_flow(
    page: Page,
    sign_in: SignIn,
    four: list[Screening],
    who: People,
    assert_accessible: Check,
    assert_fits: Check,
    screenshot: Screenshot,
) -> None:
    worlds.screening.exclude(screening_id=four[0].pk, version=1, reason="Not a case report", by=who.moderator)
    sign_in("curator")
    page.goto("/projects/imnm/flow/")
    assert_accessible()
    screenshot("flow")
    assert_fits()
    page.locator(".prisma").get_by_role("link", name="Not a case report (n = 1)").click()
    expect(page.get_by_role("heading", name="Records excluded: Not a case report")).to_be_visible()
    expect(page.get_by_text("1 article")).to_be_visible()
