"""The only writers of what a project decided about articles, and of what each screener said."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from curation.audit import action
from curation.choices import ScreeningState, Verdict
from curation.errors import Fault, Invalid, NotAllowed, NotFound, Refusal, WrongState
from curation.models import Article, Project, Screening, User, Vote
from curation.models.projects import ReadingOrder
from curation.moves import SCREENING_MOVES, require_move
from curation.permissions import require_belonging, require_moderator
from curation.screening import guards, rules
from curation.versions import lock, raised


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said of an article: ``reason`` where it is excluded, the number of patients where it is included."""

    verdict: str
    reason: str = ""
    patients_described: int | None = None

    def checked(self, project: Project) -> "Decision":
        """As it may be kept. Raises Invalid."""
        if self.verdict == Verdict.EXCLUDED:
            return Decision(Verdict.EXCLUDED, rules.check_reason(self.reason, project.exclusion_reasons))
        if self.verdict == Verdict.INCLUDED:
            return Decision(Verdict.INCLUDED, "", rules.check_patients(self.patients_described))
        raise Invalid("Say what becomes of it.", faults=[Fault("verdict", "choose included or excluded")])


@action("project.set_up_screening")
def set_up(
    *,
    project_id: int,
    version: int | None,
    criteria: str,
    exclusion_reasons: Sequence[str],
    words_of_interest: Sequence[str],
    screeners_required: int,
    reading_order: str,
    screener_may_read: bool,
    most_open: int | None = None,
    abandoned_after: int | None = None,
    reading_seed: int = 1,
    by: User,
) -> Project:
    """How a project screens and gives out its readings. What was decided stays as it is. None is no limit."""
    rows = Project.objects.visible_to(by)
    project = lock(rows, pk=project_id, version=version, guard=lambda row: require_moderator(by, row))
    if screeners_required not in (1, 2):
        raise Invalid("An article has one screener or two.", faults=[Fault("screeners_required", "must be 1 or 2")])
    if reading_order not in ReadingOrder.values:
        choices = ", ".join(ReadingOrder.values)
        raise Invalid("Say in which order.", faults=[Fault("reading_order", f"choose one of {choices}")])
    kept = {
        "criteria": rules.check_criteria(criteria),
        "exclusion_reasons": rules.check_reasons(exclusion_reasons),
        "words_of_interest": rules.check_words(words_of_interest),
        "screeners_required": screeners_required,
        "reading_order": reading_order,
        "screener_may_read": screener_may_read,
        **rules.check_limits(most_open=most_open, abandoned_after=abandoned_after, reading_seed=reading_seed),
    }
    for name, value in kept.items():
        setattr(project, name, value)
    project.save(update_fields=[*kept, "version", "changed_at"])
    return project


@action("screening.enter")
def enter(*, project: Project, article_ids: Sequence[int], by: User) -> int:
    """Put articles before the project to be screened; those it already knows stay as they are. How many were added."""
    require_belonging(by, project)
    known = set(Screening.objects.filter(project=project, article__in=article_ids).values_list("article_id", flat=True))
    fresh = sorted(set(article_ids) - known)
    Screening.objects.bulk_create(
        [Screening(project=project, article_id=article_id) for article_id in fresh], ignore_conflicts=True
    )
    return len(fresh)


@action("screening.include")
def include(*, screening_id: int, version: int | None, patients_described: int | None = None, by: User) -> Screening:
    """The one screener decides; one of two votes, and the second vote decides where both say the same."""
    return _say(screening_id, version, Decision(Verdict.INCLUDED, patients_described=patients_described), by)


@action("screening.exclude")
def exclude(*, screening_id: int, version: int | None, reason: str, by: User) -> Screening:
    return _say(screening_id, version, Decision(Verdict.EXCLUDED, reason), by)


@action("screening.decide_many")
def decide_many(*, project: Project, rows: Sequence[tuple[int, int | None]], decision: Decision, by: User) -> list[Screening]:
    """The same for several articles, each (id, version), or for none: a refusal names every article that stands in the way."""
    guards.require_screener(by, project)
    if not 1 <= len(rows) <= rules.MOST_AT_ONCE:
        raise Invalid("Choose the articles.", faults=[Fault("rows", f"choose from 1 to {rules.MOST_AT_ONCE}")])
    decision = decision.checked(project)
    named = dict(Screening.objects.visible_to(by).filter(project=project).values_list("pk", "article"))
    articles = Article.objects.in_bulk([named[pk] for pk, _ in rows if pk in named])
    done, faults = [], []
    for pk, version in sorted(dict(rows).items()):
        try:
            if pk not in named:
                raise NotFound(f"There is no screening {pk} in this project.")
            done.append(_say(pk, version, decision, by))
        except Refusal as refusal:
            where = str(articles[named[pk]]) if pk in named else str(pk)
            faults.append(
                Fault(where, " ".join([refusal.detail, *(fault.reason for fault in refusal.faults)]), f"#screening-{pk}")
            )
    if faults:
        raise WrongState(f"Nothing was decided: {len(faults)} of {len(rows)} articles stand in the way.", faults=faults)
    return done


