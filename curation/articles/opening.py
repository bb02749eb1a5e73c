"""An upload's bytes, made safe to read: gunzipped as they stream, counted, checked to the end, never whole in memory."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from isal import isal_zlib

from curation.articles import tagged
from curation.errors import Invalid

MIB = 1024 * 1024
CHUNK = 256 * 1024
HEAD = 64 * 1024
GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"

PASTE = "Paste the PMIDs instead"
NOT_TAKEN = "This is neither PubMed XML nor NBIB nor RIS:"
WHAT_IS_TAKEN = "Taken are PubMed XML (.xml or .xml.gz), NBIB and RIS."
#: How each known stranger begins (after blanks, in lower case), and what to tell the person who brought it.
STRANGERS = (
    (rb"%pdf", "a PDF. Ask PubMed for the record as XML instead"),
    (rb"pk\x03\x04", "a ZIP archive or an office document. Unpack it first"),
    (rb"bzh|\xfd7zxz|7z\xbc", "an archive. Unpack it first; only .gz is read as it is"),
    (rb"\xff\xfe|\xfe\xff", "text in UTF-16. Save it as UTF-8"),
    (rb"[{\[]\s*[{\[\"]", "JSON. Ask PubMed for the record as XML instead"),
    (rb"@[a-z]+\s*\{", "BibTeX. Export the records as RIS or NBIB instead"),
    (rb"%[0a-z] ", "EndNote's own format. Export the records as RIS (Reference Manager) instead"),
    (rb"(?:fn|pt) [a-z ]+\n", "a Web of Science export. Export the records as RIS instead"),
    (rb"(?:pmc?id:?\s*)?\d{1,9}(?:[\s,;]+\d{1,9})*[\s,;]*$", f"a list of numbers. {PASTE}"),
    (rb"[^\n]*\bpmid\b[^\n]*[,;\t]", f"a table. {PASTE}"),
)
#: XML of PubMed's neighbours, by its outermost element.
NEIGHBOURS = {
    **dict.fromkeys(
        (b"article", b"pmc-articleset"), "a full text in JATS (PMC). Import the article by its PMID or PMCID instead"
    ),
    **dict.fromkeys(
        (b"eSummaryResult", b"DocumentSummarySet"), "summaries of ESummary. Ask PubMed's EFetch for the records instead"
    ),
    b"eSearchResult": f"the list of a search of ESearch. {PASTE}",
    **dict.fromkeys((b"eLinkResult", b"ePostResult"), f"an answer of NCBI about PMIDs. {PASTE}"),
    **dict.fromkeys((b"eFetchResult", b"ERROR"), "an error that NCBI answered with. Ask for the records again"),
    **dict.fromkeys((b"xml", b"records"), "EndNote's XML. Export the records as RIS (Reference Manager) instead"),
    **dict.fromkeys((b"mods", b"modsCollection"), "MODS. Export the records as RIS or NBIB instead"),
    b"responseWrapper": f"an answer of Europe PMC. {PASTE}",
}
RECORD = re.compile(rb"<(?:Pubmed(?:Book)?Article|DeleteCitation|DeleteDocument)[\s>/]")
BEFORE_ROOT = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*<([A-Za-z_][\w:.-]*)", re.DOTALL)
SETS = (b"PubmedArticleSet", b"PubmedBookArticleSet", b"MedlineCitationSet")
ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
PIECE = 16 * 1024
CUT_OFF = "This .gz file ends too early: it was cut off on its way. Fetch it again; nothing of it was imported."
DAMAGED = "This .gz file is damaged: its checksum does not fit. Fetch it again; nothing of it was imported."


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes an upload may have once unpacked, and how many times larger than packed it may grow (PubMed's grow tenfold)."""

    size: int = 1024 * MIB
    ratio: int = 100
    ratio_from: int = 16 * MIB


LIMITS = Limits()


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def opened(packed: Iterable[bytes], limits: Limits = LIMITS) -> Iterator[bytes]:
    """The plain bytes of a PubMed XML upload, whether it comes as it is or as .gz.

    Raises Invalid for what is no PubMed XML at once, for what is too large or broken when that place is reached.
    """
    source = iter(packed)
    head = b""
    while len(head) < 2 and (chunk := next(source, b"")):
        head += chunk
    whole = chain([head], source)
    plain = _capped(_gunzipped(whole, limits) if head.startswith(GZIP) else whole, limits)
    return _recognised(plain)


def _gunzipped(packed: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """Each member in turn; the library itself compares the checksum and length that end it."""
    unzip = isal_zlib.decompressobj(wbits=31)
    taken = given = 0
    for piece in _small(packed):
        taken += len(piece)
        while piece:
            try:
                plain = unzip.decompress(piece)
            except isal_zlib.IsalError as error:  # type: ignore[misc]  # its stub calls the class an instance
                raise Invalid(DAMAGED) from error
            given += len(plain)
            if given > limits.ratio_from and given > taken * limits.ratio:
                raise Invalid(f"This .gz file grows more than {limits.ratio} times when unpacked; it is not read further.")
            if plain:
                yield plain
            piece = unzip.unused_data.lstrip(b"\0")  # the next member, after any padding
            if piece:
                unzip = isal_zlib.decompressobj(wbits=31)
    if not unzip.eof:
        raise Invalid(CUT_OFF)


def _small(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces so small that none can unpack to more than some MiB."""
    for chunk in chunks:
        for at in range(0, len(chunk), PIECE):
            yield chunk[at : at + PIECE]


def _capped(plain: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    given = 0
    for chunk in plain:
        given += len(chunk)
        if given > limits.size:
            raise Invalid(f"This file is too large: more than {limits.size // MIB} MiB of XML. Split it and import the parts.")
        yield chunk


def _recognised(plain: Iterator[bytes]) -> Iterator[bytes]:
    head = b""
    for chunk in plain:
        head += chunk
        if len(head) >= HEAD:
            break
    require_pubmed(head[:HEAD])
    return chain([head], plain)


def require_pubmed(head: bytes) -> None:
    """Refuse bytes that do not begin as PubMed XML does, saying what they seem to be."""
    head = head.removeprefix(BOM)
    if not head.strip():
        raise Invalid("This file is empty.")
    record = RECORD.search(head)
    if ENTITY.search(head[: record.start()] if record else head):
        raise Invalid("This file declares XML entities of its own. PubMed's files do not, so it is not read.")
    if record or tagged.layout(head):
        return
    root = BEFORE_ROOT.match(head)
    if root is None or root[1] not in SETS:
        raise Invalid(f"{NOT_TAKEN} it seems to be {_kind_of(head, root[1] if root else b'')}. {WHAT_IS_TAKEN}")


def _kind_of(head: bytes, root: bytes) -> str:
    start = head.lstrip().lower()
    for pattern, words in STRANGERS:
        if re.match(pattern, start):
            return words
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page. Save the record as XML, not the page about it"
    if neighbour := NEIGHBOURS.get(root):
        return neighbour
    if root:
        return f"XML of another kind (its outermost element is <{root.decode('ascii', 'replace')[:60]}>)"
    return "plain text. Ask PubMed for the records in the format XML"
