"""Saving questions: whose they are, who sees them, and what is refused."""

import pytest

from curation.cohorts import actions, queries
from curation.errors import Invalid, NotAllowed, NotFound, Stale, VersionMissing
from curation.models import Article, AuditEvent, Cohort, Project
from curation.tests.cohorts.conftest import ASYMMETRIC
from curation.tests.worlds import People


@pytest.fixture
def cohort(report: Article, project: Project, who: People) -> Cohort:
    return actions.save_cohort(project=project, title=" Asymmetric  ones ", question="symmetry=asymmetric", by=who.curator)


def _change(cohort: Cohort, by: object, **changes: object) -> Cohort:
    as_it_is = {"version": cohort.version, "title": cohort.title, "question": cohort.question, "is_public": cohort.is_public}
    return actions.change_cohort(cohort_id=cohort.pk, by=by, **{**as_it_is, **changes})


def test_a_question_is_kept_in_its_normal_form(cohort: Cohort) -> None:
    assert (cohort.title, cohort.slug, cohort.question, cohort.version) == ("Asymmetric ones", "asymmetric-ones", ASYMMETRIC, 1)
    assert AuditEvent.objects.of_row("curation_cohort", cohort.pk).get().verb == "cohort.save"


def test_two_of_one_title_are_told_apart(cohort: Cohort, who: People) -> None:
    other = actions.save_cohort(project=cohort.project, title=cohort.title, question="", by=who.stranger)
    assert other.slug == "asymmetric-ones-2"


def test_its_owner_changes_it(cohort: Cohort, who: People) -> None:
    changed = _change(cohort, who.curator, title="All", question="", is_public=True)
    assert (changed.title, changed.question, changed.is_public, changed.version) == ("All", "", True, 2)


def test_nobody_else_changes_or_deletes_it(cohort: Cohort, who: People) -> None:
    with pytest.raises(NotFound):
        _change(cohort, who.moderator, title="Mine")
    public = _change(cohort, who.curator, is_public=True)
    for person in (who.moderator, who.administrator, who.stranger):
        with pytest.raises(NotAllowed):
            _change(public, person, title="Mine")
        with pytest.raises(NotAllowed):
            actions.delete_cohort(cohort_id=public.pk, version=public.version, by=person)
    assert Cohort.objects.get().title == "Asymmetric ones"


def test_no_change_is_lost(cohort: Cohort, who: People) -> None:
    with pytest.raises(VersionMissing):
        _change(cohort, who.curator, version=None)
    _change(cohort, who.curator, title="First")
    with pytest.raises(Stale):
        _change(cohort, who.curator, title="Second")
    with pytest.raises(Stale):
        actions.delete_cohort(cohort_id=cohort.pk, version=1, by=who.curator)
    actions.delete_cohort(cohort_id=cohort.pk, version=2, by=who.curator)
    assert not Cohort.objects.exists()


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\0b", "a\ud800b"])
def test_a_title_is_needed(report: Article, project: Project, who: People, title: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.save_cohort(project=project, title=title, question="", by=who.curator)
    assert refused.value.faults[0].where == "title"


@pytest.mark.parametrize("question", ["symetry = x", "symmetry =", "a" * 5000, "\0"])
def test_a_question_that_cannot_be_understood_is_not_kept(report: Article, project: Project, who: People, question: str) -> None:
    with pytest.raises(Invalid):
        actions.save_cohort(project=project, title="T", question=question, by=who.curator)
    assert not Cohort.objects.exists()


def test_in_a_project_that_is_not_open_nothing_is_saved(private_project: Project, who: People) -> None:
    with pytest.raises(NotFound):
        actions.save_cohort(project=private_project, title="T", question="", by=who.stranger)


def test_who_sees_saved_questions(cohort: Cohort, who: People) -> None:
    assert list(queries.cohorts(who.curator, cohort.project)) == [cohort]
    assert not queries.cohorts(who.stranger, cohort.project)
    _change(cohort, who.curator, is_public=True)
    assert list(queries.cohorts(who.stranger, cohort.project)) == [cohort]
