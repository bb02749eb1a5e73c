"""The trail told in words: every action of the house has its words, every change its field."""

import ast

from curation.annotation.history import REDO, UNDO
from curation.models import Screening
from curation.screening import actions as screening
from curation.tests.test_house import modules
from curation.tests.worlds import People, fresh
from curation.trail import VERBS, story


def test_every_action_has_words() -> None:
    verbs = {
        node.args[0].value
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "action" and isinstance(node.args[0], ast.Constant)
    }
    by_a_migration = "person.begin_trail"
    assert verbs | {UNDO, REDO, by_a_migration} == set(VERBS)


def test_a_row_tells_its_story(included: Screening, who: People) -> None:
    screening.reopen(screening_id=included.pk, version=included.version, by=who.moderator2)
    reopened, included_, entered = story(fresh(included))
    assert (entered.actor, entered.did, entered.effects) == ("The moderator", "brought the article in to be screened", ())
    assert "state: To screen → Included" in included_.effects
    assert (reopened.actor, "patients described: 1 → –" in reopened.effects) == ("The moderator2", True)
