"""What people can do once readings are handed in; see ``acts``."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count

from curation.adjudication import actions as adjudication
from curation.adjudication import queries as adjudicated
from curation.adjudication.actions import Pair, Third
from curation.adjudication.layout import Desk
from curation.challenges import actions as challenges
from curation.choices import Outcome, ReadingState, SameState, Status
from curation.models import Article, Finding, Flag, Notice, Patient, Proposal, Reading, SamePatient, Screening, User
from curation.patients import actions as patients
from curation.review import actions as review
from curation.tests.acts import STRAYS, Site, act, aimed, deciders, fit, version


def handed_in(by: User, n: int, **more: Any) -> tuple[Reading | None, User]:
    """A reading, and whoever tries to decide on it."""
    row = aimed(n, Reading.objects.filter(state=ReadingState.SUBMITTED, **more))
    return row, fit(by, n, *deciders(row.project_id, row.article_id)) if row else by


@act
def publish(site: Site, by: User, n: int) -> object:
    row, by = handed_in(by, n, **{} if n % 4 == 0 else {"project": site.solo})
    return row and review.publish(reading_id=row.pk, version=version(row, n), by=by)


@act
def send_back(site: Site, by: User, n: int) -> object:
    row, by = handed_in(by, n)
    return row and review.send_back(reading_id=row.pk, version=version(row, n), note="Look again.", by=by)


def published(by: User, n: int) -> tuple[Finding | None, User]:
    """A finding, and whoever tries to decide on it."""
    row = aimed(n, Finding.objects.published().select_related("ruling"))
    return row, fit(by, n, *deciders(row.project_id, row.ruling and row.ruling.article_id)) if row else by


@act
def retract(site: Site, by: User, n: int) -> object:
    row, by = published(by, n)
    return row and review.retract(finding_id=row.pk, version=version(row, n), reason="A slip.", by=by)


# --- adjudication -----------------------------------------------------------------------------------------------------


def adjudicate(
    site: Site, by: User, n: int, verb: Callable[..., object], state: str, what: Callable[[Desk], dict[str, Any] | None]
) -> object:
    """``what``: of the article as it lies before whoever tries, what else is sent, or None for nothing to try it on."""
    whole = Reading.objects.filter(project=site.pair, state=state).order_by().values("article")
    ready = whole.annotate(number=Count("pk")).filter(number=2).values("article")
    row = aimed(n, Screening.objects.filter(project=site.pair, article__in=ready))
    if row is None or row.project_id != site.pair.pk:
        return None
    by = fit(by, n, *deciders(site.pair.pk, row.article_id))
    desk = adjudicated.desk(by, site.project(1), row.article_id)
    sent = what(desk)
    at = {5: desk.version - 1, 11: None}.get(n % 23, desk.version)
    return sent is not None and verb(project=desk.project, article_id=row.article_id, version=at, by=by, **sent)


@act
def pair_patients(site: Site, by: User, n: int) -> object:
    def pairs(desk: Desk) -> dict[str, Any] | None:
        if desk.is_paired and n % 3:
            return None
        two = [Pair(patient, other, "The same man.") for patient, other in desk.offered.items()]
        named = {*desk.offered, *desk.offered.values()}
        alone = [p.pk for many in desk.unpaired.values() for p in many if p.pk not in named]
        return {"pairs": [*two, *(Pair(pk, None, "Only one tells of her." if n % 5 else "") for pk in alone)]}

    return adjudicate(site, by, n, adjudication.pair, ReadingState.SUBMITTED, pairs)


@act
def decide(site: Site, by: User, n: int) -> object:
    def decision(desk: Desk) -> dict[str, Any] | None:
        points = desk.open_points or desk.points
        if not points:
            return None
        point = points[n // 6 % len(points)]
        chosen: dict[str, Any] = {"outcome": Outcome.values[n // 2 % 4]}
        if chosen["outcome"] == Outcome.FOLLOWED:
            chosen["reading_id"] = desk.readings[n % 2].pk
        if chosen["outcome"] == Outcome.THIRD:
            chosen["third"] = Third(Status.PRESENT, {"sex": "female", "side": "right"}[point.feature.slug])
        return {"place": point.place, "reason": "So it says." if n % 11 else "", **chosen}

    return adjudicate(site, by, n, adjudication.decide, ReadingState.SUBMITTED, decision)


@act
def undecide(site: Site, by: User, n: int) -> object:
    def place(desk: Desk) -> dict[str, Any] | None:
        point = desk.last_decided or next(iter(desk.points), None)
        return point and {"place": point.place}

    return adjudicate(site, by, n, adjudication.take_back, ReadingState.SUBMITTED, place)


@act
def publish_agreed(site: Site, by: User, n: int) -> object:
    return adjudicate(site, by, n, adjudication.publish_agreed, ReadingState.SUBMITTED, lambda desk: {})


@act
def publish_adjudicated(site: Site, by: User, n: int) -> object:
    return adjudicate(site, by, n, adjudication.publish, ReadingState.SUBMITTED, lambda desk: {})


@act
def reopen(site: Site, by: User, n: int) -> object:
    reason = "Something came up." if n % 7 else ""
    return adjudicate(site, by, n, adjudication.reopen, ReadingState.ACCEPTED, lambda desk: {"reason": reason})


# --- after publication ------------------------------------------------------------------------------------------------


@act
def propose(site: Site, by: User, n: int) -> object:
    row = aimed(n, Finding.objects.published())
    new = f"Comment {n % 3}"
    return row and challenges.propose(finding_id=row.pk, field="comment", new=new, reason="It helps.", by=by)


def proposed(by: User, n: int) -> tuple[Proposal | None, User]:
    row = aimed(n, Proposal.objects.open().select_related("finding__ruling", "proposed_by"))
    if row is None:
        return None, by
    who = [each for each in deciders(row.project_id, row.finding.ruling.article_id) if each != row.proposed_by]
    return row, fit(by, n, *who)


@act
def withdraw(site: Site, by: User, n: int) -> object:
    row, _ = proposed(by, n)
    return row and challenges.withdraw(proposal_id=row.pk, version=version(row, n), by=fit(by, n, row.proposed_by))


@act
def accept(site: Site, by: User, n: int) -> object:
    row, by = proposed(by, n)
    return row and challenges.accept(proposal_id=row.pk, version=version(row, n), by=by)


@act
def reject(site: Site, by: User, n: int) -> object:
    row, by = proposed(by, n)
    return row and challenges.reject(proposal_id=row.pk, version=version(row, n), reason="It does not.", by=by)


@act
def flag(site: Site, by: User, n: int) -> object:
    row = aimed(n, Finding.objects.published())
    return row and challenges.flag(finding_id=row.pk, text="Look again." if n % STRAYS else " ", by=by)


@act
def resolve(site: Site, by: User, n: int) -> object:
    row = aimed(n, Flag.objects.filter(resolved_at=None).select_related("finding__ruling"))
    if row is None:
        return None
    by = fit(by, n, *deciders(row.project_id, row.finding.ruling.article_id))
    return challenges.resolve(flag_id=row.pk, version=version(row, n), answer="It stands.", by=by)


@act
def reevaluate(site: Site, by: User, n: int) -> object:
    """After a notice, which comes now and then."""
    row, by = published(by, n)
    if row is None or row.ruling is None:
        return None
    article: Article = row.ruling.article
    if n % 5 == 0 and not article.notices.exists():
        Notice.objects.create(article=article, position=1, kind="RetractionIn", source="J. 2026", pmid=n)
    return challenges.reevaluate(project=site.project(n), article=article, stands=bool(n % 4), reason="So it is.", by=by)


# --- the same person --------------------------------------------------------------------------------------------------


@act
def say_same(site: Site, by: User, n: int) -> object:
    found = list(Patient.objects.filter(project=site.project(n), findings__isnull=False).distinct().order_by("pk"))
    if len(found) < 2:
        return None
    one_, other = found[n // 2 % len(found)], found[(n // 2 + 1) % len(found)]
    return patients.mark_same(patient_id=one_.pk, other_id=other.pk, reason="Same figures.", by=by)


def same(by: User, n: int, state: str) -> tuple[SamePatient | None, User]:
    row = aimed(n, SamePatient.objects.filter(state=state))
    return row, fit(by, n, *deciders(row.project_id, None)) if row else by


@act
def confirm_same(site: Site, by: User, n: int) -> object:
    row, by = same(by, n, SameState.PROPOSED)
    return row and patients.confirm_same(link_id=row.pk, version=version(row, n), by=by)


@act
def decline_same(site: Site, by: User, n: int) -> object:
    row, by = same(by, n, SameState.PROPOSED)
    return row and patients.decline_same(link_id=row.pk, version=version(row, n), reason="Two men.", by=by)


@act
def undo_same(site: Site, by: User, n: int) -> object:
    row, by = same(by, n, SameState.CONFIRMED)
    return row and patients.undo_same(link_id=row.pk, version=version(row, n), reason="Two men.", by=by)
