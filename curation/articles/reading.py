"""An upload to its records: opened, recognised by what it holds, cut; sliced where it is known already where they lie. Pure."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from curation.articles import cutting, opening, places, tagged
from curation.articles.cutting import Cut
from curation.articles.places import Place


def records(file: BinaryIO, known: Sequence[Place] = ()) -> Iterator[Cut]:
    """Each record of PubMed XML, NBIB or RIS, plain or .gz. Raises Invalid for what is none of these, and for what is cut off.

    ``known`` is where the records of this very file lie, if that was noted.
    """
    plain = opening.opened(opening.chunks_of(file))
    if known:
        return places.cuts(plain, known)
    head = next(plain)
    whole = chain([head], plain)
    kind = tagged.layout(head)
    if kind is None:
        return cutting.records(whole)
    if b"\n" not in head:  # lines as old Macintoshes ended them
        return tagged.records((chunk.replace(b"\r", b"\n") for chunk in whole), kind)
    return tagged.records(whole, kind)
