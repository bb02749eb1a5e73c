"""The mail server's address, read for Django's settings."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class Server(NamedTuple):
    """Without ``host`` there is none. ``starts_tls``: asks for TLS on a plain connection; ``is_tls``: is TLS from the start."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def server(address: str) -> Server:
    """That of ``smtp+tls://user:password@host:587``. Raises ImproperlyConfigured, without telling the password."""
    if not address:
        return Server()
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in PORTS or not host:
        raise ImproperlyConfigured(
            "EMAIL_URL is not the address of a mail server: write smtp://host:25, smtp+tls://user:password@host:587 or "
            "smtps://user:password@host:465, with special characters of user and password in % signs."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(host, port or PORTS[scheme], user, password, scheme == "smtp+tls", scheme == "smtps")
