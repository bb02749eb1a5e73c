"""Anybody signed in may say that something is wrong; a moderator answers. Notices ask for another look."""

import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from curation.challenges import actions, queries
from curation.errors import Invalid, NotAllowed, NotFound, WrongState
from curation.models import Article, Finding, Flag, Notice, Reevaluation, Ruling
from curation.tests import worlds
from curation.tests.worlds import People, fresh


def test_a_stranger_flags_and_reads_the_answer(finding: Finding, who: People, client: Client) -> None:
    client.force_login(who.stranger)
    client.post(f"/findings/{finding.pk}/flag/", {"text": "The figure shows a woman."})
    flag = Flag.objects.get()
    client.force_login(who.moderator)
    assert "The figure shows a woman." in client.get(f"/projects/{finding.project.slug}/challenges/").content.decode()
    client.post(f"/flags/{flag.pk}/resolve/", {"version": 1, "answer": "That is figure 2 of another paper."})
    assert (fresh(flag).state, fresh(flag).resolved_by) == ("resolved", who.moderator)
    client.force_login(who.stranger)
    assert "another paper" in client.get(f"/findings/{finding.pk}/").content.decode()
    client.force_login(who.outsider)
    assert "another paper" not in client.get(f"/findings/{finding.pk}/").content.decode()


def test_flags_are_refused_where_they_must(finding: Finding, private_project: object, who: People) -> None:
    with pytest.raises(Invalid, match="what is wrong"):
        actions.flag(finding_id=finding.pk, text=" ", by=who.stranger)
    with pytest.raises(NotFound):
        actions.flag(finding_id=0, text="What?", by=who.stranger)
    raised = actions.flag(finding_id=finding.pk, text="Wrong.", by=who.stranger)
    with pytest.raises(WrongState, match="already"):
        actions.flag(finding_id=finding.pk, text="Wrong!", by=who.stranger)
    with pytest.raises(NotAllowed):
        actions.resolve(flag_id=raised.pk, version=1, answer="No", by=who.stranger)
    with pytest.raises(NotFound):
        actions.resolve(flag_id=raised.pk, version=1, answer="No", by=who.curator)
    with pytest.raises(Invalid, match="with an answer"):
        actions.resolve(flag_id=raised.pk, version=1, answer="", by=who.moderator)
    actions.resolve(flag_id=raised.pk, version=1, answer="No.", by=who.moderator)
    with pytest.raises(WrongState):
        actions.resolve(flag_id=raised.pk, version=fresh(raised).version, answer="Still no.", by=who.moderator)


def test_a_finding_nobody_may_see_is_not_flagged(who: People, codebook: object, article: Article) -> None:
    project = worlds.a_project(who, codebook, slug="hidden", is_public=False)  # type: ignore[arg-type]
    worlds.included(project, article, who.moderator)
    ruling = worlds.decided(worlds.submitted(project, article, who.curator), who.moderator)
    with pytest.raises(NotFound):
        actions.flag(finding_id=ruling.findings.earliest("pk").pk, text="Hm.", by=who.stranger)


@pytest.fixture
def retracted(published: Ruling) -> Article:
    Notice.objects.create(article=published.article, position=1, kind="RetractionIn", source="J. 2026", pmid=99)
    return published.article


def test_a_retraction_asks_for_another_look_until_it_was_taken(published: Ruling, retracted: Article, who: People) -> None:
    project = published.project
    (asking,) = queries.reevaluations(who.moderator, project)
    assert (asking.article, asking.findings, [n.kind for n in asking.notices]) == (
        retracted,
        published.findings.count(),
        ["RetractionIn"],
    )
    actions.reevaluate(project=project, article=retracted, stands=True, reason="The images only.", by=who.moderator)
    assert queries.reevaluations(who.moderator, project) == []
    with pytest.raises(WrongState, match="decided already"):
        actions.reevaluate(project=project, article=retracted, stands=True, reason="Again.", by=who.moderator)
    Notice.objects.create(article=retracted, position=2, kind="ExpressionOfConcernIn", source="J. 2026", pmid=100)
    assert len(queries.reevaluations(who.moderator, project)) == 1


