"""What waits for a decision, what a reading says laid out for deciding on it, and what was published."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from curation.annotation import queries as annotation
from curation.annotation.notes.queries import notes_of
from curation.annotation.rules import asked
from curation.articles.queries import UNNAMED, unnamed
from curation.articles.related import cautions
from curation.choices import ReadingState, Role, Status
from curation.codebook.queries import spec, specs, unshown, with_features
from curation.codebook.spec import FeatureSpec
from curation.errors import Fault, NotFound, WrongState
from curation.models import Annotation, Article, Finding, Patient, Project, Reading, Screening, User
from curation.models.annotation import Proof
from curation.models.review import FindingQuerySet
from curation.permissions import require_moderator, roles_of
from curation.review import proofs
from curation.review.layout import FindingPage, Line, Lines, PatientLines, ReadingPage, in_words, line, marked
from curation.review.rules import differences
from curation.review.settling import Place
from curation.trail import story


def submitted(user: User, project: Project) -> QuerySet[Reading]:
    """What waits for a moderator of the project, the longest waiting first, their own readings included."""
    require_moderator(user, project)
    rows = Reading.objects.visible_to(user).filter(project=project, state=ReadingState.SUBMITTED)
    return _beside(user, rows).select_related("article", "curator", "project").order_by("submitted_at", "pk")


def _beside(user: User, rows: QuerySet[Reading]) -> QuerySet[Reading]:
    """With ``is_for_adjudication``: both readers submitted, and the person is neither."""
    beside = Reading.objects.filter(project=OuterRef("project"), article=OuterRef("article"))
    other = beside.filter(state=ReadingState.SUBMITTED).exclude(pk=OuterRef("pk"))
    return rows.annotate(is_for_adjudication=Exists(other) & ~Exists(beside.filter(curator=user)))


def waiting(user: User) -> QuerySet[Reading]:
    """What the person may decide on, of all projects they moderate: others' readings, the longest waiting first."""
    theirs = Project.objects.of_member(user, Role.MODERATOR)
    rows = Reading.objects.visible_to(user).filter(project__in=theirs, state=ReadingState.SUBMITTED)
    return (
        _beside(user, rows.exclude(curator=user)).select_related("article", "curator", "project").order_by("submitted_at", "pk")
    )


def reading_to_review(user: User, pk: int) -> ReadingPage:
    """A reading by patient and group, each answer with its quotes, and the article's text with those quotes marked."""
    reading = annotation.reading_for(user, pk)
    require_moderator(user, reading.project)
    answers, text = annotation.annotations_of(reading), {s.pk: s for s in annotation.sections_for(reading)}
    quotes = [quote for answer in answers for quote in answer.evidence.all()]
    for quote in quotes:
        quote.section = text[quote.section_id]  # with its words, which the workspace leaves out
    by_patient = {patient.pk: PatientLines(patient) for patient in annotation.patients_of(reading)}
    codebook, public = specs(reading.codebook_version), _public(by_patient)
    left_out = unasked(codebook, answers)
    for answer in answers:
        shown = line(
            codebook[answer.feature.slug],
            answer,
            answer.evidence.all(),
            applies=place(answer) not in left_out,
            published=public.get(place(answer)),
        )
        by_patient[answer.patient_id].add(shown)
    sections = marked(text.values(), quotes)
    is_own = reading.curator_id == user.pk
    return ReadingPage(reading, list(by_patient.values()), sections, is_own, list(notes_of(reading)))


def questions(reading: Reading) -> list[tuple[str, str]]:
    """Every feature that a reader answers, by slug and label, in the codebook's order."""
    return [(slug, each.label) for slug, each in specs(reading.codebook_version).items() if not each.derived]


def findings(user: object) -> FindingQuerySet:
    """Every finding open to the person, with what its line shows."""
    rows = Finding.objects.visible_to(user).select_related(
        "project", "patient", "feature__group", "feature__codebook_version__codebook", "ruling__article", "rule"
    )
    rows = rows.defer("project__question", *unshown("feature"), *unnamed("ruling__article"), "rule__definition")
    return rows.order_by("patient", "feature__position", "instance", "-pk")


