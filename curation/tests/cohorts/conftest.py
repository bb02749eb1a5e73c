"""The seed report with its derived serostatus, published in a public project: the one patient that questions find."""

import pytest

from curation.criteria.actions import load_rules
from curation.models import Article, CodebookVersion, Project
from curation.tests import seed, worlds

ASYMMETRIC = "weakness_symmetry = asymmetric"
SERONEGATIVE = "serostatus_derived IN (seronegative_complete, seronegative_incomplete)"
THE_QUESTION = f"{ASYMMETRIC} AND {SERONEGATIVE}"


@pytest.fixture
def codebook(who: worlds.People) -> CodebookVersion:
    version = seed.the_codebook(who.administrator)
    rules = (seed.SEEDS / "rules" / "imnm.yaml").read_text()
    load_rules(text=rules, codebook=version.codebook, by=who.administrator)
    return version


@pytest.fixture
def report(project: Project, who: worlds.People) -> Article:
    article = seed.the_article()
    worlds.included(project, article, who.moderator)
    seed.published(project=project, article=article, reader=who.curator, moderator=who.moderator)
    return article
