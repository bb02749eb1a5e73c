"""The workspace, as a curator works in it: with the mouse, by keyboard alone, on a phone, without script."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from curation.annotation import actions as annotation
from curation.annotation import queries
from curation.choices import ReadingState
from curation.models import Annotation, Article, Evidence, Project, Reading
from curation.review import actions as review
from curation.tests import seed, worlds
from curation.tests.browser.conftest import DESKTOP, PHONE, Check, Screenshot, SignIn

TWICE = "left lower extremity weakness"


@pytest.fixture
def article(who: worlds.People) -> Article:
    return seed.the_article(who.administrator)


@pytest.fixture
def reading(project: Project, article: Article, who: worlds.People) -> Reading:
    worlds.included(project, article, who.moderator)
    return annotation.start_reading(project=project, article=article, patients=["Patient 1"], by=who.curator)


@pytest.fixture
def workspace(page: Page, reading: Reading, sign_in: SignIn) -> Page:
    page.set_viewport_size({"width": 1400, "height": 900})
    sign_in("curator")
    page.goto(f"/readings/{reading.pk}/")
    return page


def select(page: Page, words: str, *, nth: int = 0) -> None:
    """Drag the mouse over the words in the text; again where the text moved under the pointer, as it does while a page loads."""
    for _try in range(3):
        drag(page, words, nth)
        if page.evaluate("() => getSelection().toString().replace(/\\s+/g, ' ').trim()") == " ".join(words.split()):
            return
    raise AssertionError(f"“{words}” could not be selected")


def drag(page: Page, words: str, nth: int) -> None:
    """From their first letter to their last."""
    place = page.evaluate(
        """([words, nth]) => {
          getSelection().removeAllRanges();  // words that are selected already would be dragged themselves
          const walker = document.createTreeWalker(document.querySelector("#article-text, .review-text"), NodeFilter.SHOW_TEXT);
          let seen = 0;
          for (let node; (node = walker.nextNode()); ) {
            for (let at = node.data.indexOf(words); at >= 0; at = node.data.indexOf(words, at + 1)) {
              if (seen++ < nth) continue;
              node.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + words.length);
              const boxes = range.getClientRects();
              const last = boxes[boxes.length - 1];
              return { x: boxes[0].left, y: boxes[0].top + boxes[0].height / 2, x2: last.right, y2: last.top + last.height / 2 };
            }
          }
        }""",
        [words, nth],
    )
    page.mouse.move(place["x"] + 1, place["y"])
    page.mouse.down()
    page.mouse.move(place["x2"], place["y2"], steps=4)
    page.mouse.up()


def name_of(page: Page, slug: str) -> Locator:
    return page.locator(f"#feature-{slug} a.feature-name")


def opened(page: Page, slug: str) -> Locator:
    """The form of a feature, once it is there."""
    name_of(page, slug).click()
    form = page.locator(f"form#form-{slug}")
    expect(form).to_be_visible()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)  # it has the focus now
    return form


def test_words_first_then_the_feature(workspace: Page, reading: Reading, screenshot: Screenshot) -> None:
    select(workspace, TWICE, nth=1)
    expect(workspace.locator("[data-selection-words]")).to_have_text(TWICE)
    workspace.keyboard.press("/")
    workspace.keyboard.type("muscle weakness")
    workspace.keyboard.press("Enter")
    form = workspace.locator("form#form-muscle_weakness")
    expect(form.locator("[data-quotes] q")).to_have_text(TWICE)
    workspace.keyboard.press("1")
    expect(form.locator("[data-form-state]")).to_have_text("Saved")
    screenshot("workspace")
    workspace.keyboard.press("s")
    expect(form).to_have_count(0)
    expect(workspace.locator("#feature-muscle_weakness .badge--present")).to_be_visible()
    proof = Evidence.objects.get()
    assert proof.section.text[proof.start : proof.end] == proof.exact == TWICE
    assert proof.start == proof.section.text.rindex(TWICE)
    expect(workspace.locator("#article-text mark")).to_have_text(TWICE)
    reading.refresh_from_db()
    assert reading.state == ReadingState.IN_PROGRESS


def test_the_feature_first_then_words(workspace: Page) -> None:
    form = opened(workspace, "sex")
    form.get_by_label("Male", exact=True).check()
    select(workspace, "A 35-year-old male")
    workspace.get_by_role("button", name="Use as evidence").click()
    select(workspace, "his first")
    workspace.keyboard.press("e")
    expect(form.locator("[data-quotes] li")).to_have_count(2)
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    expect(workspace.locator("#feature-sex .answer-value")).to_have_text("Male")
    assert Annotation.objects.get().evidence.count() == 2


def test_a_value_is_edited_its_evidence_taken_away_and_itself_removed(
    workspace: Page, reading: Reading, who: worlds.People
) -> None:
    abstract = reading.article.sections.get(key="abstract")
    annotation.record(
        reading_id=reading.pk,
        patient_id=queries.patients_of(reading)[0].pk,
        feature_slug="sex",
        status="present",
        value="female",
        quotes=[annotation.Quote(abstract.pk, "A 35-year-old male")],
        by=who.curator,
    )
    workspace.reload()
    mark = workspace.locator("#article-text mark")
    mark.click()
    expect(workspace.locator("#feature-sex .feature-name")).to_be_focused()
    workspace.keyboard.press("Enter")
    form = workspace.locator("form#form-sex")
    form.get_by_label("Comment").fill("half typed")
    form.get_by_role("button", name="Remove “").click()
    expect(form.locator("[data-quotes] li")).to_have_count(0)
    expect(form.get_by_label("Comment")).to_have_value("half typed")
    form.get_by_label("Male", exact=True).check()
    form.get_by_role("button", name="Save").click()
    expect(workspace.locator("#feature-sex .answer-value")).to_have_text("Male")
    expect(workspace.locator("#feature-sex")).to_contain_text("half typed")
    expect(workspace.locator("#feature-sex .field-fault")).to_contain_text("evidence")
    opened(workspace, "sex")
    workspace.get_by_role("button", name="Remove this answer").click()
    expect(workspace.locator("#feature-sex .badge--present")).to_have_count(0)
    assert not Annotation.objects.exists()


def test_a_refused_save_keeps_what_was_typed(workspace: Page) -> None:
    form = opened(workspace, "ck_value")
    form.get_by_label("CK value").fill("a lot")
    form.get_by_label("Comment").fill("as the paper says")
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".notice--danger")).to_contain_text("is not a number")
    expect(form.get_by_label("CK value")).to_have_value("a lot")
    expect(form.get_by_label("Comment")).to_have_value("as the paper says")
    assert not Annotation.objects.exists()


def test_two_tabs_are_told_of_each_other(workspace: Page, reading: Reading, who: worlds.People) -> None:
    patient = queries.patients_of(reading)[0].pk
    common = {"status": "present", "by": who.curator}
    made = annotation.record(reading_id=reading.pk, patient_id=patient, feature_slug="sex", value="female", **common)
    workspace.reload()
    form = opened(workspace, "sex")
    form.get_by_label("Comment").fill("mine")
    annotation.change(annotation_id=made.pk, version=1, value="male", comment="theirs", **common)
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".notice--warn")).to_contain_text("theirs")
    expect(form.locator(".notice--warn")).to_contain_text("mine")
    form.get_by_role("button", name="Save mine").click()
    expect(form).to_have_count(0)
    expect(workspace.locator("#feature-sex .answer-value")).to_have_text("Female")
    made.refresh_from_db()
    assert (made.value, made.comment, made.version) == ("female", "mine", 3)


def test_conditional_features_appear_and_stay_set_aside(workspace: Page) -> None:
    child = workspace.locator("#feature-weakness_symmetry")
    expect(child).not_to_be_visible()
    opened(workspace, "muscle_weakness")
    workspace.keyboard.press("1")
    expect(child).to_be_visible()
    opened(workspace, "weakness_symmetry")
    child.get_by_label("Asymmetric, both sides").check()
    expect(child.locator(".answer-value")).to_have_text("Asymmetric, both sides")
    opened(workspace, "muscle_weakness")
    workspace.keyboard.press("2")
    expect(child.locator(".badge--not_applicable")).to_be_visible()
    assert Annotation.objects.filter(feature__slug="weakness_symmetry").exists()


def press(page: Page, key: str) -> None:
    """As a person does: once what the key before it brought has come to rest."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    page.keyboard.press(key)


