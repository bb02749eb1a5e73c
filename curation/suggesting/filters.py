"""Sentences that say nothing of the patient: general statements, conditions, and what is said of relatives."""

import re
from collections.abc import Sequence

from curation.suggesting.clauses import Span, without

_PATIENT = re.compile(
    r"\b(?:(?:the|our|this|that|a|one|index) (?:\w+ )?(?:patient|man|woman|boy|girl|child|case|gentleman|lady|proband"
    r"|infant)\b(?! (?:series|reports|control))"
    r"|he|she|his|her|him|patient \d+|case \d+|present case|current case|\d+[ -]years?[ -]olds?|we (?:report|describe"
    r"|present))\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\b(?:usually|typically|commonly|most common|often|generally|frequently|classically|characteristically|rarely|in general"
    r"|can (?:be|also|cause|lead|occur|present|mimic|involve|develop|result|have|show|induce|help|affect|manifest)"
    r"|may (?:be|also|cause|lead|occur|present|mimic|involve|develop|result|have|show|precede|accompany|reveal|manifest"
    r"|help|affect)"
    r"|might (?:be|have)|is (?:an? |the |one |characteri[sz]ed|defined|associated|considered|caused|known|rare|common"
    r"|often|required|important"
    r"|essential|recommended|used|thought|recogni[sz]ed|a hallmark)"
    r"|are (?:an? |the |characteri[sz]ed|defined|associated|considered|caused|known|rare|common|often|classified"
    r"|required|recommended|among|specific to"
    r"|thought|used|recogni[sz]ed)"
    r"|has (?:\w+ )?been (?:reported|described|associated|shown|linked|proposed|suggested)|have (?:\w+ )?been (?:reported"
    r"|described|associated|shown|linked|proposed|suggested|identified|found)|(?:was|were) (?:reported|described) in"
    r"|in the literature|previous(?:ly)? (?:studies"
    r"|reported|reports|described)"
    r"|(?:several|recent|many|few|some|other) (?:studies|reports|authors|cases)|literature review|should\b|clinicians"
    r"|physicians must|guidelines|criteria (?:for|require|include)"
    r"|(?:in|of|among) (?:(?:most|some|many|\d+(?:[.–-]\d+)?(?: ?%)?(?: of)?|all|the|other|adult|older|younger"
    r"|these) )*patients\b|patients (?:with|who|may|can|often|usually|should|present|have|without)"
    r"|\d+ (?:of|out of) (?:the )?(?:\d+|\w+) (?:\w+ ){0,2}(?:patients|cases)|in (?:the present|this) study"
    r"|in our (?:cohort|series)"
    r"|in mice|animal models?|mouse model|pathogenesis|research (?:has|into)|biomarkers?"
    r"|prevalence|incidence|cohorts?\b|case series|up to \d+ ?%|\d+(?:\.\d+)?(?: ?%)? of (?:patients|cases|all)"
    r"|include[s]? (?:the )?following|differential diagnos[ei]s (?:of|includes?|for)|begins? with|presents? with"
    r"|occurs?\b|affects?\b|involves\b|recommend\w*|subgroups?\b|subtypes?\b)",
    re.IGNORECASE,
)
_UNCERTAIN = re.compile(
    r"(?:^|[,;]\s*)(?:if|unless|in case of|in the event of|should (?:he|she|the|this))\b|\bshould (?:\w+ )?be\b"
    r"|^had (?:there|he|she|it|the)\b|\bwould have\b|\bwere (?:he|she|it|this) to\b"
    r"|\bif (?:the|he|she|there|\w+ (?:develops|occurs|is|are|recurs|persists))\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:mother|father|brothers?|sisters?|siblings?|parents?|uncles?|aunts?|cousins?|grand(?:mother|father|parents?)|sons?|daughters?"
    r"|niece|nephew|half-?brother|half-?sister|maternal|paternal|relatives?|family members?|twin|children|husband|wife"
    r"|consanguineous|pedigree)\b|\bfamily (?:medical )?history\b",
    re.IGNORECASE,
)


def is_general(sentence: str) -> bool:
    """About the disease and not about the patient: general wording, and no word for the patient."""
    return bool(_GENERAL.search(sentence)) and not _PATIENT.search(sentence)


def names_relative(clause: str) -> bool:
    return bool(_RELATIVE.search(clause))


def kin(text: str) -> re.Match[str] | None:
    """The first relative named, as a person."""
    return next((m for m in _RELATIVE.finditer(text) if "history" not in m[0].lower()), None)


