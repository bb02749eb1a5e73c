"""Evidence in a browser: rectangles by mouse, finger and keys, cells of tables, words found within the article."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from curation.annotation import actions as annotation
from curation.annotation import queries
from curation.choices import EvidenceKind, EvidenceRole
from curation.models import Article, CodebookVersion, DecisionEvidence, Evidence, Project, Reading
from curation.tests import worlds
from curation.tests.articles.fulltexts import A_FIGURE, A_TABLE, a_bucket, a_full_text, fetched
from curation.tests.browser.conftest import DESKTOP, PHONE, Check, Screenshot, SignIn
from curation.tests.browser.test_full_texts import BORROWED, MORE, SECOND, drawn


@pytest.fixture
def codebook(who: worlds.People) -> CodebookVersion:
    return worlds.small_codebook(who.administrator)


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


@pytest.fixture
def reading(project: Project, article: Article, who: worlds.People) -> Reading:
    return worlds.started(project, article, who.curator)


@pytest.fixture
def workspace(page: Page, reading: Reading, sign_in: SignIn) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in("curator")
    page.goto(f"/readings/{reading.pk}/")
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)  # keys wait for what is on its way
    return page


def opened(page: Page, slug: str) -> Locator:
    page.locator(f"#feature-{slug} a.feature-name").click()
    form = page.locator(f"form#form-{slug}")
    expect(form).to_be_visible()
    return form


def drawing(page: Page, label: str) -> Locator:
    """The dialog, once the picture is there."""
    page.get_by_role("button", name=f"Mark a place on {label}", exact=True).click()
    dialog = page.get_by_role("dialog", name=label)
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-draw-picture]")).not_to_have_js_property("naturalWidth", 0)
    return dialog


def drag(page: Page, dialog: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place of the picture to another, in parts of it."""
    box = dialog.locator("[data-draw-picture]").bounding_box()
    assert box
    x, y, w, h = box["x"], box["y"], box["width"], box["height"]
    page.mouse.move(x + start[0] * w, y + start[1] * h)
    page.mouse.down()
    page.mouse.move(x + end[0] * w, y + end[1] * h, steps=4)
    page.mouse.up()


def near(region: list[float], wanted: tuple[float, ...]) -> bool:
    return all(abs(a - b) < 1 for a, b in zip(region, wanted, strict=True))


def test_a_rectangle_is_drawn_with_the_mouse_and_proves_a_value(
    workspace: Page, assert_accessible: Check, assert_fits: Check, screenshot: Screenshot
) -> None:
    form = opened(workspace, "weakness")
    form.get_by_label("Present").check()
    dialog = drawing(workspace, "Figure 1")
    drag(workspace, dialog, (0.6, 0.5), (0.2, 0.1))
    dialog.get_by_label("Panel").fill("A")
    expect(dialog.get_by_role("status")).to_contain_text("% wide")
    assert_accessible()
    screenshot("draw-region")
    dialog.get_by_role("button", name="Use as evidence").click()
    expect(form.locator("[data-quotes] q")).to_have_text("Figure 1, panel A")
    form.get_by_role("button", name="Save").click()
    expect(workspace.locator("#feature-weakness .answer-quote")).to_contain_text("Figure 1, panel A")
    proof = Evidence.objects.get()
    assert (proof.kind, proof.panel, proof.figure and proof.figure.label) == (EvidenceKind.REGION, "A", "Figure 1")
    assert near(proof.region, (20, 10, 40, 40))
    expect(workspace.locator("#article-text .regions rect")).to_have_count(1)
    expect(workspace.locator("#feature-weakness .answer .crop-picture")).to_be_visible()
    assert_accessible()
    assert_fits()
    screenshot("workspace-region")
    workspace.set_viewport_size(DESKTOP)
    workspace.locator("#article-text .region-link").click()
    expect(workspace.locator("#feature-weakness .feature-name")).to_be_focused()


