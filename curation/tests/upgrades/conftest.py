import pytest

from curation.codebook.actions import load_codebook
from curation.models import CodebookVersion, Project, Upgrade
from curation.tests.codebook.versions import CHANGES, EVERY_KIND, edited
from curation.tests.worlds import People, fresh
from curation.upgrades import actions


@pytest.fixture
def later(codebook: CodebookVersion, who: People) -> CodebookVersion:
    """The next version, in which something of every kind became something else."""
    return load_codebook(text=edited(EVERY_KIND, CHANGES), by=who.administrator)


def moved(project: Project, who: People, number: str = "1.1.0") -> Upgrade:
    kept = fresh(project)
    return actions.move(project_id=kept.pk, version=kept.version, number=number, by=who.moderator2)
