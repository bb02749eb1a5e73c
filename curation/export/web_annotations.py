"""Findings and answers as W3C Web Annotations (JSON-LD, https://www.w3.org/TR/annotation-model/).

What is said is the body: the feature of the codebook, and status and value as data and in words. The targets are the places
that say so. ``role``, ``depth``, ``contradicts`` and ``panel`` of a target are this site's own words and stand in its context.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from curation.annotation import queries as readings
from curation.annotation import selectors
from curation.choices import FindingState
from curation.codebook.queries import spec
from curation.models import Annotation, Article, Finding, Project
from curation.models.annotation import Proof
from curation.review import proofs
from curation.review import queries as review
from curation.review.layout import in_words

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
PAGE_SIZE = 100
OWN_WORDS = ("cautions", "role", "depth", "contradicts", "panel", "article", "pmid", "section", "version", "sha256", "state")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """An annotation's own part: what is said, of whom, since when, by whom; ``address`` is its path on this site.

    ``cautions``: what speaks against relying on the articles that report the patient, as kinds of notices.
    """

    address: str
    answer: Annotation | Finding
    evidence: Sequence[Proof]
    created: str
    creators: Sequence[str]
    cautions: Sequence[str] = ()


def of_finding(user: object, pk: int, site: str) -> Json:
    """One finding with all that proves it. Raises NotFound."""
    return {"@context": _context(site), **_annotation(_said_by_finding(review.finding(user, pk)), site)}


def of_project(user: object, project: Project, page: int | None, site: str) -> Json:
    """What the project published with evidence: the collection with its first page, or the page asked for."""
    rows = review.with_cautions(review.proven(user)).filter(project=project, state=FindingState.PUBLISHED).order_by("pk")
    address = f"/api/v1/projects/{project.slug}/annotations.jsonld"
    return _collection(address, str(project), rows, _said_by_finding, page, site)


def of_reading(user: object, pk: int, page: int | None, site: str) -> Json:
    """What one reading says with evidence, published or not, to those who may see the reading. Raises NotFound."""
    reading = readings.reading_for(user, pk)
    rows = readings.annotations(reading).filter(evidence__isnull=False).distinct()
    address = f"/api/v1/readings/{pk}/annotations.jsonld"
    return _collection(address, str(reading), rows.select_related("reading__curator"), _said_by_reader, page, site)


def _said_by_finding(finding: Finding) -> Said:
    curators = dict.fromkeys(str(source.reading.curator) for source in finding.annotations.all())
    if finding.decision and finding.decision.proofs:
        curators[str(finding.decision.decided_by)] = None
    address = f"/api/v1/findings/{finding.pk}/annotation.jsonld"
    doubts = sorted({doubt for report in finding.patient.reports.all() for doubt in _doubts(report.article)})
    return Said(address, finding, proofs.of(finding), finding.published_at.isoformat(), list(curators), doubts)


def _doubts(article: Article) -> list[str]:
    """The kinds of notices that speak against relying on it, as PubMed calls them."""
    kinds = [notice.kind for notice in getattr(article, "cautions", ())]
    return [*kinds, "RetractionIn"] if article.is_retracted else kinds


def _said_by_reader(annotation: Annotation) -> Said:
    evidence, created = list(annotation.evidence.all()), annotation.created_at.isoformat()
    return Said(f"/api/v1/annotations/{annotation.pk}", annotation, evidence, created, [str(annotation.reading.curator)])


def _collection(address: str, label: str, rows: QuerySet, said: Any, page: int | None, site: str) -> Json:
    pages = Paginator(rows, PAGE_SIZE)
    whole = {"id": site + address, "type": "AnnotationCollection", "label": label, "total": pages.count}
    if page is not None:
        return {"@context": _context(site), **_page(pages, page, whole, said, site)}
    last = {"last": f"{site}{address}?page={pages.num_pages}"} if pages.count else {}
    first = {"first": _page(pages, 1, whole, said, site)} if pages.count else {}
    return {"@context": _context(site), **whole, **first, **last}


def _page(pages: Paginator, number: int, whole: Json, said: Any, site: str) -> Json:
    """Past the end the last one."""
    found = pages.get_page(number)
    address = whole["id"]
    beside = {"next": found.number + 1 if found.has_next() else 0, "prev": found.number - 1}
    return {
        "id": f"{address}?page={found.number}",
        "type": "AnnotationPage",
        "partOf": whole,
        "startIndex": (found.number - 1) * PAGE_SIZE,
        **{name: f"{address}?page={n}" for name, n in beside.items() if n},
        "items": [_annotation(said(row), site) for row in found.object_list],
    }


def _context(site: str) -> list[object]:
    own = {name: f"{site}/api/v1/docs/#{name}" for name in OWN_WORDS}
    return ["http://www.w3.org/ns/anno.jsonld", own]


def _annotation(said: Said, site: str) -> Json:
    return {
        "id": site + said.address,
        "type": "Annotation",
        "motivation": "classifying",
        "created": said.created,
        "creator": [{"type": "Person", "name": name} for name in said.creators],
        "generator": {"id": f"{site}/", "type": "Software", "name": "Casebook"},
        "body": _body(said.answer, site),
        "target": _targets(said, site),
        **({"cautions": said.cautions} if said.cautions else {}),
    }


def _body(answer: Annotation | Finding, site: str) -> list[Json]:
    feature, version = answer.feature, answer.feature.codebook_version
    source = f"{site}/api/v1/codebooks/{version.codebook.slug}/{version.version}/features/{feature.slug}"
    data = {"status": answer.status, "value": answer.value, "qualifiers": answer.qualifiers, "patient": answer.patient.label}
    return [
        {"type": "SpecificResource", "purpose": "classifying", "source": source},
        _text("application/json", json.dumps(data, ensure_ascii=False)),
        {**_text("text/plain", f"{feature.label}: {_words(answer)}"), "language": "en"},
    ]


def _text(media_type: str, value: str) -> Json:
    return {"type": "TextualBody", "purpose": "describing", "format": media_type, "value": value}


def _words(answer: Annotation | Finding) -> str:
    status, value = in_words(spec(answer.feature), answer)
    return f"{status}, {value}" if value else status


def _targets(said: Said, site: str) -> list[Json]:
    """Never none: an answer that rests on silence is about the article as a whole."""
    found: list[Json] = selectors.targets(said.evidence, site)
    return found or [{"id": f"{site}/articles/{pk}/", "type": "Text"} for pk in _articles(said.answer)]


def _articles(answer: Annotation | Finding) -> Iterable[int]:
    if isinstance(answer, Annotation):
        return [answer.reading.article_id]
    return [answer.ruling.article_id] if answer.ruling else [report.article_id for report in answer.patient.reports.all()]
