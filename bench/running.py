"""The real site for one measurement, as `casebook up` runs it: database, broker, gunicorn, two Celery workers and beat."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from portal.embedded.running import running_site
from portal.embedded.valkey import free_port

NAME, PASSWORD = "bench", "a-long-password-for-one-measurement"
MAKE = (
    "from django.contrib.auth import get_user_model\n"
    f"get_user_model().objects.create_superuser({NAME!r}, password={PASSWORD!r})\n"
)


@dataclass
class Site:
    """``process`` is the launcher, whose children are the site's programs."""

    address: str
    folder: Path
    process: subprocess.Popen[bytes]

    def signed_in(self) -> httpx.Client:
        """A client with an administrator's session, which sends the form's token as a browser does."""
        client = httpx.Client(base_url=self.address, timeout=300, trust_env=False)
        post(client, "/sign-in/", {"username": NAME, "password": PASSWORD})
        return client


def post(client: httpx.Client, address: str, form: dict[str, str], page: str = "") -> httpx.Response:
    """Send a form of the page it stands on, with that page's token."""
    answer = client.post(address, data={**form, "csrfmiddlewaretoken": token(client, page or address)}, headers=_from(client))
    require(answer.status_code == 302, f"{address} answered {answer.status_code}: {answer.text[:500]}")
    return answer


def token(client: httpx.Client, page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).text)
    require(found is not None, f"{page} has no form")
    return found[1] if found else ""


def _from(client: httpx.Client) -> dict[str, str]:
    return {"Origin": str(client.base_url).rstrip("/")}


@contextmanager
def site(**environment: str) -> Iterator[Site]:
    """Start it in a folder of its own with these variables, and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="casebook-bench-"))
    folder.chmod(0o755)  # as root the database runs under another account and must pass through
    port = free_port()
    given = {**os.environ, "CASEBOOK_VAR": str(folder), **environment}
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MEDIA_ROOT"):
        given.pop(name, None)
    with (folder / "up.log").open("wb") as log:
        command = [sys.executable, "-m", "portal.embedded.up", "--port", str(port)]
        process = subprocess.Popen(command, env=given, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 180
        while "ready after" not in (folder / "up.log").read_text():
            require(process.poll() is None and time.monotonic() < until, (folder / "up.log").read_text())
            time.sleep(0.2)
        shell = [sys.executable, "manage.py", "shell", "-c", MAKE]
        subprocess.run(shell, env=given | servers(folder), check=True, capture_output=True)
        yield Site(f"http://127.0.0.1:{port}", folder, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def servers(folder: Path) -> dict[str, str]:
    """The variables by which its database and broker are reached."""
    before = os.environ.get("CASEBOOK_VAR")
    os.environ["CASEBOOK_VAR"] = str(folder)
    try:
        return running_site()
    finally:
        os.environ.pop("CASEBOOK_VAR") if before is None else os.environ.update(CASEBOOK_VAR=before)


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"This run is not as it should be: {otherwise}")
