"""What a reading must hold before it is submitted, what is asked at all, and how far one had to read. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from curation.articles.jats import PATH
from curation.choices import Depth, EvidenceRole, ReadPart, SectionKind, Status, Tier
from curation.codebook.rules import FeatureSpec, applicable, inapplicable, unfinished
from curation.errors import Fault, Invalid

LONGEST_LABEL, LONGEST_COMMENT, LONGEST_PANEL = 200, 10_000, 40

_DEPTHS: Mapping[str, Depth] = {
    SectionKind.CAPTION: Depth.CAPTION,
    SectionKind.BODY: Depth.FULL_TEXT,
    SectionKind.TABLE: Depth.FULL_TEXT,
}
#: By NlmCategory and JATS's sec-type: what is told of the disease and not of this patient.
_BACKGROUND = frozenset(("background", "objective", "conclusions", "intro", "discussion", "introduction"))
_OWN_WORDS = re.compile(
    r"\b(case|cases|patients?|results?|findings?|report|presentation|histor(y|ies)|examinations?|investigations?|treatments?"
    r"|outcomes?|follow[ -]?up|course|methods?)\b",
    re.IGNORECASE,
)
_BACKGROUND_WORDS = re.compile(
    r"\b(introduction|background|discussion|conclusions?|literature|review|aims?|objectives?|purpose)\b", re.IGNORECASE
)
_PARTS: Mapping[str, ReadPart] = {
    SectionKind.TITLE: ReadPart.TITLE,
    SectionKind.ABSTRACT: ReadPart.ABSTRACT,
    SectionKind.CAPTION: ReadPart.CAPTIONS,
    SectionKind.BODY: ReadPart.FULL_TEXT,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One annotation, as far as the rules look at it; ``evidence`` is how many places prove it."""

    slug: str
    instance: int
    status: str
    value: object
    comment: str
    evidence: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What one feature lacks before submit."""

    slug: str
    reason: str


def depth(section_kind: str) -> Depth:
    """How far into the publication this kind of section is: keywords, conflicts and titles stand beside the abstract."""
    return _DEPTHS.get(section_kind, Depth.ABSTRACT)


def role(section_kind: str, label: str, category: str) -> EvidenceRole:
    """Whose words these are, until somebody says otherwise: what stands in an introduction or a discussion is background.

    The innermost title that tells decides, then what the record itself calls the section (NlmCategory, JATS's sec-type).
    """
    if section_kind not in (SectionKind.ABSTRACT, SectionKind.OTHER_ABSTRACT, SectionKind.BODY):
        return EvidenceRole.OWN
    for title in reversed(label.split(PATH)):
        if _OWN_WORDS.search(title):
            return EvidenceRole.OWN
        if _BACKGROUND_WORDS.search(title):
            return EvidenceRole.BACKGROUND
    named = {word.casefold() for word in category.split("|")}
    return EvidenceRole.BACKGROUND if named & _BACKGROUND else EvidenceRole.OWN


def parts_before_the_reader(section_kinds: Iterable[str]) -> list[str]:
    """The scope a reading starts with: what the workspace shows of the article."""
    shown = {_PARTS[kind] for kind in section_kinds if kind in _PARTS}
    return [part for part in ReadPart.values if part in shown]


def silence(scope: Sequence[str], status: str) -> dict[str, list[str]]:
    """What "not reported" is said of, as a qualifier; nothing for any other status."""
    return {"scope": [part for part in ReadPart.values if part in scope]} if status == Status.NOT_REPORTED and scope else {}


def unread(scope: Sequence[str], status: str, qualifiers: Mapping[str, object]) -> list[str]:
    """The parts read since an answer said "not reported"; none where it was not kept what that was said of."""
    said_of = qualifiers.get("scope")
    if status != Status.NOT_REPORTED or not isinstance(said_of, list):
        return []
    return [part for part in ReadPart.values if part in scope and part not in said_of]


def asked(specs: Mapping[str, FeatureSpec], recorded: Iterable[Recorded]) -> dict[str, bool | None]:
    """For each feature whether its condition holds; None where that cannot be told yet.

    A condition on a feature that is itself not asked does not hold, whatever was recorded of it earlier.
    """
    answers = {r.slug: r for r in sorted(recorded, key=lambda r: -r.instance)}  # of a series its first row
    out = inapplicable(specs, answers)
    return {slug: False if slug in out else applicable(spec, answers) for slug, spec in specs.items()}


def hanging_on(specs: Mapping[str, FeatureSpec], slugs: Iterable[str]) -> set[str]:
    """What may be asked or not once these are answered anew: they, what their answers are a condition of, and so on."""
    touched, before = set(slugs), set[str]()
    while touched != before:
        before = set(touched)
        touched |= {slug for slug, spec in specs.items() if spec.shown_when and spec.shown_when["feature"] in before}
    return touched


def drawn_with(specs: Mapping[str, FeatureSpec], slugs: Iterable[str]) -> set[str]:
    """The same, and the series that any of them is in."""
    touched = hanging_on(specs, slugs) & specs.keys()
    series = {specs[slug].repeat_group for slug in touched} - {""}
    return touched | {slug for slug, spec in specs.items() if spec.repeat_group in series}


def is_due(spec: FeatureSpec, is_asked: bool | None) -> bool:
    """Whether a reading has to answer the feature."""
    return spec.tier == Tier.CORE and not spec.derived and is_asked is True


def gaps(
    specs: Mapping[str, FeatureSpec], recorded: Sequence[Recorded], being_asked: Mapping[str, bool | None] | None = None
) -> list[Gap]:
    """What one patient's record lacks before submit, in the codebook's order; ``being_asked`` where it is known already."""
    being_asked = asked(specs, recorded) if being_asked is None else being_asked
    by_slug: dict[str, list[Recorded]] = {}
    for r in recorded:
        by_slug.setdefault(r.slug, []).append(r)
    found: list[Gap] = []
    for slug, spec in specs.items():
        if being_asked[slug] is False:
            continue
        if is_due(spec, being_asked[slug]) and slug not in by_slug:
            found.append(Gap(slug, "has no answer yet"))
        found += [Gap(slug, reason) for r in by_slug.get(slug, ()) for reason in lacks(spec, r)]
    return found


def lacks(spec: FeatureSpec, recorded: Recorded) -> list[str]:
    return unfinished(spec, status=recorded.status, comment=recorded.comment, evidence=recorded.evidence)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the features that are due are answered (without a gap)."""

    done: int
    due: int


def progress(
    specs: Mapping[str, FeatureSpec], groups: Mapping[str, str], being_asked: Mapping[str, bool | None], lacking: Sequence[Gap]
) -> dict[str, Progress]:
    """By group; ``groups`` names each feature's group, ``lacking`` what ``gaps`` found."""
    open_ = {gap.slug for gap in lacking}
    due = Counter(groups[slug] for slug, spec in specs.items() if is_due(spec, being_asked[slug]))
    left = Counter(groups[slug] for slug, spec in specs.items() if is_due(spec, being_asked[slug]) and slug in open_)
    return {group: Progress(due[group] - left[group], due[group]) for group in {*groups.values()}}


def unknown_feature(slug: str, known: Iterable[str], version: object) -> Invalid:
    near = get_close_matches(slug[:80], list(known), n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(f'“{s}”' for s in near)}?" if near else "see the codebook's pages for its features"
    return Invalid(
        f"The codebook {version} has no feature “{slug[:80]}”.",
        faults=[Fault("feature", f"“{slug[:80]}” is unknown; {hint}")],
    )


def clean(where: str, text: object, *, longest: int) -> str:
    """What a person typed, stripped. Raises Invalid for what is no text, too long or cannot be stored."""
    if not isinstance(text, str):
        raise Invalid("Please send text.", faults=[Fault(where, "is not text")])
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise Invalid("Please leave out control characters.", faults=[Fault(where, "holds a character that cannot be stored")])
    if len(stripped := text.strip()) > longest:
        raise Invalid("Please be brief.", faults=[Fault(where, f"has {len(stripped)} characters; {longest} at most")])
    return stripped
