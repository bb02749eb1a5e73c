"""What the commands share: who acts, and refusals said plainly."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.errors import NotFound, Refusal
from curation.models import User


class RefusingCommand(BaseCommand):
    """A command that acts as a named person; a refusal ends it with its sentence and every fault, and exit code 1.

    Subclasses write ``act`` instead of ``handle``.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the person who does this, named in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.act(*args, **options)
        except Refusal as refusal:
            raise CommandError("\n  ".join([refusal.detail, *map(str, refusal.faults)])) from refusal

    def act(self, *args: Any, **options: Any) -> None:
        raise NotImplementedError


def person(username: str) -> User:
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(f"There is nobody here by the user name “{username}”.")
    return found


def administrator() -> User:
    """Who acts where nobody is named."""
    found = User.objects.filter(is_active=True, is_superuser=True).order_by("pk").first()
    if found is None:
        raise NotFound("There is no administrator yet. Make one, or name a person by --by.")
    return found


def contents(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"The file {path} cannot be read: {error.strerror}.") from error
