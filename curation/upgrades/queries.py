"""What a move to another codebook version would do, and what earlier moves left for a person."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from curation.choices import ReadingState, UnmovedState
from curation.codebook import plans
from curation.codebook import queries as codebook
from curation.codebook.carrying import Carried, Plan, Said, Step, carry
from curation.codebook.rules import FeatureSpec, Value, display, status_words
from curation.cohorts import following
from curation.errors import Fault, Invalid, NotFound, WrongState
from curation.models import Annotation, CodebookVersion, Cohort, Feature, Finding, Project, Reading, Unmoved, Upgrade, User
from curation.models.upgrades import UnmovedQuerySet
from curation.permissions import is_moderator, is_source, require_belonging, require_overseer
from curation.review import proofs
from curation.review.layout import Line, line

#: So many values for a person does a preview list one by one; it counts all of them.
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Turned:
    """How many published values turn from this into that, in words; ``to`` is empty where they are given up."""

    before: str
    to: str
    number: int


@dataclass(frozen=True, slots=True)
class Preview:
    """``readings``: of so many articles they are not accepted yet and move too. Articles, because the number of readings would
    tell one reader of another; what they recorded is not counted for the same reason."""

    project: Project
    after: CodebookVersion
    carried: int
    changed: int
    turned: Sequence[Turned]
    left: int
    listed: Sequence[tuple[Finding, str, str]]
    readings: int
    following: Sequence[Cohort]
    asking_for_gone: Sequence[Cohort]


def targets(project: Project) -> QuerySet[CodebookVersion]:
    """The versions of the project's codebook that were loaded after its own, the newest first."""
    rows = CodebookVersion.objects.filter(codebook=project.codebook_version.codebook_id, pk__gt=project.codebook_version_id)
    return rows.select_related("codebook").defer("source", "statuses").order_by("-pk")


def target(project: Project, number: str) -> CodebookVersion:
    """Raises Invalid for what is no later version of the project's codebook."""
    found = next((version for version in targets(project) if version.version == number), None)
    if found is None:
        later = ", ".join(version.version for version in targets(project)) or "there is none"
        raise Invalid(
            f"“{project}” cannot move to {number[:20] or 'no version'}.",
            faults=[Fault("to", f"name a version loaded after {project.codebook_version.version}: {later}")],
        )
    return found


def plan_between(before: CodebookVersion, after: CodebookVersion) -> Plan:
    """What becomes of each feature's values. Raises WrongState where the later version tells of another one's changes."""
    found, since = plans.plan_between(before.pk, after.pk)
    if since not in ("", before.version):
        raise WrongState(f"{after} says what changed since {since}; move from {before.version} to {since} first.")
    return found


def published(project: Project) -> QuerySet[Finding]:
    """What a move is about: recorded findings; derived ones are computed anew."""
    return Finding.objects.published().filter(project=project, rule=None)


def to_look_at(project: Project, plan: Plan) -> QuerySet[Finding]:
    """Those whose feature does not carry over word for word."""
    return published(project).filter(feature__slug__in=plan.touched).select_related("feature", "patient").order_by("pk")


def carried(plan: Plan, rows: Iterable[Finding] | Iterable[Annotation]) -> Iterator[Carried[int]]:
    """Patient by patient, and of annotations reading by reading; keys are those of the rows."""
    by_patient: dict[tuple[int, int], list[Said[int]]] = defaultdict(list)
    for row in rows:
        said = Said(row.pk, row.feature.slug, row.instance, row)
        by_patient[getattr(row, "reading_id", 0), row.patient_id].append(said)
    for of_patient in by_patient.values():
        yield carry(plan, of_patient)


def in_hand(project: Project) -> QuerySet[Reading]:
    """Readings that are not accepted yet; accepted ones stay as they were decided on."""
    return Reading.objects.filter(project=project).exclude(state=ReadingState.ACCEPTED).order_by("pk")


def preview(user: User, project: Project, number: str) -> Preview:
    """What a move would do now; nothing is written."""
    require_overseer(user, project)
    after = target(project, number)
    steps = plan_between(project.codebook_version, after)
    rows = {row.pk: row for row in to_look_at(project, steps)}
    found = list(carried(steps, rows.values()))
    counts = sum((Counter(each.counts) for each in found), Counter[str]())
    left = [(rows[pk], why) for each in found for pk, why in each.left.items()]
    cohorts = list(Cohort.objects.visible_to(user).filter(project=project).order_by("title", "pk"))
    asked = {cohort.pk: following.followed(cohort.question, steps) for cohort in cohorts}
    return Preview(
        project=project,
        after=after,
        carried=published(project).count() - counts["changed"] - counts["person"],
        changed=counts["changed"],
        turned=_turned(steps, found, rows),
        left=counts["person"],
        listed=[(row, in_words(steps.steps[row.feature.slug].old, row), why) for row, why in left[:MOST_LISTED]],
        readings=in_hand(project).order_by().values("article").distinct().count(),
        following=[cohort for cohort in cohorts if asked[cohort.pk].text != cohort.question],
        asking_for_gone=[cohort for cohort in cohorts if asked[cohort.pk].gone],
    )


