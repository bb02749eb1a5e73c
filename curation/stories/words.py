"""What an event of the trail says of its row, where the names of its columns would not be what people call it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from curation import trail
from curation.choices import FindingState, Outcome, Role
from curation.codebook.queries import spec
from curation.codebook.rules import FeatureSpec, display, status_words
from curation.models import AuditEvent, Feature, Patient, User
from curation.trail import Names

Row = dict[str, Any]


class Words:
    """Describes events of a few tables in the words of the codebook; ``features`` are those that the events name, by id."""

    def __init__(self, features: dict[int, Feature]) -> None:
        self.features = features

    def __call__(self, event: AuditEvent, names: Names) -> Iterator[str]:
        say = SAY.get(event.table)
        yield from say(self, event, names) if say else trail.column_by_column(event, names)

    def answer(self, event: AuditEvent, names: Names) -> Iterator[str]:
        """“Age: present 35 years → present 36 years”; of a finding also where it stands."""
        row = _row(event)
        feature = self.features.get(row["feature_id"])
        if feature is None:
            return
        before, after = (_said(spec(feature), each) for each in (event.before, event.after))
        if before != after:
            yield f"{feature.label}: {before} → {after}" if event.operation == "UPDATE" else f"{feature.label}: {after or before}"
        elif _states(event):
            yield f"{feature.label}: {_states(event)}"
        else:
            yield feature.label

    def evidence(self, event: AuditEvent, names: Names) -> Iterator[str]:
        if words := _row(event).get("exact"):
            yield f"“{words}”"

    def membership(self, event: AuditEvent, names: Names) -> Iterator[str]:
        row = _row(event)
        was, now = (Role(each["role"]).label if each else "" for each in (event.before, event.after))
        role = f"{was} → {now}" if was and now and was != now else now or _("no longer %(role)s") % {"role": was}
        yield f"{names.of(User, row['user_id']) or trail.gone()}: {role}"

    def note(self, event: AuditEvent, names: Names) -> Iterator[str]:
        row = _row(event)
        feature = self.features.get(row["feature_id"])
        about = feature.label if feature else names.of(Patient, row["patient_id"]) if row["patient_id"] else ""
        answered = event.before is not None and event.before["answer"] != row["answer"]
        said = row["answer"] if answered else row["text"] if event.operation == "INSERT" else ""
        yield ": ".join(filter(None, (about, said and f"“{said}”")))

    def decision(self, event: AuditEvent, names: Names) -> Iterator[str]:
        row = _row(event)
        feature = self.features.get(row["feature_id"])
        if feature and event.operation != "UPDATE":
            yield f"{feature.label}: {Outcome(row['outcome']).label}, “{row['reason']}”"

    def patient(self, event: AuditEvent, names: Names) -> Iterator[str]:
        row = _row(event)
        if name := names.of(Patient, row["patient_id"]):
            yield name

    def proposal(self, event: AuditEvent, names: Names) -> Iterator[str]:
        if event.operation == "INSERT":
            yield f"“{_row(event)['reason']}”"
        else:
            yield from trail.column_by_column(event, names)

    def flag(self, event: AuditEvent, names: Names) -> Iterator[str]:
        if event.operation == "INSERT":
            yield f"“{_row(event)['text']}”"
        else:
            yield from trail.column_by_column(event, names)

    def nothing(self, event: AuditEvent, names: Names) -> Iterator[str]:
        yield from ()


SAY: dict[str, Callable[[Words, AuditEvent, Names], Iterator[str]]] = {
    "curation_annotation": Words.answer,
    "curation_finding": Words.answer,
    "curation_evidence": Words.evidence,
    "curation_proposalquote": Words.evidence,
    "curation_membership": Words.membership,
    "curation_readingnote": Words.note,
    "curation_decision": Words.decision,
    "curation_readingpatient": Words.patient,
    "curation_patientreport": Words.nothing,
    "curation_proposal": Words.proposal,
    "curation_flag": Words.flag,
}


def _row(event: AuditEvent) -> Row:
    return event.after or event.before or {}


def _said(of: FeatureSpec, row: Row | None) -> str:
    if row is None:
        return ""
    return " ".join(filter(None, (status_words(of, row["status"]), display(of, row["value"], row["qualifiers"]))))


def _states(event: AuditEvent) -> str:
    was, now = ((each or {}).get("state") for each in (event.before, event.after))
    return f"{FindingState(was).label} → {FindingState(now).label}" if was and now and was != now else ""
