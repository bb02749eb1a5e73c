"""What is read from the environment is explained, in one place, and a mistake in it is a sentence."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import env

PAGE = (env.ROOT / "docs" / "configuration.md").read_text()
ROWS = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| (.*?) \|", PAGE, re.MULTILINE))
LAUNCHER = (env.ROOT / "casebook").read_text()
SOURCES = [*sorted((env.ROOT / "portal").rglob("*.py")), *sorted((env.ROOT / "curation").rglob("*.py"))]


READ = re.compile(r'env\.(?:text|flag|whole_number|names|address|folder|is_set)\(\s*"([A-Z_0-9]+)"')


def read_names() -> set[str]:
    """Names handed to the readers of `portal.env`, anywhere in the site."""
    return {name for path in SOURCES if "tests" not in path.parts for name in READ.findall(path.read_text())}


def test_the_page_of_the_docs_lists_every_variable_and_no_other() -> None:
    of_the_launcher = set(re.findall(r'environ\.get\("(CASEBOOK_\w+)"', LAUNCHER))
    assert set(ROWS) == set(env.VARIABLES) | of_the_launcher


def test_the_page_tells_the_defaults() -> None:
    told = {name: ROWS[name].strip("`").replace("none", "") for name in env.VARIABLES}
    assert told == {name: "**required**" if default is None else default for name, default in env.VARIABLES.items()}


def test_every_variable_listed_is_read_and_every_one_read_is_listed() -> None:
    otherwise = {"CASEBOOK_VAR", "PYTEST_XDIST_WORKER"}  # inside env.py itself; by a name of its own
    assert read_names() | otherwise == set(env.VARIABLES)


def test_nobody_else_reads_the_environment() -> None:
    allowed = {env.ROOT / "portal" / "env.py"}
    said = re.compile(r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv|getenv\(")
    breaches = [
        path.name for path in SOURCES if "tests" not in path.parts and path not in allowed and said.search(path.read_text())
    ]
    assert not breaches


def test_what_is_required_and_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL is not set.*docs/configuration\.md"):
        env.text("DATABASE_URL")


@pytest.mark.parametrize(("said", "meant"), [("yes", True), ("1", True), ("TRUE", True), ("no", False), ("off", False)])
def test_yes_and_no_in_the_usual_spellings(monkeypatch: pytest.MonkeyPatch, said: str, meant: bool) -> None:
    monkeypatch.setenv("DEBUG", said)
    assert env.flag("DEBUG") is meant


@pytest.mark.parametrize(
    ("reader", "name", "value", "told"),
    [
        (env.flag, "DEBUG", "perhaps", "write yes or no"),
        (env.whole_number, "TRUSTED_PROXY_COUNT", "-1", "write a whole number"),
        (env.whole_number, "TRUSTED_PROXY_COUNT", "one", "write a whole number"),
        (env.address, "NCBI_BASE_URL", "eutils", "begins with http"),
    ],
)
def test_a_mistake_is_a_sentence(monkeypatch: pytest.MonkeyPatch, reader, name: str, value: str, told: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"{name} is '{value}'.*{told}"):
        reader(name)


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", " a.example , b.example,")
    assert env.names("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_an_address_can_be_joined_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_BASE_URL", "http://127.0.0.1:9/eutils")
    assert env.address("NCBI_BASE_URL") == "http://127.0.0.1:9/eutils/"


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    first = env.kept_secret(path)
    assert len(first) >= 50
    assert env.kept_secret(path) == first
    assert path.stat().st_mode & 0o077 == 0
