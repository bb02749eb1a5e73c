"""Draw ``docs/states.md`` from the tables of allowed moves, so that the picture cannot drift from the code."""

from django.core.management.base import BaseCommand
from django.db.models import TextChoices

from curation import choices

STATES = (
    ("A project's decision on an article", choices.ScreeningState, choices.SCREENING_MOVES),
    ("A reading", choices.ReadingState, choices.READING_MOVES),
    ("A finding", choices.FindingState, choices.FINDING_MOVES),
    ("That two articles describe the same patient", choices.SameState, choices.SAME_MOVES),
    ("An import", choices.BatchState, choices.BATCH_MOVES),
)
HEAD = (
    "# States\n\nDrawn by `./casebook manage draw_states > docs/states.md` from `curation/choices.py`; a test compares the two.\n"
)


class Command(BaseCommand):
    help = "Print docs/states.md."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(draw(), ending="")


def draw() -> str:
    return HEAD + "".join(_section(title, states, moves) for title, states, moves in STATES)


def _section(title: str, states: type[TextChoices], moves: choices.Moves) -> str:
    first = states.values[0]
    lines = [f"    {state} : {states(state).label}" for state in moves]
    lines += [f"    {before} --> {after}" for before, afters in moves.items() for after in afters]
    return "\n".join([f"\n## {title}\n", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *lines, "```", ""])
