"""A real browser for the tests: `page` opens the live site, and a page that breaks its own rules fails its test."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from portal import env
from portal.embedded import chromium

SECONDS = 10
# what Chromium and htmx say of any 4xx: tests ask for those on purpose
ANSWERED_WITH_A_REFUSAL = ("Failed to load resource", "Response Status Error Code 4")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The session's Chromium. Without one its tests are skipped, but under CI they fail."""
    program = chromium.find()
    if program is None:
        if env.is_set("CI"):
            pytest.fail(chromium.HOW_TO_GET_ONE)
        pytest.skip(chromium.HOW_TO_GET_ONE)
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
    env.provide(DJANGO_ALLOW_ASYNC_UNSAFE="yes")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=[*chromium.FLAGS])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A fresh page (no cookies) on the live site: `page.goto("/")`. Script errors and refused content fail the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(SECONDS * 1000)
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERED_WITH_A_REFUSAL):
            faults.append(message.text)

    opened = context.new_page()
    opened.on("console", note)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    _let_the_site_finish()
    assert not faults, faults


def _let_the_site_finish() -> None:
    """What a page asked for ahead, or was left before its answer came, would else be answered into the next test's tables."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:  # as socketserver calls what answers one connection
            thread.join(SECONDS)
