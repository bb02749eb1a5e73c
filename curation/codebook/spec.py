"""What the rules know of a feature, and the shape of an answer to it. No tables here: ``queries.spec`` fills these in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from curation.choices import ValueType


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """``unit`` {ucum, label}, ``range`` {min, max} and ``shown_when`` {feature, status_in | value_in} as in the file."""

    slug: str
    label: str
    value_type: str
    options: tuple[str, ...] = ()
    option_labels: Mapping[str, str] = field(default_factory=dict)
    unit: Mapping[str, str] | None = None
    range: Mapping[str, float] | None = None
    repeatable: bool = False
    repeat_group: str = ""
    shown_when: Mapping[str, Any] | None = None
    evidence_required: bool = True
    derived: bool = False
    tier: str = "core"
    status_labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_value(self) -> bool:
        """Whether the answer is more than its status."""
        return self.value_type != ValueType.FINDING


@dataclass(frozen=True, slots=True)
class Value:
    """A normalised answer, ready to be kept (see ``models.annotation.ValueFields`` for shapes and units)."""

    status: str
    value: Any = None
    low: float | None = None
    high: float | None = None
    qualifiers: dict[str, Any] = field(default_factory=dict)


class Answer(Protocol):
    """Whatever holds a status and a value: an annotation, a finding, a Value."""

    @property
    def status(self) -> str: ...

    @property
    def value(self) -> Any: ...
