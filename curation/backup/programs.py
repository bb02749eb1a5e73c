"""PostgreSQL's own programs, of a version that understands the server."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from curation.errors import Invalid, SourceUnavailable

COPY = re.compile(rb"COPY .+ FROM stdin;$")
END_OF_ROWS = b"\\.\n"
#: For psql only: they keep a script from leaving its block.
OF_PSQL = (b"\\restrict ", b"\\unrestrict ")


def server() -> int:
    """The major version of the server in use."""
    return int(connection.get_database_version()[0])


def find(name: str) -> Path:
    """The program of the server's version, or of the next newer one. Raises Invalid where there is none."""
    found = {_version(folder / name): folder / name for folder in settings.POSTGRES_PROGRAMS if (folder / name).is_file()}
    able = [version for version in found if version >= server()]
    if not able:
        old = f"; the one here is of PostgreSQL {max(found)}" if found else ""
        raise Invalid(
            f"This needs {name} of PostgreSQL {server()} or newer{old}. Install your system's postgresql-client-{server()}, "
            "or name the folder of its programs in CASEBOOK_PG_BIN."
        )
    return found[min(able)]


def dump(target: Path, *, snapshot: str) -> None:
    """Write what the snapshot of an open transaction sees, compressed. Nobody's session is in it: they are keys to the site."""
    info = connection.connection.info
    options = ["--format=custom", "--no-owner", "--no-privileges", "--exclude-table-data=django_session"]
    command = [
        find("pg_dump"),
        *options,
        f"--schema={_schema()}",
        f"--snapshot={snapshot}",
        f"--file={target}",
        "--dbname",
        info.dsn,
    ]
    done = subprocess.run(  # noqa: S603 - a program found by us
        [str(part) for part in command],
        # Not in the command, which everybody on the machine may read.
        env={"PGPASSWORD": info.password, "PATH": os.defpath, "HOME": str(Path.home())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SourceUnavailable(f"The database could not be copied: {done.stderr.strip()[-500:]}")


def load(source: Path) -> None:
    """Make everything that ``dump`` wrote, over this connection and so within its transaction."""
    with _script(source) as lines, connection.cursor() as cursor:
        statements: list[str] = []
        for line in lines:
            if COPY.match(line):
                cursor.execute("".join(statements))
                statements = []
                with cursor.copy(line.decode().rstrip(";\n")) as rows:
                    for row in iter(lambda: lines.readline(), END_OF_ROWS):
                        rows.write(row)
            elif not line.startswith(OF_PSQL):
                statements.append(line.decode())
        cursor.execute("".join(statements))
        cursor.execute("RESET ALL")  # the script looks into no schema
        connection.ensure_timezone()


@contextmanager
def _script(source: Path) -> Iterator[IO[bytes]]:
    options = ["--no-owner", "--no-privileges", f"--schema={_schema()}", "--file=-"]  # what is in the schema, not the schema
    command = [str(find("pg_restore")), *options, str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - a program found by us
        assert process.stdout is not None
        yield process.stdout
    if process.returncode:
        raise Invalid("The archive's copy of the database cannot be read; pg_restore's lines above say why.")


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def _version(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\d+", said)
    return int(found.group()) if found else 0
