"""One article with a text, a caption and words that stand twice, and a reading of it."""

import pytest

from curation.annotation import actions as annotation
from curation.choices import SectionKind
from curation.models import Article, Patient, Project, Reading, Screening, Section
from curation.tests import worlds

TITLE = "Asymmetric weakness in necrotizing myopathy."
ABSTRACT = (
    "A 35-year-old male presented with low back pain and left lower extremity weakness. Although his first left lower "
    "extremity weakness occurred 12 years ago, he did not receive a clear diagnosis. Creatine kinase was 5,320 U/L. "
    "Muscle 🧬 biopsy showed scattered necrosis."
)
CAPTION = "Muscle biopsy from the right vastus lateralis. Scattered necrotic myofibers."
TWICE = "left lower extremity weakness"


@pytest.fixture
def article(db: None) -> Article:
    made = Article.objects.create(pmid=34829411, title=TITLE, title_html=TITLE)
    texts = [
        ("title", SectionKind.TITLE, TITLE, ""),
        ("abstract", SectionKind.ABSTRACT, ABSTRACT, ""),
        ("figure1", SectionKind.CAPTION, CAPTION, "Figure 1"),
    ]
    for position, (key, kind, text, label) in enumerate(texts):
        Section.objects.create(article=made, key=key, kind=kind, position=position, label=label, text=text, html=text, sha256=key)
    return made


@pytest.fixture
def reading(project: Project, included: Screening, who: worlds.People) -> Reading:
    return annotation.start_reading(project=project, article=included.article, by=who.curator)


@pytest.fixture
def patient(reading: Reading, who: worlds.People) -> Patient:
    return annotation.add_patient(reading_id=reading.pk, label="Patient 1", by=who.curator)


@pytest.fixture
def abstract(article: Article) -> Section:
    return article.sections.get(key="abstract")
