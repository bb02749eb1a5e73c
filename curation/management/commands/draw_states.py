"""Draw ``docs/states.md`` from the tables of allowed moves, so that the picture cannot drift from the code."""

from django.core.management.base import BaseCommand
from django.db.models import TextChoices

from curation import choices, moves

STATES = (
    ("A project's decision on an article", choices.ScreeningState, moves.SCREENING_MOVES),
    ("A reading", choices.ReadingState, moves.READING_MOVES),
    ("A finding", choices.FindingState, moves.FINDING_MOVES),
    ("A proposal to change a finding", choices.ProposalState, moves.PROPOSAL_MOVES),
    ("A flag", choices.FlagState, moves.FLAG_MOVES),
    ("That two articles describe the same patient", choices.SameState, moves.SAME_MOVES),
    ("A value that a new codebook version could not take over", choices.UnmovedState, moves.UNMOVED_MOVES),
    ("An e-mail of notices", choices.DigestState, moves.DIGEST_MOVES),
    ("An import", choices.BatchState, moves.BATCH_MOVES),
)
HEAD = (
    "# States\n\nDrawn by `./casebook manage draw_states > docs/states.md` from `curation/moves.py`; a test compares the two.\n"
)


class Command(BaseCommand):
    help = "Print docs/states.md."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(draw(), ending="")


def draw() -> str:
    return HEAD + "".join(_section(title, states, moves) for title, states, moves in STATES)


def _section(title: str, states: type[TextChoices], allowed: moves.Moves) -> str:
    first = states.values[0]
    lines = [f"    {state} : {states(state).label}" for state in allowed]
    lines += [f"    {before} --> {after}" for before, afters in allowed.items() for after in afters]
    return "\n".join([f"\n## {title}\n", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *lines, "```", ""])
