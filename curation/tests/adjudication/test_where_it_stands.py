"""What adjudication makes of an article's state, and that its readers learn nothing of it."""

from django.contrib.auth.models import AnonymousUser

from curation.adjudication import actions
from curation.standing import queries
from curation.tests.adjudication.conftest import Case
from curation.tests.worlds import People


def stands(case: Case, asker: object) -> str:
    return queries.of_articles(asker, case.project, [case.article.pk])[case.article.pk]


def test_from_both_handed_in_to_published_and_taken_up_again(case: Case, who: People) -> None:
    readers = (who.curator, who.curator2)
    assert stands(case, case.by) == "to_adjudicate"
    case.decide("age")
    assert stands(case, case.by) == "under_adjudication"
    assert {stands(case, each) for each in readers} == {"under_reading"}
    case.settle()
    case.act(actions.publish)
    assert {stands(case, each) for each in (case.by, *readers, AnonymousUser())} == {"published"}
    case.act(actions.reopen, reason="A letter to the editor.")
    assert stands(case, case.by) == "reopened"
    assert {stands(case, each) for each in (*readers, AnonymousUser())} == {"published"}
    case.settle()
    case.act(actions.publish)
    assert stands(case, case.by) == "published"


def test_what_agrees_is_published_first(case: Case, who: People) -> None:
    actions.set_merge_policy(project_id=case.project.pk, version=case.project.version, policy="agreed_first", by=case.by)
    case.act(actions.publish_agreed)
    assert {stands(case, each) for each in (case.by, who.curator, AnonymousUser())} == {"published_in_part"}
