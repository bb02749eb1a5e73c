"""What a view may count on of its request, for the type checker's sake."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from curation.models import User


class Request(HttpRequest):
    htmx: HtmxDetails


class SignedIn(Request):
    """A request behind ``login_required``."""

    user: User
