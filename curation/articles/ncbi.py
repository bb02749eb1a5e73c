"""The only place that speaks to NCBI: its utilities, within its limits; half an answer is none."""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar

import httpx
import stamina
from django.conf import settings

from curation.articles import answers
from curation.articles.answers import Converted, Damaged, Found, Links, Summary
from curation.articles.limiter import Limiter
from curation.errors import Refusal, SourceUnavailable

#: https://www.ncbi.nlm.nih.gov/books/NBK25497/: at most 3 requests a second, 10 with a key; longer id lists by POST.
PER_SECOND, PER_SECOND_WITH_KEY = 3, 10
IDS_A_REQUEST = 200
LINKED_A_REQUEST = 50
MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 60.0
ATTEMPTS = 4
MOST_HOPS = 3
TIMEOUT = httpx.Timeout(20, connect=5)
WHOLE_SET = re.compile(rb"<Pubmed(?:Book)?ArticleSet(?:\s[^<>]*)?(?:/>|>.*</Pubmed(?:Book)?ArticleSet>)\s*$", re.DOTALL)
NOT_WHOLE = "NCBI's answer is not a whole set of records (half a body, or a page about something else). Try again later."

T = TypeVar("T")


class Passing(SourceUnavailable):
    """A failure that may be over in a moment, and is tried again."""


class Patience(NamedTuple):
    """How often it is asked, how long one answer may take, and how long all of it, in seconds."""

    attempts: int
    answer: float
    whole: float


FOR_WORK = Patience(ATTEMPTS, MOST_SECONDS, 45)
#: Where a person waits before a page.
FOR_A_PAGE = Patience(2, 4, 6)
#: Where nobody waits, and the row that asks tries again by itself: without a network this is one quiet line, and no more.
FOR_LATER = Patience(1, 30, 30)


def fetch(pmids: Sequence[int]) -> bytes:
    """A whole PubmedArticleSet for these PMIDs; those that PubMed does not have are simply not in it.

    Raises SourceUnavailable when NCBI does not give a whole answer in several tries, Refusal when it declines the request.
    """
    return _ask("efetch.fcgi", {"retmode": "xml", "id": _joined(pmids)}, _whole_set)


class Window(NamedTuple):
    """Days, as 2021/11/08, on which PubMed took records in (its Entrez date); both belong to it."""

    first: str
    last: str


def search(
    query: str, *, most: int = answers.MOST_LISTED, start: int = 0, window: Window | None = None, patience: Patience = FOR_WORK
) -> Found:
    """Up to ``most`` PMIDs of what the query finds, kept on NCBI's history server for what is asked of them next."""
    form = {"term": query, "retmax": str(most), "retstart": str(start), "usehistory": "y", "retmode": "xml"}
    if window:
        form |= {"datetype": "edat", "mindate": window.first, "maxdate": window.last}
    return _ask("esearch.fcgi", form, partial(answers.found, most=most, start=start), patience)


def summaries(pmids: Sequence[int], patience: Patience = FOR_WORK) -> dict[int, Summary]:
    return _ask("esummary.fcgi", {"retmode": "xml", "id": _joined(pmids)}, answers.summaries, patience)


def first_of(found: Found, most: int) -> list[Summary]:
    """Summaries of the first records of a search just made, from the history server."""
    form = {"WebEnv": found.environment, "query_key": found.key, "retstart": "0", "retmax": str(most), "retmode": "xml"}
    return list(_ask("esummary.fcgi", form, answers.summaries, FOR_A_PAGE).values())


def links(pmids: Sequence[int]) -> dict[int, Links]:
    """Of each PMID the similar articles, those that cite it and those it cites. One link set each, so each ``id`` by itself."""
    form = {"dbfrom": "pubmed", "cmd": "neighbor", "id": [str(p) for p in pmids]}
    return _ask("elink.fcgi", form, answers.links, FOR_LATER)


def convert(ids: Sequence[str], kind: str) -> Converted:
    """Identifiers of one kind (pmcid, doi) to PMIDs, as far as PMC has their articles; at most 200."""
    form = {"ids": ",".join(ids), "idtype": kind, "format": "json", **_who()}
    return _patiently(settings.IDCONV_BASE_URL, form, answers.converted, FOR_WORK, method="GET")


