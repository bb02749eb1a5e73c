"""What is offered to the reader of an article: computed from its frozen text, less what is answered or was rejected."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db.models import Count, Q

from curation.annotation import lacks, rules
from curation.annotation import queries as annotation
from curation.choices import READING_OPEN, SectionKind, SuggestionMode, SuggestionVerdict
from curation.codebook import queries as codebook
from curation.codebook.rules import FeatureSpec, Value, check, display, status_words
from curation.errors import Invalid, NotAllowed, NotFound
from curation.models import Annotation, CodebookVersion, Judged, Patient, Project, Reading, Section
from curation.suggesting.lexicon import Lexicon
from curation.suggesting.settling import Suggestion
from curation.suggesting.suggest import Piece, suggestions
from curation.suggestions.lexicons import lexicon_of

#: Where a report speaks of its patient; tables are read cell by cell and not as sentences.
READ_KINDS = (SectionKind.TITLE, SectionKind.ABSTRACT, SectionKind.BODY, SectionKind.CAPTION)
#: Headings of parts that speak of the disease and not of the patient.
BACKGROUND = (
    "introduction",
    "background",
    "discussion",
    "review",
    "method",
    "acknowledg",
    "funding",
    "ethic",
    "reference",
    "author",
    "objective",
)


@dataclass(frozen=True)
class Offer:
    """``key`` names it in addresses; ``contradicts`` says that the reader's answer says otherwise: a hint, not to be accepted."""

    key: str
    suggestion: Suggestion
    spec: FeatureSpec
    section: Section
    value: Value
    words: str
    contradicts: bool

    @property
    def status_words(self) -> str:
        return status_words(self.spec, self.suggestion.status)


@dataclass(frozen=True)
class Offered:
    """``hidden`` is empty, or why nothing is shown: "off" or "own_pass"."""

    reading: Reading
    patient: Patient | None
    hidden: str
    offers: list[Offer]
    rejected: list[Judged]

    @property
    def by_feature(self) -> list[tuple[FeatureSpec, list[Offer]]]:
        found: dict[str, list[Offer]] = {}
        for offer in self.offers:
            found.setdefault(offer.spec.slug, []).append(offer)
        return [(offers[0].spec, offers) for offers in found.values()]

    def offer(self, key: str) -> Offer:
        """Raises NotFound for what is not offered, or no longer."""
        if found := next((offer for offer in self.offers if offer.key == key), None):
            return found
        raise NotFound("This suggestion is not offered, or no longer; load the workspace again to see what is.")


def offered(user: object, reading_id: int, *, patient: int | None = None) -> Offered:
    """For the patient named, or the first. Only the reading's own reader is shown any, while it is open."""
    reading = annotation.reading_for(user, reading_id)
    if reading.curator != user:
        raise NotAllowed("Suggestions are shown to the reader alone.")
    patients = annotation.patients_of(reading)
    chosen = next((p for p in patients if p.pk == patient), None if patient else next(iter(patients), None))
    hidden = why_hidden(reading)
    if hidden or chosen is None or reading.state not in READING_OPEN:
        return Offered(reading, chosen, hidden, [], [])
    judged = list(Judged.objects.filter(reading=reading, patient=chosen).select_related("feature", "section"))
    rejected = [each for each in judged if each.verdict == SuggestionVerdict.REJECTED]
    return Offered(reading, chosen, "", _offers(reading, chosen, len(patients), rejected), rejected)


def why_hidden(reading: Reading) -> str:
    mode = reading.project.suggestions
    if mode == SuggestionMode.OFF:
        return "off"
    waits = mode == SuggestionMode.AFTER_OWN_PASS and reading.state in READING_OPEN
    return "own_pass" if waits and not _has_own_pass(reading) else ""


def _has_own_pass(reading: Reading) -> bool:
    """The reader said so, handed it in once, or has answered all that has to be answered."""
    return bool(reading.own_pass_at or reading.submitted_at) or not lacks.missing(reading)


