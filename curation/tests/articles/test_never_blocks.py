"""An open import never blocks a curator: what it holds while it stores, nobody who writes a reading has to wait for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from curation.articles import cutting, parsing, store
from curation.choices import Status
from curation.models import Project, Screening, Section
from curation.review import actions as review
from curation.screening import actions as screening
from curation.tests import worlds
from curation.tests.records import a_record

pytestmark = pytest.mark.django_db(transaction=True)

HELD = 20  # seconds after which the import lets go, should the test fail


@contextmanager
def an_import_that_holds_its_transaction(pmid: int) -> Iterator[None]:
    """Another connection has stored a new wording of the article and has not committed."""
    stored, let_go = threading.Event(), threading.Event()
    (cut,) = cutting.records([a_record(pmid, title=worlds.TITLE, abstract="Another wording.").encode()])

    def run() -> None:
        with transaction.atomic():
            store.store([store.Incoming(parsing.parse(cut), cut.body)])
            stored.set()
            let_go.wait(HELD)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert stored.wait(HELD)
    try:
        yield
    finally:
        let_go.set()
        thread.join()


def impatient() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '500ms'")


def test_a_curator_reads_records_submits_and_a_moderator_publishes(who: worlds.People, project: Project) -> None:
    article = worlds.an_article()
    worlds.included(project, article, who.moderator)
    with an_import_that_holds_its_transaction(article.pmid):
        impatient()
        reading = worlds.submitted(project, article, who.curator)
        review.publish(reading_id=reading.pk, version=reading.version, by=who.moderator)
    assert Section.objects.current().get(article=article, key="abstract").text == "Another wording."
    old = Section.objects.get(article=article, key="abstract", version=1)
    assert old.evidence.count() == len([1 for *_, words in worlds.ANSWERS if words])
    assert reading.annotations.filter(status=Status.PRESENT).exists()


def test_a_moderator_screens(who: worlds.People, project: Project) -> None:
    article = worlds.an_article()
    entered = worlds.to_screen(project, article, who.moderator)
    with an_import_that_holds_its_transaction(article.pmid):
        impatient()
        screening.include(screening_id=entered.pk, version=entered.version, by=who.moderator)
    assert Screening.objects.get().state == "included"
