"""Facets: of one feature, what a cohort's patients have, and the questions that narrow the cohort to it."""

from collections.abc import Mapping

from django.utils.translation import gettext

from curation.codebook.rules import FeatureSpec, display, status_words
from curation.cohorts.answer import Choice, Facet
from curation.cohorts.checking import kind_of
from curation.cohorts.facts import Facts
from curation.cohorts.question import Compare, Is, Question, Words, write
from curation.cohorts.statistics import Tally, shares

#: Statuses that a facet offers to narrow the question to.
NARROWING = ("present", "excluded", "indeterminate", "not_tested", "not_reported")


def facet(spec: FeatureSpec, group: str, facts: Facts, question: Question, patients: int) -> Facet:
    tally = Tally.of(facts.statuses, patients=patients)
    values = facts.values if kind_of(spec) in ("choice", "text") else {}
    states = NARROWING if tally.spoken else ()  # what nobody speaks of is but named
    return Facet(
        spec=spec,
        group=group,
        tally=tally,
        choices=[
            Choice(value, display(spec, value), share, write(question.narrowed(Compare(spec.slug, "=", (Words(value),)))))
            for value, share in shares(values, whole=tally.present).items()
        ],
        range=facts.range,
        range_words=_range_words(spec, facts.range),
        labels={state: status_words(spec, state) for state in states},
        narrowed={state: write(question.narrowed(Is(spec.slug, state))) for state in states},
    )


def _range_words(spec: FeatureSpec, span: Mapping[str, float]) -> str:
    """("23 to 67 years, median 41")"""
    if not span:
        return ""
    unit = {"age": gettext("years"), "duration": gettext("days")}.get(kind_of(spec), (spec.unit or {}).get("label", ""))
    least, median, most = (f"{span[part]:,.6g}" for part in ("least", "median", "most"))
    if least == most:
        return f"{least} {unit}".strip()
    return gettext("%(least)s to %(most)s %(unit)s, median %(median)s") % {
        "least": least,
        "most": most,
        "unit": unit,
        "median": median,
    }
