"""The mail server is read from one address."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import mail


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("", mail.Server()),
        ("smtp://mail.example.org", mail.Server("mail.example.org", 25)),
        ("smtp+tls://me%40here:a%2Fb@mail.example.org:2525", mail.Server("mail.example.org", 2525, "me@here", "a/b", True)),
        ("smtps://me:x@mail.example.org", mail.Server("mail.example.org", 465, "me", "x", False, True)),
    ],
)
def test_an_address_names_the_server(address: str, meant: mail.Server) -> None:
    assert mail.server(address) == meant


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://me:secret@host:port"])
def test_a_mistake_is_a_sentence_that_keeps_the_secret(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="write smtp://host:25") as refused:
        mail.server(address)
    assert "secret" not in str(refused.value)
