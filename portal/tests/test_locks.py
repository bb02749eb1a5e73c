"""The lock files belong to pyproject.toml: each wish is met, by one exact version, by hash, from no named registry."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from portal import env

PROJECT = tomllib.loads((env.ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
RUN, DEVELOP = "requirements.lock", "requirements-dev.lock"


def locked(name: str) -> dict[str, str]:
    """The exact version of each package of a lock file."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", (env.ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in lines}


def wished(group: str) -> list[Requirement]:
    """What pyproject.toml asks for: the site's own dependencies and those of a group."""
    entries = [*PROJECT["project"]["dependencies"], *GROUPS["embedded"]]
    if group != "embedded":
        entries += [entry for entry in GROUPS[group] if isinstance(entry, str)]
    return [Requirement(entry) for entry in entries]


@pytest.mark.parametrize(("lock", "group"), [(RUN, "embedded"), (DEVELOP, "dev")])
def test_every_wish_is_locked_at_a_version_that_meets_it(lock: str, group: str) -> None:
    versions = locked(lock)
    unmet = [
        str(wish)
        for wish in wished(group)
        if not wish.specifier.contains(versions.get(canonicalize_name(wish.name), "0"), prereleases=True)
    ]
    assert not unmet, "pyproject.toml has changed: run ./casebook lock"


def test_what_runs_is_what_was_tested() -> None:
    tested = locked(DEVELOP)
    assert {name: tested.get(name) for name in locked(RUN)} == locked(RUN)


@pytest.mark.parametrize("lock", [RUN, DEVELOP])
def test_each_package_has_hashes_and_none_an_address(lock: str) -> None:
    text = (env.ROOT / lock).read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert not [block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
    assert "://" not in text
