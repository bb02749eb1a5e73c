"""A published finding changes by an accepted proposal, never by its proposer's own hand."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from curation.annotation.actions import Quote
from curation.challenges import actions, queries
from curation.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from curation.models import Finding, Proposal, Ruling, User
from curation.review import actions as review
from curation.safekeeping import replaying
from curation.tests.worlds import People, fresh
from curation.trail import story


def female(finding: Finding, proof: Quote, by: User) -> Proposal:
    return actions.propose(
        finding_id=finding.pk, field="value", new="female", reason="The caption says she.", quotes=[proof], by=by
    )


def test_an_accepted_proposal_takes_the_findings_place(finding: Finding, proof: Quote, who: People) -> None:
    proposal = female(finding, proof, who.curator2)
    done = actions.accept(proposal_id=proposal.pk, version=proposal.version, by=who.moderator)
    made = done.outcome
    assert made is not None
    assert (fresh(finding).state, made.state, made.value) == ("superseded", "published", "female")
    assert (made.ruling.kind, made.ruling.reason, made.ruling.moderator) == ("amend", "The caption says she.", who.moderator)
    assert list(made.annotations.all()) == list(finding.annotations.all()), "it still comes from the same reading"
    assert [quote.exact for quote in done.quotes.all()] == [proof.exact]
    assert story(fresh(finding))[0].did == "changed a finding"
    assert all(table.is_equal for table in replaying.replay())


def test_a_status_or_a_comment_may_be_proposed_too(finding: Finding, proof: Quote, who: People) -> None:
    silent = actions.propose(
        finding_id=finding.pk, field="status", new="indeterminate", reason="Unclear.", quotes=[proof], by=who.curator2
    )
    made = actions.accept(proposal_id=silent.pk, version=1, by=who.moderator).outcome
    assert made is not None
    assert (made.status, made.value) == ("indeterminate", "male")
    remark = actions.propose(finding_id=made.pk, field="comment", new="See figure 1.", reason="Helps.", by=who.curator2)
    again = actions.accept(proposal_id=remark.pk, version=1, by=who.moderator).outcome
    assert again is not None
    assert (again.comment, again.value) == ("See figure 1.", "male")


def test_rivals_are_superseded_when_one_is_accepted(finding: Finding, proof: Quote, who: People) -> None:
    one, other = female(finding, proof, who.curator2), female(finding, proof, who.curator)
    actions.accept(proposal_id=one.pk, version=one.version, by=who.moderator)
    assert fresh(other).state == "superseded"
    with pytest.raises((Stale, WrongState)):
        actions.accept(proposal_id=other.pk, version=other.version, by=who.moderator)
    with pytest.raises(WrongState, match="superseded"):
        actions.reject(proposal_id=other.pk, version=fresh(other).version, reason="Late", by=who.moderator)


def test_what_was_derived_follows(published: Ruling, proof: Quote, who: People) -> None:
    before = Finding.objects.filter(rule__isnull=False).count()
    finding = published.findings.get(feature__slug="sex")
    proposal = female(finding, proof, who.curator2)
    actions.accept(proposal_id=proposal.pk, version=1, by=who.moderator)
    assert Finding.objects.filter(rule__isnull=False).count() >= before


@pytest.mark.parametrize("verb", ["accept", "reject"])
def test_nobody_decides_on_their_own(finding: Finding, proof: Quote, who: People, verb: str) -> None:
    proposal = female(finding, proof, who.moderator)
    words = {"reason": "So it is."}
    with pytest.raises(NotAllowed, match="your own proposal"):
        getattr(actions, verb)(proposal_id=proposal.pk, version=1, by=who.moderator, **words)
    for person in (who.curator, who.curator2, who.administrator):
        with pytest.raises(NotAllowed):
            getattr(actions, verb)(proposal_id=proposal.pk, version=1, by=person, **words)
    with pytest.raises(NotFound):
        getattr(actions, verb)(proposal_id=proposal.pk, version=1, by=who.stranger, **words)
    assert fresh(proposal).state == "open"
    assert fresh(finding).state == "published"


def test_whose_reading_it_was_does_not_decide_on_it(own_submitted: object, who: People) -> None:
    ruling = review.publish(reading_id=own_submitted.pk, version=own_submitted.version, by=who.moderator2)  # type: ignore[attr-defined]
    finding = ruling.findings.get(feature__slug="sex")
    proposal = actions.propose(finding_id=finding.pk, field="comment", new="?", reason="Doubt.", by=who.curator2)
    with pytest.raises(NotAllowed, match="your own reading"):
        actions.reject(proposal_id=proposal.pk, version=1, reason="I was right", by=who.moderator)
    actions.reject(proposal_id=proposal.pk, version=1, reason="He was right", by=who.moderator2)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"field": "sex"}, "Say what is to change"),
        ({"new": "male"}, "says already"),
        ({"new": "unknown"}, "cannot be recorded"),
        ({"field": "status", "new": "absent"}, "cannot be recorded"),
        ({"field": "comment", "new": 3}, "is text"),
        ({"field": "comment", "new": "a\x00b"}, "is text"),
        ({"reason": " "}, "for a reason"),
        ({"quotes": []}, "Prove it"),
        ({"quotes": [Quote(999_999, "male")]}, "another text"),
    ],
)
def test_what_cannot_be_proposed(finding: Finding, proof: Quote, who: People, changes: dict, reason: str) -> None:
    sent = {"field": "value", "new": "female", "reason": "Because.", "quotes": [proof]} | changes
    with pytest.raises(Invalid, match=reason):
        actions.propose(finding_id=finding.pk, by=who.curator2, **sent)
    assert not Proposal.objects.exists()


def test_words_that_are_not_there_are_refused(finding: Finding, proof: Quote, who: People) -> None:
    with pytest.raises(Invalid):
        female(finding, Quote(proof.section_id, "never written"), who.curator2)
    with pytest.raises(Invalid, match="not in the report"):
        queries.quote_found(finding, "never written")
    with pytest.raises(Invalid, match="a little more"):
        queries.quote_found(finding, "a")
    assert queries.quote_found(finding, " 35-year-old  male presented ").exact == "35-year-old male presented"


def test_strangers_do_not_propose_and_no_finding_twice(finding: Finding, proof: Quote, who: People) -> None:
    for person in (who.stranger, who.outsider, who.administrator):
        with pytest.raises(NotAllowed):
            female(finding, proof, person)
    female(finding, proof, who.curator2)
    with pytest.raises(WrongState, match="open proposal"):
        female(finding, proof, who.curator2)


def test_only_published_recorded_findings_are_challenged(published: Ruling, proof: Quote, who: People) -> None:
    finding = published.findings.get(feature__slug="sex")
    review.retract(finding_id=finding.pk, version=finding.version, reason="A slip", by=who.moderator)
    with pytest.raises(WrongState, match="retracted"):
        female(finding, proof, who.curator2)


def test_a_proposal_for_what_was_replaced_meanwhile_is_not_accepted(finding: Finding, proof: Quote, who: People) -> None:
    proposal = female(finding, proof, who.curator2)
    review.retract(finding_id=finding.pk, version=finding.version, reason="A slip", by=who.moderator)
    with pytest.raises(WrongState, match="retracted since"):
        actions.accept(proposal_id=proposal.pk, version=1, by=who.moderator)
    assert not Finding.objects.published().filter(feature__slug="sex").exists()


def test_a_proposer_may_withdraw_and_nobody_else(finding: Finding, proof: Quote, who: People) -> None:
    proposal = female(finding, proof, who.curator2)
    with pytest.raises(NotAllowed):
        actions.withdraw(proposal_id=proposal.pk, version=1, by=who.moderator)
    actions.withdraw(proposal_id=proposal.pk, version=1, by=who.curator2)
    assert fresh(proposal).state == "withdrawn"
    female(finding, proof, who.curator2)


def test_pages_lead_from_the_finding_to_the_decision(finding: Finding, who: People, client: Client) -> None:
    client.force_login(who.curator2)
    assert "Propose a change" in client.get(f"/findings/{finding.pk}/").content.decode()
    refused = client.post(
        f"/findings/{finding.pk}/propose/", {"field": "value", "value": "female", "reason": "She.", "quote": "nowhere at all"}
    )
    assert refused.status_code == 422
    assert "nowhere at all" in refused.content.decode()
    assert "She." in refused.content.decode()
    sent = client.post(
        f"/findings/{finding.pk}/propose/",
        {"field": "value", "value": "female", "reason": "She.", "quote": "A 35-year-old male presented"},
    )
    proposal = Proposal.objects.get()
    assert sent.headers["Location"] == f"/proposals/{proposal.pk}/"
    own = client.get(f"/proposals/{proposal.pk}/").content.decode()
    assert "Withdraw" in own
    assert "Accept and publish" not in own
    client.force_login(who.moderator)
    assert "Female" in client.get(f"/proposals/{proposal.pk}/").content.decode()
    assert "Sex" in client.get(f"/projects/{finding.project.slug}/challenges/").content.decode()
    done = client.post(f"/proposals/{proposal.pk}/accept/", {"version": 1})
    made = Finding.objects.published().get(feature__slug="sex")
    assert done.headers["Location"] == f"/findings/{made.pk}/"
    assert "an accepted proposal" in client.get(f"/findings/{made.pk}/").content.decode()


def test_a_program_proposes_and_decides(finding: Finding, proof: Quote, who: People) -> None:
    api = APIClient()
    api.force_authenticate(who.curator2)
    sent = {"field": "value", "new": "female", "reason": "She.", "quotes": [{"section": proof.section_id, "exact": proof.exact}]}
    made = api.post(f"/api/v1/findings/{finding.pk}/proposals", sent, format="json")
    assert (made.status_code, made.json()["state"], made.headers["ETag"]) == (201, "open", '"1"')
    pk = made.json()["id"]
    assert api.post(f"/api/v1/proposals/{pk}/accept", {}, headers={"If-Match": '"1"'}, format="json").status_code == 403
    api.force_authenticate(who.moderator)
    assert api.post(f"/api/v1/proposals/{pk}/accept", {}, format="json").status_code == 428
    done = api.post(f"/api/v1/proposals/{pk}/accept", {}, headers={"If-Match": '"1"'}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "accepted")
    listed = api.get(f"/api/v1/projects/{finding.project.slug}/proposals?state=accepted").json()
    assert [each["id"] for each in listed["results"]] == [pk]


def test_the_quotes_of_an_accepted_proposal_prove_the_finding_everywhere(
    finding: Finding, proof: Quote, who: People, client: Client
) -> None:
    words = Quote(proof.section_id, "he did not receive a clear diagnosis")
    proposal = female(finding, words, who.curator2)
    made = actions.accept(proposal_id=proposal.pk, version=1, by=who.moderator).outcome
    assert made is not None
    again = actions.propose(finding_id=made.pk, field="comment", new="So it is.", reason="Clear.", by=who.curator2)
    last = actions.accept(proposal_id=again.pk, version=1, by=who.moderator).outcome
    assert last is not None, "and what follows it rests on it too"
    project = finding.project.slug
    for address in (
        f"/findings/{last.pk}/",
        f"/projects/{project}/cohort/?q=sex = female",
        f"/articles/{finding.ruling.article_id}/?finding={last.pk}",  # type: ignore[union-attr]
        f"/api/v1/projects/{project}/cohort?q=sex = female",
        f"/api/v1/findings/{last.pk}/annotation.jsonld",
        f"/api/v1/projects/{project}/annotations.jsonld",
    ):
        assert words.exact in client.get(address).content.decode(), address
    assert "A 35-year-old male presented" in client.get(f"/projects/{project}/cohort/table.csv?q=sex = female").content.decode()
