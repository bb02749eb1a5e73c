"""A project moved to a later version of its codebook, and what the move left settled, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from curation.codebook.actions import load_codebook
from curation.models import Finding, Project, Unmoved
from curation.tests import seed, worlds
from curation.tests.browser.conftest import Check, SignIn
from curation.tests.codebook.versions import edited
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db(transaction=True)
EDITS = {
    "weakness_symmetry": None,
    "symmetry_of_weakness": {"like": "weakness_symmetry"},
    "age_at_report": {"value_type": "time"},
    "patient_label": None,
}
CHANGES = (
    {"feature": "weakness_symmetry", "to": "symmetry_of_weakness"},
    {"feature": "age_at_report", "person": "It was an age, and is a point in time now."},
    {"feature": "patient_label", "removed": "The patient's own name says it."},
)


@pytest.fixture
def project(who: People) -> Project:
    """The seed report published, and a later version of the real codebook loaded."""
    made = worlds.a_project(who, seed.the_codebook(who.administrator))
    article = worlds.included(made, seed.the_article(who.administrator), who.moderator).article
    seed.published(project=made, article=article, reader=who.curator, moderator=who.moderator)
    text = edited(EDITS, CHANGES, source=seed.SEEDS / "codebooks" / "imnm.yaml")
    load_codebook(text=text, by=who.administrator)
    return made


def test_previewed_moved_and_settled(page: Page, sign_in: SignIn, project: Project, assert_accessible: Check) -> None:
    sign_in("moderator")
    page.goto(f"/projects/{project.slug}/codebook/")
    page.get_by_role("link", name="See what a move would do").click()
    expect(page.get_by_role("heading", name="From 1.0.0 to 1.1.0")).to_be_visible()
    assert_accessible()
    page.get_by_role("button", name="Move the project to 1.1.0").click()
    expect(page.get_by_role("status").filter(has_text="records by imnm 1.1.0")).to_be_visible()
    assert_accessible()
    page.get_by_role("region", name="Values").get_by_role("link").first.click()
    assert_accessible()
    page.get_by_label("Value").fill("at age 35")
    page.get_by_label("Why").first.fill("As the abstract says.")
    page.get_by_role("button", name="Enter it, with its evidence").click()
    expect(page.get_by_role("status").filter(has_text="Entered anew")).to_be_visible()
    assert Unmoved.objects.get().outcome == Finding.objects.published().get(feature__slug="age_at_report")
    page.goto(f"/findings/{Finding.objects.published().get(feature__slug='symmetry_of_weakness').pk}/")
    expect(page.get_by_text("Carried over from")).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="What waits")).to_be_visible()
