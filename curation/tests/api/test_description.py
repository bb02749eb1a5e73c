"""The API against its own description: it is whole, and whatever it allows or forbids is answered, never a fault of ours."""

import json

import pytest
import schemathesis
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.core import NOT_SET

from curation.tests import worlds
from curation.tests.articles.conftest import standin
from curation.tests.standin.server import Standin

__all__ = ["standin"]

DESCRIPTION = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
described = schemathesis.openapi.from_dict(DESCRIPTION)


def test_it_is_valid_and_leaves_nothing_to_guess() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


@pytest.fixture
def signed_in(included: object, who: worlds.People, standin: Standin) -> Client:
    return Client(headers={"authorization": worlds.token_of(who.moderator)}, raise_request_exception=False)


@described.parametrize()
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_answered(signed_in: Client, case: schemathesis.Case) -> None:
    """Made by schemathesis from the description: valid and invalid, NUL and surrogates, huge numbers, wrong types."""
    body = "" if case.body is NOT_SET else json.dumps(case.body, default=str)
    answer = signed_in.generic(
        case.method,
        case.formatted_path,
        body,
        content_type=case.media_type or "application/json",
        query_params={name: str(value) for name, value in (case.query or {}).items()},
        headers={name: str(value) for name, value in (case.headers or {}).items() if str(value).isascii()},
    )
    assert answer.status_code < 500, answer.content[:2000]
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", answer.content[:500]