@action("screening.set_aside")
def set_aside(*, screening_id: int, version: int | None, by: User) -> Screening:
    """Leave it for later: for this person it comes again after all others. Nobody else notices."""
    screening = guards.at(screening_id, version, by, guards.require_may_screen)
    guards.require_open(screening)
    if guards.by_two(screening.project):
        guards.require_may_vote(screening, by)
    _vote(screening, Decision(Verdict.ASIDE), by)
    return screening


@action("screening.take_back")
def take_back(*, screening_id: int, version: int | None, by: User) -> Screening:
    """Undo what the person said of the article; where that alone decided it, it returns to the queue."""
    screening = guards.at(screening_id, version, by, guards.require_may_screen)
    said = Vote.objects.standing().filter(screening=screening, screener=by).first()
    if said is None:
        raise NotAllowed(f"Nothing that you said of {screening.article} stands; there is nothing of yours to take back.")
    if screening.state != ScreeningState.TO_SCREEN and said.verdict != Verdict.ASIDE:
        if guards.by_two(screening.project):
            raise WrongState(f"Two screeners decided on {screening.article}; a moderator can put it back into the queue.")
        _decide(screening, ScreeningState.TO_SCREEN, Decision(""), None)
    _withdraw(Vote.objects.filter(pk=said.pk))
    return screening


@action("screening.settle")
def settle(*, screening_id: int, version: int | None, decision: Decision, reason: str = "", by: User) -> Screening:
    """A moderator who is none of the two screeners decides where they differ, with a ``reason`` of their own if they like."""
    screening = guards.at(screening_id, version, by, guards.require_may_moderate)
    guards.require_may_settle(screening, by)
    rules.check_remark(reason)
    decision = decision.checked(screening.project)
    return _decide(screening, ScreeningState(decision.verdict), decision, by)


@action("screening.reopen")
def reopen(*, screening_id: int, version: int | None, reason: str = "", by: User) -> Screening:
    """Put a decided article back into the queue, to be screened anew; what was decided before stays in its history."""
    screening = guards.at(screening_id, version, by, guards.require_may_moderate)
    rules.check_remark(reason)
    _decide(screening, ScreeningState.TO_SCREEN, Decision(""), None)
    _withdraw(Vote.objects.cast().filter(screening=screening))
    return screening


def _say(screening_id: int, version: int | None, decision: Decision, by: User) -> Screening:
    screening = guards.at(screening_id, version, by, guards.require_may_screen)
    decision = decision.checked(screening.project)
    if not guards.by_two(screening.project):
        _decide(screening, ScreeningState(decision.verdict), decision, by)
        _withdraw(Vote.objects.cast().filter(screening=screening))
        _vote(screening, decision, by)
        return screening
    guards.require_open(screening)
    guards.require_may_vote(screening, by)
    _vote(screening, decision, by)
    votes = list(Vote.objects.filter(screening=screening).exclude(verdict=Verdict.ASIDE))
    standing = [vote for vote in votes if vote.withdrawn_at is None]
    if len(standing) == 2 and (outcome := rules.agreed(standing, [vote for vote in votes if vote.withdrawn_at])):
        _decide(screening, ScreeningState(outcome.verdict), Decision(*outcome), by)
    return screening


def _vote(screening: Screening, decision: Decision, by: User) -> None:
    _withdraw(Vote.objects.filter(screening=screening, screener=by))
    Vote.objects.create(
        screening=screening,
        screener=by,
        verdict=decision.verdict,
        reason=decision.reason,
        patients_described=decision.patients_described,
        cast_at=timezone.now(),
    )


def _withdraw(votes: QuerySet[Vote]) -> None:
    votes.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())


def _decide(screening: Screening, state: ScreeningState, decision: Decision, by: User | None) -> Screening:
    require_move(SCREENING_MOVES, screening.state, state, thing=f"{screening.article}")
    if state != ScreeningState.INCLUDED:
        guards.require_nothing_depends(screening)
    raised(screening)
    screening.state, screening.reason, screening.patients_described = state, decision.reason, decision.patients_described
    screening.decided_by, screening.decided_at = by, timezone.now() if by else None
    if state == ScreeningState.INCLUDED:
        screening.included_at = screening.included_at or screening.decided_at
    fields = ("state", "reason", "patients_described", "decided_by", "decided_at", "included_at", "version", "changed_at")
    screening.save(update_fields=fields)
    return screening
