"""Small readers of what a form sent, shared by the views."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from curation import repeats
from curation.errors import Fault, Invalid
from curation.web.requests import SignedIn


def once(request: SignedIn, act: Callable[[], Any]) -> Any:
    """Under the key that a script gives it, which sends again what got no answer; without one as often as it is sent."""
    if not (key := request.POST.get("key")):
        return act()
    sent = [request.path, *sorted(request.POST.lists())]
    return repeats.once(by=request.user, key=key, sent=sent, act=lambda: [act()]).answer[0]


def version_of(request: HttpRequest) -> int | None:
    """The hidden ``version`` field: which version of the thing this form was drawn from."""
    return whole_number(request, "version")


def whole_number(request: HttpRequest, name: str) -> int | None:
    """A whole number field, None where it was left empty. Raises Invalid."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise Invalid("Please enter a whole number.", faults=[Fault(name, f"“{text[:40]}” is not a whole number")])
    return int(text)
