"""The codebook's rules, by the names other rooms use: check a value, say it in words, tell whether a feature applies."""

from collections.abc import Mapping

from curation.choices import Status
from curation.codebook.file import CodebookFile, read_codebook
from curation.codebook.spec import Answer, FeatureSpec, Value
from curation.codebook.values import check
from curation.codebook.wording import display, status_words

__all__ = [
    "Answer",
    "CodebookFile",
    "FeatureSpec",
    "Value",
    "applicable",
    "check",
    "display",
    "inapplicable",
    "read_codebook",
    "status_words",
    "unfinished",
]


def applicable(spec: FeatureSpec, answers: Mapping[str, Answer]) -> bool | None:
    """Whether the feature's display condition holds; None where the feature it depends on has no answer yet."""
    if not spec.shown_when:
        return True
    answer = answers.get(spec.shown_when["feature"])
    if answer is None:
        return None
    if "status_in" in spec.shown_when:
        return answer.status in spec.shown_when["status_in"]
    values = answer.value if isinstance(answer.value, list) else [answer.value]
    return answer.status in (Status.PRESENT, Status.INDETERMINATE) and any(v in spec.shown_when["value_in"] for v in values)


def inapplicable(specs: Mapping[str, FeatureSpec], answers: Mapping[str, Answer]) -> set[str]:
    """Slugs of the features that do not apply: their condition is false, or that of a feature they hang on is."""

    def out(slug: str) -> bool:
        spec = specs[slug]
        parent = spec.shown_when["feature"] if spec.shown_when else None
        return applicable(spec, answers) is False or (parent is not None and out(parent))

    return {slug for slug in specs if out(slug)}


def unfinished(spec: FeatureSpec, *, status: str, comment: str, evidence: int) -> list[str]:
    """What an answer still needs before its reading can be submitted; ``evidence`` is how many pieces it has."""
    needs = []
    if spec.evidence_required and status != Status.NOT_REPORTED and not evidence:
        needs.append("needs evidence: a quote or a place that says so")
    if status == Status.INDETERMINATE and not comment.strip():
        needs.append("needs a comment that says what is unsettled")
    return needs
