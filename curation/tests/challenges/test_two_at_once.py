"""Two acceptances of rival proposals: one wins, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from curation.annotation.actions import Quote
from curation.challenges import actions
from curation.errors import Refusal
from curation.models import Finding, Proposal, User
from curation.tests.challenges.test_proposals import female
from curation.tests.worlds import People


@pytest.mark.django_db(transaction=True)
def test_rivals_accepted_at_once(finding: Finding, proof: Quote, who: People) -> None:
    rivals = [female(finding, proof, who.curator), female(finding, proof, who.curator2)]
    start = Barrier(2)

    def accept(proposal: Proposal, by: User) -> str:
        try:
            start.wait(10)
            actions.accept(proposal_id=proposal.pk, version=1, by=by)
        except Refusal as refusal:
            return refusal.slug
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(accept, rivals, [who.moderator, who.moderator2]))
    assert said[0] == "accepted"
    assert said[1] in ("stale", "wrong-state")
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["accepted", "superseded"]
    assert Finding.objects.published().get(feature__slug="sex").value == "female"
