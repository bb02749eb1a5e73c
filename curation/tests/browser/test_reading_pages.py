"""The pages for reading, as a person meets them: on a desk and on a phone, in light and in dark."""

import re

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from curation.models import Article
from curation.tests.browser.conftest import Check, Screenshot, SignIn


def test_a_visitor_reads(
    page: Page, report: Article, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot
) -> None:
    for address, name in (
        ("/", "home"),
        ("/articles/", "articles"),
        (f"/articles/{report.pk}/", "article"),
        ("/sign-in/", "sign-in"),
    ):
        page.goto(address)
        screenshot(name)
        assert_accessible()
        assert_fits()


def test_a_quote_is_marked_where_it_stands(page: Page, report: Article, screenshot: Screenshot) -> None:
    page.goto(f"/articles/{report.pk}/")
    page.get_by_role("link", name="unusual asymmetric muscle weakness").first.click()
    mark = page.locator("#text mark", has_text="unusual asymmetric muscle weakness")
    expect(mark).to_be_in_viewport()
    expect(page.locator("#curated [aria-current]").first).to_be_visible()
    screenshot("article-quote")
    page.reload()
    expect(mark).to_be_visible()


def test_the_list_follows_what_is_typed(page: Page, report: Article) -> None:
    page.goto("/articles/")
    page.get_by_label("Words in title").fill("nothingatall")
    expect(page.get_by_role("heading", name="No article fits all of this")).to_be_visible()
    page.get_by_label("Words in title").fill("asymmetrical atrophy")
    expect(page.get_by_role("link", name="Prominent Asymmetric Muscle Weakness")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/articles/\?words=asymmetrical(\+|%20)atrophy$"))


def test_a_member_finds_the_ways_on(
    page: Page, report: Article, sign_in: SignIn, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot
) -> None:
    sign_in("moderator")
    for address, name in (
        ("/", "home-member"),
        ("/account/", "account"),
        ("/projects/", "projects"),
        ("/projects/imnm/", "project"),
        (f"/articles/{report.pk}/", "article-member"),
    ):
        page.goto(address)
        screenshot(name)
        assert_accessible()
        assert_fits()


def test_a_refusal_met_by_htmx_is_shown_and_swaps_nothing(page: Page, report: Article) -> None:
    page.goto("/articles/")
    page.get_by_text("Author, journal, years").click()
    page.get_by_label("Years").fill("long ago")
    page.get_by_label("Years").press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("year_from")
    expect(page.get_by_role("link", name="Prominent Asymmetric Muscle Weakness")).to_be_visible()


def test_the_api_is_described_under_the_content_policy(browser: Browser, live_server: LiveServer) -> None:
    """A page of its own: the viewer tries inline styles, which the policy stops and the console complains of."""
    page = browser.new_page(base_url=live_server.url)
    page.goto("/api/v1/docs/")
    expect(page.get_by_text("/api/v1/articles", exact=True)).to_be_visible()
    page.close()
