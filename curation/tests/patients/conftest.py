"""A reading with two patients, and a project with two published reports."""

import pytest

from curation.annotation import actions as annotation
from curation.annotation.actions import Quote
from curation.models import Annotation, Patient, Project, Reading, Section
from curation.tests import worlds


@pytest.fixture
def reading(started: Reading) -> Reading:
    return started


@pytest.fixture
def first(reading: Reading) -> Patient:
    return reading.patients.get(label="Patient 1")


@pytest.fixture
def second(reading: Reading, first: Patient, who: worlds.People) -> Patient:
    return annotation.add_patient(reading_id=reading.pk, label="The man", by=who.curator)


def say(
    reading: Reading,
    patient: Patient,
    slug: str,
    value: object = None,
    status: str = "present",
    *,
    words: str = "",
    instance: int = 1,
) -> Annotation:
    section = Section.objects.current().get(article=reading.article, key="abstract")
    return annotation.record(
        reading_id=reading.pk,
        patient_id=patient.pk,
        feature_slug=slug,
        status=status,
        value=value,
        instance=instance,
        quotes=[Quote(section.pk, words)] if words else [],
        by=reading.curator,
    )


def published_patient(project: Project, who: worlds.People, pmid: int) -> Patient:
    """Of a report of their own, read by the curator and published by the moderator."""
    article = worlds.included(project, worlds.an_article(pmid), who.moderator).article
    reading = worlds.submitted(project, article, who.curator)
    worlds.decided(reading, who.moderator)
    return reading.patients.get()


@pytest.fixture
def here(project: Project, who: worlds.People) -> Patient:
    return published_patient(project, who, 1)


@pytest.fixture
def there(project: Project, who: worlds.People) -> Patient:
    return published_patient(project, who, 2)
