"""The only writer of what readers make of suggestions, and of when a project shows them. Nothing is ever applied by itself."""

from django.utils import timezone

from curation import versions
from curation.annotation import actions as annotation
from curation.annotation import guards
from curation.annotation.actions import Quote
from curation.audit import action
from curation.choices import SuggestionMode, SuggestionVerdict
from curation.errors import Fault, Invalid, WrongState
from curation.models import Annotation, Judged, Project, Reading, Section, User
from curation.permissions import require_moderator
from curation.suggestions import queries
from curation.suggestions.queries import Offer, Offered


@action("suggestion.accept")
def accept(*, reading_id: int, patient_id: int, key: str, by: User) -> Annotation:
    """Record what is suggested, its words as evidence. Refused for what is not offered, or contradicts an answer."""
    offered, offer = _offered(reading_id, patient_id, key, by)
    if offer.contradicts:
        raise WrongState(f"“{offer.spec.label}” is answered otherwise; open it to change your answer.")
    found = offer.suggestion
    made = annotation.record(
        reading_id=reading_id,
        patient_id=patient_id,
        feature_slug=offer.spec.slug,
        status=found.status,
        value=found.value,
        qualifiers=found.qualifiers,
        quotes=_quotes(offered, offer),
        instance=_next_instance(offered.reading, patient_id, offer),
        by=by,
    )
    _judge(offered, offer, SuggestionVerdict.ACCEPTED, made)
    return made


@action("suggestion.reject")
def reject(*, reading_id: int, patient_id: int, key: str, by: User) -> Judged:
    """Do not offer it again in this reading."""
    offered, offer = _offered(reading_id, patient_id, key, by)
    return _judge(offered, offer, SuggestionVerdict.REJECTED, None)


@action("suggestion.undo")
def undo_reject(*, reading_id: int, rejected_id: int, by: User) -> None:
    """Offer it again."""
    guards.own_open(reading_id, by)
    queries.rejected_for(by, reading_id, rejected_id)
    Judged.objects.filter(pk=rejected_id).delete()


@action("reading.finish_own_pass")
def finish_own_pass(*, reading_id: int, version: int | None, by: User) -> Reading:
    """Say that one has read for oneself; where the project hides suggestions until then, they are shown from now on."""
    reading = guards.own_open_at(reading_id, version, by)
    if reading.own_pass_at is None:
        reading.own_pass_at = timezone.now()
    reading.save(update_fields=["own_pass_at", "version", "changed_at"])
    return reading


@action("project.set_suggestions")
def set_mode(*, project_id: int, version: int | None, mode: str, by: User) -> Project:
    """When the project's readers see suggestions; a moderator says so."""
    rows = Project.objects.visible_to(by)
    project = versions.lock(rows, pk=project_id, version=version, guard=lambda found: require_moderator(by, found))
    if mode not in SuggestionMode.values:
        raise Invalid("Say when.", faults=[Fault("suggestions", f"choose one of {', '.join(SuggestionMode.values)}")])
    project.suggestions = mode
    project.save(update_fields=["suggestions", "version", "changed_at"])
    return project


def _offered(reading_id: int, patient_id: int, key: str, by: User) -> tuple[Offered, Offer]:
    """What is offered now, while nobody else writes in the reading; where nothing is shown, nothing can be taken."""
    reading = guards.own_open(reading_id, by)
    guards.described(reading, patient_id)
    offered = queries.offered(by, reading_id, patient=patient_id)
    return offered, offered.offer(key)


def _quotes(offered: Offered, offer: Offer) -> list[Quote]:
    """The words it rests on, and further places that say the same."""
    found = offer.suggestion
    keys = {found.section, *(key for key, _, _ in found.also)}
    sections = {s.key: s for s in Section.objects.current().filter(article=offered.reading.article_id, key__in=keys)}
    places = dict.fromkeys(((found.section, found.start, found.end), *found.also))
    return [
        Quote(section_id=sections[key].pk, exact=sections[key].text[start:end], start=start)
        for key, start, end in places
        if key in sections
    ]


def _next_instance(reading: Reading, patient_id: int, offer: Offer) -> int:
    if not (offer.spec.repeatable or offer.spec.repeat_group):
        return 1
    rows = Annotation.objects.standing().filter(reading=reading, patient=patient_id, feature__slug=offer.spec.slug)
    return max(rows.values_list("instance", flat=True), default=0) + 1


def _judge(offered: Offered, offer: Offer, verdict: SuggestionVerdict, made: Annotation | None) -> Judged:
    found = offer.suggestion
    judged, _ = Judged.objects.update_or_create(
        reading=offered.reading,
        patient=offered.patient,
        feature=offered.reading.codebook_version.features.get(slug=offer.spec.slug),
        section=offer.section,
        start=found.start,
        end=found.end,
        status=found.status,
        value=offer.value.value,
        defaults={"rule": found.rule, "verdict": verdict, "annotation": made},
    )
    return judged
