"""The frame every page stands in, and how a refusal looks in it."""

from collections import Counter
from types import ModuleType

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import URLPattern

from curation.api import urls as api
from curation.errors import Fault, Invalid
from curation.models import User
from curation.tests import worlds
from curation.web import urls as web


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("ada", password="a long enough one", name="Ada L.")


def test_sign_in_says_why_it_failed(client: Client, person: User) -> None:
    answer = client.post("/sign-in/", {"username": "ada", "password": "wrong"})
    assert answer.status_code == 200
    assert "No account has this user name with this password" in answer.text


def test_after_sign_in_the_page_names_the_person_and_offers_the_way_out(client: Client, person: User) -> None:
    client.post("/sign-in/", {"username": "ada", "password": "a long enough one", "next": "/nowhere/"})
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert "Ada L." in page.text
    assert "Sign out" in page.text
    assert "There is no such page here" in page.text


def test_a_refusal_lists_every_fault_with_its_link(rf: RequestFactory) -> None:
    refusal = Invalid("Not submitted.", faults=[Fault("Sex", "has no answer", "#sex"), Fault("", "one <b>more</b>")])
    page = render_to_string("refusals/_refusal.html", {"refusal": refusal})
    assert '<a href="#sex">Sex</a>' in page
    assert "one &lt;b&gt;more&lt;/b&gt;" in page


def test_pages_hold_nothing_that_the_content_policy_would_stop(client: Client, db: None) -> None:
    page = client.get("/sign-in/").text
    assert "style=" not in page
    assert "onclick" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("template", ["404.html", "403.html", "400.html", "500.html", "403_csrf.html"])
def test_error_pages_need_no_context(template: str) -> None:
    assert "To the start page" in render_to_string(template)


def test_a_character_that_cannot_be_stored_is_refused_before_any_view(client: Client, who: worlds.People) -> None:
    client.force_login(who.administrator)
    for address, name in (("/projects/new/", "title"), ("/account/tokens/", "name")):
        answer = client.post(address, {name: "a\x00b"})
        assert answer.status_code == 422
        assert f"<strong>{name}</strong>" in answer.text


@pytest.mark.parametrize("door", [web, api], ids=["web", "api"])
def test_no_address_is_declared_twice(door: ModuleType) -> None:
    names = [pattern.name for pattern in door.urlpatterns if isinstance(pattern, URLPattern)]
    assert [name for name, times in Counter(names).items() if times > 1] == []
