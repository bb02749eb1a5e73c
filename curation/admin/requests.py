"""What the admin may count on of its request, for the type checker's sake: the site lets nobody else in."""

from django.http import HttpRequest

from curation.models import User


class SignedIn(HttpRequest):
    user: User