_IN_RELATIVE = re.compile(r"^[^.;]{0,40}?\b(?:in|of|affecting) (?:his|her|the|a|one|two|several) (?:\w+ )?$", re.IGNORECASE)


def is_of_relative(clause: str, start: int, end: int) -> bool:
    """Whether ``clause[start:end]`` is said of a relative: one stands before it, or it is "in her mother"."""
    if _RELATIVE.search(clause, 0, start):
        return True
    later = _RELATIVE.search(clause, end)
    return bool(later and _IN_RELATIVE.match(clause[end : later.start()]))


_OTHERS = re.compile(
    r"\bet al\b\.?|\b(?:previously|formerly) (?:reported|described|published) (?:patients?|cases?|individuals?|man|woman"
    r"|boy|girl|child)"
    r"|\b(?:patients?|cases?) (?:previously )?(?:reported|described|published) (?:by|in|with)\b"
    r"|\b(?:another|other|different|second) (?:patients?|cases?) (?:reported|described|with|who)\b|\bwhose (?:patients?"
    r"|case)\b|\b(?:healthy |normal )?controls\b|\bhealthy (?:volunteers|individuals|subjects)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:our|the present|the current|the index) (?:\w+ )?(?:patient|case|man|woman|proband)\b|\bin contrast\b"
    r"|\bunlike\b|\bours\b|;|,\s+(?:his|her|he|she|our|the patient)\b",
    re.IGNORECASE,
)
_RELATIVE_SUBJECT = re.compile(
    rf"\b(?:(?:his|her|their|the (?:patient|proband)[’']s|an?|one|two|both)\s+(?:\w+\s+){{0,2}}?(?:{_RELATIVE.pattern}))"
    r"(?:\s*,[^,;]{0,40},|\s*\([^)]*\))?\s+(?:also\s+)?(?:had|has|have|was|were|is|suffered|died|presented|developed|carried|showed)\b",
    re.IGNORECASE,
)
_OWN_AGAIN = re.compile(r";|\b(?:the|our) (?:patient|proband)\b(?![’'])|\b(?:he|she) (?:himself|herself)\b", re.IGNORECASE)
_ASIDE = re.compile(
    r"\b(?:which|that|who)\s+(?:(?:is|are)(?! (?:consistent|compatible|suggestive|indicative|in keeping|typical of))|can"
    r"|may|has (?:\w+ )?been"
    r"|have (?:\w+ )?been|usually|often|typically|commonly)\b[^,;]*",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(r"(?:^|[,;]?\s)(?:although|though|even though|whereas|while|as|since)\s", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|had|showed|revealed|disclosed|demonstrated|underwent|developed|presented)\b", re.IGNORECASE)


def not_of_patient(sentence: str, parts: Sequence[tuple[Span, str]]) -> list[Span] | None:
    """Where a sentence speaks of somebody else or in general; None where all of it does."""
    spans = [_until(sentence, m.start(), _OWN) for m in _OTHERS.finditer(sentence)]
    asides = [m.span() for m in _ASIDE.finditer(sentence)]
    spans += asides
    spans += [_between_semicolons(sentence, m.start()) for m in _UNCERTAIN.finditer(sentence)]
    if not _GENERAL.search(without(sentence, asides)):
        return spans
    if _PATIENT.search(sentence):  # what stands in the present in a clause of its own is of the disease
        return spans + [at for at, clause in parts if is_general(clause) and not _PAST.search(clause)]
    aside = _SUBORDINATE.search(sentence, 1)
    if not aside or _GENERAL.search(sentence, 0, aside.start()) or not _PAST.search(sentence, 0, aside.start()):
        return None
    return [*spans, (aside.start(), len(sentence))]


def of_relatives(sentence: str) -> list[Span]:
    """Where a relative is who the sentence speaks of."""
    if not _RELATIVE.search(sentence):
        return []
    return [_until(sentence, m.start(), _OWN_AGAIN) for m in _RELATIVE_SUBJECT.finditer(sentence)]


def _between_semicolons(sentence: str, at: int) -> Span:
    return sentence.rfind(";", 0, at) + 1, end if (end := sentence.find(";", at + 1)) > 0 else len(sentence)


def _until(sentence: str, start: int, end: re.Pattern[str]) -> Span:
    found = end.search(sentence, start)
    return start, found.start() if found else len(sentence)
