"""The form of one feature: what it sends read into the shape that actions take, and what it shows built from either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from curation.annotation.anchoring import Place
from curation.annotation.history import Change
from curation.annotation.workspace import Row, Shown
from curation.choices import RECORDABLE, Confidence, EvidenceRole, Status, ValueType
from curation.codebook import terms as hpo
from curation.codebook import units
from curation.codebook.qualifiers import CERTAINTIES, SEVERITIES, SIDES
from curation.codebook.retyped import retyped
from curation.codebook.rules import FeatureSpec, status_words
from curation.errors import Refusal
from curation.models import Section
from curation.web.pieces import REGION_FIELDS, Pending, pending_in, pieces_in

#: So many options are shown at once; more become a list to open.
MOST_RADIOS = 6
BLANK_TERMS = 2
LISTED = ("terms", ValueType.MEASUREMENT)
#: Fields for a place that is typed instead of drawn or chosen.
TYPED = ("region-figure", *REGION_FIELDS, "region-panel", "cell-section", "cell-row", "cell-column")
QUALIFIERS = ("precision", "side", "certainty", "severity", "quantity")
#: What a qualifier's list offers: how exact is read from the value itself, but not how it was come by.
COME_BY = ("derived", "inferred")
SIMPLE = (ValueType.NUMBER, ValueType.AGE, ValueType.DURATION, ValueType.DURATION_SIGNED, ValueType.TIME, ValueType.VARIANT)

HINTS = {
    ValueType.AGE: later("as the text says it: 35 y, 18 months, 3½ years, late 40s, in his sixties"),
    ValueType.DURATION: later("as the text says it: 2 weeks, 3½ years, more than 6 months, 2 to 3 days"),
    ValueType.DURATION_SIGNED: later("2 years before, 6 months after"),
    ValueType.NUMBER: later("as the text says it: ≥ 7,200, or about 50"),
    ValueType.TIME: later("a date (March 2021), an age (at age 35), or 2 weeks after onset, presentation, diagnosis, treatment"),
    ValueType.VARIANT: later("gene and HGVS: DYSF c.855+1del"),
}


def answer_in(data: QueryDict, spec_type: str) -> dict[str, Any]:
    """The keyword arguments that ``record`` and ``change`` share."""
    value = value_in(data, spec_type)
    return {
        "status": data.get("status") or (Status.PRESENT if value else ""),  # who gives a value says that it is there
        "value": value,
        "qualifiers": {name: said for name in QUALIFIERS if (said := _words(data, name))},
        "confidence": data.get("confidence", Confidence.HIGH),
        "comment": data.get("comment", ""),
        "quotes": pieces_in(data),
    }


def value_in(data: QueryDict, value_type: str) -> object:
    """Raw, by value type; the codebook's rules check and normalise it. None where nothing was entered."""
    if value_type == ValueType.CHOICE_MULTI:
        return data.getlist("value") or None
    if value_type == ValueType.ONTOLOGY_TERM:
        return "\n".join(term for term in data.getlist("value") if term.strip()) or None
    if value_type == ValueType.MEASUREMENT:
        parts = {part: _words(data, part) for part in ("name", "number", "unit")}
        return {part: words for part, words in parts.items() if words} or None
    other = _words(data, "other") if value_type == ValueType.CHOICE_OPEN else ""
    return other or _words(data, "value") or None


def _words(data: QueryDict, name: str) -> str:
    return str(data.get(name, "")).strip()


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool
    definition: str = ""


def _chosen(choices: Sequence[Choice]) -> str:
    return ", ".join(choice.label for choice in choices if choice.chosen)


