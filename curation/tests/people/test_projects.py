"""A project is made by an administrator, at its page, by the API and in the admin; what is wrong is told all at once."""

import pytest
from django.test import Client

from curation.models import CodebookVersion, Project
from curation.tests import worlds

TYPED = {"title": " Rashes ", "slug": "rashes", "question": "Which rash comes first?", "readers_required": "2", "is_public": "on"}
SENT = {**TYPED, "is_public": True, "codebook_version": "1.0.0", "codebook": "imnm"}


@pytest.fixture
def administrator(client: Client, who: worlds.People) -> Client:
    client.force_login(who.administrator)
    return client


@pytest.fixture
def book(codebook: CodebookVersion) -> str:
    return f"{codebook.codebook.slug}@{codebook.version}"


def test_an_administrator_makes_one_and_is_led_to_its_members(administrator: Client, book: str) -> None:
    assert 'href="/projects/new/"' in administrator.get("/projects/").text
    assert book in administrator.get("/projects/new/").text
    answer = administrator.post("/projects/new/", {**TYPED, "codebook": book})
    assert answer.url == "/projects/rashes/members/"
    made = Project.objects.get(slug="rashes")
    assert (made.title, made.readers_required, made.is_public) == ("Rashes", 2, True)
    assert "Now say who belongs to it" in administrator.get(answer.url).text


def test_others_are_not_shown_the_way_and_are_refused(client: Client, book: str, who: worlds.People) -> None:
    client.force_login(who.moderator)
    assert 'href="/projects/new/"' not in client.get("/projects/").text
    assert client.post("/projects/new/", {**TYPED, "codebook": book}).status_code == 403
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"slug": "imnm"}, "already exists"),
        ({"slug": "new"}, "an address of the site"),
        ({"slug": "with blanks"}, "letters, numbers, underscores or hyphens"),
        ({"title": "  "}, "cannot be blank"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"readers_required": "3"}, "must be 1 or 2"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    administrator: Client, project: Project, book: str, wrong: dict[str, str], fault: str
) -> None:
    answer = administrator.post("/projects/new/", {**TYPED, "codebook": book, **wrong})
    assert answer.status_code == 422
    assert fault in answer.text
    assert "Which rash comes first?" in answer.text
    assert list(Project.objects.values_list("slug", flat=True)) == [project.slug]


def test_every_fault_is_told_at_once(administrator: Client, project: Project, book: str) -> None:
    answer = administrator.post("/projects/new/", {"codebook": book, "slug": "imnm", "title": "", "readers_required": "2"})
    assert "already exists" in answer.text
    assert "cannot be blank" in answer.text


def test_without_a_codebook_the_page_says_what_to_do_first(administrator: Client) -> None:
    assert 'href="/codebooks/new/"' in administrator.get("/projects/new/").text


def test_a_program_makes_one(administrator: Client, codebook: CodebookVersion) -> None:
    made = administrator.post("/api/v1/projects", SENT, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["slug"] == "rashes"
    assert made["ETag"] == '"1"'
    again = administrator.post("/api/v1/projects", SENT, content_type="application/json")
    assert again.status_code == 422
    assert again.json()["faults"][0]["where"] == "slug"


def test_a_program_that_names_no_codebook_of_here_is_told(administrator: Client, codebook: CodebookVersion) -> None:
    answer = administrator.post("/api/v1/projects", {**SENT, "codebook_version": "9.9.9"}, content_type="application/json")
    assert answer.status_code == 404
    assert "9.9.9" in answer.json()["detail"]
    assert not Project.objects.exists()
