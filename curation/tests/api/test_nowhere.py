"""Addresses that are no endpoint: a problem, or the way to the one that was meant."""

import pytest
from django.test import Client


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_what_is_no_endpoint_is_a_problem_that_says_where_they_are_listed(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "/api/v1/docs/" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_slash_too_many_is_shown_the_way_with_its_method_and_query(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/articles/?year=2021", content_type="application/json")
    assert (answer.status_code, answer["Location"]) == (308, "/api/v1/articles?year=2021")
