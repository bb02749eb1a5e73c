from pathlib import Path

import pytest
from django.conf import settings

from curation.choices import ReadingState
from curation.errors import WrongState
from curation.management.commands.draw_states import draw
from curation.moves import READING_MOVES, require_move


def test_the_picture_of_the_states_is_the_tables() -> None:
    drawn = Path(settings.BASE_DIR, "docs/states.md").read_text(encoding="utf-8")
    assert drawn == draw(), "run ./casebook manage draw_states > docs/states.md"


def test_a_move_outside_the_table_is_refused_and_says_what_is_possible() -> None:
    with pytest.raises(WrongState, match=r"is submitted and cannot become in progress. Possible now: returned, accepted"):
        require_move(READING_MOVES, ReadingState.SUBMITTED, ReadingState.IN_PROGRESS, thing="This reading")


def test_a_move_in_the_table_is_allowed() -> None:
    require_move(READING_MOVES, ReadingState.SUBMITTED, ReadingState.RETURNED, thing="This reading")
