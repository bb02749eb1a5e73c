"""Where a reader was corrected: what is published says otherwise, or was taken back."""

import pytest
from django.test import Client

from curation.annotation.actions import Quote
from curation.audit import acting
from curation.challenges import actions as challenges
from curation.models import Finding, Reading
from curation.review import actions as review
from curation.review import corrections
from curation.tests import worlds
from curation.tests.worlds import People


@pytest.fixture
def published(submitted: Reading, who: People) -> worlds.Ruling:
    return worlds.decided(submitted, who.moderator)


def test_what_agrees_is_no_correction(published: worlds.Ruling, who: People) -> None:
    assert not corrections.corrected(who.curator).exists()


def test_what_was_taken_back(client: Client, published: worlds.Ruling, who: People) -> None:
    finding = published.findings.get(feature__slug="age")
    review.retract(finding_id=finding.pk, version=finding.version, reason="Of the sister.", by=who.moderator)
    (told,) = corrections.told(corrections.corrected(who.curator))
    assert (told.mine, told.now, told.by, told.why) == ("Present 35 years", "", "The moderator", "Of the sister.")
    assert not corrections.corrected(who.curator2).exists()
    client.force_login(who.curator)
    assert "Of the sister." in client.get("/readings/corrected/").content.decode()
    assert "1 correction" in client.get("/readings/").content.decode()
    (listed,) = client.get("/api/v1/corrections").json()["results"]
    assert (listed["feature"], listed["now"]) == ("age", "")


def test_what_an_accepted_proposal_changed_names_the_proposal(client: Client, published: worlds.Ruling, who: People) -> None:
    finding = published.findings.get(feature__slug="age")
    quote = Quote(section_id=published.article.sections.get(key="abstract").pk, exact="12 years")
    made = challenges.propose(
        finding_id=finding.pk, field="value", new="P36Y", reason="At biopsy.", quotes=[quote], by=who.curator2
    )
    challenges.accept(proposal_id=made.pk, version=1, by=who.moderator2)
    (told,) = corrections.told(corrections.corrected(who.curator))
    assert (told.mine, told.now, told.how, told.by) == ("Present 35 years", "Present 36 years", "Amended", "The moderator2")
    assert (told.why, told.proposal) == ("At biopsy.", made)
    client.force_login(who.curator)
    assert f"/proposals/{made.pk}/" in client.get("/readings/corrected/").content.decode()


def test_what_was_taken_back_and_stands_again_is_no_correction(published: worlds.Ruling, who: People) -> None:
    finding = published.findings.get(feature__slug="age")
    review.retract(finding_id=finding.pk, version=finding.version, reason="A slip.", by=who.moderator)
    with acting(by=who.moderator, verb="reading.publish"):
        kept = Finding.objects.get(pk=finding.pk)
        kept.pk, kept.state, kept.retraction = None, "published", None
        kept.save()
    assert not corrections.corrected(who.curator).exists()


def test_filters_and_counts_by_feature(client: Client, published: worlds.Ruling, who: People) -> None:
    for slug in ("age", "sex"):
        finding = published.findings.get(feature__slug=slug)
        review.retract(finding_id=finding.pk, version=finding.version, reason="A slip.", by=who.moderator)
    assert [each.number for each in corrections.by_feature(corrections.corrected(who.curator))] == [1, 1]
    client.force_login(who.curator)
    (listed,) = client.get("/api/v1/corrections?feature=sex&project=imnm").json()["results"]
    assert (listed["feature"], listed["project"], listed["how"]) == ("sex", "imnm", "Retracted")
    assert client.get("/api/v1/corrections?project=elsewhere").json()["results"] == []
    assert [each["feature"] for each in client.get("/api/v1/corrections/features").json()] == ["age", "sex"]
    page = client.get(f"/readings/corrected/?article={published.article_id}&feature=sex").content.decode()
    assert "1 correction" in page
    assert "Sex (1)" in page
    assert "Nothing was corrected here" in client.get("/readings/corrected/?article=1&project=x").content.decode()
