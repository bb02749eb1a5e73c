"""A notice in words, composed when it is read: it says what its receiver may know then, and leads to the thing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from curation.choices import ReadingState
from curation.models import Article, Notification
from curation.models.notices import NoticeKind


class Words(NamedTuple):
    kind: NoticeKind
    sentence: str | Promise


#: By the act that people are told of.
WORDS = {
    "reading.assign": Words(NoticeKind.ASSIGNED, gettext_lazy("%(who)s gave you %(article)s to read.")),
    "reading.release": Words(
        NoticeKind.ASSIGNED,
        gettext_lazy("%(article)s went back to the pool: you had not worked on it for long. Your draft is kept for you."),
    ),
    "reading.send_back": Words(NoticeKind.RETURNED, gettext_lazy("%(who)s sent your reading of %(article)s back.")),
    "note.answer": Words(NoticeKind.ANSWERED, gettext_lazy("%(who)s answered your question about %(thing)s in %(article)s.")),
    "flag.resolve": Words(NoticeKind.ANSWERED, gettext_lazy("%(who)s answered your flag on %(thing)s.")),
    **dict.fromkeys(
        ("reading.publish", "adjudication.publish"),
        Words(NoticeKind.CORRECTED, gettext_lazy("%(who)s decided on %(article)s, in part otherwise than you recorded it.")),
    ),
    "finding.retract": Words(NoticeKind.CORRECTED, gettext_lazy("%(who)s took back what you had recorded in %(article)s.")),
    "finding.amend": Words(NoticeKind.CORRECTED, gettext_lazy("%(who)s changed what you had recorded in %(article)s.")),
    "proposal.accept": Words(NoticeKind.DECIDED, gettext_lazy("%(who)s accepted your proposal for %(thing)s.")),
    "proposal.reject": Words(NoticeKind.DECIDED, gettext_lazy("%(who)s rejected your proposal for %(thing)s.")),
    "proposal.supersede": Words(
        NoticeKind.DECIDED, gettext_lazy("%(who)s accepted another proposal for %(thing)s, which closed yours.")
    ),
    "cohort.compare": Words(NoticeKind.COHORT, gettext_lazy("The answer to “%(thing)s” changed.")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """``words``: what the person who acted said to it. ``changes``: of a cohort, what changed, each with the articles."""

    notice: Notification
    sentence: str
    words: str
    link: str
    changes: list[tuple[str, list[Article]]]

    @property
    def day(self) -> date:
        return timezone.localdate(self.notice.at)


def told(notice: Notification, articles: dict[int, Article]) -> Told:
    """``articles``: those named in ``details`` that are open to the receiver, by id."""
    about = next(name for name in ABOUT if getattr(notice, name) is not None)
    thing, words, link = ABOUT[about](notice)
    article = _article(notice)
    said = {
        "who": notice.actor or _("The site"),
        "article": f"“{article.title.removesuffix('.')}”" if article else "",
        "thing": thing,
    }
    return Told(notice, str(WORDS[notice.verb].sentence) % said, words, link, _changes(notice.details, articles))


def _article(notice: Notification) -> Article | None:
    reading = notice.note.reading if notice.note else notice.reading
    of = reading or notice.ruling
    return of.article if of else None


def _of_reading(notice: Notification) -> tuple[str, str, str]:
    reading = notice.reading
    assert reading is not None
    is_back = notice.kind == NoticeKind.RETURNED and reading.state == ReadingState.RETURNED
    return "", reading.note if is_back else "", reverse("web:reading", args=[reading.pk])


def _of_note(notice: Notification) -> tuple[str, str, str]:
    note = notice.note
    assert note is not None
    thing = note.feature or note.patient or _("the reading")
    return str(thing), note.answer, reverse("web:review-reading", args=[note.reading_id])


def _of_ruling(notice: Notification) -> tuple[str, str, str]:
    ruling = notice.ruling
    assert ruling is not None
    only = urlencode({"article": str(ruling.article_id), "project": notice.project.slug})
    return "", ruling.reason, f"{reverse('web:corrected')}?{only}"


def _of_proposal(notice: Notification) -> tuple[str, str, str]:
    proposal = notice.proposal
    assert proposal is not None
    thing = f"{proposal.finding.feature}, {proposal.finding.patient}"
    return thing, proposal.answer, reverse("web:proposal", args=[proposal.pk])


def _of_flag(notice: Notification) -> tuple[str, str, str]:
    flag = notice.flag
    assert flag is not None
    thing = f"{flag.finding.feature}, {flag.finding.patient}"
    return thing, flag.answer, reverse("web:finding", args=[flag.finding_id])


def _of_cohort(notice: Notification) -> tuple[str, str, str]:
    cohort = notice.cohort
    assert cohort is not None
    now = notice.details["after"]
    number = ngettext("%(before)d → %(now)d patient", "%(before)d → %(now)d patients", now)
    return cohort.title, number % {"before": notice.details["before"], "now": now}, reverse("web:cohort-saved", args=[cohort.pk])


ABOUT: dict[str, Callable[[Notification], tuple[str, str, str]]] = {
    "reading": _of_reading,
    "note": _of_note,
    "ruling": _of_ruling,
    "proposal": _of_proposal,
    "flag": _of_flag,
    "cohort": _of_cohort,
}


def _changes(details: dict[str, Any], articles: dict[int, Article]) -> list[tuple[str, list[Article]]]:
    named = [
        (_("Came in with"), "joined"),
        (_("Fell out with"), "left"),
        (_("Retracted since"), "retracted"),
    ]
    found = [(words, [articles[pk] for pk in details.get(name, ()) if pk in articles]) for words, name in named]
    return [(words, rows) for words, rows in found if rows]