def _ask(utility: str, form: Mapping[str, Any], read: Callable[[bytes], T], patience: Patience = FOR_WORK) -> T:
    address = str(httpx.URL(settings.NCBI_BASE_URL).join(utility))
    key = {"api_key": settings.NCBI_API_KEY} if settings.NCBI_API_KEY else {}
    return _patiently(address, {"db": "pubmed", **form, **_who(), **key}, read, patience)


def _who() -> dict[str, str]:
    return {"tool": settings.NCBI_TOOL} | ({"email": settings.NCBI_EMAIL} if settings.NCBI_EMAIL else {})


def _joined(pmids: Iterable[int]) -> str:
    return ",".join(map(str, pmids))


def _patiently(
    address: str, form: Mapping[str, Any], read: Callable[[bytes], T], patience: Patience, *, method: str = "POST"
) -> T:
    for attempt in stamina.retry_context(
        on=Passing, attempts=patience.attempts, timeout=patience.whole, wait_initial=0.5, wait_max=8, wait_jitter=1
    ):
        with attempt:
            return _used(_once(address, form, patience, method), read)
    raise AssertionError("the last attempt returns or raises")  # pragma: no cover


def _used(body: bytes, read: Callable[[bytes], T]) -> T:
    try:
        return read(body)
    except Damaged as damage:
        raise Passing(f"NCBI's answer cannot be used ({damage}). Try again later.") from damage


def _once(address: str, form: Mapping[str, Any], patience: Patience, method: str) -> bytes:
    _limiter().wait()
    timeout = httpx.Timeout(min(patience.answer, TIMEOUT.read or MOST_SECONDS), connect=min(patience.answer, 5))
    try:
        with httpx.Client(timeout=timeout, follow_redirects=False, trust_env=True) as client:
            status, body = _sent(client, method, httpx.URL(address), form, time.monotonic() + patience.answer)
    except httpx.HTTPError as error:
        raise Passing(f"NCBI does not answer ({_words(error)}). Try again later.") from error
    _require_answer(status, body)
    return body


def _sent(client: httpx.Client, method: str, address: httpx.URL, form: Mapping[str, Any], until: float) -> tuple[int, bytes]:
    """Status and body, following redirects only within the host that was configured."""
    allowed = (address.scheme, address.host, address.port)
    for _ in range(MOST_HOPS):
        given: dict[str, Any] = {"params": form} if method == "GET" else {"data": form}
        with client.stream(method, address, **given) as response:
            if not response.is_redirect:
                return response.status_code, _read(response, until)
            address = address.join(response.headers["Location"])
        if (address.scheme, address.host, address.port) != allowed:
            raise Passing(f"NCBI's answer points to another address ({address.host}), which is not followed. Try again later.")
    raise Passing("NCBI's answer points from one address to the next without end. Try again later.")


def _read(response: httpx.Response, until: float) -> bytes:
    """The body, given up when it grows too large or comes too slowly."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise SourceUnavailable("NCBI's answer is larger than any set of records should be; it was not read to its end.")
        if time.monotonic() > until:
            raise Passing("NCBI's answer comes too slowly. Try again later.")
    return bytes(body)


def _require_answer(status: int, body: bytes) -> None:
    if status == 429 or (status == 200 and b"API rate limit exceeded" in body[:500]):
        raise Passing("NCBI says that there were too many requests. Try again later.")
    if status >= 500:
        raise Passing(f"NCBI has trouble (status {status}). Try again later.")
    if status != 200:
        raise Refusal(f"NCBI declines this request (status {status}).")


def _whole_set(body: bytes) -> bytes:
    """Only a whole set of records is an answer: a page of HTML or half a set with status 200 is a failure."""
    if not WHOLE_SET.search(body):
        raise Passing(NOT_WHOLE)
    return body


def _words(error: httpx.HTTPError) -> str:
    return "it took too long" if isinstance(error, httpx.TimeoutException) else "the connection failed"


@cache
def _limiter_of(url: str, base: str, key: str) -> Limiter:
    whose = hashlib.sha256(f"{base} {key}".encode()).hexdigest()[:16]
    return Limiter(url=url, key=f"casebook:ncbi:{whose}", per_second=PER_SECOND_WITH_KEY if key else PER_SECOND)


def _limiter() -> Limiter:
    return _limiter_of(settings.CELERY_BROKER_URL, settings.NCBI_BASE_URL, settings.NCBI_API_KEY)
