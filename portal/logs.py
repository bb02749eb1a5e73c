"""Logs as events with fields: JSON for machines, one plain line for people."""

from typing import Any

import structlog
from structlog.typing import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configuration(form: str) -> dict[str, Any]:
    """The LOGGING setting. `form` is "json" or "plain"."""
    plain = form == "plain"
    # Not structlog's own choice of tracebacks: where rich is installed, drawing one takes a second, of every refusal too.
    plainly = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    last: Processor = plainly if plain else structlog.processors.JSONRenderer()
    before: list[Processor] = [] if plain else [structlog.processors.format_exc_info]
    _events_join_the_standard_logs()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "event": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *before, last],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "curation": {"level": "INFO"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }


def _events_join_the_standard_logs() -> None:
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
