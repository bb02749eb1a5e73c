"""Sentence -> clauses: the stretch in which one "no" or "were negative" is heard."""

import re
from collections.abc import Iterable, Sequence

#: What a label is followed by where it says its result: "Skin lesions: none".
_RESULT = (
    r"(?:(?:strongly|weakly) )?(?:positive|negative|not|none|never|nil|absent|normal|present|no|yes|elevated|raised|high|low"
    r"|increased|reactive|non-?reactive|unremarkable)\b"
)
#: A "but" that goes on about the same thing, with what became of it: "was suspected but was ruled out".
_SAME_SUBJECT = (
    r"\s+(?:(?:it|this|he|she|the patient)\s+)?(?:was\s+|were\s+|had\s+been\s+)?(?:subsequently\s+|later\s+|then\s+|finally\s+)?"
    r"(?:refused|declined|ruled out|excluded|could not be|(?:did not|not|never) (?:be )?(?:confirmed|done|performed"
    r"|obtained|found|seen"
    r"|detected|available|carried out|consent))\b"
)
_CUT = re.compile(
    rf";(?!\s*(?:and )?(?:so|as|nor|neither) (?:was|were|did)\b)\s*|(?<!negative):\s+(?=[A-Za-z])(?!{_RESULT})|\s[–—]\s"
    rf"|,?\s+but\b(?!\s+also\b|{_SAME_SUBJECT}),?\s*"
    r"|,?\s+(?:whereas|while|although|though|however|except(?:ing)?(?: for)?|with the exception of|apart from|aside from"
    r"|other than|yet"
    r"|nevertheless"
    r"|nonetheless|despite|in contrast|on the other hand)\b,?\s*"
    r"|^(?:although|though|while|whereas|despite|however)\b,?\s*"
    r"|,\s*(?:and\s+)?(?=(?:suggesting|suggestive of|consistent with|compatible with|indicating|indicative of|confirming"
    rf"|supporting"
    rf"|which(?! (?:was|were|is|are|remained) (?:\w+ )?{_RESULT})|who|whose|where|prompting|leading to)\b)"
    r"|(?P<next>,\s+(?:and\s+)?(?!(?:and|or|as|so|nor|neither|which|who|that|both|all)\s)(?=(?:[\w/()+-]+\s+){1,6}?(?:was|were|showed|revealed|disclosed|remained|proved|tested)\b))"
    r"|,\s*and\s+(?=(?:the|a|an|his|her|he|she|they|there|it|no|subsequently|then|was|had|showed|revealed|muscle|serum)\b)"
    r"|\s+and\s+(?=(?:he|she|they|there|it)\s)"
    r"|,\s+(?=(?:he|she|there|the patient)\s)",
    re.IGNORECASE,
)


_VERB = re.compile(
    r"^\W*not (?:on|in|at)\b|\b(?:was|were|had|showed|revealed|disclosed|demonstrated|remained|lacked|is)\b", re.IGNORECASE
)
#: "Apart from a weak neck, strength was full."
_SAVE = re.compile(r"\s*(?:apart from|except for|other than|aside from|with the exception of|besides)\b", re.IGNORECASE)
_EMBEDDED = re.compile(
    r",\s+(?P<inner>(?:which|who|whose|where)\s[^,;()]{3,140}),(?=\s+(?:was|were|is|are|had|has|showed|revealed|remained|became"
    r"|both|all|also|then|could|did)\b)"
)


Span = tuple[int, int]


def embedded(sentence: str) -> list[Span]:
    """Where a clause stands inside another that goes on behind it: "atorvastatin, which he had taken for years, was stopped"."""
    return [(m.start("inner"), m.end("inner")) for m in _EMBEDDED.finditer(sentence)]


def clauses(sentence: str, inner: Sequence[Span]) -> list[Span]:
    """Where each clause stands in the sentence; what is in brackets is never cut. Those embedded stand inside others."""
    return sorted([*_clauses(without(sentence, inner)), *inner])


def without(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans, and the commas around them, made blank."""
    for a, b in spans:
        a, b = max(a - 2, 0), b + 1
        text = text[:a] + " " * (b - a) + text[b:]
    return text


def _clauses(sentence: str) -> list[Span]:
    cuts, depth, at = list[Span](), 0, 0
    for cut in _CUT.finditer(sentence):
        depth += sentence.count("(", at, cut.start()) - sentence.count(")", at, cut.start())
        at = cut.start()
        if depth <= 0 and not (cut["next"] and not _has_verb(sentence, cuts[-1][1] if cuts else 0, cut.start())):
            cuts.append((cut.start(), cut.end()))
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(sentence)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a < b]


def _has_verb(sentence: str, start: int, end: int) -> bool:
    """A comma begins a clause where one with a verb stands before it: "CK was raised, EMG was normal"; or it parts a list."""
    part = sentence[max(start, sentence.rfind(", ", start, end) + 1) : end]
    return bool(_VERB.search(part) or _SAVE.match(part))
