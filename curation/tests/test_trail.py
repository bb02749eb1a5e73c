"""The trail told in words: every action of the house has its words, every change its field."""

import ast

import pytest
from django.apps import apps

from curation.annotation.history import REDO, UNDO
from curation.audit import acting
from curation.models import Project, Screening
from curation.models.audit import AUDITED
from curation.screening import actions as screening
from curation.tests.test_house import modules
from curation.tests.worlds import People, fresh
from curation.trail import VERBS, Names, story, word


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


def test_lists_and_objects_are_told_in_words(project: Project, who: People) -> None:
    with acting(by=who.moderator, verb="project.set_up_screening"):
        Project.objects.filter(pk=project.pk).update(words_of_interest=["asymmetr*", "necroti*"], exclusion_reasons=[])
    told = story(fresh(project))[0].effects
    assert "words of interest: – → asymmetr*, necroti*" in told


COLUMNS = [field for table in AUDITED for field in apps.get_model("curation", table)._meta.concrete_fields]


@pytest.mark.parametrize("value", [["a", "b"], [{"id": "HP:1"}], {"a": 1}, "a", 3, True, None])
def test_whatever_a_column_holds_there_are_words_for_it(db: None, value: object) -> None:
    names = Names([])
    assert all(word(field, value, names) for field in COLUMNS if not field.related_model)
