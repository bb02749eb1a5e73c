"""How gunicorn serves the pages, on one machine and in production alike."""

from typing import Any

from prometheus_client import multiprocess

from portal import env

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


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that has gone."""
    if env.text("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
