"""The seed report as it stands in ``seeds/``: in, read by one person, published by another; by the demo's own steps."""

from curation.annotation import actions as annotation
from curation.articles import actions as articles
from curation.management import seeding
from curation.models import Article, CodebookVersion, Project, Reading, User
from curation.review import actions as review
from curation.tests.records import taken_in_file

SEEDS = seeding.SEEDS
GOLD = seeding.gold("gold_34829411.json")


def the_codebook(by: User) -> CodebookVersion:
    """With the rules that derive its values."""
    return seeding.a_codebook("codebooks/imnm.yaml", "rules/imnm.yaml", by=by)


def the_article(by: User) -> Article:
    """Imported with its figures; ``by`` is an administrator."""
    (article,) = taken_in_file(seeding.read("pubmed_34829411.xml").encode())
    articles.attach_figures(text=seeding.read("figures_34829411.json"), by=by)
    return article


def read(*, project: Project, article: Article, by: User) -> Reading:
    """The gold annotation, recorded and submitted."""
    reading = annotation.start_reading(project=project, article=article, patients=[GOLD["patient"]["label"]], by=by)
    seeding.recorded(GOLD, reading, by=by)
    reading.refresh_from_db()
    return annotation.submit(reading_id=reading.pk, version=reading.version, by=by)


def published(*, project: Project, article: Article, reader: User, moderator: User) -> None:
    reading = read(project=project, article=article, by=reader)
    review.publish(reading_id=reading.pk, version=reading.version, by=moderator)
