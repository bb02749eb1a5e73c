import pytest

from curation.annotation.actions import Quote
from curation.models import Finding, Ruling, Section


@pytest.fixture
def finding(published: Ruling) -> Finding:
    """That the patient is male, published by the moderator from the curator's reading."""
    return published.findings.get(feature__slug="sex")


@pytest.fixture
def proof(finding: Finding) -> Quote:
    abstract = Section.objects.current().get(article__patient_reports__patient=finding.patient, key="abstract")
    return Quote(abstract.pk, "A 35-year-old male presented")
