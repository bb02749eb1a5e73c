"""The Celery app: its settings are Django's (prefix CELERY_), its tasks are in `curation/tasks.py`."""

import gc
import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_before_create_process, worker_process_init

from portal.embedded import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("portal")
#: New values after which the collector looks through the youngest, and how often that is before it looks through the older.
SELDOM = (100_000, 20, 20)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def die_with_the_worker(**_: Any) -> None:
    """A killed worker takes its children along, so that no orphan goes on with a task that was given to another."""
    processes.die_when_parent_dies(signal.SIGKILL)


@worker_process_init.connect
def collect_seldom(**_: Any) -> None:
    """An import makes hundreds of thousands of values and no rings of them: looking for rings took a tenth of its time."""
    gc.set_threshold(*SELDOM)


@worker_before_create_process.connect
def share_what_is_loaded(**_: Any) -> None:
    """Let the collector leave alone what was loaded before the fork: a page it touches is no longer shared.

    With the same in `gunicorn_conf`: 345 instead of 400 MB for the whole site on one machine (sum of PSS).
    """
    gc.collect()
    gc.freeze()
