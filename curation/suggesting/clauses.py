"""Sentence -> clauses: the stretch in which one "no" or "were negative" is heard."""

import re

_CUT = re.compile(
    r";\s*|:\s+(?=[A-Za-z])|\s[–—]\s"
    r"|,?\s+(?:but|whereas|while|although|though|however|except(?:ing)?(?: for)?|apart from|aside from|other than|yet"
    r"|nevertheless"
    r"|nonetheless|despite|in contrast|on the other hand)\b,?\s*"
    r"|^(?:although|though|while|whereas|despite|however)\b,?\s*"
    r"|,\s*(?:and\s+)?(?=(?:suggesting|suggestive of|consistent with|compatible with|indicating|indicative of|confirming"
    r"|supporting"
    r"|which|who|whose|where|prompting|leading to)\b)"
    r"|,\s*and\s+(?=(?:the|a|an|his|her|he|she|they|there|it|no|subsequently|then|was|had|showed|revealed|muscle|serum)\b)"
    r"|\s+and\s+(?=(?:he|she|they|there|it)\s)"
    r"|,\s+(?=(?:he|she|there|the patient)\s)",
    re.IGNORECASE,
)


def clauses(sentence: str) -> list[tuple[int, int]]:
    """Where each clause stands in the sentence; what is in brackets is never cut."""
    cuts, depth, at = [], 0, 0
    for cut in _CUT.finditer(sentence):
        depth += sentence.count("(", at, cut.start()) - sentence.count(")", at, cut.start())
        at = cut.start()
        if depth <= 0:
            cuts.append((cut.start(), cut.end()))
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(sentence)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a < b]
