"""Where the records of a file lie: noted when it is first cut, so that nobody who works it off looks for them again. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence

from curation.articles.cutting import Cut, Kind
from curation.errors import Invalid

#: A cut without its bytes: what it is, where it begins in the unpacked file, how many bytes it has, what is wrong with it.
Place = tuple[Kind, int, int, str]
SHORTER = "The uploaded file is shorter than it was when it was listed. Upload it again."


def place(cut: Cut) -> Place | None:
    """None where its bytes do not stand in the file as they are: that was in another encoding."""
    return (cut.kind, cut.offset, len(cut.body), cut.trouble) if cut.is_verbatim else None


def dumped(places: Sequence[Place | None]) -> bytes:
    """As they are kept; of a file that cannot be sliced there are none."""
    return json.dumps([] if None in places else places, separators=(",", ":")).encode()


def loaded(data: bytes) -> list[Place]:
    return [(kind, offset, length, trouble) for kind, offset, length, trouble in json.loads(data)]


def cuts(plain: Iterator[bytes], places: Iterable[Place]) -> Iterator[Cut]:
    """The same as cutting gives; memory stays within one record. Raises Invalid for a file that became shorter."""
    held, base = b"", 0  # some of the file's bytes, and where they begin in it
    for kind, offset, length, trouble in places:
        while base + len(held) < offset + length:
            piece = next(plain, b"")
            if not piece:
                raise Invalid(SHORTER)
            passed = min(max(offset - base, 0), len(held))
            held, base = held[passed:] + piece, base + passed
        yield Cut(kind, offset, held[offset - base : offset - base + length], trouble)
