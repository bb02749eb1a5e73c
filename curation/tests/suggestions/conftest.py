"""A reading just begun, and a lexicon for the small codebook."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from curation.choices import SuggestionMode
from curation.models import Patient, Project, Reading
from curation.suggestions import actions, queries
from curation.suggestions.queries import Offer
from curation.tests import worlds

LEXICONS = Path(__file__).parent.parent / "data" / "lexicons"


@pytest.fixture(autouse=True)
def lexicons(settings: SimpleNamespace) -> None:
    settings.LEXICONS = LEXICONS


@pytest.fixture
def patient(started: Reading) -> Patient:
    return started.patients.get()


def offer_of(reading: Reading, slug: str) -> Offer:
    """The first suggestion for the feature, as the reader sees it."""
    found = queries.offered(reading.curator, reading.pk)
    return next(offer for offer in found.offers if offer.spec.slug == slug)


def slugs(reading: Reading) -> list[str]:
    return [offer.spec.slug for offer in queries.offered(reading.curator, reading.pk).offers]


def hidden_until_own_pass(project: Project, who: worlds.People) -> Project:
    mode = SuggestionMode.AFTER_OWN_PASS
    fresh = worlds.fresh(project)
    return actions.set_mode(project_id=project.pk, version=fresh.version, mode=mode, by=who.moderator)
