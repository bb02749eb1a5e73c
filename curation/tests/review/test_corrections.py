"""Where a reader was corrected: what is published says otherwise, or was taken back."""

import pytest
from django.test import Client

from curation.audit import acting
from curation.codebook.rules import Value
from curation.models import Finding, Reading
from curation.review import actions as review
from curation.review import corrections
from curation.tests import worlds
from curation.tests.worlds import People


@pytest.fixture
def published(submitted: Reading, who: People) -> worlds.Ruling:
    return worlds.decided(submitted, who.moderator)


def amended(published: worlds.Ruling, who: People) -> None:
    """The published age says another than the reading it settles."""
    age = published.findings.get(feature__slug="age")
    answer = Value("present", "P36Y", 36, 36)
    review.amend(finding_id=age.pk, answer=answer, comment="", reason="By the dates.", by=who.moderator)


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


def test_what_is_published_otherwise(published: worlds.Ruling, who: People) -> None:
    amended(published, who)
    (told,) = corrections.told(corrections.corrected(who.curator))
    assert (told.mine, told.now) == ("Present 35 years", "Present 36 years")


def test_only_what_was_accepted_is_compared(published: worlds.Ruling, who: People) -> None:
    amended(published, who)
    with acting(by=who.moderator, verb="reading.publish"):
        Reading.objects.filter(pk=published.reading_id).update(state="submitted")
    assert not corrections.corrected(who.curator).exists()
    assert Finding.objects.published().get(feature__slug="age").value == "P36Y"
