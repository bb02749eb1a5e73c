"""Tokens: shown once, kept as a hash, cut down to their scopes, refused when they should be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from curation.choices import Scope
from curation.errors import Invalid, NotFound
from curation.models import ApiToken, User
from curation.people import actions, queries
from curation.tests import worlds


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("someone")


def test_only_the_hash_of_a_secret_is_kept(person: User) -> None:
    token, secret = actions.issue_token(name="laptop", scopes=[Scope.READ], by=person)
    assert secret not in str(ApiToken.objects.values().get())
    assert queries.token_of(secret) == token


@pytest.mark.parametrize(
    ("name", "scopes", "where"),
    [("", [Scope.READ], "name"), ("laptop", [], "scopes"), ("laptop", ["everything"], "scopes")],
)
def test_a_token_without_name_or_known_scope_is_refused(person: User, name: str, scopes: list[str], where: str) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.issue_token(name=name, scopes=scopes, by=person)
    assert [fault.where for fault in refusal.value.faults] == [where]
    assert not ApiToken.objects.exists()


def test_a_revoked_token_opens_nothing(person: User) -> None:
    token, secret = actions.issue_token(name="laptop", scopes=[Scope.READ], by=person)
    actions.revoke_token(token_id=token.pk, by=person)
    assert queries.token_of(secret) is None


def test_an_expired_token_opens_nothing(person: User) -> None:
    token, secret = actions.issue_token(name="laptop", scopes=[Scope.READ], by=person)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert queries.token_of(secret) is None


def test_the_token_of_a_deactivated_person_opens_nothing(person: User) -> None:
    _, secret = actions.issue_token(name="laptop", scopes=[Scope.READ], by=person)
    actions.set_active(user_id=person.pk, active=False, by=worlds.some_people().administrator)
    assert queries.token_of(secret) is None


def test_nobody_revokes_another_persons_token(person: User) -> None:
    token, secret = actions.issue_token(name="laptop", scopes=[Scope.READ], by=person)
    with pytest.raises(NotFound):
        actions.revoke_token(token_id=token.pk, by=User.objects.create_user("other"))
    assert queries.token_of(secret) == token
