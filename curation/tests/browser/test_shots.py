from curation.tests.browser.test_away import article as seed_article
from curation.tests.browser.test_away import away, measurements, numbers, opened, patient, press_on, reading, rows, state, workspace
from curation.tests.browser.test_workspace import article
from playwright.sync_api import expect

OUT = "/work/tmp/offline/"

def test_shot(measurements, assert_fits):
    page = measurements
    page.set_viewport_size({"width": 1280, "height": 900})
    away(page)
    page.locator("#series-ck_measurement [name=value-ck_value]").fill("400")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(4)
    press_on(page, "Copy row 4")
    press_on(page, "Move row 5 up")
    press_on(page, "Remove row 1")
    opened(page, "sex").get_by_label("Male", exact=True).check()
    page.keyboard.press("Escape")
    page.wait_for_timeout(800)
    page.evaluate("scrollTo(0,0)")
    page.screenshot(path=OUT + "away_1280_top.png")
    page.locator("#series-ck_measurement").scroll_into_view_if_needed()
    page.screenshot(path=OUT + "away_1280.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("[data-tab=features]").click()
    page.evaluate("scrollTo(0,0)")
    page.wait_for_timeout(300)
    page.screenshot(path=OUT + "away_390_top.png")
    page.locator("#series-ck_measurement").scroll_into_view_if_needed()
    page.screenshot(path=OUT + "away_390.png")
    assert_fits()