def _offers(reading: Reading, patient: Patient, of_patients: int, rejected: Iterable[Judged]) -> list[Offer]:
    specs = codebook.specs_in(reading.codebook_version_id)
    sections = {s.key: s for s in annotation.sections_for(reading) if s.is_current and _speaks_of_patient(s)}
    own = annotation.annotations_of(reading, patient)
    asked = rules.asked(specs, annotation.recorded(own))
    refused = {_identity(j.feature.slug, j.section_id, j.start, j.end, j.status, j.value) for j in rejected}
    offers = []
    for suggestion in _found(reading.codebook_version, sections.values()):
        spec = specs[suggestion.feature]
        if spec.derived or asked[spec.slug] is False or not _is_of(suggestion, patient, of_patients):
            continue
        offer = _offer(suggestion, spec, sections[suggestion.section], own)
        if offer and _identity_of(offer) not in refused:
            offers.append(offer)
    return offers


def _speaks_of_patient(section: Section) -> bool:
    heading = section.label.casefold()
    return section.kind in READ_KINDS and not any(word in heading for word in BACKGROUND)


def _found(version: CodebookVersion, sections: Iterable[Section]) -> list[Suggestion]:
    return _computed(lexicon_of(version), tuple(Piece(s.key, s.text) for s in sections))


@lru_cache(maxsize=64)
def _computed(lexicon: Lexicon, pieces: Sequence[Piece]) -> list[Suggestion]:
    """The text is frozen and the lexicon fixed, so a process reads each article once."""
    return suggestions(pieces, lexicon)


def _is_of(suggestion: Suggestion, patient: Patient, of_patients: int) -> bool:
    """With one patient all is theirs; with several what the text says of another by name is left out."""
    named = suggestion.patient.casefold()
    return of_patients == 1 or not named or named == patient.label.casefold()


def _offer(suggestion: Suggestion, spec: FeatureSpec, section: Section, own: Sequence[Annotation]) -> Offer | None:
    """None where the codebook has no such value, or the reader has said the same."""
    try:
        value = check(spec, status=suggestion.status, value=suggestion.value, qualifiers=suggestion.qualifiers)
    except Invalid:
        return None
    answers = [a for a in own if a.feature.slug == spec.slug]
    if any(a.status == value.status and _same(a.value, value.value) for a in answers):
        return None
    contradicts = bool(answers) and not (spec.repeatable or spec.repeat_group)
    words = display(spec, value.value, value.qualifiers)
    return Offer(_key(suggestion, section), suggestion, spec, section, value, words, contradicts)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return Counter(map(str, one)) == Counter(map(str, other))
    return bool(one == other)


def _identity(slug: str, section_id: int, start: int, end: int, status: str, value: object) -> tuple[object, ...]:
    return slug, section_id, start, end, status, json.dumps(value, sort_keys=True)


def _identity_of(offer: Offer) -> tuple[object, ...]:
    found = offer.suggestion
    return _identity(offer.spec.slug, offer.section.pk, found.start, found.end, found.status, offer.value.value)


def _key(found: Suggestion, section: Section) -> str:
    said = json.dumps([found.feature, section.pk, found.start, found.end, found.status, found.value], sort_keys=True)
    return sha256(said.encode()).hexdigest()[:20]


def rejected_for(user: object, reading_id: int, pk: int) -> Judged:
    reading = annotation.reading_for(user, reading_id)
    rows = Judged.objects.filter(reading=reading, verdict=SuggestionVerdict.REJECTED).select_related("feature", "patient")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound("There is no such rejected suggestion here.")
    return found


def taken(user: object, project: Project) -> Mapping[str, int]:
    """How many suggestions the project's readers judged, and how many of them they accepted, in readings open to the person."""
    rows = Judged.objects.filter(reading__project=project, reading__in=Reading.objects.visible_to(user))
    return rows.aggregate(judged=Count("pk"), accepted=Count("pk", filter=Q(verdict=SuggestionVerdict.ACCEPTED)))
