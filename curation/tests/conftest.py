"""What every test may lean on. States are reached through actions (``worlds``), never by hand-made rows."""

import pytest
from django.db import connection
from hypothesis import settings

from curation.models import Article, CodebookVersion, Project, Reading, Ruling, Screening
from curation.tests import worlds

settings.register_profile("casebook", derandomize=True, deadline=None)  # the same examples each time, no clock
settings.load_profile("casebook")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Let the test runner empty the audit trail between tests; ``test_audit`` turns the guard on again to test it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("ALTER TABLE curation_auditevent DISABLE TRIGGER never_emptied")


@pytest.fixture
def who(db: None) -> worlds.People:
    return worlds.some_people()


@pytest.fixture
def codebook(who: worlds.People) -> CodebookVersion:
    return worlds.small_codebook(who.administrator)


@pytest.fixture
def project(who: worlds.People, codebook: CodebookVersion) -> Project:
    return worlds.a_project(who, codebook)


@pytest.fixture
def private_project(who: worlds.People, codebook: CodebookVersion) -> Project:
    return worlds.a_project(who, codebook, slug="private", is_public=False)


@pytest.fixture
def article(db: None) -> Article:
    return worlds.an_article()


@pytest.fixture
def to_screen(project: Project, article: Article, who: worlds.People) -> Screening:
    return worlds.to_screen(project, article, who.moderator)


@pytest.fixture
def included(project: Project, article: Article, who: worlds.People) -> Screening:
    return worlds.included(project, article, who.moderator)


@pytest.fixture
def started(included: Screening, who: worlds.People) -> Reading:
    return worlds.started(included.project, included.article, who.curator)


@pytest.fixture
def complete(included: Screening, who: worlds.People) -> Reading:
    return worlds.complete(included.project, included.article, who.curator)


@pytest.fixture
def submitted(included: Screening, who: worlds.People) -> Reading:
    return worlds.submitted(included.project, included.article, who.curator)


@pytest.fixture
def own_submitted(included: Screening, who: worlds.People) -> Reading:
    """The moderator's own reading, which they may not decide on."""
    return worlds.submitted(included.project, included.article, who.moderator)


@pytest.fixture
def published(included: Screening, who: worlds.People) -> Ruling:
    return worlds.published(included.project, included.article, by=who.curator, moderator=who.moderator)