def findings_where(
    user: object,
    *,
    state: str,
    project: str = "",
    feature: str = "",
    status: str = "",
    patient: int | None = None,
    article: int | None = None,
) -> QuerySet[Finding]:
    """The findings open to the person in this state, cut down by whatever else is named."""
    wanted = {
        "project__slug": project,
        "feature__slug": feature,
        "status": status,
        "patient": patient,
        "patient__reports__article": article,
    }
    return with_cautions(findings(user)).filter(state=state, **{column: value for column, value in wanted.items() if value})


def with_cautions(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """With what is to be known of the articles that report the patient (``cautions`` of each), at hand."""
    reports = Prefetch("patient__reports__article", queryset=Article.objects.defer(*UNNAMED))
    return rows.prefetch_related(reports, cautions("patient__reports__article__"))


def findings_of_article(user: object, article: Article) -> QuerySet[Finding]:
    """What is published of the patients that the article reports, derived values included."""
    return Finding.objects.visible_to(user).published().filter(patient__reports__article=article)


def published_of_article(user: object, article: Article) -> list[PatientLines]:
    """The same by patient, each finding in words with its quotes: two queries, however many there are."""
    rows = findings_of_article(user, article).select_related("patient", "rule").defer("rule__definition")
    return _by_patient(rows)


def published_of_patients(user: object, patients: Iterable[Patient]) -> list[PatientLines]:
    """What is published of each of them, derived values included, likewise."""
    rows = Finding.objects.visible_to(user).published().filter(patient__in=list(patients))
    return _by_patient(rows.select_related("patient", "rule").defer("rule__definition"))


def _by_patient(rows: QuerySet[Finding]) -> list[PatientLines]:
    rows = proofs.knowing_challenged(rows).order_by("patient", "feature__position", "instance", "-pk")
    found = with_features(rows)
    quotes = _quotes_of(found)
    by_patient: dict[int, PatientLines] = {}
    for each in found:
        lines = by_patient.setdefault(each.patient_id, PatientLines(each.patient))
        lines.add(line(spec(each.feature), each, quotes[each.pk]))
    return list(by_patient.values())


def recent(user: object, number: int) -> list[Line]:
    """What was published last and says something, with its quotes. What was derived follows from it and is left out."""
    rows = findings(user).published().filter(rule=None).exclude(status=Status.NOT_REPORTED)
    found = list(proofs.knowing_challenged(rows).order_by("-pk")[:number])
    quotes = _quotes_of(found)
    return [line(spec(each.feature), each, quotes[each.pk]) for each in found]


def _quotes_of(found: Iterable[Finding]) -> dict[int, list[Proof]]:
    """Of findings that know whether they were ``challenged``."""
    found = list(found)
    decided, challenged = any(each.decision_id for each in found), any(each.challenged for each in found)  # type: ignore[attr-defined]
    return proofs.of_findings((each.pk for each in found), decided=decided, challenged=challenged)


def finding(user: object, pk: int) -> Finding:
    """With its rulings, its evidence and its articles' cautions at hand. Raises NotFound."""
    return _finding(with_cautions(findings(user)), pk)


def proven(user: object) -> QuerySet[Finding]:
    """The findings open to the person that something proves, with all of it at hand."""
    return proofs.proven(findings(user))


def _finding(rows: QuerySet[Finding], pk: int) -> Finding:
    related = ("ruling__moderator", "retraction__moderator", "made_by_proposal")
    rows = proofs.with_few(_lean(rows).select_related(*related))
    for found in with_features(rows.filter(pk=pk).order_by()):
        return found
    raise NotFound(f"There is no finding {pk} here, or it is not open to you.")


def _lean(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Without their features, which ``with_features`` has at hand: a dozen joins take longer to plan than to run."""
    return rows.select_related(None).select_related("project", "patient", "ruling__article", "rule")


def finding_page(user: object, pk: int) -> FindingPage:
    """A finding with all that proves it, and what became of it."""
    found = _finding(findings(user), pk)
    inputs = _inputs(user, found)
    quotes = [quote for each in (found, *inputs) for quote in proofs.of(each)]
    sections = {quote.section_id: quote.section for quote in quotes}
    roles = roles_of(user, found.project)
    return FindingPage(
        finding=found,
        line=_line(found),
        readings=readings_behind(found),
        inputs=Lines.of(_line(each) for each in inputs),
        sections=marked(sections.values(), quotes),
        earlier=list(_others_of_place(user, found)),
        story=story(found),
        may_retract=Role.MODERATOR in roles,
        may_propose=bool(roles),
    )


def readings_behind(found: Finding) -> list[Reading]:
    """Those that a finding came from: of whom it says what they said, and where two differed both."""
    if found.decision is None:
        return list({source.reading_id: source.reading for source in found.annotations.all()}.values())
    return list(Reading.objects.filter(pk__in=found.decision.basis).select_related("curator").order_by("pk"))


def _line(found: Finding) -> Line:
    return line(spec(found.feature), found, proofs.of(found))


def _inputs(user: object, found: Finding) -> list[Finding]:
    """What a derived finding was computed from, as it stood then."""
    keys = [each["finding_id"] for each in found.explanation.get("inputs", ())]
    return with_features(proofs.with_few(_lean(findings(user)).filter(pk__in=keys))) if keys else []


def place(answer: Annotation | Finding) -> Place:
    return answer.patient_id, answer.feature.slug, answer.instance


def applicable_answers(reading: Reading) -> list[Annotation]:
    """The reading's answers whose condition holds, silence included."""
    answers = annotation.annotations_of(reading)
    left_out = unasked(specs(reading.codebook_version), answers)
    return [answer for answer in answers if place(answer) not in left_out]


def by_place(readings: Iterable[Reading]) -> dict[Place, list[Annotation]]:
    found: dict[Place, list[Annotation]] = defaultdict(list)
    for answer in Annotation.objects.standing().filter(reading__in=list(readings)).select_related("feature").order_by("pk"):
        found[place(answer)].append(answer)
    return found


def require_included(project: Project, article: Article) -> None:
    if not Screening.objects.included().filter(project=project, article=article).exists():
        raise WrongState(f"{article} is no longer included in “{project}”. Include it again, then publish.")


def disagreements(readings: Sequence[Reading]) -> list[Fault]:
    """Where readings say different things; for a moderator to whom all of them are open."""
    said_by_each = [{place(a): a for a in applicable_answers(reading)} for reading in readings]
    shown = {key: answer for each in said_by_each for key, answer in each.items()}
    return [
        Fault(f"{shown[key].patient}: {shown[key].feature}", "; ".join(_says(each, key) for each in said_by_each))
        for key in differences(said_by_each)
    ]


def _says(answers: Mapping[Place, Annotation], key: Place) -> str:
    if (answer := answers.get(key)) is None:
        return "one says nothing"
    return f"one says {' '.join(in_words(spec(answer.feature), answer)).strip()}"


def unasked(codebook: Mapping[str, FeatureSpec], answers: Iterable[Annotation]) -> set[Place]:
    """Where something was recorded whose display condition does not hold (any longer)."""
    of_patient = defaultdict(list)
    for answer in answers:
        of_patient[answer.patient_id].append(answer)
    holds = {patient: asked(codebook, annotation.recorded(theirs)) for patient, theirs in of_patient.items()}
    return {place(answer) for answer in answers if holds[answer.patient_id][answer.feature.slug] is False}


def _public(patients: Iterable[int]) -> dict[Place, Finding]:
    """What the public reads of these patients now, by place."""
    rows = Finding.objects.published().filter(patient__in=list(patients), rule=None)
    return {place(found): found for found in with_features(rows)}


def _others_of_place(user: object, found: Finding) -> QuerySet[Finding]:
    rows = Finding.objects.visible_to(user).filter(patient=found.patient_id, feature__slug=found.feature.slug)
    return rows.filter(instance=found.instance).exclude(pk=found.pk).select_related("feature", "retraction").order_by("-pk")[:20]
