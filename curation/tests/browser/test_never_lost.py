"""What was typed is never lost: saved by itself, kept while the site is away, compared where two changes met, undone."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect

from curation.annotation import actions as annotation
from curation.annotation import queries
from curation.models import Annotation, Patient, Reading
from curation.tests import worlds
from curation.tests.browser.conftest import Check, SignIn
from curation.tests.browser.test_workspace import article, opened, press, reading, select, workspace

__all__ = ["article", "reading", "workspace"]


@pytest.fixture
def patient(reading: Reading) -> Patient:
    return queries.patients_of(reading)[0]


def state(page: Page) -> Locator:
    return page.locator("[data-saving-state]")


def all_saved(page: Page) -> None:
    expect(state(page)).to_contain_text("All saved")


def recorded(reading: Reading, patient: Patient, **answer: object) -> Annotation:
    said = {"status": "present", "value": "female", **answer}
    return annotation.record(
        reading_id=reading.pk,
        patient_id=patient.pk,
        feature_slug="sex",
        by=reading.curator,
        **said,  # type: ignore[arg-type]
    )


def kept_here(page: Page) -> str:
    return page.evaluate("JSON.stringify(Object.entries(localStorage))")


def test_every_kind_of_change_saves_itself(workspace: Page) -> None:
    form = opened(workspace, "sex")
    form.get_by_label("Male", exact=True).check()
    expect(form.locator("[data-form-state]")).to_have_text("Saved")
    assert Annotation.objects.get().value == "male"
    form.get_by_label("Comment").fill("typed, then a pause")
    all_saved(workspace)
    expect(workspace.locator("#feature-sex")).to_contain_text("typed, then a pause")
    select(workspace, "A 35-year-old male")
    workspace.keyboard.press("e")
    expect(form.locator("[data-quotes] [data-saves=evidence]")).to_have_count(1)
    form.locator("[data-quotes] [data-saves=evidence]").click()
    expect(form.locator("[data-quotes] li")).to_have_count(0)
    all_saved(workspace)
    made = Annotation.objects.get()
    assert (made.value, made.comment, made.evidence.count(), made.version) == ("male", "typed, then a pause", 0, 4)
    expect(form).to_be_visible()


def test_half_an_answer_is_kept_here_and_not_recorded(workspace: Page) -> None:
    form = opened(workspace, "ck_value")
    form.get_by_label("Comment").fill("see the table")
    form.get_by_label("Comment").blur()
    expect(form.locator("[data-form-state]")).to_contain_text("say whether it is present")
    form.get_by_label("Present").check()
    expect(form.locator("[data-form-state]")).to_contain_text("give the value")
    workspace.keyboard.press("Escape")
    expect(workspace.locator("#feature-ck_value")).to_contain_text("typed, not saved")
    assert not Annotation.objects.exists()
    workspace.reload()
    expect(workspace.locator("#feature-ck_value")).to_contain_text("typed, not saved")
    form = opened(workspace, "ck_value")
    expect(form.get_by_label("Comment")).to_have_value("see the table")
    form.get_by_role("button", name="Forget what I typed").click()
    expect(form.get_by_label("Comment")).to_have_value("")
    expect(workspace.locator("#feature-ck_value")).not_to_contain_text("typed, not saved")


def test_a_refused_value_says_so_where_it_is_and_stays(workspace: Page) -> None:
    form = opened(workspace, "ck_value")
    field = form.locator("fieldset.value input").first
    field.fill("a lot")
    field.blur()
    expect(form.locator("[data-notice]")).to_contain_text("not a number")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("not a number"))
    workspace.reload()
    form = opened(workspace, "ck_value")
    expect(form.locator("fieldset.value input").first).to_have_value("a lot")
    form.locator("fieldset.value input").first.fill("5320")
    form.locator("fieldset.value input").first.blur()
    all_saved(workspace)
    assert Annotation.objects.get().value == 5320


def test_away_and_back(workspace: Page) -> None:
    form = opened(workspace, "sex")
    workspace.context.set_offline(True)
    form.get_by_label("Male", exact=True).check()
    expect(state(workspace)).to_contain_text("does not answer")
    form.get_by_label("Comment").fill("typed while away")
    form.get_by_label("Comment").blur()
    assert not Annotation.objects.exists()
    workspace.context.set_offline(False)
    all_saved(workspace)
    made = Annotation.objects.get()
    assert (made.value, made.comment) == ("male", "typed while away")


def test_rows_typed_while_away_are_kept_and_written_down_once(workspace: Page) -> None:
    series = workspace.locator("#series-ck_measurement")
    ck = series.locator("[name=value-ck_value]")
    workspace.context.set_offline(True)
    select(workspace, "Serum creatine kinase levels were elevated")
    press(workspace, "a")
    for value in ("7,200", "310"):
        workspace.keyboard.type(value)
        workspace.keyboard.press("Enter")
    workspace.keyboard.type("40")
    expect(state(workspace)).to_contain_text("does not answer")
    workspace.context.set_offline(False)
    arrived = []

    def swallow(route: Route) -> None:
        if not arrived:
            arrived.append(route.fetch())  # it arrives, its answer does not
        route.abort()

    workspace.route("**/add/", swallow)
    workspace.reload()
    expect(ck).to_have_value("40")
    expect(state(workspace)).to_contain_text("does not answer")
    workspace.unroute("**/add/")
    workspace.get_by_role("button", name="Try now").click()
    expect(series.locator("tbody tr")).to_have_count(2)
    expect(state(workspace)).to_contain_text("Typed and not saved yet")
    made = Annotation.objects.filter(feature__slug="ck_value").order_by("instance")
    assert [(each.value, each.evidence.count()) for each in made] == [(7200, 1), (310, 0)]
    ck.press("Enter")
    expect(series.locator("tbody tr")).to_have_count(3)
    all_saved(workspace)


@pytest.mark.parametrize("status", [500, 503])
def test_a_broken_site_and_a_new_page(workspace: Page, status: int) -> None:
    workspace.route("**/record/", lambda route: route.fulfill(status=status, body="out of order"))
    form = opened(workspace, "sex")
    form.get_by_label("Female", exact=True).check()
    expect(state(workspace)).to_contain_text("does not answer")
    workspace.unroute("**/record/")
    workspace.reload()
    expect(workspace.locator("#feature-sex .answer-value")).to_have_text("Female")
    all_saved(workspace)
    assert kept_here(workspace) == "[]"


def test_a_reply_that_got_lost_is_no_conflict(workspace: Page) -> None:
    def swallow(route: Route) -> None:
        route.fetch()  # it arrives
        route.abort()  # its answer does not

    workspace.route("**/record/", swallow, times=1)
    form = opened(workspace, "sex")
    form.get_by_label("Female", exact=True).check()
    expect(state(workspace)).to_contain_text("does not answer")
    workspace.get_by_role("button", name="Try now").click()
    all_saved(workspace)
    assert Annotation.objects.get().version == 1


def test_signed_out_in_the_middle_and_in_again(workspace: Page) -> None:
    form = opened(workspace, "sex")
    Session.objects.all().delete()
    form.get_by_label("Female", exact=True).check()
    expect(state(workspace)).to_contain_text("You are signed out")
    with workspace.context.expect_page() as popup:
        workspace.get_by_role("link", name="Sign in", exact=True).last.click()
    other = popup.value
    other.get_by_label("User name").fill("curator")
    other.get_by_label("Password").fill(worlds.PASSWORD)
    other.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(other.locator("#feature-sex")).to_be_visible()
    other.close()
    workspace.bring_to_front()
    if workspace.get_by_role("button", name="Try now").is_visible():
        workspace.get_by_role("button", name="Try now").click()
    all_saved(workspace)
    assert Annotation.objects.get().value == "female"


def test_another_person_on_the_same_browser_sees_nothing(workspace: Page, reading: Reading, sign_in_by_form: SignIn) -> None:
    form = opened(workspace, "remark" if workspace.locator("#feature-remark").count() else "ck_value")
    form.get_by_label("Comment").fill("for my eyes")
    form.get_by_label("Comment").blur()
    workspace.context.clear_cookies()
    sign_in_by_form("curator2")
    workspace.goto(f"/readings/{reading.pk}/")
    expect(workspace.get_by_text("There is no reading")).to_be_visible()
    assert "for my eyes" not in workspace.content()


def test_typed_before_the_reading_was_handed_in_elsewhere(workspace: Page, reading: Reading, patient: Patient) -> None:
    form = opened(workspace, "sex")
    for group in re.findall(r'name="group" value="(\w+)"', workspace.content()):
        annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=patient.pk, group_slug=group, by=reading.curator)
    reading.refresh_from_db()
    annotation.submit(reading_id=reading.pk, version=reading.version, by=reading.curator)
    form.get_by_label("Female", exact=True).check()
    expect(state(workspace)).to_contain_text("takes no changes any more")
    expect(workspace.locator("[data-saving-kept]")).to_contain_text("Female")
    workspace.reload()
    expect(workspace.get_by_text("Read-only")).to_be_visible()
    expect(workspace.locator("[data-saving-kept]")).to_contain_text("Female")
    workspace.get_by_role("button", name="Forget").click()
    assert kept_here(workspace) == "[]"


def test_two_changes_that_met_are_compared_part_by_part(
    workspace: Page, reading: Reading, patient: Patient, assert_accessible: Check
) -> None:
    made = recorded(reading, patient)
    workspace.reload()
    form = opened(workspace, "sex")
    annotation.change(
        annotation_id=made.pk, version=1, status="present", value="male", comment="from the tablet", by=reading.curator
    )
    form.get_by_label("Comment").fill("from the desk")
    form.get_by_label("Comment").blur()
    notice = form.locator("[data-conflict-notice]")
    expect(notice).to_contain_text("The curator")
    expect(notice).to_contain_text("from the tablet")
    expect(notice).to_contain_text("Present Female")
    assert_accessible()
    workspace.reload()
    expect(state(workspace)).to_contain_text("Changed somewhere else too")
    workspace.get_by_role("button", name="Compare").click()
    notice.get_by_role("row", name="Answer").get_by_role("button", name="Take the stored").click()
    form.get_by_role("button", name="Save mine").click()
    all_saved(workspace)
    made.refresh_from_db()
    assert (made.value, made.comment, made.version) == ("male", "from the desk", 3)


def test_what_was_removed_elsewhere_is_not_brought_back_unasked(workspace: Page, reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient)
    workspace.reload()
    form = opened(workspace, "sex")
    annotation.remove(annotation_id=made.pk, version=1, by=reading.curator)
    form.get_by_label("Male", exact=True).check()
    expect(form.locator("[data-conflict-notice]")).to_contain_text("removed an answer")
    assert not Annotation.objects.exists()
    form.get_by_role("button", name="Keep what is stored").click()
    expect(form.locator("[data-conflict-notice]")).to_have_count(0)
    assert not Annotation.objects.exists()


def test_undo_and_redo_by_key_and_button_also_after_a_reload(workspace: Page) -> None:
    form = opened(workspace, "sex")
    form.get_by_label("Female", exact=True).check()
    all_saved(workspace)
    form.get_by_label("Male", exact=True).check()
    expect(workspace.locator("#feature-sex .answer-value")).to_have_text("Male")
    all_saved(workspace)
    workspace.keyboard.press("Escape")
    workspace.keyboard.press("Control+z")
    expect(workspace.locator("#feature-sex .answer-value")).to_have_text("Female")
    workspace.reload()
    workspace.get_by_role("button", name="Undo").click()
    expect(workspace.locator("#feature-sex .answer-value")).to_have_count(0)
    expect(workspace.get_by_role("button", name="Undo")).to_be_disabled()
    workspace.keyboard.press("Control+Shift+Z")
    expect(workspace.locator("#feature-sex .answer-value")).to_have_text("Female")
    workspace.get_by_role("button", name="Redo").click()
    expect(workspace.locator("#feature-sex .answer-value")).to_have_text("Male")


def test_the_history_stands_beside_the_value(workspace: Page, reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient)
    annotation.change(annotation_id=made.pk, version=1, status="present", value="male", by=reading.curator)
    workspace.reload()
    form = opened(workspace, "sex")
    form.get_by_role("link", name="History").click()
    expect(form.locator(".history")).to_contain_text("Present, Female → Present, Male")


@pytest.fixture
def slow(workspace: Page) -> Iterator[Page]:
    """The forms take a while to come."""
    workspace.route("**/features/*/?*", lambda route: (workspace.wait_for_timeout(300), route.continue_()))
    yield workspace
    workspace.unroute("**/features/*/?*")


def test_keys_pressed_too_early_are_not_lost(slow: Page) -> None:
    press(slow, "n")
    for key in ("5", "n", "5", "n"):
        slow.keyboard.press(key)
    expect(slow.locator("#feature-patient_label .badge--not_reported")).to_be_visible()
    expect(slow.locator("#feature-case_kind .badge--not_reported")).to_be_visible()
    expect(slow.locator("form#form-scope_read")).to_be_visible()


def test_a_key_that_waited_does_what_the_browser_would_have_done(slow: Page) -> None:
    press(slow, "n")
    for key in ("ArrowDown", "n", "Enter"):
        slow.keyboard.press(key)
    expect(slow.locator("#feature-patient_label .badge--excluded")).to_be_visible()
    expect(slow.locator("form#form-case_kind")).to_be_visible()


SELECTED_AS_IT_IS_DRAWN = """async () => {
  const { draw } = await import("/static/js/workspace/drawing.js");
  const section = document.querySelector(".section--abstract");
  const text = section.querySelector("[data-section]");
  document.dispatchEvent(new PointerEvent("pointerdown"));
  const words = document.createRange();
  words.setStart(text.firstChild, text.firstChild.data.length - 20);
  words.setEnd(section.nextElementSibling.querySelector(".section-label").firstChild, 1);
  getSelection().removeAllRanges();
  getSelection().addRange(words);
  draw(section.outerHTML.replace("<section", "<section data-fresh"));
  document.dispatchEvent(new PointerEvent("pointerup"));
  return text.textContent.slice(-20);
}"""


def test_words_selected_as_their_section_is_drawn_anew_are_held(workspace: Page) -> None:
    """The pointer goes up, past the section's end, while the new drawing waits, before anybody was told of the words."""
    words = workspace.evaluate(SELECTED_AS_IT_IS_DRAWN)
    expect(workspace.locator(".section--abstract[data-fresh]")).to_be_attached()
    expect(workspace.locator("[data-selection-words]")).to_have_text(words.strip())


def test_a_form_asked_for_while_its_row_is_drawn_anew_comes(slow: Page) -> None:
    """What the answer to one feature brings back draws the row of another whose form is still on its way."""
    form = opened(slow, "muscle_weakness")
    form.get_by_label("Present").check()
    slow.evaluate("() => document.querySelector('#feature-weakness_symmetry a.feature-name').click()")
    expect(slow.locator("form#form-weakness_symmetry")).to_be_visible()
    assert Annotation.objects.get().feature.slug == "muscle_weakness"


def test_the_help_lists_every_key(workspace: Page) -> None:
    press(workspace, "?")
    help_ = workspace.get_by_role("dialog")
    for words in ("undo the last change", "find a feature", "the first thing that is missing", "Ctrl+Z"):
        expect(help_).to_contain_text(words)
