"""What the frame of every page asks: what the person is and what they were told, and which part of the site this is."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.notices import queries as notices
from curation.people import queries

register = template.Library()
register.filter("moderates", queries.moderates)
register.filter("at_a_glance", notices.at_a_glance)


@register.simple_tag(takes_context=True)
def way(context: dict[str, Any], address: str, words: str) -> SafeString:
    """A link of the frame, which says so where it leads to the part of the site one is in."""
    request = context.get("request")
    here = request is not None and request.path.startswith(address)
    return format_html('<a href="{}"{}>{}</a>', address, SafeString(' aria-current="true"' if here else ""), words)
