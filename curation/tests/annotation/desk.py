"""A reading of an article that has a picture and a table, with PMC's bucket behind it; for tests of what is not a quote."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from curation.annotation import actions as annotation
from curation.annotation.actions import Piece
from curation.models import Annotation, Article, Evidence, Figure, Project, Reading, Section
from curation.tests import worlds
from curation.tests.articles.fulltexts import a_bucket, a_full_text, fetched
from curation.tests.articles.pictures import a_picture
from curation.tests.standin.bucket import Bucket
from curation.tests.worlds import People

TABLE = "table1"


@dataclass
class Desk:
    """A reading of an article with a picture and a table, and PMC's bucket behind it."""

    reading: Reading
    article: Article
    bucket: Bucket
    who: People

    def section(self, key: str) -> Section:
        return Section.objects.current().get(article=self.article, key=key)

    @property
    def figure(self) -> Figure:
        return Figure.objects.get(article=self.article)

    def record(self, *pieces: Piece, slug: str = "weakness", **more: Any) -> Annotation:
        return annotation.record(
            reading_id=self.reading.pk,
            patient_id=self.reading.patients.get().pk,
            feature_slug=slug,
            status="present",
            quotes=pieces,
            by=self.who.curator,
            **more,
        )

    def published_anew(self, picture: bytes = b"", **text: Any) -> Evidence:
        """The article as PMC has it next; the one piece of evidence as it stands then."""
        self.bucket.put("PMC7", a_full_text(**text), {"case-g001.jpg": picture or a_picture("JPEG")})
        fetched(self.article, self.who.administrator)
        return Evidence.objects.select_related("section", "figure").get()


@pytest.fixture
def desk(project: Project, who: People, settings: SimpleNamespace, tmp_path: Path) -> Iterator[Desk]:
    settings.MEDIA_ROOT = tmp_path
    article = worlds.an_article(pmcid="PMC7")
    worlds.included(project, article, who.moderator)
    with a_bucket() as bucket:
        bucket.put("PMC7", a_full_text(), {"case-g001.jpg": a_picture("JPEG")})
        fetched(article, who.administrator)
        yield Desk(worlds.started(project, article, who.curator), article, bucket, who)
