"""The one place where a question becomes SQL.

Of every condition two sets of patients are known: those a published finding *supports* it for, and those one *refutes* it
for. All others are silent on it. From these a question has three readings, each built by the same walk over its tree:

- ``known``: what the page counts. A condition holds where a finding supports it, and NOT means "not known to be";
- ``certain``: what holds even when silence is taken for "cannot tell" (Kleene's true);
- ``ruled_out``: what then cannot hold (Kleene's false).

Every user's word is a parameter. ``Selection`` is all that the rest of the room sees of it, so that bitmaps derived from
the findings can take the place of the subqueries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Func, IntegerField, Max, Q, QuerySet, Subquery, Value, When

from curation.choices import FindingState
from curation.cohorts.checking import Specs
from curation.cohorts.conditions import PERSON, RETRACTED, Judged, judge_article, judge_status, judge_value
from curation.cohorts.facts import PRECEDENCE, Counts, Facts
from curation.cohorts.question import ARTICLE_FACTS, And, Condition, Is, Node, Not, Or, Question
from curation.models import Finding, Patient, PatientReport, Project
from curation.models.articles import CAUTIONS

EVERYBODY = Q()
NOBODY = Q(pk__in=[])
RANK = Case(*(When(status=status, then=Value(n)) for n, status in enumerate(PRECEDENCE)), output_field=IntegerField())
MOST_VALUES = 30  # of one feature, where it may hold any text


@dataclass(frozen=True, slots=True)
class Scope:
    """The published findings of a project; ``features`` maps a slug to the ids that bear it, one per codebook version."""

    project: Project
    specs: Specs
    features: Mapping[str, Sequence[int]]

    def findings(self, *slugs: str) -> QuerySet[Finding]:
        rows = Finding.objects.filter(project=self.project, state=FindingState.PUBLISHED)
        return rows.filter(feature__in=[pk for slug in slugs for pk in self.features[slug]]) if slugs else rows

    def everybody(self) -> QuerySet[Patient]:
        """Whom a question is about: each person once, as soon as something is published of them."""
        return Patient.objects.counted().filter(project=self.project).filter(pk__in=persons(self.findings()))

    def questioned(self) -> Q:
        """Patients whom an article describes that was retracted, corrected or called in doubt since."""
        return self._described_by(RETRACTED | Q(article__notices__kind__in=CAUTIONS))

    def judge(self, condition: Condition) -> Judged:
        if condition.name in ARTICLE_FACTS:
            return judge_article(condition, self._described_by)  # type: ignore[arg-type]
        findings = self.findings(condition.name)

        def having(rows: Q) -> Q:
            return Q(pk__in=persons(findings.filter(rows)))

        if isinstance(condition, Is):
            return judge_status(condition, having)
        return judge_value(condition, self.specs[condition.name], having)

    def _described_by(self, articles: Q) -> Q:
        return Q(pk__in=persons(PatientReport.objects.filter(patient__project=self.project).filter(articles)))


def persons(rows: QuerySet[Finding] | QuerySet[PatientReport]) -> QuerySet:
    """Whose findings or reports these are; those of somebody merged into another are the other's."""
    return rows.order_by().annotate(person=PERSON).values("person")


