"""Text -> sentences. Offsets are code points of the text given."""

import re

_END = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+(?=[\"“‘(\[]?(?:[A-Z0-9À-Þ]|[a-z]{1,2}[A-Z0-9]))|\s*\n+\s*")
#: Full stops that end no sentence.
_ABBREVIATED = re.compile(
    r"(?:\b(?:[Ff]igs?|[Tt]abs?|[Nn]os?|[Rr]efs?|[Ee]qs?|[Dd]rs?|[Mm]rs?|Ms|Prof|St|vs|cf|ca|approx|resp|e\.g|i\.e|al|i\.v|p\.o|s\.c|[A-Z])"
    r"|\bet al)\.$"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence stands, without the spaces around it."""
    found, start = [], 0
    for end in _END.finditer(text):
        if "\n" not in end[0] and _ABBREVIATED.search(text, max(start, end.start() - 8), end.start()):
            continue
        found.append((start, end.start() + len(end[0]) - len(end[0].lstrip('"”’)]'))))
        start = end.end()
    found.append((start, len(text)))
    return [(a, b) for a, b in found if text[a:b].strip()]
