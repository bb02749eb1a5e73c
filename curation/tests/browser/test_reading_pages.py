"""The pages for reading, as a person meets them."""

from playwright.sync_api import Page, expect

from curation.models import Article
from curation.tests.browser.conftest import Check, Screenshot, SignIn


def test_the_article_page(
    page: Page, report: Article, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot
) -> None:
    page.goto(f"/articles/{report.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Prominent Asymmetric Muscle Weakness")
    screenshot("article")
    assert_accessible()
    assert_fits()


def test_a_quote_is_marked_where_it_stands(page: Page, report: Article) -> None:
    page.goto(f"/articles/{report.pk}/")
    page.get_by_role("link", name="unusual asymmetric muscle weakness").first.click()
    mark = page.locator("#text mark", has_text="unusual")
    expect(mark).to_contain_text("unusual asymmetric muscle weakness")
    expect(mark).to_be_in_viewport()


def test_the_list(page: Page, report: Article, assert_accessible: Check, assert_fits: Check) -> None:
    page.goto("/articles/")
    page.get_by_label("Words in title").fill("nothingatall")
    expect(page.get_by_role("heading", name="No article fits all of this")).to_be_visible()
    page.goto("/articles/")
    expect(page.get_by_role("link", name="Prominent Asymmetric Muscle Weakness")).to_be_visible()
    assert_accessible()
    assert_fits()


def test_home(page: Page, report: Article, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot) -> None:
    page.goto("/")
    screenshot("home")
    assert_accessible()
    assert_fits()


def test_sign_in(page: Page, report: Article, sign_in: SignIn, assert_accessible: Check, assert_fits: Check) -> None:
    page.goto("/sign-in/")
    assert_accessible()
    assert_fits()
    sign_in("curator")
    for address in ("/", "/account/", "/projects/", "/projects/imnm/", f"/articles/{report.pk}/"):
        page.goto(address)
        assert_accessible()
        assert_fits()
