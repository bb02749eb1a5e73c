"""Values in the workspace as a curator enters them: rows of a series, terms by any of their names, who is who."""

import re

import pytest
from playwright.sync_api import Page, expect

from curation.annotation import actions as annotation
from curation.annotation import queries
from curation.models import Annotation, Article, Project, Reading
from curation.tests import seed, worlds
from curation.tests.browser.conftest import PHONE, Check, Screenshot, SignIn
from curation.tests.browser.test_workspace import opened, select
from curation.tests.patients.conftest import published_patient


@pytest.fixture
def article(who: worlds.People) -> Article:
    return seed.the_article(who.administrator)


@pytest.fixture
def reading(project: Project, article: Article, who: worlds.People) -> Reading:
    worlds.included(project, article, who.moderator)
    return annotation.start_reading(project=project, article=article, patients=["Patient 1"], by=who.curator)


@pytest.fixture
def workspace(page: Page, reading: Reading, sign_in: SignIn) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in("curator")
    page.goto(f"/readings/{reading.pk}/")
    return page


def test_rows_are_typed_and_proven_by_the_selected_words(
    workspace: Page, reading: Reading, screenshot: Screenshot, assert_accessible: Check
) -> None:
    series = workspace.locator("#series-ck_measurement")
    select(workspace, "Serum creatine kinase levels were elevated")
    workspace.keyboard.press("a")
    expect(series.locator("[name=value-ck_value]")).to_be_focused()
    expect(series.locator("[data-quotes] q")).to_have_text("Serum creatine kinase levels were elevated")
    workspace.keyboard.type("from 7,200 to 310 IU/L (ref < 200)")
    workspace.keyboard.press("Enter")
    expect(series.locator("tbody tr")).to_have_count(2)
    expect(series.locator("tbody tr").first).to_contain_text("7,200 U/L (36 × ULN of 200; given in IU/L)")
    expect(series.locator("[name=value-ck_value]")).to_be_focused()
    workspace.keyboard.type("many")
    workspace.keyboard.press("Enter")
    expect(series.locator("[data-notice]")).to_contain_text("“many” is not a number")
    field = series.locator("[name=value-ck_value]")
    expect(field).to_have_value("many")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("not a number"))
    series.locator("[name=value-ck_value]").fill("26.6 × ULN")
    series.locator("[name=value-ck_kind]").select_option("Peak")
    series.get_by_role("button", name="Add row").click()
    expect(series.locator("tbody tr")).to_have_count(3)
    screenshot("series")
    series.get_by_role("button", name="Copy row 3").click()
    expect(series.locator("tbody tr")).to_have_count(4)
    series.get_by_role("button", name="Remove row 4").click()
    expect(series.locator("tbody tr")).to_have_count(3)
    workspace.keyboard.press("Control+z")
    expect(series.locator("tbody tr")).to_have_count(4)
    assert_accessible()
    workspace.set_viewport_size(PHONE)
    series.scroll_into_view_if_needed()
    screenshot("series-phone")
    assert Annotation.objects.filter(feature__slug="ck_value").count() == 4


def test_a_term_is_found_by_any_of_its_names(workspace: Page, screenshot: Screenshot, assert_accessible: Check) -> None:
    workspace.locator("[data-feature-search]").fill("lumbago")
    expect(workspace.locator("#feature-presenting_symptoms")).to_be_visible()
    form = opened(workspace, "presenting_symptoms")
    field = form.get_by_role("combobox").first
    field.focus()
    workspace.keyboard.type("swolowing")
    expect(form.get_by_role("option").first).to_contain_text("Dysphagia (HP:0002015)")
    screenshot("terms")
    assert_accessible()
    workspace.keyboard.press("ArrowDown")
    workspace.keyboard.press("Enter")
    expect(field).to_have_value("Dysphagia (HP:0002015)")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(form.locator("[data-form-state]")).to_have_text("Saved")
    assert Annotation.objects.get().value == [{"id": "HP:0002015", "label": "Dysphagia"}]


def test_not_reported_says_of_what_and_asks_to_be_read_again(
    workspace: Page, reading: Reading, screenshot: Screenshot, who: worlds.People
) -> None:
    workspace.locator("#group-cardiac a.feature-name").first.focus()
    workspace.keyboard.press("r")
    answer = workspace.locator("#group-cardiac .feature .answer-scope").first
    expect(answer).to_have_text("in title, abstract, figure captions")
    annotation.set_scope(
        reading_id=reading.pk,
        version=worlds.fresh(reading).version,
        scope=["title", "abstract", "captions", "full_text"],
        by=who.curator,
    )
    workspace.reload()
    again = workspace.get_by_text("read again: full text was not in scope").first
    expect(again).to_be_visible()
    again.scroll_into_view_if_needed()
    screenshot("read-again")
    workspace.locator("#group-cardiac [data-rest]").click()
    expect(workspace.get_by_text("read again")).to_have_count(0)


def test_two_patients_become_one_and_two_again(
    workspace: Page, reading: Reading, who: worlds.People, screenshot: Screenshot, assert_accessible: Check
) -> None:
    first = queries.patients_of(reading)[0]
    second = annotation.add_patient(reading_id=reading.pk, label="The man", by=who.curator)
    for patient, age in ((first, "35 y"), (second, "in his thirties")):
        annotation.record(
            reading_id=reading.pk,
            patient_id=patient.pk,
            feature_slug="age_at_report",
            status="present",
            value=age,
            by=who.curator,
        )
    workspace.reload()
    workspace.get_by_text("Patients…", exact=True).click()
    screenshot("patients-menu")
    workspace.get_by_role("button", name="Compare and merge…").click()
    expect(workspace.get_by_role("heading", level=1)).to_have_text("The man is Patient 1")
    assert_accessible()
    screenshot("merge")
    workspace.get_by_label("30 to 39 years").check()
    workspace.get_by_role("button", name="Merge").click()
    expect(workspace.get_by_text("The man is Patient 1 now")).to_be_visible()
    expect(workspace.locator("#feature-age_at_report")).to_contain_text("30 to 39 years")
    workspace.get_by_text("Patients…", exact=True).click()
    workspace.get_by_role("button", name="Undo", exact=True).last.click()
    expect(workspace.locator(".patients .patient")).to_have_count(2)


def test_the_same_person_in_two_articles(
    page: Page, who: worlds.People, sign_in: SignIn, screenshot: Screenshot, assert_accessible: Check
) -> None:
    codebook = worlds.small_codebook(who.administrator)
    project = worlds.a_project(who, codebook, slug="small")
    here, there = published_patient(project, who, 1), published_patient(project, who, 2)
    sign_in("curator")
    page.goto(f"/patients/{there.pk}/")
    page.get_by_label("Find the other report").fill("asymmetric")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("Why").fill("The same hospital and figures.")
    page.get_by_role("button", name="Propose as the same person").click()
    expect(page.get_by_text("Proposed. A moderator decides on it.")).to_be_visible()
    page.context.clear_cookies()
    sign_in("moderator")
    page.goto(f"/patients/{here.pk}/")
    assert_accessible()
    page.get_by_role("button", name="Yes, count them as one").click()
    expect(page.get_by_text("A person known from 2 reports, counted once")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    screenshot("person")
    page.set_viewport_size(PHONE)
    screenshot("person-phone")
    assert_accessible()