def _listed(words: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {said}" for name, said in words.items() if said)


@dataclass(frozen=True)
class FeatureForm:
    """What the template draws. ``shown`` is what is stored (None for a new answer), ``data`` what a refused save had sent,
    ``figures`` and ``tables`` the labels of what can be drawn on and what has cells."""

    row: Row
    instance: int
    shown: Shown | None
    data: QueryDict | None = None
    refusal: Refusal | None = None
    conflict: bool = False
    found: Sequence[tuple[Section, Place]] | None = None
    changed: Change | None = None  # what was done to it meanwhile
    figures: Mapping[int, str] = field(default_factory=dict)
    tables: Mapping[int, str] = field(default_factory=dict)

    @property
    def version(self) -> int | str:
        """The one that was read: after a conflict the one that is stored now, else the one the form was drawn from."""
        if self.data is not None and not self.conflict:
            return self.data.get("version", "")
        return self.shown.annotation.version if self.shown else ""

    @property
    def stored(self) -> "FeatureForm":
        """The same form as it would open now, whatever was typed: what a person compares with and may go back to."""
        return replace(self, data=None, refusal=None, conflict=False, found=None, changed=None)

    @property
    def spec(self) -> FeatureSpec:
        return self.row.spec

    @property
    def differences(self) -> list[tuple[str, str, str, str]]:
        """Part, its label, what was typed and what is stored; only where they differ."""
        theirs = self.stored
        parts = [
            ("answer", _("Answer"), self.answer_words, theirs.answer_words),
            ("qualifiers", _("Qualifiers"), _listed(self.qualifiers), _listed(theirs.qualifiers)),
            ("confidence", _("Confidence"), _chosen(self.confidences), _chosen(theirs.confidences)),
            ("comment", _("Comment"), self.comment, theirs.comment),
        ]
        return [part for part in parts if part[2] != part[3]]

    @property
    def answer_words(self) -> str:
        return " ".join(filter(None, [_chosen(self.statuses), self.typed_words])) or _("nothing")

    def _typed(self, name: str, stored: object) -> Any:
        if self.data is None:
            return stored if self.shown else None
        return self.data.get(name, "")

    @property
    def statuses(self) -> list[Choice]:
        now = self._typed("status", self.shown and self.shown.annotation.status)
        return [Choice(s, status_words(self.spec, s), s == now) for s in RECORDABLE]

    @property
    def confidences(self) -> list[Choice]:
        now = self._typed("confidence", self.shown and self.shown.annotation.confidence) or Confidence.HIGH
        return [Choice(value, str(label), value == now) for value, label in Confidence.choices]

    @property
    def comment(self) -> str:
        return self._typed("comment", self.shown and self.shown.annotation.comment) or ""

    @property
    def widget(self) -> str:
        kind = self.spec.value_type
        if kind in (ValueType.CHOICE, ValueType.CHOICE_OPEN):
            return "radios" if len(self.spec.options) <= MOST_RADIOS else "select"
        if kind in SIMPLE:
            return "line"
        return {ValueType.CHOICE_MULTI: "checks", ValueType.ONTOLOGY_TERM: "terms", ValueType.TEXT: "text"}.get(
            ValueType(kind), str(kind)
        )

    @property
    def is_open_choice(self) -> bool:
        return self.spec.value_type == ValueType.CHOICE_OPEN

    @property
    def value(self) -> object:
        """As typed, else as stored."""
        if self.data is not None:
            return value_in(self.data, self.spec.value_type)
        return self.shown.annotation.value if self.shown else None

    @property
    def choices(self) -> list[Choice]:
        now = self.value if isinstance(self.value, list) else [self.value]
        return [Choice(o.value, o.label, o.value in now, o.definition) for o in self.row.feature.options.all()]

    @property
    def other(self) -> str:
        return self.value if isinstance(self.value, str) and self.value not in self.spec.options else ""

    @property
    def line(self) -> str:
        """As typed, or what is stored as a person would type it again."""
        if self.data is not None or self.shown is None:
            return str(self.value or "")
        return retyped(self.spec, self.value, self.shown.annotation.qualifiers)

    @property
    def measured(self) -> dict[str, Any]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def typed_words(self) -> str:
        """What was entered, in words, for the page that sets it beside what is stored."""
        if self.choices:
            return ", ".join([c.label for c in self.choices if c.chosen] or [self.other])
        return (
            ", ".join(map(str, self.measured.values())) or ", ".join(filter(None, self.terms))
            if self.widget in LISTED
            else self.line
        )

    @property
    def hint(self) -> str:
        if self.spec.unit and (others := units.ways(self.spec.unit)[1:]):
            way = {"unit": self.spec.unit["label"], "others": ", ".join(others[:4])}
            return _("as the text says it: 5,320 %(unit)s (ref < 200), ≥ 7,200, 26.6 × ULN; converted from %(others)s") % way
        return str(HINTS.get(ValueType(self.spec.value_type), ""))

    @property
    def terms(self) -> list[str]:
        """Those there are, as "label (id)", and blank ones to fill."""
        value = self.value.splitlines() if isinstance(self.value, str) else self.value
        listed = value if isinstance(value, list) else [value] if value else []
        words = [f"{t['label']} ({t['id']})" if isinstance(t, dict) else str(t) for t in listed]
        return words + [""] * (BLANK_TERMS if self.spec.repeatable else not words)

    @property
    def suggested(self) -> list[str]:
        """The terms that the codebook names for this feature."""
        entries = [e for many in self.row.feature.ontology.values() if isinstance(many, list) for e in many]
        return [f"{e['name']} ({e['id']})" for e in entries if isinstance(e, dict) and e.get("id") and e.get("name")]

    @property
    def term_search(self) -> str:
        return self.data.get("term", "") if self.data is not None else ""

    @property
    def term_hits(self) -> list[hpo.Hit]:
        """What a search without script found."""
        return hpo.search(self.term_search)

    @property
    def qualifiers(self) -> dict[str, str]:
        if self.data is not None:
            return {name: self.data.get(name, "") for name in QUALIFIERS}
        kept = self.shown.annotation.qualifiers if self.shown else {}
        return {name: f"{v['label']} ({v['id']})" if isinstance(v, dict) else str(v) for name, v in kept.items()}

    @property
    def qualifier_choices(self) -> list[tuple[str, str, list[Choice]]]:
        """Name, label and words of each qualifier that is one of a list."""
        measured = self.spec.value_type in (*SIMPLE, ValueType.MEASUREMENT)
        first: tuple[str, str, Sequence[str]] = ("side", _("Side"), SIDES)
        lists = [("precision", _("How come by"), COME_BY) if measured else first, ("certainty", _("Certainty"), CERTAINTIES)]
        now = self.qualifiers
        found = [(name, label, [Choice(w, w, now.get(name) == w) for w in words]) for name, label, words in lists]
        return found if measured else [*found, ("severity", _("Severity"), self._severities)]

    @property
    def _severities(self) -> list[Choice]:
        now, known = self.qualifiers.get("severity", ""), [hpo.book().terms[key] for key in SEVERITIES]
        other = [Choice(now, now, chosen=True)] if now and now not in {term.written for term in known} else []
        return [*(Choice(term.written, term.label, now == term.written) for term in known), *other]

    @property
    def is_qualified(self) -> bool:
        return any(self.qualifiers.values())

    @property
    def pending(self) -> list[Pending]:
        """Evidence that is chosen and not saved yet."""
        return pending_in(self.data, self.figures) if self.data is not None else []

    @property
    def roles(self) -> list[tuple[str, str]]:
        """Whose words a piece of evidence may be."""
        return [(value, str(label)) for value, label in EvidenceRole.choices]

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields for a place that is typed, by their names with a low line."""
        return {name.replace("-", "_"): self.data.get(name, "") for name in TYPED} if self.data is not None else {}

    @property
    def find(self) -> str:
        return self._typed("find", "") or ""
