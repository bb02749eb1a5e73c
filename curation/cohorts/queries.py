"""Questions answered, from what is published in a project; and the questions that people saved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from curation.choices import Tier
from curation.codebook import queries as codebook
from curation.codebook.rules import FeatureSpec
from curation.cohorts.answer import Answer, Facet, Term
from curation.cohorts.checking import check, kind_of
from curation.cohorts.compiler import Scope, Selection
from curation.cohorts.facets import facet
from curation.cohorts.language import Mark, parse
from curation.cohorts.question import Question, write, write_node
from curation.cohorts.rows import rows
from curation.errors import Invalid, NotFound
from curation.models import Article, CodebookVersion, Cohort, CohortStanding, CohortWatch, Feature, PatientReport, Project, User
from curation.people import queries as people

PAGE_SIZE = 25
MOST_COLUMNS = 12
COLUMNS_UNASKED = 6  # shown where the question names no feature


@dataclass(frozen=True)
class Book:
    """What a project's questions may speak of: its codebook version's features in order, and every version's ids of them."""

    project: Project
    features: Sequence[Feature]
    ids: Mapping[str, Sequence[int]]

    @property
    def specs(self) -> Mapping[str, FeatureSpec]:
        return codebook.specs(self.project.codebook_version)

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
    """By one query, whatever the number of versions; features and specs are at hand."""
    version = project.codebook_version
    versions = CodebookVersion.objects.filter(codebook=version.codebook_id).order_by("pk").values_list("pk", flat=True)
    current, ids = [], defaultdict(list)
    for feature in codebook.all_features(versions):
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
    specs = [*first, *(s for s in book.specs.values() if s.tier == Tier.CORE)]
    found: dict[str, str] = {}
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
        articles=counts.articles,
        leaning=counts.matched - counts.certain,
        questioned=counts.questioned,
        open=counts.open,
        page=page,
        pages=pages,
        columns=columns,
        rows=rows(user, selection.patients()[(page - 1) * page_size : page * page_size], columns, book.scope.findings),
        facets=[each for each in facets if each.tally.spoken],
        quiet=[each.spec for each in facets if not each.tally.spoken],
        terms=[Term(write_node(term), write(question.without(n))) for n, term in enumerate(question.terms())],
    )


def _facets(selection: Selection, question: Question, book: Book, patients: int, show: Sequence[str]) -> list[Facet]:
    """Of the features that are asked or shown, and of every core feature; none of free text, which has no facets."""
    wanted = {*question.features(), *show}
    specs = [s for s in book.specs.values() if (s.tier == Tier.CORE or s.slug in wanted) and s.value_type not in ("text", "time")]
    if not patients:
        return []
    facts = selection.facets([s.slug for s in specs])
    return [facet(s, book.groups[s.slug], facts[s.slug], question, patients) for s in specs]


def _columns(question: Question, show: Sequence[str], facets: Iterable[Facet], book: Book) -> list[FeatureSpec]:
    """Those asked about, then those chosen; where there are none, those of which most is known."""
    slugs = [slug for slug in dict.fromkeys((*question.features(), *show)) if slug in book.specs]
    if not slugs:
        known = sorted(facets, key=lambda facet: -facet.tally.present)[:COLUMNS_UNASKED]
        return [facet.spec for facet in known if facet.tally.present]
    return [book.specs[slug] for slug in slugs[:MOST_COLUMNS]]


def cohorts(user: object, project: Project | None = None) -> QuerySet[Cohort]:
    """The saved questions open to the person: public ones, and their own."""
    found = Cohort.objects.visible_to(user).select_related("project", "owner").order_by("title", "pk")
    return found.filter(project=project) if project else found


def with_gone(rows: Iterable[Cohort], book: Book) -> dict[int, list[str]]:
    """Of saved questions that cannot be answered: what each asks for that the codebook does not have (any more), by its key."""
    asked = {row.pk: understand(row.question, book) for row in rows}
    texts = {row.pk: row.question for row in rows}
    return {pk: _named(texts[pk], each.marks) for pk, each in asked.items() if each.marks}


def _named(text: str, marks: Sequence[Mark]) -> list[str]:
    return list(dict.fromkeys(text[mark.start : mark.end] for mark in marks))


def cohort(user: object, pk: int) -> Cohort:
    """With ``is_watched``: whether the person wants to be told when its answer changes. Raises NotFound."""
    open_to_them = Cohort.objects.visible_to(user).select_related("project__codebook_version__codebook", "owner")
    mine = CohortWatch.objects.filter(cohort=OuterRef("pk"), user=user.pk if isinstance(user, User) else None)
    if (found := open_to_them.annotate(is_watched=Exists(mine)).filter(pk=pk).first()) is None:
        raise NotFound(f"There is no cohort {pk} here, or it is not open to you.")
    return found


RETRACTED = Q(publication_types__contains=[{"name": "Retracted Publication"}]) | Q(notices__kind="RetractionIn")


def not_looked_at(today: date) -> list[Cohort]:
    """Cohorts whose answer was not looked at since the day began."""
    rows = Cohort.objects.exclude(standing__looked_on__gte=today)
    return list(rows.select_related("project__codebook_version", "owner").order_by("project", "pk"))


def standing_of(cohort: Cohort, today: date) -> CohortStanding:
    """Who answers it now; not kept yet. Raises Invalid where the project's codebook knows its question no longer."""
    found = book(cohort.project)
    patients = Selection(_checked(cohort.question, found), found.scope).patients().values_list("pk", flat=True)
    keys = list(patients)
    retracted = Article.objects.filter(RETRACTED, pk__in=reporting(keys)).distinct().order_by("pk")
    return CohortStanding(
        cohort=cohort,
        question=cohort.question,
        patients=keys,
        retracted=list(retracted.values_list("pk", flat=True)),
        looked_on=today,
    )


def reporting(patients: Iterable[int]) -> list[int]:
    """The articles that describe these patients, or who was merged into them."""
    keys = list(patients)
    rows = PatientReport.objects.filter(Q(patient__in=keys) | Q(patient__merged_into__in=keys))
    return list(rows.order_by("article").values_list("article", flat=True).distinct())
