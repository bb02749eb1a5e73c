"""One patient published in a public project, as ``worlds`` makes one: asymmetric, 35 years old, silent on most."""

import pytest

from curation.models import Article, Project
from curation.tests import worlds

ASYMMETRIC = "symmetry = asymmetric"


@pytest.fixture
def report(project: Project, article: Article, who: worlds.People) -> Article:
    worlds.included(project, article, who.moderator)
    worlds.published(project, article, by=who.curator, moderator=who.moderator)
    return article
