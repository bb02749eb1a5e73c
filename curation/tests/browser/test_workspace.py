"""The workspace, as a curator works in it."""

from playwright.sync_api import Page

from curation.models import Project
from curation.tests import seed, worlds
from curation.tests.browser.conftest import SignIn


def test_look(page: Page, project: Project, who: worlds.People, sign_in: SignIn) -> None:
    article = seed.the_article()
    worlds.included(project, article, who.moderator)
    reading = seed.read(project=project, article=article, by=who.curator)
    from curation.review import actions as review

    review.send_back(
        reading_id=reading.pk, version=reading.version, note="Please look at the MRI oedema again.", by=who.moderator
    )
    sign_in("curator")
    page.goto(f"/readings/{reading.pk}/")
    page.set_viewport_size({"width": 1400, "height": 900})
    page.screenshot(path="/tmp/ws1.png")
    page.locator("#feature-weakness_symmetry .feature-name").click()
    page.wait_for_selector("#form-weakness_symmetry form, form#form-weakness_symmetry")
    page.screenshot(path="/tmp/ws2.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path="/tmp/ws3.png")
    page.locator("[data-tab=text]").click()
    page.screenshot(path="/tmp/ws4.png")
    page.goto("/readings/")
    page.screenshot(path="/tmp/ws5.png")
    page.set_viewport_size({"width": 1400, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.goto(f"/readings/{reading.pk}/")
    page.screenshot(path="/tmp/ws6.png")