def test_by_keyboard_alone(workspace: Page) -> None:
    press(workspace, "n")
    expect(workspace.locator("form#form-patient_label")).to_be_visible()
    press(workspace, "5")
    press(workspace, "s")
    expect(workspace.locator("#feature-patient_label .badge--not_reported")).to_be_visible()
    press(workspace, "n")
    expect(workspace.locator("form#form-case_kind")).to_be_visible()
    press(workspace, "n")
    expect(workspace.locator("form#form-scope_read")).to_be_visible()
    press(workspace, "p")
    expect(workspace.locator("form#form-case_kind")).to_be_visible()
    press(workspace, "?")
    expect(workspace.get_by_role("dialog")).to_be_visible()
    press(workspace, "Escape")
    press(workspace, "/")
    workspace.keyboard.type("HP:0003419")
    expect(name_of(workspace, "low_back_pain")).to_be_visible()
    expect(name_of(workspace, "sex")).not_to_be_visible()


def test_submit_shows_what_is_missing_then_hands_in(workspace: Page, reading: Reading) -> None:
    workspace.get_by_role("button", name="Submit").click()
    fault = workspace.get_by_role("main").get_by_role("link", name="Patient 1: Sex").first
    expect(fault).to_be_visible()
    fault.click()
    expect(workspace.locator("form#form-sex")).to_be_visible()
    workspace.get_by_role("link", name="Close").click()
    while (rest := workspace.get_by_role("button", name="Rest not reported")).count():
        left = rest.count()
        rest.first.click()
        expect(rest).to_have_count(left - 1)
    workspace.get_by_role("button", name="Submit").click()
    expect(workspace.get_by_text("A moderator takes it from here")).to_be_visible()
    workspace.goto(f"/readings/{reading.pk}/")
    expect(workspace.get_by_text("Read-only")).to_be_visible()
    expect(workspace.get_by_role("button", name="Submit")).to_have_count(0)


