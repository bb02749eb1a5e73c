"""What is proposed and flagged, and which articles' findings a notice asks to look at again."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from curation.annotation import anchoring
from curation.annotation.actions import Quote
from curation.articles.queries import unnamed
from curation.challenges.rules import changed, signature
from curation.choices import FlagState, ProposalState, Role
from curation.codebook.queries import spec
from curation.codebook.rules import display, status_words
from curation.errors import Fault, Invalid, NotFound
from curation.models import Article, Finding, Flag, Notice, Project, Proposal, Reevaluation, Section, User
from curation.models.articles import CAUTIONS
from curation.permissions import is_moderator, is_source, require_belonging, require_moderator, roles_of
from curation.review.layout import in_words

MOST_DECIDED = 50


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """``before`` and ``after`` in words; ``rivals`` are other open proposals for the same finding."""

    proposal: Proposal
    before: str
    after: str
    rivals: list[Proposal]
    may_decide: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """An article with published findings and a notice that nobody has looked at them in the light of."""

    article: Article
    notices: list[Notice]
    findings: int

    @property
    def signature(self) -> list[list[str]]:
        return signature([{"kind": each.kind, "pmid": each.pmid, "source": each.source} for each in self.notices])


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits, and the proposals decided last. For members; flags of others and ``asking`` for moderators only."""

    open: list[Proposal]
    decided: list[Proposal]
    flags: list[Flag]
    asking: list[Asking]
    is_moderator: bool


def overview(user: User, project: Project) -> Overview:
    if not (roles := roles_of(user, project)):
        require_belonging(user, project)
    moderates = Role.MODERATOR in roles
    rows = _proposals(user).filter(project=project)
    return Overview(
        open=list(rows.filter(state=ProposalState.OPEN)),
        decided=list(rows.exclude(state=ProposalState.OPEN).order_by("-decided_at")[:MOST_DECIDED]),
        flags=list(flags(user, project, state=FlagState.OPEN)),
        asking=_asking(project) if moderates else [],
        is_moderator=moderates,
    )


def proposals(user: User, project: Project, *, state: str = "") -> QuerySet[Proposal]:
    """For the project's members, the oldest first."""
    require_belonging(user, project)
    rows = _proposals(user).filter(project=project)
    return rows.filter(state=state) if state in ProposalState.values else rows


def proposals_of(user: object, finding: Finding) -> QuerySet[Proposal]:
    return _proposals(user).filter(finding=finding)


def _proposals(user: object) -> QuerySet[Proposal]:
    rows = Proposal.objects.visible_to(user).select_related("finding__feature", "finding__patient", "proposed_by", "decided_by")
    return rows.order_by("created_at", "pk")


def proposal(user: object, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(user).select_related(
        "project", "finding__feature", "finding__patient", "proposed_by", "decided_by", "outcome"
    )
    if (found := rows.prefetch_related("quotes__section__article").filter(pk=pk).first()) is None:
        raise NotFound(f"There is no proposal {pk} here, or it is not open to you.")
    return found


def proposal_page(user: User, pk: int) -> ProposalPage:
    found = proposal(user, pk)
    is_open = found.state == ProposalState.OPEN
    own = found.proposed_by_id == user.pk
    return ProposalPage(
        proposal=found,
        before=" ".join(in_words(spec(found.finding.feature), found.finding)).strip(),
        after=after(found),
        rivals=list(proposals_of(user, found.finding).filter(state=ProposalState.OPEN).exclude(pk=pk)),
        may_decide=is_open and not own and is_moderator(user, found.project) and not is_source(user, found.finding),
        may_withdraw=is_open and own,
    )


def after(proposal: Proposal) -> str:
    """What the field would say, in words."""
    of = spec(proposal.finding.feature)
    if proposal.field == "comment":
        return str(proposal.new)
    if proposal.field == "status":
        return status_words(of, str(proposal.new))
    made = changed(of, proposal.finding, proposal.field, proposal.new).value if _differs(proposal) else None
    return display(of, proposal.new, made.qualifiers if made else None)


def _differs(proposal: Proposal) -> bool:
    return proposal.state == ProposalState.OPEN and proposal.finding.value != proposal.new


def flags(user: User, project: Project, *, state: str = "") -> QuerySet[Flag]:
    """For the project's moderators all; for others those they raised."""
    rows = (
        Flag.objects.visible_to(user).filter(project=project).select_related("finding__feature", "finding__patient", "raised_by")
    )
    rows = rows.filter(state=state) if state in FlagState.values else rows
    return rows.order_by("created_at", "pk")


def flags_of(user: object, finding: Finding) -> QuerySet[Flag]:
    """Open and answered, the newest first."""
    rows = Flag.objects.visible_to(user).filter(finding=finding).select_related("raised_by", "resolved_by")
    return rows.order_by("-created_at", "-pk")


def published_from(project: Project, article: Article) -> QuerySet[Finding]:
    """Recorded findings that rest on the article alone or with others."""
    return Finding.objects.published().filter(project=project, ruling__article=article)


def asking(project: Project, article: Article) -> list[list[str]]:
    """The article's notices where its published findings were not yet looked at in their light; empty where all is decided."""
    return next((each.signature for each in _asking(project) if each.article.pk == article.pk), [])


def reevaluations(user: User, project: Project) -> list[Asking]:
    """Articles whose findings wait for another look; for moderators."""
    require_moderator(user, project)
    return _asking(project)


def _asking(project: Project) -> list[Asking]:
    """By three queries, however many there are."""
    drawn = Finding.objects.published().filter(project=project, rule=None).values_list("ruling__article", flat=True)
    counts: dict[int, int] = defaultdict(int)
    for article in drawn:
        counts[article] += 1
    by_article: dict[int, list[Notice]] = defaultdict(list)
    rows = Notice.objects.filter(article__in=counts, kind__in=CAUTIONS).select_related("article").defer(*unnamed("article"))
    for notice in rows:
        by_article[notice.article_id].append(notice)
    known: dict[int, list[list[str]]] = defaultdict(list)
    for article, notices in Reevaluation.objects.filter(project=project).values_list("article", "notices"):
        known[article] += notices
    asked = [Asking(notices[0].article, notices, counts[article]) for article, notices in by_article.items()]
    return [each for each in asked if any(notice not in known[each.article.pk] for notice in each.signature)]


def sections_of(finding: Finding) -> QuerySet[Section]:
    """The texts in which a proposal for the finding may find its proof."""
    articles = Article.objects.filter(patient_reports__patient=finding.patient_id)
    return Section.objects.current().filter(article__in=articles).select_related("article").order_by("article", "position")


def quote_found(finding: Finding, words: str) -> Quote:
    """Typed or pasted words as a quote of the one place where they stand. Raises Invalid where that is none, or several."""
    typed = " ".join(words.split())
    places = [(each, at) for each in sections_of(finding) for at in anchoring.find(each.text, typed)] if typed else []
    if len(places) == 1:
        section, at = places[0]
        return Quote(section.pk, at.exact, start=at.start)
    if not places:
        raise Invalid("These words are not in the report.", faults=[Fault("quote", f"“{typed[:80]}” stands nowhere in its text")])
    count = len(places)
    raise Invalid("Quote a little more.", faults=[Fault("quote", f"“{typed[:80]}” stands {count} times; add words around it")])
