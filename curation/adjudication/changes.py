"""What changed since an article was published: each reading's answer then and now, each decision then and now."""

from collections.abc import Iterator
from typing import NamedTuple

from curation.adjudication.layout import Desk, Point, Voice
from curation.codebook.queries import spec
from curation.codebook.rules import Value
from curation.codebook.sameness import Answer, said
from curation.models import Decision, Feature, Finding, Patient
from curation.review.layout import in_words


class Change(NamedTuple):
    """``who`` said ``then`` and says ``now``, both in words, empty for nothing; ``key`` is the point's, where there is one."""

    patient: Patient
    feature: Feature
    key: str
    who: str
    then: str
    now: str


def since(desk: Desk) -> list[Change]:
    """In the order of the points; nothing where nothing was published yet."""
    if not desk.rulings:
        return []
    changes = [change for point in desk.points for change in _of_point(point)]
    points = {point.place for point in desk.points}
    gone = [each for each in desk.public if (each.patient_id, each.feature.slug, each.instance) not in points]
    return changes + [Change(each.patient, each.feature, "", "", _words(each.feature, each), "") for each in gone]


def _of_point(point: Point) -> Iterator[Change]:
    held = point.decision if point.decision and point.decision.ruling_id else point.before
    about = point.person.patient, point.feature, point.key
    if held is None and point.public is None:
        return
    for voice in point.voices:
        then = _then(voice, held, point.public)
        if said(then) != said(voice.answer):
            words = _words(point.feature, then), _words(point.feature, voice.answer)
            yield Change(*about, str(voice.reading.curator), *words)
    if held and point.decision and held is not point.decision:
        yield Change(*about, str(point.decision.decided_by), decided(held), decided(point.decision))


def _then(voice: Voice, held: Decision | None, public: Finding | None) -> Answer | None:
    """What was published without a decision, both readings said."""
    if held is None:
        return public
    told = held.basis.get(str(voice.reading.pk))
    return Value(**told) if told else None


def decided(decision: Decision) -> str:
    """What a decision publishes, in words; else what it is."""
    return _words(decision.feature, decision) if decision.status else str(decision.get_outcome_display())


def _words(feature: Feature, answer: Answer | None) -> str:
    return " ".join(in_words(spec(feature), answer)).strip() if answer else ""
