"""The number of database queries does not grow with the number of patients."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.cohorts import queries
from curation.tests.cohorts.crowd import Crowd
from curation.tests.worlds import People

QUESTION = "symmetry IN (a, b) OR NOT dysphagia IS present AND onset < 4 y"
MOST_QUERIES = 12


@pytest.mark.parametrize("size", [10, 500])
def test_queries_stay_few(who: People, client: Client, size: int) -> None:
    crowd = Crowd(who.administrator, size=size)
    client.force_login(who.stranger)
    queries.ask(user=AnonymousUser(), project=crowd.project, question=QUESTION)  # the codebook is read once per process
    with CaptureQueriesContext(connection) as asked:
        answer = queries.ask(user=AnonymousUser(), project=crowd.project, question=QUESTION)
    with CaptureQueriesContext(connection) as drawn:
        response = client.get(f"/projects/{crowd.project.slug}/cohort/", {"q": QUESTION})
    assert answer.patients > 0
    assert response.status_code == 200
    assert len(asked) == 8
    assert len(drawn) <= MOST_QUERIES
