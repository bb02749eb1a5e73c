"""An upload to its records: opened, recognised by what it holds, cut. Pure."""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from curation.articles import cutting, opening, tagged
from curation.articles.cutting import Cut


def records(file: BinaryIO) -> Iterator[Cut]:
    """Each record of PubMed XML, NBIB or RIS, plain or .gz. Raises Invalid for what is none of these, and for what is cut off."""
    plain = opening.opened(opening.chunks_of(file))
    head = next(plain)
    whole = chain([head], plain)
    kind = tagged.layout(head)
    if kind is None:
        return cutting.records(whole)
    if b"\n" not in head:  # lines as old Macintoshes ended them
        return tagged.records((chunk.replace(b"\r", b"\n") for chunk in whole), kind)
    return tagged.records(whole, kind)
