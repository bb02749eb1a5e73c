"""Sentences that say nothing of the patient: general statements, conditions, and what is said of relatives."""

import re

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
    r"|has been (?:reported|described|associated|shown|linked|proposed|suggested)|have been (?:reported|described"
    r"|associated|shown|linked|proposed"
    r"|suggested|identified|found)|(?:was|were) (?:reported|described) in|in the literature|previous(?:ly)? (?:studies"
    r"|reported|reports|described)"
    r"|(?:several|recent|many|few|some|other) (?:studies|reports|authors|cases)|literature review|should\b|clinicians"
    r"|physicians must|guidelines|criteria (?:for|require|include)"
    r"|(?:in|of|among) (?:(?:most|some|many|\d+(?:[.–-]\d+)?(?: ?%)?(?: of)?|all|the|other|adult|older|younger"
    r"|these) )*patients\b|patients (?:with|who|may|can|often|usually|should|present|have|without)"
    r"|prevalence|incidence|cohorts?\b|case series|up to \d+ ?%|\d+(?:\.\d+)?(?: ?%)? of (?:patients|cases|all)"
    r"|include[s]? (?:the )?following|differential diagnos[ei]s (?:of|includes?|for)|begins? with|presents? with"
    r"|occurs?\b|affects?\b|involves\b|recommend\w*|subgroups?\b|subtypes?\b)",
    re.IGNORECASE,
)
_UNCERTAIN = re.compile(
    r"(?:^|[,;]\s*)(?:if|unless|in case of|in the event of|should (?:he|she|the|this))\b|\bshould (?:\w+ )?be\b"
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


def is_hypothetical(sentence: str) -> bool:
    return bool(_UNCERTAIN.search(sentence))


def names_relative(clause: str) -> bool:
    return bool(_RELATIVE.search(clause))


_IN_RELATIVE = re.compile(r"^[^.;]{0,40}?\b(?:in|of|affecting) (?:his|her|the|a|one|two|several) (?:\w+ )?$", re.IGNORECASE)


def is_of_relative(clause: str, start: int, end: int) -> bool:
    """Whether ``clause[start:end]`` is said of a relative: one stands before it, or it is "in her mother"."""
    if _RELATIVE.search(clause, 0, start):
        return True
    later = _RELATIVE.search(clause, end)
    return bool(later and _IN_RELATIVE.match(clause[end : later.start()]))
