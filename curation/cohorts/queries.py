"""Questions answered, from what is published in a project; and the questions that people saved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, QuerySet

from curation.choices import Tier
from curation.codebook.queries import spec
from curation.codebook.rules import FeatureSpec, display, status_words
from curation.cohorts.answer import Answer, Cell, Choice, Facet, Row, Term
from curation.cohorts.checking import check, kind_of
from curation.cohorts.compiler import PERSON, Facts, Scope, Selection
from curation.cohorts.language import Mark, parse
from curation.cohorts.question import Compare, Is, Question, Words, write, write_node
from curation.cohorts.statistics import Tally, shares
from curation.errors import Invalid, NotFound
from curation.models import Article, Cohort, Evidence, Feature, Finding, Patient, PatientReport, Project
from curation.people import queries as people

PAGE_SIZE = 25
MOST_COLUMNS = 12
COLUMNS_UNASKED = 6  # shown where the question names no feature
#: Statuses that a facet offers to narrow the question to.
NARROWING = ("present", "excluded", "indeterminate", "not_tested", "not_reported")


@dataclass(frozen=True)
class Book:
    """What a project's questions may speak of: its codebook version's features in order, and every version's ids of them."""

    project: Project
    features: Sequence[Feature]
    ids: Mapping[str, Sequence[int]]

    @cached_property
    def specs(self) -> dict[str, FeatureSpec]:
        return {feature.slug: spec(feature) for feature in self.features}

    @cached_property
    def groups(self) -> dict[str, str]:
        """The group's label of each feature."""
        return {feature.slug: feature.group.label for feature in self.features}

    @property
    def scope(self) -> Scope:
        return Scope(self.project, self.specs, self.ids)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as somebody typed it: understood, or marked where it cannot be."""

    text: str
    question: Question
    marks: Sequence[Mark] = ()


def book(project: Project) -> Book:
    """By two queries, whatever the number of versions."""
    version = project.codebook_version
    rows = Feature.objects.filter(codebook_version__codebook=version.codebook_id).select_related("group")
    current, ids = [], defaultdict(list)
    for feature in rows.prefetch_related("options").order_by("position"):
        ids[feature.slug].append(feature.pk)
        if feature.codebook_version_id == version.pk:
            current.append(feature)
    return Book(project, current, ids)


def understand(text: str, book: Book) -> Asked:
    """The question, or what is wrong with it and where; for a page that shows both."""
    try:
        return Asked(text, _checked(text, book))
    except Invalid as refusal:
        return Asked(text, Question(), [fault for fault in refusal.faults if isinstance(fault, Mark)])


def _checked(text: str, book: Book) -> Question:
    question = parse(text)
    check(question, book.specs)
    return question


def narrowed(text: str, condition: str) -> str:
    """The question as typed with a condition added as typed; put side by side where either cannot be read, to be mended."""
    if not text.strip():
        return condition
    try:
        asked, added = parse(text), parse(condition)
    except Invalid:
        return f"{text} AND {condition}"
    return write(asked.narrowed(added.root) if added.root else asked)


def examples(book: Book, first: Sequence[FeatureSpec]) -> list[str]:
    """One question of each kind that this codebook can be asked; of features in ``first`` where one will do."""
    specs, found = [*first, *(s for s in book.specs.values() if s.tier == Tier.CORE)], {}
    for each in specs:
        kind = kind_of(each)
        if kind == "choice" and len(each.options) > 1:
            found.setdefault("equals", f"{each.slug} = {each.options[0]}")
            found.setdefault("in", f"{each.slug} IN ({each.options[0]}, {each.options[1]})")
        elif kind == "status":
            found.setdefault("excluded", f"{each.slug} IS excluded")
            found.setdefault("not", f"NOT {each.slug} IS present")
        elif kind == "age":
            found.setdefault("age", f"{each.slug} < 40 y AND article.year >= 2015")
    return list(found.values())


def ask(
    *, user: object, project: Project, question: str, page: int = 1, page_size: int = PAGE_SIZE, show: Sequence[str] = ()
) -> Answer:
    """Who answers the question. ``show``: features to show beside those that it names.

    Raises NotFound for a project that is not open to the user or a page past the end, Invalid for a question (or feature
    to show) that cannot be understood.
    """
    found = book(people.project(user, project.slug))
    return answer(user=user, book=found, question=_checked(question, found), page=page, page_size=page_size, show=show)


def answer(
    *, user: object, book: Book, question: Question, page: int = 1, page_size: int = PAGE_SIZE, show: Sequence[str] = ()
) -> Answer:
    selection = Selection(question, book.scope)
    counts = selection.count()
    pages = max(1, -(-counts.matched // page_size))
    if page > pages:
        raise NotFound(f"This answer has {pages} page(s); there is no page {page}.")
    facets = _facets(selection, question, book, counts.matched, show)
    columns = _columns(question, show, facets, book)
    return Answer(
        question=question,
        text=write(question),
        among=counts.among,
        patients=counts.matched,
        articles=selection.count_articles() if counts.matched else 0,
        leaning=counts.matched - counts.certain,
        open=counts.open,
        page=page,
        pages=pages,
        columns=columns,
        rows=_rows(user, selection.patients()[(page - 1) * page_size : page * page_size], columns, book),
        facets=[facet for facet in facets if facet.tally.spoken],
        quiet=[facet.spec for facet in facets if not facet.tally.spoken],
        terms=[Term(write_node(term), write(question.without(n))) for n, term in enumerate(question.terms())],
    )


def _facets(selection: Selection, question: Question, book: Book, patients: int, show: Sequence[str]) -> list[Facet]:
    """Of the features that are asked or shown, and of every core feature; none of free text, which has no facets."""
    wanted = {*question.features(), *show}
    specs = [s for s in book.specs.values() if (s.tier == Tier.CORE or s.slug in wanted) and s.value_type not in ("text", "time")]
    if not patients:
        return []
    facts = selection.facets([s.slug for s in specs])
    return [_facet(s, book.groups[s.slug], facts[s.slug], question, patients) for s in specs]


def _facet(spec: FeatureSpec, group: str, facts: Facts, question: Question, patients: int) -> Facet:
    tally = Tally.of(facts.statuses, patients=patients)
    values = facts.values if kind_of(spec) in ("choice", "text") else {}
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
        labels={state: status_words(spec, state) for state in NARROWING},
        narrowed={state: write(question.narrowed(Is(spec.slug, state))) for state in NARROWING},
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


def _columns(question: Question, show: Sequence[str], facets: Iterable[Facet], book: Book) -> list[FeatureSpec]:
    """Those asked about, then those chosen; where there are none, those of which most is known."""
    slugs = [slug for slug in dict.fromkeys((*question.features(), *show)) if slug in book.specs]
    if not slugs:
        known = sorted(facets, key=lambda facet: -facet.tally.present)[:COLUMNS_UNASKED]
        return [facet.spec for facet in known if facet.tally.present]
    return [book.specs[slug] for slug in slugs[:MOST_COLUMNS]]


def _rows(user: object, patients: Iterable[Patient], columns: Sequence[FeatureSpec], book: Book) -> list[Row]:
    patients = list(patients)
    people = [patient.pk for patient in patients]
    articles, findings = _articles(user, people), _findings(book, people, columns)
    quotes = _quotes([finding for several in findings.values() for finding in several])

    def cells(patient: Patient, column: FeatureSpec) -> list[Cell]:
        return [_cell(column, finding, quotes) for finding in findings[patient.pk, column.slug]]

    return [Row(patient, articles[patient.pk], [cells(patient, column) for column in columns]) for patient in patients]


def _cell(column: FeatureSpec, finding: Finding, quotes: Mapping[int, list[Evidence]]) -> Cell:
    proofs = [quote for pk in (finding.pk, *_inputs(finding)) for quote in quotes[pk]]
    once = {(quote.section_id, quote.start, quote.end): quote for quote in proofs}
    words = display(column, finding.value, finding.qualifiers)
    return Cell(finding, status_words(column, finding.status), words, list(once.values()))


def _inputs(finding: Finding) -> list[int]:
    """The findings that a derived one was computed from."""
    return [used["finding_id"] for used in finding.explanation.get("inputs", ())]


def _articles(user: object, people: Sequence[int]) -> dict[int, list[Article]]:
    """The reports of each person, those of patients merged into them included."""
    visible = Article.objects.visible_to(user)
    reports = PatientReport.objects.annotate(person=PERSON).filter(person__in=people, article__in=visible)
    found: dict[int, dict[int, Article]] = defaultdict(dict)
    for report in reports.select_related("article").order_by("article__published_year", "article_id"):
        found[report.person][report.article_id] = report.article
    return defaultdict(list, {person: list(articles.values()) for person, articles in found.items()})


def _findings(book: Book, people: Sequence[int], columns: Sequence[FeatureSpec]) -> dict[tuple[int, str], list[Finding]]:
    found: dict[tuple[int, str], list[Finding]] = defaultdict(list)
    if not (people and columns):
        return found
    rows = book.scope.findings(*(column.slug for column in columns)).annotate(person=PERSON, slug=F("feature__slug"))
    for finding in rows.filter(person__in=people).select_related("rule").order_by("person", "instance", "pk"):
        found[finding.person, finding.slug].append(finding)
    return found


def _quotes(findings: Sequence[Finding]) -> dict[int, list[Evidence]]:
    """The evidence of each finding and of what it was derived from, by finding."""
    wanted = {pk for finding in findings for pk in (finding.pk, *_inputs(finding))}
    found: dict[int, list[Evidence]] = defaultdict(list)
    if not wanted:
        return found
    rows = Evidence.objects.filter(annotation__finding_sources__finding__in=wanted)
    rows = rows.annotate(finding=F("annotation__finding_sources__finding")).select_related("section__article")
    for quote in rows.order_by("contradicts", "pk"):
        found[quote.finding].append(quote)
    return found


def cohorts(user: object, project: Project | None = None) -> QuerySet[Cohort]:
    """The saved questions open to the person: public ones, and their own."""
    rows = Cohort.objects.visible_to(user).select_related("project", "owner").order_by("title", "pk")
    return rows.filter(project=project) if project else rows


def cohort(user: object, pk: int) -> Cohort:
    rows = Cohort.objects.visible_to(user).select_related("project__codebook_version__codebook", "owner")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no cohort {pk} here, or it is not open to you.")
    return found