def test_a_rectangle_is_drawn_with_a_finger(
    browser: Browser, reading: Reading, live_server: LiveServer, who: worlds.People
) -> None:
    context = browser.new_context(has_touch=True, viewport=PHONE, base_url=live_server.url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("curator")
    page.get_by_label("Password").fill(worlds.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto(f"/readings/{reading.pk}/")
    dialog = drawing(page, "Figure 1")
    box = dialog.locator("[data-draw-picture]").bounding_box()
    assert box
    touch = context.new_cdp_session(page)
    for kind, part in (("touchStart", 0.25), ("touchMove", 0.4), ("touchMove", 0.75), ("touchEnd", None)):
        points = [] if part is None else [{"x": box["x"] + part * box["width"], "y": box["y"] + part * box["height"]}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    dialog.get_by_role("button", name="Use as evidence").click()
    page.get_by_role("button", name="Choose the feature").click()
    page.keyboard.type("weakness")
    page.keyboard.press("Enter")
    form = page.locator("form#form-weakness")
    expect(form.locator("[data-quotes] q")).to_have_text("Figure 1")
    form.get_by_label("Present").check()
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#feature-weakness .badge--present")).to_be_visible()
    assert near(Evidence.objects.get().region, (25, 25, 50, 50))
    context.close()


def test_a_rectangle_is_placed_by_keys_and_by_numbers(workspace: Page) -> None:
    dialog = drawing(workspace, "Figure 2")
    keys = workspace.keyboard
    keys.press("ArrowRight")  # places it
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft", "Shift+ArrowUp", "Alt+ArrowRight"):
        keys.press(key)
    values = {side: dialog.locator(f"[name=draw-{side}]") for side in "xywh"}
    assert {side: field.input_value() for side, field in values.items()} == {"x": "36.1", "y": "36", "w": "29", "h": "29"}
    values["w"].fill("10,5")
    values["x"].fill("95")
    keys.press("Tab")
    expect(values["x"]).to_have_value("89.5")  # kept on the picture
    keys.press("+")
    workspace.locator("[data-draw-sheet]").focus()
    keys.press("+")
    expect(dialog.locator("[data-draw-scale]")).to_have_text("150 %")
    keys.press("Enter")
    expect(workspace.locator("[data-selection-words]")).to_have_text("Figure 2")
    keys.press("e")
    keys.type("weakness")
    keys.press("Enter")
    expect(workspace.locator("form#form-weakness [data-quotes] q")).to_have_text("Figure 2")
    keys.press("1")
    keys.press("s")
    expect(workspace.locator("#feature-weakness .badge--present")).to_be_visible()
    assert Evidence.objects.get().region == [89.5, 36, 10.5, 29]


def test_a_cell_by_the_mouse_and_a_row_by_keys(workspace: Page, assert_accessible: Check, screenshot: Screenshot) -> None:
    assert_accessible()
    workspace.get_by_role("gridcell", name="5,320").click()
    expect(workspace.locator("[data-selection-words]")).to_contain_text("5,320")
    workspace.get_by_role("button", name="Choose the feature").click()
    workspace.keyboard.type("CK")
    workspace.keyboard.press("Enter")
    form = workspace.locator("form#form-ck")
    form.get_by_label("Present").check()
    form.locator("input[name=value]").fill("5320")
    expect(form.locator("[data-quotes] q")).to_contain_text("5,320")
    workspace.locator("#article-text [role=grid] [tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowLeft", "Shift+Enter"):
        workspace.keyboard.press(key)
    expect(form.locator("[data-quotes] li")).to_have_count(2)
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)  # closed once all is kept
    cell, row = Evidence.objects.order_by("pk")
    assert (cell.kind, cell.exact, cell.cell["column"], row.cell["column"]) == (EvidenceKind.CELL, "5,320", 2, None)
    assert cell.section.text[cell.start : cell.end] == "5,320"
    expect(workspace.get_by_role("gridcell", name="5,320").locator("mark")).to_have_attribute("data-features", "ck")
    screenshot("workspace-cell")


def test_words_are_found_within_the_article_and_their_sentence_taken(workspace: Page, screenshot: Screenshot) -> None:
    search = workspace.get_by_role("searchbox", name="Find in the article")
    told = workspace.locator("[data-within-count]")
    workspace.keyboard.press("f")
    expect(search).to_be_focused()
    workspace.keyboard.type("WEAKNESS")
    expect(told).to_contain_text("1 of ")
    assert workspace.evaluate("CSS.highlights.get('within').size") > 2
    workspace.keyboard.press("Enter")
    expect(told).to_contain_text("2 of ")
    screenshot("workspace-within")
    workspace.keyboard.press("Shift+Enter")
    expect(told).to_contain_text("1 of ")
    search.fill("rituximab")
    expect(told).to_have_text("nowhere")
    search.fill("kinase was")
    expect(told).to_contain_text("1 of ")
    workspace.keyboard.press("Control+Enter")
    expect(workspace.locator("[data-selection-words]")).to_have_text("Creatine kinase was 5,320 U/L.")
    search.press("Escape")
    expect(told).to_be_empty()
    assert workspace.evaluate("CSS.highlights.get('within').size") == 0


def test_contents_lead_to_the_parts(workspace: Page) -> None:
    workspace.get_by_text("Contents", exact=True).click()
    workspace.get_by_role("navigation", name="Contents of the article").get_by_role("link", name="Table 1").click()
    expect(workspace.get_by_role("grid", name="Table 1")).to_be_in_viewport()


def test_a_piece_is_said_to_be_background_and_to_speak_against(workspace: Page, reading: Reading, who: worlds.People) -> None:
    abstract = reading.article.sections.get(key="abstract", is_current=True)
    annotation.record(
        reading_id=reading.pk,
        patient_id=queries.patients_of(reading)[0].pk,
        feature_slug="weakness",
        status="present",
        quotes=[annotation.Quote(abstract.pk, "low back pain")],
        by=who.curator,
    )
    workspace.reload()
    form = opened(workspace, "weakness")
    form.get_by_label("Comment").fill("half typed")
    form.locator(".piece-more summary").click()
    form.get_by_label("speaks against it").check()
    expect(form.get_by_label("speaks against it")).to_be_checked()
    expect(form.locator(".badge--warn")).to_have_text("Speaks against it")
    expect(form.get_by_label("Comment")).to_have_value("half typed")
    form.get_by_label("Whose words").select_option("background")
    expect(form.locator(".piece-more summary")).to_contain_text("Background")
    proof = Evidence.objects.get()
    assert (proof.contradicts, proof.role) == (True, EvidenceRole.BACKGROUND)


def test_without_script_places_are_typed(browser: Browser, reading: Reading, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("curator")
    page.get_by_label("Password").fill(worlds.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto(f"/readings/{reading.pk}/")
    page.get_by_role("searchbox", name="Find in the article").fill("weakness")
    page.get_by_role("search").filter(has=page.get_by_label("Find in the article")).get_by_role("button", name="Find").click()
    expect(page.get_by_text("places found")).to_be_visible()
    form = opened(page, "weakness")
    form.get_by_label("Present").check()
    form.get_by_text("Type a place on a figure").click()
    form.get_by_label("Figure", exact=True).select_option(label="Figure 1")
    for label, typed in (("left %", "80"), ("top %", "10"), ("width %", "30"), ("height %", "12,5"), ("panel", "left")):
        form.get_by_label(label).fill(typed)
    form.get_by_label("Table", exact=True).select_option(label="Table 1")
    form.get_by_label("row", exact=True).fill("2")
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".notice--danger")).to_contain_text("outside the figure")
    form = page.locator("form#form-weakness")
    expect(form.get_by_label("height %")).to_have_value("12,5")
    form.get_by_label("width %").fill("20")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#feature-weakness")).to_contain_text("Figure 1, panel left")
    assert Evidence.objects.get(kind=EvidenceKind.REGION).region == [80, 10, 20, 12.5]
    assert Evidence.objects.get(kind=EvidenceKind.CELL).cell["row"] == 2
    context.close()


def test_a_third_answer_is_proven_by_a_place_on_a_figure_and_a_cell(
    page: Page, article: Article, codebook: CodebookVersion, who: worlds.People, sign_in: SignIn, screenshot: Screenshot
) -> None:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    worlds.included(pair, article, who.moderator)
    worlds.read_twice(pair, article, who.curator, who.curator2, differing={"ck": 5200})
    sign_in("moderator")
    page.goto(f"/projects/pair/adjudication/{article.pk}/")
    page.keyboard.press("t")
    form = page.locator(".feature-form")
    dialog = drawing(page, "Figure 1")
    drag(page, dialog, (0.6, 0.5), (0.2, 0.1))
    dialog.get_by_label("Panel").fill("A")
    dialog.get_by_role("button", name="Use as evidence").click()
    expect(form.locator("[data-quotes]")).to_contain_text("Figure 1, panel A")
    page.get_by_role("gridcell", name="5,320").click()
    page.keyboard.press("e")
    form.get_by_role("radio", name="Present").check()
    form.get_by_label("CK value").fill("5310")
    form.get_by_role("button", name="Decide so").click()  # without a reason
    form.get_by_label("Why", exact=True).fill("As drawn.")
    screenshot("adjudication-third")
    form.get_by_role("button", name="Decide so").click()
    expect(form).to_have_count(0)
    drawn_on, cell = DecisionEvidence.objects.order_by("kind").exclude(kind=EvidenceKind.QUOTE)[::-1]
    assert (drawn_on.panel, near(drawn_on.region or [], (20, 10, 40, 40))) == ("A", True)
    assert (cell.exact, cell.section.text[cell.start : cell.end]) == ("5,320", "5,320")
