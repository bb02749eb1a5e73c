"""The only writers of proposals, flags and re-evaluations."""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from curation.annotation import anchoring
from curation.annotation.actions import Quote
from curation.annotation.rules import depth
from curation.audit import action
from curation.challenges import queries, rules
from curation.choices import FindingState, FlagState, ProposalState
from curation.codebook.queries import spec
from curation.errors import Fault, Invalid, NotAllowed, NotFound, WrongState
from curation.models import Article, Finding, Flag, Patient, Project, Proposal, ProposalQuote, Reevaluation, Section, User
from curation.moves import FLAG_MOVES, PROPOSAL_MOVES, require_move
from curation.notices.actions import tell
from curation.permissions import require_member, require_moderator, require_not_source
from curation.review import actions as review
from curation.review.rules import check_words
from curation.versions import lock

MOST_QUOTES = 20


@action("proposal.make")
def propose(*, finding_id: int, field: str, new: object, reason: str, quotes: Sequence[Quote] = (), by: User) -> Proposal:
    """Suggest that one field of a published finding say something else, with the words that prove it, and why.

    One open proposal of a person for a field of a finding: a second one is refused until the first is withdrawn.
    """
    finding = _published(finding_id, by)
    require_member(by, finding.project)
    made = rules.changed(spec(finding.feature), finding, field, new)
    why = check_words(reason, field="reason", refused="A change is proposed for a reason.")
    if finding.proposals.open().filter(field=field, proposed_by=by).exists():
        raise WrongState("You have an open proposal for this already. Withdraw it first, or wait for the decision.")
    if not quotes and field != "comment":
        raise Invalid("Prove it.", faults=[Fault("quotes", "name the words of the article that say so")])
    proposal = Proposal.objects.create(
        project=finding.project, finding=finding, field=field, new=rules.content(made, field), reason=why, proposed_by=by
    )
    _quote(proposal, quotes)
    return proposal


@action("proposal.withdraw")
def withdraw(*, proposal_id: int, version: int | None, by: User) -> Proposal:
    def guard(row: Proposal) -> None:
        if row.proposed_by_id != by.pk:
            raise NotAllowed("Only whoever made a proposal withdraws it.")

    proposal = lock(Proposal.objects.visible_to(by), pk=proposal_id, version=version, guard=guard)
    return _close(proposal, ProposalState.WITHDRAWN, "", by)


@action("proposal.reject")
def reject(*, proposal_id: int, version: int | None, reason: str, by: User) -> Proposal:
    """Leave the finding as it is; the proposer reads why."""
    proposal = _lock_to_decide(proposal_id, version, by)
    why = check_words(reason, field="reason", refused="A proposal is rejected for a reason.")
    tell(verb="proposal.reject", to=[proposal.proposed_by_id], about=proposal, by=by)
    return _close(proposal, ProposalState.REJECTED, why, by)


@action("proposal.accept")
def accept(*, proposal_id: int, version: int | None, reason: str = "", by: User) -> Proposal:
    """Publish what it proposes in the finding's place; rival proposals for the same finding are superseded."""
    seen = queries.proposal(by, proposal_id)
    list(Patient.objects.select_for_update().filter(pk=seen.finding.patient_id))  # first, as everywhere: see review.actions
    proposal = _lock_to_decide(proposal_id, version, by)
    finding = proposal.finding
    if finding.state != FindingState.PUBLISHED:
        raise WrongState(
            f"The finding this proposal is about is {finding.get_state_display().lower()} since. Reject it; its proposer may "
            "propose the change for the finding that is published now."
        )
    made = rules.changed(spec(finding.feature), finding, proposal.field, proposal.new)
    why = reason.strip() or proposal.reason
    proposal.outcome = review.amend(
        finding_id=finding.pk, answer=made.value, comment=made.comment, reason=why, accepted=[proposal], by=by
    )
    _close(proposal, ProposalState.ACCEPTED, reason.strip(), by)
    tell(verb="proposal.accept", to=[proposal.proposed_by_id], about=proposal, by=by)
    _supersede_rivals(proposal, by)
    return proposal


@action("flag.raise")
def flag(*, finding_id: int, text: str, by: User) -> Flag:
    """Say that something is wrong with a finding one can see; its project's moderators are asked to look."""
    finding = Finding.objects.visible_to(by).select_related("project").filter(pk=finding_id).first()
    if finding is None:
        raise NotFound(f"There is no finding {finding_id} here, or it is not open to you.")
    words = check_words(text, field="text", refused="A flag says what is wrong.")
    if finding.flags.filter(raised_by=by, state=FlagState.OPEN).exists():
        raise WrongState("You have flagged this finding already; its moderators will answer.")
    return Flag.objects.create(project=finding.project, finding=finding, text=words, raised_by=by)


