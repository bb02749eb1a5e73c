"""A worker, the database or the broker dies at a moment of its work: every item comes to its end, once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings as site
from django.db import DatabaseError, InterfaceError, connection

from curation import tasks
from curation.articles import actions
from curation.models import Article, Batch, Figure, Section
from curation.tests import worlds
from curation.tests.articles.conftest import standin
from curation.tests.articles.fulltexts import a_bucket, a_full_text
from curation.tests.articles.pictures import a_picture
from curation.tests.standin.bucket import Bucket
from curation.tests.standin.server import Standin
from curation.tests.test_tasks import PATIENCE, PMIDS, a_worker, address, environment, is_done, kill, opened, states, until
from curation.tests.worlds import People
from portal.embedded.valkey import Valkey

__all__ = ["standin"]
pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = "PMC7.1/case-g001.jpg"


@pytest.fixture
def bucket(settings: SimpleNamespace, tmp_path: Path) -> Iterator[Bucket]:
    settings.MEDIA_ROOT = tmp_path
    with a_bucket() as server:
        yield server


def test_a_worker_dies_while_a_picture_comes(bucket: Bucket, who: People, tmp_path: Path) -> None:
    article = worlds.an_article(pmcid="PMC7")
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": a_picture("JPEG")})
    bucket.behave("drip", path=PICTURE)
    batch = actions.open_full_text(article_ids=[article.pk], by=who.administrator)
    tasks.start_batch(batch)
    places = {"PMC_OA_BASE_URL": bucket.url, "MEDIA_ROOT": str(tmp_path)}
    with a_worker("http://127.0.0.1:1/", **places) as worker:
        until(lambda: PICTURE in bucket.asked, "the request for the picture")
        kill(worker)
    assert states(batch) == {"running"}
    assert not Figure.objects.get().image
    with a_worker("http://127.0.0.1:1/", **places):
        assert tasks.reconcile(older_than=0) == [batch.pk]
        until(lambda: is_done(batch), "the recovery")
    assert states(batch) == {"updated"}  # the text was here already: it is not written again
    figure = Figure.objects.get()
    assert (tmp_path / figure.image).is_file()
    assert set(Section.objects.filter(article=article).values_list("version", flat=True)) == {1}


def kill_the_database() -> None:
    """kill -9 of one of its processes: it ends all others at once and recovers from its log, as after any crash."""
    with psycopg.connect(address(), autocommit=True) as own:
        row = own.execute("SELECT pg_backend_pid()").fetchone()
        assert row
        os.kill(row[0], signal.SIGKILL)


def answers() -> bool:
    connection.close()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def test_the_database_dies_while_a_worker_holds_its_claim(standin: Standin, who: People) -> None:
    standin.behave("slow")
    batch = opened(who)
    with a_worker(standin.url):
        until(lambda: states(batch) == {"running"} and bool(standin.asked), "the claim")
        kill_the_database()
        until(answers, "the database's recovery")
        assert len(states(batch)) == 1  # all of them or none: what a transaction wrote is there wholly or not at all
        tasks.reconcile(older_than=0)
        until(lambda: is_done(batch), "the end of the import")
    assert states(batch) == {"new"}
    assert Article.objects.count() == len(PMIDS.split())
    assert set(Section.objects.values_list("version", flat=True)) == {1}


def reconciled(broker: str) -> None:
    """As the schedule does it, on this broker."""
    command = [sys.executable, "-W", "ignore", "manage.py", "reconcile", "--older-than", "0"]
    subprocess.run(
        command, env=environment(REDIS_URL=broker), cwd=site.BASE_DIR, timeout=PATIENCE, check=True, capture_output=True
    )


def test_the_broker_dies_with_a_bell_in_it(standin: Standin, who: People, tmp_path: Path) -> None:
    broker = Valkey(tmp_path / "broker", durable=False)
    broker.start()
    broker.wait_ready()
    first, second = (actions.open_batch_of_ids(project=None, text=text, by=who.administrator) for text in ("9997", PMIDS))
    standin.behave("slow")
    try:
        reconciled(broker.url)  # rings for both; one worker works off one at a time
        with a_worker(standin.url, REDIS_URL=broker.url):
            until(lambda: bool(standin.asked), "the first request")
            assert broker.process is not None
            broker.process.kill()
            broker.process.wait()
            broker.start()  # empty: the second bell is gone
            broker.wait_ready()
        with a_worker(standin.url, REDIS_URL=broker.url):
            reconciled(broker.url)
            until(lambda: is_done(first) and is_done(second), "the end of both imports")
    finally:
        broker.stop()
    assert states(first) | states(second) <= {"new", "unchanged"}
    assert Article.objects.count() == len(PMIDS.split())
    assert list(Batch.objects.order_by("pk").values_list("trouble", flat=True)) == ["", ""]
