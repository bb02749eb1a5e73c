"""What a proposal makes of a finding. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from curation.choices import ProposalField, Status
from curation.codebook.rules import FeatureSpec, Value, check
from curation.errors import Fault, Invalid

LONGEST_REASON, LONGEST_COMMENT = 5_000, 10_000


class Answer(Protocol):
    status: str
    value: Any
    qualifiers: Any
    comment: str


@dataclass(frozen=True, slots=True)
class Changed:
    value: Value
    comment: str


def changed(spec: FeatureSpec, now: Answer, field: str, new: object) -> Changed:
    """The finding with the one field changed. Raises Invalid where that cannot be recorded, or changes nothing.

    A new value makes the status “present”; a new status without a value takes the old one with it where it may keep one.
    """
    if field == ProposalField.COMMENT:
        made = Changed(_same(now), _comment(new))
    elif field == ProposalField.VALUE:
        status = now.status if now.status == Status.INDETERMINATE else Status.PRESENT
        made = Changed(check(spec, status=status, value=new, qualifiers={}), now.comment)
    elif field == ProposalField.STATUS:
        made = Changed(_of_status(spec, now, new), now.comment)
    else:
        raise Invalid("Say what is to change.", faults=[Fault("field", f"choose one of {', '.join(ProposalField.values)}")])
    if (made.value.status, made.value.value, made.comment) == (now.status, now.value, now.comment):
        raise Invalid("That is what the finding says already.", faults=[Fault("new", "changes nothing")])
    return made


def _of_status(spec: FeatureSpec, now: Answer, new: object) -> Value:
    keeps = new in (Status.PRESENT, Status.INDETERMINATE)
    if keeps and spec.has_value and now.value is None and new == Status.PRESENT:
        raise Invalid("“Present” needs a value here.", faults=[Fault("new", "propose the value; the status follows it")])
    kept = now.value if keeps else None
    return check(spec, status=str(new), value=kept, qualifiers=now.qualifiers if kept is not None else {})


def _same(now: Answer) -> Value:
    low, high = getattr(now, "low", None), getattr(now, "high", None)
    return Value(now.status, now.value, low, high, dict(now.qualifiers or {}))


def _comment(new: object) -> str:
    if not isinstance(new, str) or "\x00" in new:
        raise Invalid("A comment is text.", faults=[Fault("new", "is not text that can be stored")])
    if len(new.strip()) > LONGEST_COMMENT:
        raise Invalid("Please be brief.", faults=[Fault("new", f"at most {LONGEST_COMMENT} characters")])
    return new.strip()


def content(made: Changed, field: str) -> Any:
    """What a proposal keeps as ``new``: the field, normalised."""
    return {ProposalField.STATUS: made.value.status, ProposalField.VALUE: made.value.value, ProposalField.COMMENT: made.comment}[
        ProposalField(field)
    ]


def signature(notices: list[Mapping[str, Any]]) -> list[list[str]]:
    """Notices as a re-evaluation remembers them, whatever their rows are numbered now."""
    return sorted([str(each["kind"]), str(each["pmid"] or each["source"])] for each in notices)
