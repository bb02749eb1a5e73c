"""One article, a small codebook with every kind of question that the room treats differently, and a reading of it."""

import pytest

from curation.annotation import actions as annotation
from curation.choices import SectionKind
from curation.codebook.actions import load_codebook
from curation.models import Article, CodebookVersion, Patient, Project, Reading, Screening, Section
from curation.tests import worlds

TITLE = "Asymmetric weakness in necrotizing myopathy."
ABSTRACT = (
    "A 35-year-old male presented with low back pain and left lower extremity weakness. Although his first left lower "
    "extremity weakness occurred 12 years ago, he did not receive a clear diagnosis. Creatine kinase was 5,320 U/L. "
    "Muscle 🧬 biopsy showed scattered necrosis."
)
CAPTION = "Muscle biopsy from the right vastus lateralis. Scattered necrotic myofibers."
TWICE = "left lower extremity weakness"

CODEBOOK = """
codebook: imnm
title: A small codebook
version: 1.0.0
language: en
hpo_release: hp/releases/2025-01-16
statuses:
- {value: present, label: Present}
- {value: excluded, label: Excluded}
- {value: indeterminate, label: Indeterminate}
- {value: not_tested, label: Not tested}
- {value: not_reported, label: Not reported}
- {value: not_applicable, label: Not applicable}
groups:
- {slug: person, label: Person, description: ""}
- {slug: weakness, label: Weakness, description: ""}
- {slug: labs, label: Blood tests, description: ""}
features:
- {slug: sex, group: person, label: Sex, question: "Which sex?", value_type: choice, tier: core, evidence_required: true,
   options: [{value: female, label: Female}, {value: male, label: Male}]}
- {slug: age, group: person, label: Age at report, question: "How old?", value_type: age_iso8601, tier: core,
   evidence_required: true}
- {slug: symptoms, group: person, label: Presenting symptoms, question: "What brought the patient to care?",
   value_type: ontology_term, tier: extended, evidence_required: true, repeatable: true,
   ontology: {hpo: [{id: "HP:0003419", name: Low back pain}]}}
- {slug: remark, group: person, label: Remark, question: "Anything else?", value_type: text, tier: rare, evidence_required: false}
- {slug: weakness, group: weakness, label: Muscle weakness, question: "Is there weakness?", value_type: finding, tier: core,
   evidence_required: true, ontology: {hpo: [{id: "HP:0001324", name: Muscle weakness}]}}
- {slug: symmetry, group: weakness, label: Symmetry of weakness, question: "Symmetric?", value_type: choice, tier: core,
   evidence_required: true, shown_when: {feature: weakness, status_in: [present]},
   options: [{value: symmetric, label: Symmetric}, {value: asymmetric, label: "Asymmetric, both sides"}]}
- {slug: side, group: weakness, label: Weaker side, question: "Which side?", value_type: choice, tier: extended,
   evidence_required: true, shown_when: {feature: symmetry, value_in: [asymmetric]},
   options: [{value: left, label: Left}, {value: right, label: Right}]}
- {slug: regions, group: weakness, label: Weak regions, question: "Where?", value_type: choice_multi, tier: extended,
   evidence_required: true, options: [{value: arms, label: Arms}, {value: legs, label: Legs}, {value: neck, label: Neck}]}
- {slug: ck, group: labs, label: CK value, question: "How high?", value_type: number, tier: core, evidence_required: true,
   unit: {ucum: U/L, label: U/L}, range: {min: 0, max: 500000}, repeatable: true, repeat_group: ck}
- {slug: serostatus, group: labs, label: Serostatus, question: "Which serostatus follows?", value_type: derived,
   derived: true, tier: core, evidence_required: false, derivation: "from the antibodies"}
"""


@pytest.fixture
def codebook(who: worlds.People) -> CodebookVersion:
    return load_codebook(text=CODEBOOK, by=who.administrator)


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
