"""How gunicorn serves the pages, on one machine and in production alike."""

import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

from portal import env, memory

workers = env.whole_number("WEB_WORKERS")
threads = env.whole_number("WEB_THREADS")
worker_class = "gthread"
preload_app = True  # the code is loaded once and shared by the workers: quicker, and less memory
timeout = 30
graceful_timeout = 5
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"
control_socket_disable = True

metrics = env.text("PROMETHEUS_MULTIPROC_DIR")
if metrics:  # where the workers put their counters together; those of an earlier run would be counted again
    shutil.rmtree(metrics, ignore_errors=True)
    Path(metrics).mkdir(parents=True)


def pre_fork(server: Any, worker: Any) -> None:
    memory.settle()


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that has gone."""
    if metrics:
        multiprocess.mark_process_dead(worker.pid)
