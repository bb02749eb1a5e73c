"""Quotes that lost their place, where their words stand now, and who settles them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from curation.annotation import anchoring
from curation.annotation.anchoring import Place
from curation.articles.queries import unnamed
from curation.choices import READING_OPEN, EvidenceState
from curation.errors import NotAllowed
from curation.models import Evidence, Project, Reading, Section, User
from curation.permissions import is_moderator, require_belonging

#: What waits for a person; what one left with the earlier wording does not.
LOST = (EvidenceState.MOVED, EvidenceState.CHANGED, EvidenceState.ORPHAN)
#: Most places that are offered for one quote, and most quotes on a page.
MOST_PLACES, MOST_SHOWN = 10, 100


@dataclass(frozen=True, slots=True)
class Displaced:
    """``places`` are where its words stand now, or, where they stand nowhere, the sentences that hold all of them."""

    evidence: Evidence
    places: Sequence[tuple[Section, Place]]
    may_settle: bool


def lost(user: object, project: Project) -> Sequence[Displaced]:
    """The project's, as far as the person may see them: own ones, and those handed in where they moderate."""
    require_belonging(user, project)
    rows = _of(user, project)
    related = ("section__article", "annotation__feature", "annotation__patient", "annotation__reading__curator")
    found = list(
        rows.select_related(*related).defer(*unnamed("section__article")).order_by("annotation__reading", "pk")[:MOST_SHOWN]
    )
    texts = _texts({evidence.section.article_id for evidence in found})
    moderates = is_moderator(user, project)
    return [Displaced(e, places(e, texts[e.section.article_id]), _may(user, e.annotation.reading, moderates)) for e in found]


def number(user: object, project: Project) -> int:
    """How many wait for a person, of those that this one may see."""
    return _of(user, project).count()


def _of(user: object, project: Project) -> QuerySet[Evidence]:
    readings = Reading.objects.visible_to(user).filter(project=project)
    return Evidence.objects.filter(annotation__reading__in=readings, state__in=LOST)


def _may(user: object, reading: Reading, moderates: bool) -> bool:
    is_own = isinstance(user, User) and reading.curator_id == user.pk
    return is_own if reading.state in READING_OPEN else moderates and not is_own


def require_may_settle(user: User, reading: Reading) -> None:
    """While a reading is open its reader settles; once it is handed in, another who moderates the project."""
    if not _may(user, reading, is_moderator(user, reading.project)):
        raise NotAllowed("While a reading is open its reader settles its quotes; afterwards a moderator who did not read it.")


def places(evidence: Evidence, sections: Sequence[Section]) -> list[tuple[Section, Place]]:
    """Exactly these words first; else the same words written a little otherwise, or the sentences that hold all of them.

    None for a rectangle: it is drawn again, or left with the picture it was drawn on.
    """
    exact = [(s, place) for s in sections for place in anchoring.find(s.text, evidence.exact)]
    near = exact or [(s, place) for s in sections for place in anchoring.search(s.text, evidence.exact, limit=MOST_PLACES)]
    return near[:MOST_PLACES]


def current_text(article_id: int) -> list[Section]:
    return _texts({article_id})[article_id]


def _texts(article_ids: set[int]) -> Mapping[int, list[Section]]:
    texts: dict[int, list[Section]] = defaultdict(list)
    for section in Section.objects.current().filter(article__in=article_ids).order_by("position", "key"):
        texts[section.article_id].append(section)
    return texts
