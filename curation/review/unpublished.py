"""What readers told and a moderator, who decided between two readings, published nothing of."""

from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from curation.choices import ReadingState, Status
from curation.codebook.queries import spec
from curation.models import Annotation, Decision, Ruling, User
from curation.models.annotation import AnnotationQuerySet
from curation.review.layout import in_words


class LeftOut(NamedTuple):
    """An answer of an accepted reading, in words, and the decision to publish nothing of it."""

    decision: Decision
    annotation: Annotation
    mine: str


def left_out(user: User) -> list[LeftOut]:
    """Of the person's own answers, the latest decided first."""
    mine = _told().filter(reading__curator=user).order_by("-pk").values("pk")[:1]
    rows = _standing().annotate(mine=Subquery(mine)).filter(mine__isnull=False)
    found = list(rows.select_related("decided_by").order_by("-pk"))
    keys = [row.mine for row in found]
    answers = Annotation.objects.select_related("feature", "reading__article").in_bulk(keys)
    return [LeftOut(row, answers[key], _words(answers[key])) for row, key in zip(found, keys, strict=True)]


def readers_of(ruling: Ruling) -> set[int]:
    """By id: whose answers the ruling left out."""
    decisions = Decision.objects.filter(ruling=ruling, status="")
    curators = _told().values("reading__article").annotate(them=ArrayAgg("reading__curator")).values("them")
    return {pk for many in decisions.values_list(Subquery(curators), flat=True) for pk in many or ()}


def _standing() -> QuerySet[Decision]:
    """Published, to publish nothing, and not decided otherwise since."""
    place = {name: OuterRef(name) for name in ("adjudication", "patient", "feature__slug", "instance")}
    later = Decision.objects.filter(**place, ruling__isnull=False, pk__gt=OuterRef("pk"))
    return Decision.objects.filter(~Exists(later), status="", ruling__isnull=False)


def _told() -> AnnotationQuerySet:
    """What accepted readings tell at the place of the decision of the query around it."""
    rows = Annotation.objects.filter(
        Q(patient=OuterRef("patient")) | Q(patient__merged_into=OuterRef("patient")),
        reading__state=ReadingState.ACCEPTED,
        reading__article=OuterRef("adjudication__article"),
        feature__slug=OuterRef("feature__slug"),
        instance=OuterRef("instance"),
    )
    return rows.exclude(status=Status.NOT_REPORTED)


def _words(answer: Annotation) -> str:
    return " ".join(in_words(spec(answer.feature), answer)).strip()
