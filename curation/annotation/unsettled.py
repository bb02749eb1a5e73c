"""What a move to another codebook version left for a reading's reader to say anew."""

from django.urls import reverse

from curation.errors import Fault
from curation.models import Reading, Unmoved


def faults(reading: Reading) -> list[Fault]:
    """Each with the address where it is said."""
    rows = Unmoved.objects.open().of_reading(reading).select_related("annotation__feature", "annotation__patient").order_by("pk")
    return [_unsettled(each) for each in rows]


def _unsettled(left: Unmoved) -> Fault:
    said = left.said
    return Fault(f"{said.patient}: {said.feature}", f"is to be said anew: {left.why}", reverse("web:unmoved", args=[left.pk]))