def test_all_findings_of_an_article_are_retracted_at_once(published: Ruling, retracted: Article, who: People) -> None:
    done = actions.reevaluate(project=published.project, article=retracted, stands=False, reason="Fabricated.", by=who.moderator)
    assert not Finding.objects.published().filter(ruling__article=retracted).exists()
    assert {f.retraction.reason for f in published.findings.all() if f.retraction} == {"Fabricated."}
    assert done.notices == [["RetractionIn", "99"]]
    assert queries.reevaluations(who.moderator, published.project) == []


def test_who_may_look_again(published: Ruling, retracted: Article, who: People) -> None:
    for person in (who.curator, who.administrator, who.stranger):
        with pytest.raises(NotAllowed):
            actions.reevaluate(project=published.project, article=retracted, stands=True, reason="Fine.", by=person)
    with pytest.raises(Invalid, match="Say why"):
        actions.reevaluate(project=published.project, article=retracted, stands=True, reason="", by=who.moderator)
    assert not Reevaluation.objects.exists()


def test_page_and_endpoint(published: Ruling, retracted: Article, who: People, client: Client) -> None:
    slug = published.project.slug
    client.force_login(who.moderator)
    assert "Retract all of them" in client.get(f"/projects/{slug}/challenges/").content.decode()
    api = APIClient()
    api.force_authenticate(who.moderator)
    (asked,) = api.get(f"/api/v1/projects/{slug}/reevaluations").json()
    assert (asked["article"], asked["notices"]) == (retracted.pk, ["RetractionIn"])
    sent = {"article": retracted.pk, "stands": True, "reason": "Only the images."}
    assert api.post(f"/api/v1/projects/{slug}/reevaluations", sent, format="json").status_code == 201
    assert api.get(f"/api/v1/projects/{slug}/reevaluations").json() == []
    client.force_login(who.moderator)
    assert client.post(f"/projects/{slug}/articles/{retracted.pk}/reevaluate/", {"reason": "x"}).status_code == 409


def test_a_program_flags_and_resolves(finding: Finding, who: People) -> None:
    api = APIClient()
    api.force_authenticate(who.stranger)
    made = api.post(f"/api/v1/findings/{finding.pk}/flags", {"text": "Wrong."}, format="json")
    assert made.status_code == 201
    api.force_authenticate(who.moderator)
    pk = made.json()["id"]
    done = api.post(f"/api/v1/flags/{pk}/resolve", {"answer": "No."}, headers={"If-Match": '"1"'}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "resolved")
    assert [each["id"] for each in api.get(f"/api/v1/projects/{finding.project.slug}/flags").json()["results"]] == [pk]


def test_a_retraction_marks_whatever_counts_the_findings(retracted: Article, who: People, client: Client) -> None:
    project = Finding.objects.earliest("pk").project.slug
    derived = Finding.objects.published().exclude(rule=None).first()
    pages = [f"/findings/{derived.pk}/"] if derived else []
    for address in (*pages, f"/projects/{project}/cohort/?q=sex = male", f"/projects/{project}/cohort/table.csv?q=sex = male"):
        assert re.search("retract|RetractionIn", client.get(address).content.decode(), re.IGNORECASE), address
    assert "1 of them is described in an article that was retracted" in client.get(pages_of(project)).content.decode()
    answer = client.get(f"/api/v1/projects/{project}/cohort?q=sex = male").json()
    assert answer["count"]["questioned"] == 1
    exported = client.get(f"/api/v1/projects/{project}/annotations.jsonld").json()
    assert {tuple(each["cautions"]) for each in exported["first"]["items"]} == {("RetractionIn",)}


def pages_of(project: str) -> str:
    return f"/projects/{project}/cohort/?q=sex = male"
