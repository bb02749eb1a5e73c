"""What a curator does while the site is away, as on a train: it is shown at once, kept, and sent in its order once the site is
back; what needs the site says so, and nothing typed is lost."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from curation.annotation import actions as annotation
from curation.annotation.series import actions as series
from curation.models import Annotation, Patient, Reading
from curation.tests.browser.conftest import Check, Screenshot
from curation.tests.browser.test_never_lost import all_saved, kept_here, patient, recorded, state
from curation.tests.browser.test_workspace import article, opened, reading, workspace

__all__ = ["article", "patient", "reading", "workspace"]


def rows(page: Page) -> Locator:
    return page.locator("#series-ck_measurement tbody tr")


def numbers(page: Page) -> list[str]:
    """The CK of each row, as shown."""
    return [cell.split()[0] for cell in rows(page).locator("[data-cell=ck_value]").all_inner_texts()]


def stored(reading: Reading) -> list[object]:
    found = Annotation.objects.filter(reading=reading, feature__slug="ck_value").order_by("instance")
    return list(found.values_list("value", flat=True))


def measured(reading: Reading, patient: Patient, values: Sequence[str]) -> None:
    for value in values:
        row = {"ck_value": value, "ck_kind": "peak"}
        series.add_row(reading_id=reading.pk, patient_id=patient.pk, series="ck_measurement", values=row, by=reading.curator)


@pytest.fixture
def measurements(workspace: Page, reading: Reading, patient: Patient) -> Page:
    """Three rows, and a browser that has fetched the forms."""
    measured(reading, patient, ("100", "200", "300"))
    with workspace.expect_response("**/forms/?patient=*"):
        workspace.reload()
    return workspace


def away(page: Page) -> None:
    page.context.set_offline(True)


def back(page: Page) -> None:
    page.context.set_offline(False)


def press_on(page: Page, label: str) -> None:
    page.locator("#series-ck_measurement").get_by_role("button", name=label).click()


def test_rows_are_copied_moved_and_removed_while_away(measurements: Page, reading: Reading, screenshot: Screenshot) -> None:
    page = measurements
    away(page)
    page.locator("#series-ck_measurement [name=value-ck_value]").fill("400")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(4)
    press_on(page, "Copy row 4")  # of one that has no number yet
    expect(rows(page)).to_have_count(5)
    press_on(page, "Move row 5 up")
    press_on(page, "Move row 4 up")
    press_on(page, "Remove row 1")
    press_on(page, "Remove row 1")
    expect(rows(page)).to_have_count(3)
    gone = page.locator("#series-ck_measurement [data-rows-gone]")
    expect(gone).to_contain_text("row removed: 200 U/L")
    gone.get_by_role("button", name="Undo").last.click()
    assert numbers(page) == ["200", "400", "300", "400"]
    expect(state(page)).to_contain_text("Changes kept in this browser: 5")
    screenshot("away")
    assert stored(reading) == [100, 200, 300]
    back(page)
    all_saved(page)
    expect(gone).to_be_empty()
    assert stored(reading) == [200, 400, 300, 400]
    assert numbers(page) == ["200", "400", "300", "400"]
    assert kept_here(page) == "[]"


def test_a_cell_of_a_row_that_is_not_made_yet(measurements: Page, reading: Reading) -> None:
    page = measurements
    away(page)
    press_on(page, "Copy row 3")
    rows(page).nth(3).locator("[data-cell=ck_value] .series-edit").click()
    form = page.locator("form#form-ck_value")
    expect(form.get_by_label("CK value")).to_have_value("300 U/L")
    form.get_by_label("CK value").fill("350")
    form.get_by_role("button", name="Save").click()
    expect(rows(page).nth(3)).to_contain_text("350")
    page.route("**/record/", lambda route: route.abort())
    page.route("**/copy/", lambda route: (route.fetch(), route.abort()), times=1)  # it arrives, its answer does not
    back(page)
    expect(state(page)).to_contain_text("does not answer")
    page.reload()
    expect(rows(page).nth(3)).to_contain_text("350")
    expect(state(page)).to_contain_text("Changes kept in this browser: 1")
    page.unroute("**/record/")
    page.get_by_role("button", name="Try now").click()
    all_saved(page)
    assert stored(reading) == [100, 200, 300, 350]


def test_a_row_that_was_changed_elsewhere_is_not_removed_unasked(
    measurements: Page, reading: Reading, patient: Patient, assert_accessible: Check
) -> None:
    page = measurements
    away(page)
    press_on(page, "Remove row 1")
    press_on(page, "Copy row 1")  # what was the second
    met = Annotation.objects.get(feature__slug="ck_value", value=100)
    annotation.change(annotation_id=met.pk, version=1, status="present", value="150", by=reading.curator)
    back(page)
    expect(state(page)).to_contain_text("Changed somewhere else too")
    kept = page.locator("[data-saving-kept]")
    expect(kept).to_contain_text("row removed: 100 U/L")
    expect(kept).to_contain_text("was changed since you read it")
    expect(rows(page).first).to_contain_text("150")
    assert_accessible()
    assert stored(reading) == [150, 200, 300, 200]
    kept.get_by_role("button", name="Do it all the same").click()
    all_saved(page)
    assert stored(reading) == [200, 300, 200]


def test_features_that_were_not_open_are_answered_while_away(measurements: Page, reading: Reading, patient: Patient) -> None:
    page = measurements
    away(page)
    opened(page, "sex").get_by_label("Male", exact=True).check()
    form = opened(page, "muscle_weakness")
    form.get_by_label("Present").check()
    form.get_by_label("Comment").fill("on the train")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#feature-sex")).to_contain_text("kept in this browser: Present, Male")
    page.locator("#group-cardiac [data-rest]").click()
    page.get_by_role("button", name="Undo").first.click()  # the rest of the group, before it was sent
    expect(state(page)).to_contain_text("Changes kept in this browser: 2")
    back(page)
    all_saved(page)
    said = Annotation.objects.exclude(feature__repeat_group="ck_measurement").order_by("pk")
    assert [(each.status, each.comment) for each in said] == [("present", ""), ("present", "on the train")]
    away(page)
    form = opened(page, "sex")  # as it was kept
    form.get_by_label("Female", exact=True).check()
    back(page)
    all_saved(page)
    assert Annotation.objects.get(feature__slug="sex").value == "female"


def test_what_needs_the_site_says_so_and_keeps_what_was_typed(measurements: Page, reading: Reading) -> None:
    page = measurements
    away(page)
    told = page.locator("#refusals")
    page.get_by_text("Patients…", exact=True).click()
    page.get_by_label("Add a patient, as the article names them").fill("The brother")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(told).to_contain_text("A patient can be added once the site answers")
    expect(page.get_by_label("Add a patient, as the article names them")).to_have_value("The brother")
    page.get_by_role("button", name="Submit").click()
    expect(told).to_contain_text("Handing in needs the site")
    form = opened(page, "sex")
    form.get_by_label("Find the words in the article").fill("A 35-year-old")
    form.get_by_role("button", name="Find the words").click()
    expect(told).to_contain_text("Select them in the text instead")
    page.locator(".workspace-title a").click()
    expect(told).to_contain_text("cannot be left for another one now")
    back(page)
    expect(state(page)).not_to_contain_text("does not answer")
    page.get_by_text("Patients…", exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".patients .patient")).to_have_count(2)


def test_an_answer_removed_whose_reply_was_lost_is_removed_once(workspace: Page, reading: Reading, patient: Patient) -> None:
    recorded(reading, patient)
    workspace.reload()
    opened(workspace, "sex")
    workspace.route("**/remove/", lambda route: (route.fetch(), route.abort()), times=1)
    workspace.get_by_role("button", name="Remove this answer").click()
    expect(state(workspace)).to_contain_text("does not answer")
    workspace.get_by_role("button", name="Try now").click()
    expect(workspace.locator("#feature-sex .answer-value")).to_have_count(0)
    expect(workspace.locator("[data-saving-kept] li")).to_have_count(0)
    assert not Annotation.objects.exists()
