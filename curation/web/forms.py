"""Small readers of what a form sent, shared by the views."""

from django.http import HttpRequest

from curation.errors import Fault, Invalid


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
