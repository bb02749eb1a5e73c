"""Import PubMed records: files and PMIDs, through the same batches as the import page.

Files are taken in the order of the numbers in their names, as PubMed's updates must be; one with a .md5 file beside it is held
against that.
"""

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation import tasks
from curation.articles import actions, batches
from curation.errors import Invalid, NotFound
from curation.management.base import RefusingCommand, administrator, person
from curation.models import Batch, Project, User

LATER = "the broker does not answer, so a worker finds them within a minute of its return."
MOST_SHOWN = 20


class Command(RefusingCommand):
    help = "Import PubMed records from files (PubMed XML, NBIB or RIS, plain or .gz) or by PMID."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="+", metavar="FILE|PMID")
        parser.add_argument("--project", help="slug of the project whose screening the articles enter")
        parser.add_argument("--by", metavar="USERNAME", help="who imports; the first administrator otherwise")
        parser.add_argument("--no-full-text", action="store_true", help="do not ask PMC for full texts and figures")
        parser.add_argument("--now", action="store_true", help="run it here, without a worker, and print the accounting")

    def act(self, *args: Any, what: list[str], project: str | None, by: str | None, now: bool, **options: Any) -> None:
        actor = person(by) if by else administrator()
        for batch in _opened(what, _project(project), actor, not options["no_full_text"]):
            if now:
                tasks.run_batch(batch.pk)
                self.stdout.write(f"{batch}: {accounting(batch, actor)}")
            else:
                heard = tasks.ring(batch.pk)
                self.stdout.write(f"{batch}: {batch.seen} records; " + ("a worker was told." if heard else LATER))


def _project(slug: str | None) -> Project | None:
    found = Project.objects.filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise NotFound(f"There is no project “{slug}”.")
    return found


def _opened(what: list[str], project: Project | None, by: User, wanted: bool) -> Iterator[Batch]:
    """A batch for each file, and one for all PMIDs together."""
    files = [each for each in what if not each.isdecimal() and ("." in each or "/" in each or Path(each).exists())]
    numbers = [each for each in what if each not in files]
    paths = [Path(name) for name in files if not name.endswith(".md5")]
    for path in sorted(paths, key=_numbers):
        if not path.is_file():
            raise Invalid(f"There is no file {path}.")
        with path.open("rb") as stream:
            yield actions.open_batch_of_file(
                project=project, name=path.name, stream=stream, md5=_checksum(path), wants_full_text=wanted, by=by
            )
    if numbers:
        yield actions.open_batch_of_ids(project=project, text=" ".join(numbers), wants_full_text=wanted, by=by)


def _numbers(path: Path) -> list[int]:
    """pubmed26n1335.xml.gz comes after pubmed26n0999.xml.gz, and names without numbers stay as they were given."""
    return [int(number) for number in re.findall(r"\d+", path.name)]


def _checksum(path: Path) -> str:
    beside = path.with_name(f"{path.name}.md5")
    return beside.read_text(errors="replace") if beside.is_file() else ""


def accounting(batch: Batch, by: User) -> str:
    """“1 seen: 1 unchanged”, and why what could not be imported could not."""
    found = batches.batch(by, batch.pk)
    lines = [f"{found.seen} seen: " + ", ".join(f"{count} {state.label.lower()}" for state, count in found.counts)]
    lines += [
        f"  {item.identifier or f'byte {item.offset}'}: {item.reason}" for item in batches.troubled(found.batch)[:MOST_SHOWN]
    ]
    if found.batch.trouble:
        lines.append(f"  {found.batch.trouble}")
    return "\n".join(lines)