@action("flag.resolve")
def resolve(*, flag_id: int, version: int | None, answer: str, by: User) -> Flag:
    """Close a flag with an answer that whoever raised it reads."""

    def guard(row: Flag) -> None:
        require_moderator(by, row.project)
        require_not_source(by, row.finding)

    rows = Flag.objects.visible_to(by).select_related("project", "finding")
    raised = lock(rows, pk=flag_id, version=version, guard=guard)
    require_move(FLAG_MOVES, raised.state, FlagState.RESOLVED, thing="This flag")
    raised.answer = check_words(answer, field="answer", refused="A flag is resolved with an answer.")
    raised.state, raised.resolved_by, raised.resolved_at = FlagState.RESOLVED, by, timezone.now()
    raised.save(update_fields=["answer", "state", "resolved_by", "resolved_at", "version", "changed_at"])
    tell(verb="flag.resolve", to=[raised.raised_by_id], about=raised, by=by)
    return raised


@action("reevaluation.make")
def reevaluate(*, project: Project, article: Article, stands: bool, reason: str, by: User) -> Reevaluation:
    """Decide on an article's findings after a retraction or correction of it: they stand, or all of them are retracted."""
    require_moderator(by, project)
    notices = queries.asking(project, article)
    if not notices:
        raise WrongState(f"Nothing asks for another look at the findings from {article}: no notice, or it was decided already.")
    why = check_words(reason, field="reason", refused="Say why the findings stand, or why they do not.")
    published = queries.published_from(project, article)
    list(Patient.objects.select_for_update().filter(pk__in=published.values("patient")).order_by("pk"))  # first, as everywhere
    findings = published.select_for_update(of=("self",)).order_by("pk")
    for finding in findings:
        require_not_source(by, finding)
        if not stands:
            review.retract(finding_id=finding.pk, version=finding.version, reason=why, by=by)
    return Reevaluation.objects.create(
        project=project, article=article, notices=notices, stands=stands, reason=why, decided_by=by
    )


def _published(finding_id: int, by: User) -> Finding:
    rows = Finding.objects.visible_to(by).select_related("project", "feature", "patient", "ruling__article", "rule")
    finding = rows.filter(pk=finding_id).first()
    if finding is None:
        raise NotFound(f"There is no finding {finding_id} here, or it is not open to you.")
    if finding.rule_id:
        raise WrongState("A derived finding follows from others. Propose a change of what it was derived from.")
    if finding.state != FindingState.PUBLISHED:
        raise WrongState(f"This finding is {finding.get_state_display().lower()}; changes are proposed for published ones.")
    return finding


def _quote(proposal: Proposal, quotes: Sequence[Quote]) -> None:
    """Each verified against its frozen section of an article that reports the patient."""
    if len(quotes) > MOST_QUOTES:
        raise Invalid("Please be brief.", faults=[Fault("quotes", f"at most {MOST_QUOTES}")])
    articles = Article.objects.filter(patient_reports__patient=proposal.finding.patient_id)
    sections = Section.objects.filter(article__in=articles).in_bulk({quote.section_id for quote in quotes})
    rows = {}
    for quote in quotes:
        if (section := sections.get(quote.section_id)) is None:
            raise Invalid(
                "A quote names another text.", faults=[Fault("quotes", f"{quote.section_id} is no section of this report")]
            )
        at = anchoring.verify(section.text, exact=quote.exact, start=quote.start, prefix=quote.prefix, suffix=quote.suffix)
        words = {"start": at.start, "end": at.end, "exact": at.exact, "prefix": at.prefix, "suffix": at.suffix}
        rows[section.pk, at.start, at.end] = ProposalQuote(proposal=proposal, section=section, depth=depth(section.kind), **words)
    ProposalQuote.objects.bulk_create(rows.values())


def _lock_to_decide(proposal_id: int, version: int | None, by: User) -> Proposal:
    def guard(row: Proposal) -> None:
        require_moderator(by, row.project)
        if row.proposed_by_id == by.pk:
            raise NotAllowed("This is your own proposal; another moderator has to decide on it.")
        require_not_source(by, row.finding)

    rows = Proposal.objects.visible_to(by).select_related("project", "finding__feature", "finding__patient")
    return lock(rows, pk=proposal_id, version=version, guard=guard)


def _close(proposal: Proposal, state: ProposalState, answer: str, by: User) -> Proposal:
    require_move(PROPOSAL_MOVES, proposal.state, state, thing="This proposal")
    proposal.state, proposal.answer, proposal.decided_by, proposal.decided_at = state, answer, by, timezone.now()
    proposal.save(update_fields=["state", "answer", "decided_by", "decided_at", "outcome", "version", "changed_at"])
    return proposal


def _supersede_rivals(accepted: Proposal, by: User) -> None:
    rivals = Proposal.objects.open().filter(finding=accepted.finding).exclude(pk=accepted.pk)
    locked = list(rivals.select_for_update(of=("self",)).select_related("project").order_by("pk"))
    now = timezone.now()
    Proposal.objects.filter(pk__in=[each.pk for each in locked]).update(
        state=ProposalState.SUPERSEDED, decided_by=by, decided_at=now, version=F("version") + 1, changed_at=now
    )
    for rival in locked:
        tell(verb="proposal.supersede", to=[rival.proposed_by_id], about=rival, by=by)