def test_without_script_the_same_can_be_done(browser: Browser, reading: Reading, live_server: object, who: worlds.People) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=str(live_server))
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("curator")
    page.get_by_label("Password").fill(worlds.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto(f"/readings/{reading.pk}/")
    opened(page, "muscle_weakness")
    page.get_by_label("Comment").fill("kept while searching")
    page.get_by_label("Find the words in the article").fill(TWICE.upper())
    page.get_by_role("button", name="Find the words").click()
    places = page.get_by_role("group", name="Places found").get_by_role("checkbox")
    expect(places).to_have_count(2)
    places.nth(1).check()
    page.get_by_role("group", name="Status").get_by_label("Present").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#feature-muscle_weakness .badge--present")).to_be_visible()
    proof = Evidence.objects.get()
    assert proof.start == proof.section.text.rindex(TWICE)
    assert proof.annotation.comment == "kept while searching"
    opened(page, "muscle_weakness")
    page.get_by_role("button", name="Remove this answer").click()
    assert not Annotation.objects.exists()
    page.get_by_placeholder("Find a feature").fill("erector")
    page.get_by_label("The codebook").get_by_role("button", name="Find", exact=True).click()
    expect(name_of(page, "sex")).to_have_count(0)
    context.close()


def test_sent_back_it_shows_the_note_and_is_open_again(
    page: Page,
    project: Project,
    article: Article,
    who: worlds.People,
    sign_in: SignIn,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    worlds.included(project, article, who.moderator)
    done = seed.read(project=project, article=article, by=who.curator)
    review.send_back(reading_id=done.pk, version=done.version, note="Look at the oedema again.", by=who.moderator)
    sign_in("curator")
    page.goto("/readings/")
    assert_accessible()
    assert_fits()
    page.get_by_role("link", name="Revise").click()
    expect(page.get_by_text("Look at the oedema again.")).to_be_visible()
    assert_accessible()
    assert_fits()
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Features").click()
    opened(page, "weakness_symmetry")
    assert_accessible()
    assert_fits()
    page.set_viewport_size(DESKTOP)
    expect(page.locator("#article-text")).to_have_text(re.compile("T1-dissusion"))
