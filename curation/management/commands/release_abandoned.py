"""Put readings back into the pool that nobody has worked on for as long as their projects wait."""

from typing import Any

from django.core.management.base import BaseCommand

from curation import tasks


class Command(BaseCommand):
    help = "Put abandoned readings back into the pool, their drafts kept. Also done by the schedule, once an hour."

    def handle(self, *args: Any, **options: Any) -> None:
        released = tasks.release_abandoned()
        self.stdout.write(f"Readings back in the pool: {', '.join(map(str, released)) or 'none'}.")
