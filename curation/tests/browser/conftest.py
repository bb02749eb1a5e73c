"""What browser tests share: signing in, pictures for the docs, and axe-core's judgement."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from curation.models import Article, CodebookVersion, Project, User
from curation.tests import seed, worlds

expect.set_options(timeout=15_000)  # a page on a busy machine is slow, not wrong

PICTURES = Path(settings.BASE_DIR) / "docs" / "images"
AXE = Axe()
SERIOUS = ("serious", "critical")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

SignIn = Callable[..., None]
Screenshot = Callable[[str], None]
Check = Callable[[], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> SignIn:
    """Whoever it is comes with a session begun: the browser is given its key."""

    def as_person(username: str) -> None:
        client = Client()
        client.force_login(User.objects.get(username=username))
        key = client.session.session_key or ""
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])

    return as_person


@pytest.fixture
def sign_in_by_form(page: Page) -> SignIn:
    def as_person(username: str, password: str = worlds.PASSWORD) -> None:
        page.goto("/sign-in/")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()

    return as_person


@pytest.fixture
def screenshot(page: Page) -> Screenshot:
    """A picture for the docs, taken only where CASEBOOK_SCREENSHOTS asks for them."""

    def take(name: str) -> None:
        if os.environ.get("CASEBOOK_SCREENSHOTS"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    return take


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds; half a megabyte of script, which is brought to a page once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    return page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")


@pytest.fixture
def assert_accessible(page: Page) -> Check:
    """No serious or critical fault by axe-core, in light and in dark."""

    def check() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            grave = [
                f"{scheme}: {each['id']} ({each['help']}): {', '.join(str(node['target']) for node in each['nodes'][:5])}"
                for each in violations(page)
                if each["impact"] in SERIOUS
            ]
            assert not grave, "\n".join(grave)
        page.emulate_media(color_scheme="light")

    return check


@pytest.fixture
def assert_fits(page: Page) -> Check:
    """Nothing makes the page scroll sideways on a desk or on a phone."""

    def check() -> None:
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert too_wide <= 0, f"{too_wide} px too wide at {size['width']} px"

    return check


@pytest.fixture
def codebook(who: worlds.People) -> CodebookVersion:
    return seed.the_codebook(who.administrator)


@pytest.fixture
def report(project: Project, who: worlds.People) -> Article:
    """The seed report, read and published."""
    article = seed.the_article(who.administrator)
    worlds.included(project, article, who.moderator)
    seed.published(project=project, article=article, reader=who.curator, moderator=who.moderator)
    return article
