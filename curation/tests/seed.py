"""The seed report as it stands in ``seeds/``: in, read by the curator, published by the moderator."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from curation.annotation import actions as annotation
from curation.annotation.actions import Quote
from curation.choices import SectionKind
from curation.codebook import actions as codebook
from curation.models import Article, CodebookVersion, Figure, Project, Reading, Reference, Section, User
from curation.review import actions as review

SEEDS = Path(settings.BASE_DIR) / "seeds"
GOLD = json.loads((SEEDS / "gold_34829411.json").read_text())
QUALIFIERS = ("precision", "comparator", "severity", "quantity", "side")


def the_codebook(by: User) -> CodebookVersion:
    return codebook.load_codebook(text=(SEEDS / "codebooks" / "imnm.yaml").read_text(), by=by)


def the_article() -> Article:
    said, text = GOLD["article"], GOLD["document"]
    article = Article.objects.create(
        pmid=34829411,
        doi=said["doi"],
        title=f"{text['title']}.",
        title_html=f"{text['title']}.",
        journal_abbrev=said["journal_abbrev"],
        volume=said["volume"],
        issue=said["issue"],
        pages=said["elocation"],
        published_year=2021,
        published_month=11,
        published_day=8,
        published_precision="day",
        languages=["eng"],
        authors=[{"last_name": "Park", "fore_name": "Sunha", "initials": "S", "affiliations": []}],
        authors_complete=False,
        publication_types=[{"ui": "D002363", "name": "Case Reports"}],
        keywords=said["keywords"],
        record_status="PubMed-not-MEDLINE",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
    )
    sections = [
        ("title", SectionKind.TITLE, f"{text['title']}."),
        ("abstract", SectionKind.ABSTRACT, text["abstract"]),
        ("figure1", SectionKind.CAPTION, text["figure1"]),
        ("figure2", SectionKind.CAPTION, text["figure2"]),
        ("figure3", SectionKind.CAPTION, text["figure3"]),
        ("keywords", SectionKind.KEYWORDS, text["keywords"]),
        ("conflict", SectionKind.CONFLICT, text["coi"]),
    ]
    for position, (key, kind, words) in enumerate(sections, 1):
        Section.objects.create(article=article, key=key, kind=kind, position=position, text=words, html=words, sha256="")
        if kind == SectionKind.CAPTION:
            Figure.objects.create(article=article, key=key, position=position, label=f"Figure {key[-1]}", licence="CC BY 4.0")
    for position, words in enumerate(said["references"], 1):
        citation = words.partition(" - ")[0]
        doi = citation.rpartition("doi: ")[2].rstrip(".")
        Reference.objects.create(article=article, position=position, citation=citation, citation_html=citation, doi=doi)
    return article


def read(*, project: Project, article: Article, by: User) -> Reading:
    """The gold annotation, recorded and submitted."""
    reading = annotation.start_reading(project=project, article=article, patients=["P1"], by=by)
    patient = annotation.queries.patients_of(reading)[0]
    sections = {section.key: section for section in article.sections.current()}
    for said in GOLD["annotations"]:
        if not said.get("derived"):
            annotation.record(
                reading_id=reading.pk,
                patient_id=patient.pk,
                feature_slug=said["feature"],
                status=said["status"],
                value=said["value"],
                qualifiers={name: said[name] for name in QUALIFIERS if name in said},
                comment=said.get("comment", ""),
                quotes=[_quote(each, sections) for each in said["evidence"]],
                by=by,
            )
    reading.refresh_from_db()
    return annotation.submit(reading_id=reading.pk, version=reading.version, by=by)


def _quote(said: dict[str, Any], sections: dict[str, Section]) -> Quote:
    selector = said["selector"][0]
    return Quote(sections[said["segment"]].pk, said["quote"], prefix=selector["prefix"], suffix=selector["suffix"])


def published(*, project: Project, article: Article, reader: User, moderator: User) -> None:
    reading = read(project=project, article=article, by=reader)
    review.publish(reading_id=reading.pk, version=reading.version, by=moderator)
