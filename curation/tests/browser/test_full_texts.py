"""Full text and figures in a browser: the viewer by mouse, keys and without script; the workspace's tables and pictures."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from curation.models import Article, Project
from curation.tests import worlds
from curation.tests.articles.fulltexts import A_FIGURE, A_TABLE, a_bucket, a_full_text, fetched
from curation.tests.browser.conftest import Check, Screenshot, SignIn

MORE = (
    "<sec><title>Discussion</title><p>Asymmetric weakness is <bold>rare</bold> in this disease (<italic>n</italic> = 3).</p>"
    "<list><list-item><p>it began at the left leg</p></list-item><list-item><p>it stayed there</p></list-item></list></sec>"
)
SECOND = (
    "<fig><label>Figure 2</label><caption><p>Thigh, axial.</p></caption><attrib>Photo: Kim B</attrib>"
    '<graphic xlink:href="case-g002"/></fig>'
)
BORROWED = (
    "<fig><label>Figure 3</label><caption><p>Reprinted with permission from another journal.</p></caption>"
    '<graphic xlink:href="case-g003"/></fig>'
)


def drawn(path: Path, words: str, size: tuple[int, int]) -> bytes:
    """A picture on which one sees where one is."""
    image = Image.new("RGB", size, "#f2dfe6")
    pen = ImageDraw.Draw(image)
    for x in range(0, size[0], 40):
        pen.ellipse((x, (x * 7) % size[1], x + 30, (x * 7) % size[1] + 30), fill="#8a3f66")
    pen.text((20, 20), words, fill="#222222")
    image.save(path)
    return path.read_bytes()


@pytest.fixture
def article(project: Project, who: worlds.People, settings: SimpleNamespace, tmp_path: Path) -> Iterator[Article]:
    settings.MEDIA_ROOT = tmp_path
    found = worlds.an_article(pmcid="PMC7")
    worlds.included(project, found, who.moderator)
    with a_bucket() as bucket:
        pictures = {
            "case-g001.png": drawn(tmp_path / "1.png", "biopsy", (900, 600)),
            "case-g002.jpg": drawn(tmp_path / "2.jpg", "thigh", (500, 700)),
        }
        bucket.put("PMC7", a_full_text(figures=A_FIGURE + SECOND + BORROWED, tables=A_TABLE, more=MORE), pictures)
        fetched(found, who.administrator)
    return found


def scale(page: Page) -> str:
    return page.locator("[data-viewer-scale]").inner_text()


def test_the_viewer(page: Page, article: Article, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot) -> None:
    page.goto(f"/articles/{article.pk}/")
    expect(page.get_by_role("heading", name="Patient 1")).to_be_visible()
    expect(page.get_by_role("cell", name="5,320")).to_be_visible()
    expect(page.get_by_text("It is under no licence that is known here")).to_be_visible()
    assert_accessible()
    assert_fits()
    screenshot("full-text")
    page.get_by_role("link", name="Figure 1: open it large").click()
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_role("heading", name="Figure 1")).to_be_visible()
    expect(viewer.get_by_text("CC BY 4.0")).to_be_visible()
    expect(viewer.get_by_text("Park AB. J Rare Dis")).to_be_visible()
    expect(viewer.get_by_text("1 / 2")).to_be_visible()
    assert_accessible()
    screenshot("figure-viewer")

    page.keyboard.press("+")
    assert scale(page) == "140 %"
    before = page.locator("[data-viewer-picture]").get_attribute("style")
    page.keyboard.press("ArrowLeft")  # enlarged: it moves the picture
    assert page.locator("[data-viewer-picture]").get_attribute("style") != before
    expect(viewer.get_by_role("heading", name="Figure 1")).to_be_visible()
    page.keyboard.press("-")
    assert scale(page) == "100 %"
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("heading", name="Figure 2")).to_be_visible()
    expect(viewer.get_by_text("Photo: Kim B")).to_be_visible()
    page.keyboard.press("ArrowRight")  # round to the first
    expect(viewer.get_by_role("heading", name="Figure 1")).to_be_visible()
    page.mouse.wheel(0, -300)
    viewer.get_by_role("button", name="Larger").click()
    viewer.get_by_role("button", name="Whole picture").click()
    assert scale(page) == "100 %"
    viewer.get_by_role("button", name="Previous figure").click()
    expect(viewer.get_by_role("heading", name="Figure 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(page.get_by_role("link", name="Figure 2: open it large")).to_be_focused()


def test_on_a_phone(page: Page, article: Article, assert_fits: Check, screenshot: Screenshot) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/articles/{article.pk}/")
    page.get_by_role("link", name="Figure 2: open it large").click()
    viewer = page.get_by_role("dialog")
    for words in ("Figure 2", "CC BY 4.0", "Close"):
        expect(viewer.get_by_text(words).first).to_be_in_viewport()
    assert_fits()


def test_without_script_the_link_leads_to_the_picture(browser: Browser, article: Article, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(f"/articles/{article.pk}/")
    page.get_by_role("link", name="Figure 1: open it large").click()
    page.wait_for_url("**/image")
    context.close()


def test_the_workspace_shows_tables_and_pictures_and_quotes_from_them(
    page: Page, article: Article, project: Project, who: worlds.People, sign_in: SignIn, assert_accessible: Check
) -> None:
    reading = worlds.started(project, article, who.curator)
    sign_in("curator")
    page.goto(f"/readings/{reading.pk}/")
    page.get_by_role("link", name="Figure 1: open it large").click()
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_text("Scattered necrosis")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("heading", name="Figure 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Figure 2: open it large")).to_be_focused()
    expect(page.locator("#article-text").get_by_text("Photo: Kim B")).to_be_visible()
    assert_accessible()
    cell = page.get_by_role("gridcell", name="5,320")
    cell.evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e);"
        " const s = getSelection(); s.removeAllRanges(); s.addRange(r); }"
    )
    expect(page.locator("[data-selection-words]")).to_contain_text("5,320")
