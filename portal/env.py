"""The only place where the site reads its environment.

`VARIABLES` lists every variable with its default; `docs/configuration.md` explains each, and a test compares the two.
A default of None means "required": the reader explains what is missing instead of failing somewhere later.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent

VARIABLES: dict[str, str | None] = {
    # the site
    "SECRET_KEY": None,
    "DEBUG": "no",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "HTTPS_ONLY": "yes",
    "TRUSTED_PROXY_COUNT": "0",
    "STATIC_ROOT": "",
    "MEDIA_ROOT": "",
    "AUDIT_HEADS": "",
    "LOG_FORMAT": "json",
    "PROMETHEUS_MULTIPROC_DIR": "",
    # its servers
    "DATABASE_URL": None,
    "DATABASE_OWNER_URL": "",
    "REDIS_URL": None,
    "WEB_WORKERS": "2",
    "WEB_THREADS": "4",
    # its e-mail
    "EMAIL_URL": "",
    "DEFAULT_FROM_EMAIL": "casebook@localhost",
    "SITE_URL": "http://localhost:8000/",
    # where articles come from
    "NCBI_BASE_URL": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/",
    "IDCONV_BASE_URL": "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/",
    "NCBI_API_KEY": "",
    "NCBI_EMAIL": "",
    "NCBI_TOOL": "casebook",
    "PMC_OA_BASE_URL": "https://pmc-oa-opendata.s3.amazonaws.com/",
    "PMC_STORE_NONCOMMERCIAL": "no",
    # the one-machine site and the tests (the launcher reads CASEBOOK_VENV as well)
    "CASEBOOK_VAR": "",
    "CASEBOOK_ROLE": "work",
    "CASEBOOK_PG_BIN": "",
    "CASEBOOK_PG_USER": "",
    "CASEBOOK_REDIS_BIN": "",
    "CASEBOOK_CHROMIUM": "",
    "CI": "",
    "PYTEST_XDIST_WORKER": "",
}
YES = {"1", "yes", "true", "on"}
NO = {"", "0", "no", "false", "off"}


def text(name: str) -> str:
    """The variable's text; its default where it is not set; a refusal where it is required."""
    value = os.environ.get(name, "").strip() or VARIABLES[name]
    if value is None:
        raise ImproperlyConfigured(
            f"The environment variable {name} is not set. It is required: see docs/configuration.md. "
            "On one machine './casebook up' and './casebook manage …' set it for you."
        )
    return value


def flag(name: str) -> bool:
    """Yes or no, in any of the usual spellings."""
    value = text(name).lower()
    if value in YES | NO:
        return value in YES
    raise ImproperlyConfigured(f"{name} is '{value}': write yes or no.")


def whole_number(name: str) -> int:
    """A whole number, zero or more."""
    value = text(name)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is '{value}': write a whole number, zero or more.")
    return int(value)


def names(name: str) -> list[str]:
    """A list written with commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def address(name: str) -> str:
    """The http(s) address of a service, always ending in a slash so that paths can be joined to it."""
    value = text(name)
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} is '{value}': write an address that begins with http:// or https://.")
    return value.rstrip("/") + "/"


def folder(name: str, otherwise: Path) -> Path:
    """A folder named by the variable, or another one where it is not set."""
    value = text(name)
    return Path(value).expanduser().resolve() if value else otherwise


def var() -> Path:
    """Where the one-machine site keeps everything that is not code."""
    return folder("CASEBOOK_VAR", ROOT / "var")


def is_set(name: str) -> bool:
    """Whether the environment says anything about it."""
    return bool(os.environ.get(name, "").strip())


def provide(**values: str) -> None:
    """Set variables of this process that its environment left open."""
    for name, value in values.items():
        if not is_set(name):
            os.environ[name] = value


def forget(*names: str) -> None:
    """Leave variables open that this process has from the one that started it."""
    for name in names:
        os.environ.pop(name, None)


def for_child(**values: str) -> dict[str, str]:
    """The environment of a process to be started: ours, with `values` over it."""
    return {**os.environ, **values}


def kept_secret(path: Path) -> str:
    """A random secret made once and kept in a file only its owner can read."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()
