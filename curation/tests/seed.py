"""The seed report as it stands in ``seeds/``: in, read by the curator, published by the moderator."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from curation.annotation import actions as annotation
from curation.annotation.actions import Quote
from curation.articles import actions as articles
from curation.codebook import actions as codebook
from curation.models import Article, CodebookVersion, Project, Reading, Section, User
from curation.review import actions as review
from curation.tests.articles.records import taken_in_file

SEEDS = Path(settings.BASE_DIR) / "seeds"
GOLD = json.loads((SEEDS / "gold_34829411.json").read_text())
QUALIFIERS = ("precision", "comparator", "severity", "quantity", "side")


def the_codebook(by: User) -> CodebookVersion:
    return codebook.load_codebook(text=(SEEDS / "codebooks" / "imnm.yaml").read_text(), by=by)


def the_article(by: User) -> Article:
    """Imported with its figures; ``by`` is an administrator."""
    (article,) = taken_in_file((SEEDS / "pubmed_34829411.xml").read_bytes())
    articles.attach_figures(text=(SEEDS / "figures_34829411.json").read_text(), by=by)
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
    for group in reading.codebook_version.groups.all():
        annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=patient.pk, group_slug=group.slug, by=by)
    reading.refresh_from_db()
    return annotation.submit(reading_id=reading.pk, version=reading.version, by=by)


def _quote(said: dict[str, Any], sections: dict[str, Section]) -> Quote:
    selector = said["selector"][0]
    return Quote(sections[said["segment"]].pk, said["quote"], prefix=selector["prefix"], suffix=selector["suffix"])


def published(*, project: Project, article: Article, reader: User, moderator: User) -> None:
    reading = read(project=project, article=article, by=reader)
    review.publish(reading_id=reading.pk, version=reading.version, by=moderator)