def _turned(steps: Plan, found: Iterable[Carried[int]], rows: Mapping[int, Finding]) -> list[Turned]:
    numbers: Counter[tuple[str, str]] = Counter()
    for each in found:
        goes_to: dict[int, list[str]] = defaultdict(list)
        for made in each.made:
            for pk in made.of:
                goes_to[pk].append(_new_words(steps.steps[rows[pk].feature.slug], made.slug, made.answer))
        goes_to |= {pk: [] for pk in each.ended}
        for pk, words in goes_to.items():
            old = steps.steps[rows[pk].feature.slug].old
            numbers[_says(old, rows[pk]), " · ".join(words)] += 1
    return [Turned(before, to, number) for (before, to), number in sorted(numbers.items(), key=lambda each: -each[1])]


def _new_words(step: Step, slug: str, answer: Value) -> str:
    new = next(spec for spec in step.new if spec.slug == slug)
    return _says(new, answer)


def _says(spec: FeatureSpec, answer: Finding | Value) -> str:
    """With the feature's name in data, as two versions may call different things by one label."""
    return f"{spec.label} ({spec.slug}): {in_words(spec, answer)}"


def in_words(spec: FeatureSpec, answer: Finding | Annotation | Value) -> str:
    return " ".join(filter(None, (status_words(spec, answer.status), display(spec, answer.value, answer.qualifiers))))


# --- what is left for a person ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overview:
    """``open``: what waits, as far as the person may see it; ``settled`` the last of what was decided."""

    upgrades: Sequence[Upgrade]
    targets: Sequence[CodebookVersion]
    open: Sequence[Unmoved]
    settled: Sequence[Unmoved]
    may_move: bool


def overview(user: User, project: Project) -> Overview:
    require_belonging(user, project)
    rows = unmoved_of(user, project)
    upgrades = Upgrade.objects.filter(project=project).select_related("before__codebook", "after__codebook", "moved_by")
    may_move = user.is_administrator or is_moderator(user, project)
    return Overview(
        upgrades=list(upgrades.defer("before__source", "after__source")),
        targets=list(targets(project)),
        open=list(rows.open()[:MOST_LISTED]),
        settled=list(rows.exclude(pk__in=rows.open().values("pk")).order_by("-decided_at")[:50]),
        may_move=may_move,
    )


def unmoved_of(user: object, project: Project) -> UnmovedQuerySet:
    rows: UnmovedQuerySet = Unmoved.objects.visible_to(user).filter(upgrade__project=project)
    said = ("feature__codebook_version__codebook", "patient")
    return rows.select_related(
        *(f"{way}__{part}" for way in ("finding", "annotation") for part in said), "annotation__reading__article", "decided_by"
    ).order_by("pk")


@dataclass(frozen=True, slots=True)
class UnmovedPage:
    """``line``: what was said, with its evidence; ``suggested``: those the mapping leads to; ``others``: the rest by group."""

    unmoved: Unmoved
    project: Project
    line: Line
    suggested: Sequence[Feature]
    others: Mapping[str, Sequence[Feature]]
    may_settle: bool


def unmoved(user: object, pk: int) -> Unmoved:
    """Raises NotFound."""
    said = [f"{way}__{part}" for way in ("finding", "annotation") for part in ("feature__codebook_version__codebook", "patient")]
    project = ("upgrade__project__codebook_version__codebook", "upgrade__after__codebook")
    rows = Unmoved.objects.visible_to(user).select_related(*project, *said, "annotation__reading", "outcome", "decided_by")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no value {pk} to settle here, or it is not open to you.")
    return found


def unmoved_page(user: User, pk: int) -> UnmovedPage:
    found = unmoved(user, pk)
    project, said = found.upgrade.project, found.said
    features = list(codebook.features(project.codebook_version))
    near = {spec.slug for spec in _step_of(found).new} | {said.feature.slug}
    others: dict[str, list[Feature]] = defaultdict(list)
    for feature in features:
        if not feature.is_derived and feature.slug not in near:
            others[feature.group.label].append(feature)
    return UnmovedPage(
        unmoved=found,
        project=project,
        line=line(codebook.spec(said.feature), said, _evidence(said)),
        suggested=[feature for feature in features if feature.slug in near and not feature.is_derived],
        others=others,
        may_settle=_may_settle(user, found),
    )


def _evidence(said: Finding | Annotation) -> list:
    if isinstance(said, Finding):
        challenged = said.sources.filter(proposal__isnull=False).exists()
        return proofs.of_findings([said.pk], decided=bool(said.decision_id), challenged=challenged)[said.pk]
    return list(said.evidence.select_related("section__article", "figure").order_by("pk"))


def _step_of(found: Unmoved) -> Step:
    upgrade = found.upgrade
    step = plans.plan_between(upgrade.before_id, upgrade.after_id)[0].steps.get(found.said.feature.slug)
    return step or Step(codebook.spec(found.said.feature), ())


def _may_settle(user: User, found: Unmoved) -> bool:
    if found.state != UnmovedState.OPEN:
        return False
    if found.annotation:
        return found.annotation.reading.curator_id == user.pk
    assert found.finding is not None  # by the table's constraint
    return is_moderator(user, found.upgrade.project) and not is_source(user, found.finding)
