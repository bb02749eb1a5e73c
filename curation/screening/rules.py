"""What a decision on an article must say."""

from collections.abc import Sequence

from curation.errors import Fault, Invalid

#: More than any series describes; a larger number is a slip of the hand.
MOST_PATIENTS = 1000


def check_patients(number: int | None) -> int | None:
    """How many patients the article describes; None where nobody counted."""
    if number is not None and not 1 <= number <= MOST_PATIENTS:
        raise Invalid(
            "An included article describes at least one patient.",
            faults=[Fault("patients_described", f"give a number from 1 to {MOST_PATIENTS}, or leave it empty")],
        )
    return number


def check_reason(reason: str, allowed: Sequence[str]) -> str:
    if reason not in allowed:
        given = f"“{reason[:80]}” is none of them" if reason else "choose one"
        raise Invalid(
            "An article is excluded for one of the project's reasons.",
            faults=[Fault("reason", f"{given}: {'; '.join(allowed)}")],
        )
    return reason
