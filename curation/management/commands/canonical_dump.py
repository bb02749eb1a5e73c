"""Print everything imported and curated as text that two equal sites print alike."""

from typing import Any

from django.core.management.base import BaseCommand

from curation.export import queries


class Command(BaseCommand):
    help = "Print all imported and curated tables as lines of JSON, without the database's own numbers and times."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in queries.canonical_lines():
            self.stdout.write(line)
