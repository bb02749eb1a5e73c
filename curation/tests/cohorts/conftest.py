"""One patient published in a public project, as ``worlds`` makes one: asymmetric, 35 years old, silent on most."""

import pytest

from curation.models import Article, Ruling

ASYMMETRIC = "symmetry = asymmetric"


@pytest.fixture
def report(published: Ruling) -> Article:
    return published.article
