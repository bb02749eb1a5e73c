"""`casebook check`: everything that reads the code instead of running it. All are run; any failure fails."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from portal import env
from portal.embedded.processes import run_as_command

HERE = Path(sys.executable).parent  # the programs installed beside this Python

CHECKS: dict[str, Sequence[str | Path]] = {
    "ruff": [HERE / "ruff", "check", "."],
    "formatting": [HERE / "ruff", "format", "--check", "."],
    "types": [HERE / "mypy", "portal", "curation"],
    "layers": [HERE / "lint-imports"],
    "templates, formatting": [HERE / "djlint", "templates", "--check"],
    "templates, faults": [HERE / "djlint", "templates", "--lint", "--quiet"],
    "migrations": [sys.executable, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
    "compose file": [HERE / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
    "Dockerfile": [HERE / "hadolint", "Dockerfile"],
}


def main(_: list[str]) -> int:
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    print(f"casebook | {len(CHECKS) - len(failed)} of {len(CHECKS)} checks passed")
    if failed:
        print(f"casebook | failed: {', '.join(failed)}")
    return 1 if failed else 0


def _passes(name: str, command: Sequence[str | Path]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=env.ROOT,
        env=env.for_child(DJANGO_SETTINGS_MODULE="portal.settings_test"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    print(f"casebook | {'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not passed:
        print(done.stdout, flush=True)
    return passed


if __name__ == "__main__":
    run_as_command(main)
