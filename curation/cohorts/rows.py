"""The patients of one page of an answer: their articles, their findings, and the quotes that prove them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db.models import Exists, F, OuterRef, QuerySet

from curation.articles.queries import unnamed
from curation.articles.related import cautions
from curation.choices import Outcome, ProposalState
from curation.codebook.rules import FeatureSpec, display, status_words
from curation.cohorts.answer import Cell, Row
from curation.cohorts.conditions import PERSON
from curation.models import Article, Decision, Finding, Patient, PatientReport, Proposal
from curation.models.annotation import Proof
from curation.review import proofs

#: From slugs to the published findings of these features.
Published = Callable[..., QuerySet[Finding]]


def rows(user: object, patients: Iterable[Patient], columns: Sequence[FeatureSpec], published: Published) -> list[Row]:
    patients = list(patients)
    people = [patient.pk for patient in patients]
    articles, findings = _articles(user, people), _findings(published, people, columns)
    shown = [finding for several in findings.values() for finding in several]
    asked = (pk for finding in shown for pk in (finding.pk, *_inputs(finding)))
    there = {name: any(getattr(finding, name) for finding in shown) for name in ("decided", "challenged")}
    quotes = proofs.of_findings(asked, **there)

    def cells(patient: Patient, column: FeatureSpec) -> list[Cell]:
        return [_cell(column, finding, quotes) for finding in findings[patient.pk, column.slug]]

    return [Row(patient, articles[patient.pk], [cells(patient, column) for column in columns]) for patient in patients]


def _cell(column: FeatureSpec, finding: Finding, quotes: Mapping[int, list[Proof]]) -> Cell:
    once = {quote.place: quote for pk in (finding.pk, *_inputs(finding)) for quote in quotes[pk]}
    words = display(column, finding.value, finding.qualifiers)
    return Cell(finding, status_words(column, finding.status), words, list(once.values()))


def _inputs(finding: Finding) -> list[int]:
    """The findings that a derived one was computed from."""
    return [used["finding_id"] for used in finding.explanation.get("inputs", ())]


def _articles(user: object, people: Sequence[int]) -> dict[int, list[Article]]:
    """The reports of each person, those of patients merged into them included."""
    visible = Article.objects.visible_to(user)
    reports = PatientReport.objects.annotate(person=PERSON).filter(person__in=people, article__in=visible)
    found: dict[int, dict[int, Article]] = defaultdict(dict)
    reports = reports.select_related("article").defer(*unnamed("article")).prefetch_related(cautions("article__"))
    for report in reports.order_by("article__published_year", "article_id"):
        found[report.person][report.article_id] = report.article
    return defaultdict(list, {person: list(articles.values()) for person, articles in found.items()})


def _findings(
    published: Published, people: Sequence[int], columns: Sequence[FeatureSpec]
) -> dict[tuple[int, str], list[Finding]]:
    found: dict[tuple[int, str], list[Finding]] = defaultdict(list)
    if not (people and columns):
        return found
    accepted = Proposal.objects.filter(project=OuterRef("project"), state=ProposalState.ACCEPTED)
    thirds = Decision.objects.filter(adjudication__project=OuterRef("project"), outcome=Outcome.THIRD)
    rows = published(*(column.slug for column in columns)).annotate(
        person=PERSON, slug=F("feature__slug"), challenged=Exists(accepted), decided=Exists(thirds)
    )
    for finding in (
        rows.filter(person__in=people).select_related("rule").defer("rule__definition").order_by("person", "instance", "pk")
    ):
        found[finding.person, finding.slug].append(finding)
    return found
