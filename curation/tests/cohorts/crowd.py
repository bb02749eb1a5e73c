"""A crowd of made-up patients with every kind of finding, for questions whose answer is also worked out by hand.

The rows are laid directly (under ``audit.acting``): no reading would give so many, or any at all of some kinds.
"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import transaction

from curation.audit import acting
from curation.choices import FindingState, RulingKind, Status, Tier
from curation.codebook.actions import load_codebook
from curation.codebook.queries import features
from curation.codebook.rules import FeatureSpec
from curation.models import Article, Finding, Patient, PatientReport, Ruling, User
from curation.people import actions as people

OPTIONS = ("a", "b", "c")
WORDS = ("Korea", "the north", "T:1", "Label two")
SPECS = {
    spec.slug: spec
    for spec in (
        FeatureSpec(slug="dysphagia", label="Dysphagia", value_type="finding"),
        FeatureSpec(slug="rash", label="Rash", value_type="finding"),
        FeatureSpec(slug="symmetry", label="Symmetry of weakness", value_type="choice", options=OPTIONS),
        FeatureSpec(slug="sites", label="Sites", value_type="choice_multi", options=OPTIONS),
        FeatureSpec(slug="country", label="Country", value_type="choice_open"),
        FeatureSpec(slug="diagnosis", label="Diagnosis", value_type="ontology_term", repeatable=True),
        FeatureSpec(slug="grade", label="Grade", value_type="number", unit={"ucum": "{score}", "label": "grade"}),
        FeatureSpec(slug="onset", label="Age at onset", value_type="age_iso8601"),
        FeatureSpec(slug="delay", label="Delay", value_type="duration_iso8601"),
        FeatureSpec(slug="serostatus_derived", label="Serostatus (derived)", value_type="derived", options=OPTIONS, derived=True),
    )
}
TERMS = ({"id": "T:1", "label": "Label one"}, {"id": "T:2", "label": "Label two"})


@dataclass(frozen=True)
class Said:
    """One finding, as the evaluation by hand sees it."""

    status: str
    value: Any = None
    low: float | None = None
    high: float | None = None


@dataclass
class Person:
    pk: int
    said: dict[str, list[Said]] = field(default_factory=dict)
    articles: list[Article] = field(default_factory=list)


def codebook_text() -> str:
    """The codebook file of SPECS; JSON is YAML."""
    return json.dumps(
        {
            "codebook": "crowd",
            "title": "What is asked of the crowd",
            "version": "1.0.0",
            "language": "en",
            "hpo_release": "hp/releases/2025-01-16",
            "statuses": [{"value": status, "label": status} for status in Status.values],
            "groups": [{"slug": "all", "label": "All", "description": ""}],
            "features": [_feature(spec) for spec in SPECS.values()],
        }
    )


def _feature(spec: FeatureSpec) -> dict[str, Any]:
    feature = {
        "slug": spec.slug,
        "group": "all",
        "label": spec.label,
        "question": "?",
        "value_type": spec.value_type,
        "tier": Tier.CORE,
        "evidence_required": not spec.derived,
    }
    if spec.options:
        feature["options"] = [{"value": value, "label": value.upper()} for value in spec.options]
    if spec.repeatable:
        feature["repeatable"] = True
    if spec.unit:
        feature["unit"] = spec.unit
    return feature | ({"derived": True, "derivation": "by a rule"} if spec.derived else {})


def some_articles(random: Random, number: int = 6) -> list[Article]:
    return [
        Article.objects.create(
            pmid=1000 + n,
            title=f"Report {n}",
            title_html=f"Report {n}",
            published_year=random.choice((None, 2018, 2019, 2020, 2021)),
            publication_types=[
                {"ui": "", "name": name} for name in random.sample(("Letter", "Retracted Publication", "Review"), 2)
            ],
        )
        for n in range(number)
    ]


def something_said(random: Random, slug: str) -> Said:
    status = random.choice((*Status.values, "present", "present", "excluded"))
    if status != Status.PRESENT:
        return Said(status)
    low = random.randint(0, 6)
    bounds = random.choice(((low, low), (low, low + random.randint(0, 3)), (None, low), (low, None), (None, None)))
    match SPECS[slug].value_type:
        case "choice" | "derived":
            return Said(status, random.choice((*OPTIONS, None)))
        case "choice_multi":
            return Said(status, random.sample(OPTIONS, random.randint(1, 3)))
        case "choice_open":
            return Said(status, random.choice(WORDS))
        case "ontology_term":
            return Said(status, random.choice((*TERMS, [TERMS[0]], list(TERMS))))
        case "number" | "age_iso8601" | "duration_iso8601":
            return Said(status, "said somehow", *bounds)
        case _:
            return Said(status)


class Crowd:
    def __init__(self, by: User, *, size: int, seed: int = 1) -> None:
        self.by, self.random = by, Random(seed)
        self.project = people.create_project(
            slug="crowd",
            title="Crowd",
            question="",
            codebook_version=load_codebook(text=codebook_text(), by=by),
            is_public=True,
            by=by,
        )
        self.features = {feature.slug: feature for feature in features(self.project.codebook_version)}
        self.articles = some_articles(self.random)
        self.people: dict[int, Person] = {}
        with transaction.atomic(), acting(by=by, verb="test.crowd"):
            self._fill(size)

    def _fill(self, size: int) -> None:
        ruling = Ruling.objects.create(project=self.project, article=self.articles[0], kind=RulingKind.PUBLISH, moderator=self.by)
        patients = Patient.objects.bulk_create(Patient(project=self.project, label=f"P{n}") for n in range(size))
        for patient in patients[:: max(size // 10, 2)]:
            patient.merged_into = patients[1]
        Patient.objects.bulk_update((p for p in patients if p.merged_into and p is not patients[1]), ["merged_into"])
        patients[1].merged_into = None
        rows: list[Finding] = []
        for patient in patients:
            person = self.people.setdefault(patient.merged_into_id or patient.pk, Person(patient.merged_into_id or patient.pk))
            article = self.random.choice(self.articles)
            person.articles.append(article)
            PatientReport.objects.create(patient=patient, article=article)
            rows += self._findings(patient, person, ruling)
        Finding.objects.bulk_create(rows)

    def _findings(self, patient: Patient, person: Person, ruling: Ruling) -> list[Finding]:
        rows = []
        for slug in self.random.sample(sorted(SPECS), self.random.randint(0, len(SPECS))):
            for instance in range(1, self.random.choice((2, 2, 3)) if self.random.random() < 0.9 else 1):
                said = something_said(self.random, slug)
                state = self.random.choice((*[FindingState.PUBLISHED] * 6, FindingState.SUPERSEDED))
                if state == FindingState.PUBLISHED:
                    person.said.setdefault(slug, []).append(said)
                rows.append(
                    Finding(
                        project=self.project,
                        patient=patient,
                        feature=self.features[slug],
                        instance=instance,
                        state=state,
                        ruling=ruling,
                        status=said.status,
                        value=said.value,
                        low=said.low,
                        high=said.high,
                    )
                )
        return rows

    @property
    def counted(self) -> list[Person]:
        return [person for person in self.people.values() if person.said]