class Selection:
    """The patients of a project who answer a question."""

    def __init__(self, question: Question, scope: Scope) -> None:
        self.scope = scope
        judged = {condition: scope.judge(condition) for condition in question.conditions()}
        self.known = _known(question.root, judged) if question.root else EVERYBODY
        self.certain, self.ruled_out = _three_valued(question.root, judged) if question.root else (EVERYBODY, NOBODY)

    def patients(self) -> QuerySet[Patient]:
        return self.scope.everybody().filter(self.known).order_by("pk")

    def count(self) -> Counts:
        found = self.scope.everybody().aggregate(
            among=Count("pk"),
            matched=Count("pk", filter=self.known),
            certain=Count("pk", filter=self.certain),
            ruled_out=Count("pk", filter=self.ruled_out),
            questioned=Count("pk", filter=self.known & self.scope.questioned()),
            articles=Max(Subquery(self._articles())),  # one number for all rows: asked here, it costs no statement of its own
        )
        return Counts(
            among=found["among"],
            matched=found["matched"],
            certain=found["certain"],
            open=found["among"] - found["ruled_out"] - found["matched"],
            articles=found["articles"] or 0,
            questioned=found["questioned"],
        )

    def _articles(self) -> QuerySet:
        """How many articles describe the patients, as a row of one number."""
        reports = PatientReport.objects.order_by().annotate(person=PERSON)
        number = Func("article", function="COUNT", template="COUNT(DISTINCT %(expressions)s)", output_field=IntegerField())
        return reports.filter(person__in=self.patients().order_by().values("pk")).annotate(number=number).values("number")

    def facets(self, slugs: Sequence[str]) -> dict[str, Facts]:
        """What the patients have for each feature; one grouped statement, however many features."""
        patients, whose = self.patients().order_by().values("pk").query.sql_with_params()
        rows = self.scope.findings(*slugs).order_by().annotate(person=PERSON, rank=RANK)
        inner, what = rows.values_list("feature__slug", "person", "rank", "value", "low", "high").query.sql_with_params()
        found = {slug: Facts() for slug in slugs}
        for part, slug, word, number in _rows(FACETS.format(patients=patients, inner=inner), (*whose, *what, MOST_VALUES)):
            found[slug].take(part, word, number)
        return found


#: Rank 0 is present. Several values of one finding are a JSON array; an ontology term counts under its label. The middle of
#: a range stands for it in the median. MATERIALIZED: the patients are found once, however little the planner knows yet of
#: fresh tables; without it 500 patients took minutes.
FACETS = """
    WITH chosen (id) AS MATERIALIZED ({patients}),
    every (slug, person, rank, value, low, high) AS MATERIALIZED ({inner}),
    said AS MATERIALIZED (SELECT * FROM every WHERE person IN (SELECT id FROM chosen)),
    firsts AS (SELECT slug, person, min(rank) AS rank FROM said GROUP BY slug, person),
    words AS (
        SELECT slug, coalesce(each ->> 'label', each #>> '{{}}') AS word, count(DISTINCT person) AS number
        FROM said, jsonb_array_elements(
            CASE jsonb_typeof(said.value) WHEN 'array' THEN said.value ELSE jsonb_build_array(said.value) END
        ) AS each
        WHERE rank = 0 AND said.value IS NOT NULL GROUP BY 1, 2
    ),
    placed AS (SELECT *, row_number() OVER (PARTITION BY slug ORDER BY number DESC, word) AS place FROM words),
    spans AS (
        SELECT slug, min(low) AS least, max(high) AS most,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY (low + high) / 2) AS median
        FROM said WHERE rank = 0 AND low IS NOT NULL AND high IS NOT NULL GROUP BY slug
    )
    SELECT 'status', slug, rank::text, count(*)::float FROM firsts GROUP BY slug, rank
    UNION ALL SELECT 'value', slug, word, number FROM placed WHERE place <= %s
    UNION ALL SELECT 'range', slug, word, number FROM spans,
              LATERAL (VALUES ('least', least), ('median', median), ('most', most)) AS each (word, number)
"""


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _known(node: Node, judged: Mapping[Condition, Judged]) -> Q:
    match node:
        case Not(inner):
            return ~_known(inner, judged)
        case And(parts):
            return reduce(and_, (_known(part, judged) for part in parts))
        case Or(parts):
            return reduce(or_, (_known(part, judged) for part in parts))
        case _:
            return judged[node].supported


def _three_valued(node: Node, judged: Mapping[Condition, Judged]) -> tuple[Q, Q]:
    """Of whom the question is certainly true, and of whom certainly false."""
    match node:
        case Not(inner):
            true, false = _three_valued(inner, judged)
            return false, true
        case And(parts):
            trues, falses = zip(*(_three_valued(part, judged) for part in parts), strict=True)
            return reduce(and_, trues), reduce(or_, falses)
        case Or(parts):
            trues, falses = zip(*(_three_valued(part, judged) for part in parts), strict=True)
            return reduce(or_, trues), reduce(and_, falses)
        case _:
            return judged[node].supported, judged[node].refuted
