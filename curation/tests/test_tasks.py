"""Later: a real worker, a real broker, and what happens when either dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings as site
from django.db import connection

from curation import tasks
from curation.articles import actions
from curation.choices import BatchState
from curation.export.queries import canonical_lines
from curation.models import Batch, Project
from curation.tests.articles.conftest import standin
from curation.tests.standin.server import Standin
from curation.tests.worlds import People

__all__ = ["standin"]
PMIDS = "38762411 9997 12091962 219391 33093664 27797938 30108519"
PATIENCE = 60


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for another process, no longer than needed."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what} did not happen within {PATIENCE} s"
        time.sleep(0.05)  # another process is at work; there is nothing to wait on


def address() -> str:
    """The tests' own database, for a process of its own."""
    values = connection.settings_dict
    who = f"{values['USER']}:{quote(values['PASSWORD'])}@" if values["PASSWORD"] else f"{values['USER']}@"
    place = quote(values["HOST"], safe="") + (f":{values['PORT']}" if values["PORT"] else "")
    return f"postgresql://{who}{place}/{values['NAME']}"


def environment(**more: str) -> dict[str, str]:
    return (
        os.environ | {"DATABASE_URL": address(), "DJANGO_SETTINGS_MODULE": "portal.settings_test", "NCBI_API_KEY": "a-key"} | more
    )


@contextmanager
def a_worker(ncbi: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """``celery worker`` as the site starts it, on the tests' database and broker."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "celery",
        "-A",
        "portal",
        "-q",
        "worker",
        "--concurrency=1",
        "--loglevel=ERROR",
    ]
    worker = subprocess.Popen(command, env=environment(NCBI_BASE_URL=ncbi, **more), cwd=site.BASE_DIR, start_new_session=True)
    try:
        yield worker
    finally:
        kill(worker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """kill -9 of the whole worker; its children go with it."""
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def opened(who: People, project: Project | None = None) -> Batch:
    batch = actions.open_batch_of_ids(project=project, text=PMIDS, by=who.administrator)
    tasks.start_batch(batch)
    return batch


def states(batch: Batch) -> set[str]:
    return set(batch.items.values_list("state", flat=True))


def is_done(batch: Batch) -> bool:
    batch.refresh_from_db()
    return batch.state == BatchState.DONE


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_what_was_opened(standin: Standin, who: People, project: Project) -> None:
    batch = opened(who, project)
    with a_worker(standin.url):
        until(lambda: is_done(batch), "the end of the import")
    assert states(batch) == {"new"}
    assert project.screenings.count() == batch.seen == 7


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_nothing_is_done_twice(standin: Standin, who: People, project: Project) -> None:
    standin.behave("slow")
    batch = opened(who, project)
    with a_worker(standin.url) as worker:
        until(lambda: states(batch) == {"running"} and bool(standin.asked), "the claim")
        kill(worker)
    assert states(batch) == {"running"}
    with a_worker(standin.url):
        assert tasks.reconcile(older_than=0) == [batch.pk]
        until(lambda: is_done(batch), "the recovery")
    assert states(batch) == {"new"}
    disturbed = list(canonical_lines())
    again = opened(who, project)
    tasks.run_batch(again.pk)
    assert states(again) == {"unchanged"}
    assert list(canonical_lines()) == disturbed


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_was_lost_is_rung_again(standin: Standin, who: People) -> None:
    batch = opened(who)
    current_app.control.purge()
    with a_worker(standin.url):
        assert tasks.reconcile() == [batch.pk]
        until(lambda: is_done(batch), "the end of the import")


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_import_waits(who: People) -> None:
    command = [sys.executable, "manage.py", "import_pubmed", "38762411"]
    dead = environment(REDIS_URL="redis://127.0.0.1:1/0")
    said = subprocess.run(command, env=dead, cwd=site.BASE_DIR, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert "the broker does not answer" in said.stdout
    batch = Batch.objects.get()
    assert (batch.state, states(batch)) == (BatchState.WAITING, {"waiting"})
    assert tasks.ledger.forgotten() == [batch.pk]
