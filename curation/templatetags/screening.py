"""How the screening pages write what the room has already made safe."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from curation.models import Screening

register = template.Library()


@register.filter
def safe_marks(html: str) -> SafeString:
    """Markup that ``highlighting.marked`` wrote anew from its allow-list, with the words of interest marked."""
    return mark_safe(html)  # noqa: S308


@register.filter
def choice(screening: Screening) -> str:
    """What a chosen row sends: which article, and which version of its decision was read."""
    return f"{screening.pk}:{screening.version}"


@register.filter
def of_row(found: dict[str, str], pk: int) -> str:
    """What was found about the row; empty where nothing was."""
    return found.get(str(pk), "")
