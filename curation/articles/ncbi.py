"""The only place that speaks to NCBI: records by PMID through EFetch, within NCBI's limits; half an answer is none."""

import hashlib
import re
import time
from collections.abc import Sequence
from functools import cache

import httpx
import stamina
from django.conf import settings

from curation.articles.limiter import Limiter
from curation.errors import Refusal, SourceUnavailable

#: https://www.ncbi.nlm.nih.gov/books/NBK25497/: at most 3 requests a second, 10 with a key; longer id lists by POST.
PER_SECOND, PER_SECOND_WITH_KEY = 3, 10
IDS_A_REQUEST = 200
MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 60.0
ATTEMPTS = 4
MOST_HOPS = 3
TIMEOUT = httpx.Timeout(20, connect=5)
WHOLE_SET = re.compile(rb"<Pubmed(?:Book)?ArticleSet(?:\s[^<>]*)?(?:/>|>.*</Pubmed(?:Book)?ArticleSet>)\s*$", re.DOTALL)


class Passing(SourceUnavailable):
    """A failure that may be over in a moment, and is tried again."""


def fetch(pmids: Sequence[int]) -> bytes:
    """A whole PubmedArticleSet for these PMIDs; those that PubMed does not have are simply not in it.

    Raises SourceUnavailable when NCBI does not give a whole answer in several tries, Refusal when it declines the request.
    """
    for attempt in stamina.retry_context(on=Passing, attempts=ATTEMPTS, timeout=45, wait_initial=0.5, wait_max=8, wait_jitter=1):
        with attempt:
            return _fetch_once(pmids)
    raise AssertionError("the last attempt returns or raises")  # pragma: no cover


def _fetch_once(pmids: Sequence[int]) -> bytes:
    _limiter().wait()
    address = httpx.URL(settings.NCBI_BASE_URL).join("efetch.fcgi")
    form = {"db": "pubmed", "retmode": "xml", "id": ",".join(map(str, pmids)), "tool": settings.NCBI_TOOL}
    form |= {name: value for name, value in (("email", settings.NCBI_EMAIL), ("api_key", settings.NCBI_API_KEY)) if value}
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=True) as client:
            status, body = _posted(client, address, form)
    except httpx.HTTPError as error:
        raise Passing(f"NCBI does not answer ({_words(error)}). Try again later.") from error
    _require_whole(status, body)
    return body


def _posted(client: httpx.Client, address: httpx.URL, form: dict[str, str]) -> tuple[int, bytes]:
    """Status and body, following redirects only within the host that was configured."""
    allowed = (address.scheme, address.host, address.port)
    for _ in range(MOST_HOPS):
        with client.stream("POST", address, data=form) as response:
            if not response.is_redirect:
                return response.status_code, _read(response)
            address = address.join(response.headers["Location"])
        if (address.scheme, address.host, address.port) != allowed:
            raise Passing(f"NCBI's answer points to another address ({address.host}), which is not followed. Try again later.")
    raise Passing("NCBI's answer points from one address to the next without end. Try again later.")


def _read(response: httpx.Response) -> bytes:
    """The body, given up when it grows too large or comes too slowly."""
    until = time.monotonic() + MOST_SECONDS
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise SourceUnavailable("NCBI's answer is larger than any set of records should be; it was not read to its end.")
        if time.monotonic() > until:
            raise Passing("NCBI's answer comes too slowly. Try again later.")
    return bytes(body)


def _require_whole(status: int, body: bytes) -> None:
    """Only a whole set of records is an answer: a page of HTML or half a set with status 200 is a failure."""
    if status == 429 or (status == 200 and b"API rate limit exceeded" in body[:500]):
        raise Passing("NCBI says that there were too many requests. Try again later.")
    if status >= 500:
        raise Passing(f"NCBI has trouble (status {status}). Try again later.")
    if status != 200:
        raise Refusal(f"NCBI declines this request (status {status}).")
    if not WHOLE_SET.search(body):
        raise Passing(
            "NCBI's answer is not a whole set of records (half a body, or a page about something else). Try again later."
        )


def _words(error: httpx.HTTPError) -> str:
    return "it took too long" if isinstance(error, httpx.TimeoutException) else "the connection failed"


@cache
def _limiter_of(url: str, base: str, key: str) -> Limiter:
    whose = hashlib.sha256(f"{base} {key}".encode()).hexdigest()[:16]
    return Limiter(url=url, key=f"casebook:ncbi:{whose}", per_second=PER_SECOND_WITH_KEY if key else PER_SECOND)


def _limiter() -> Limiter:
    return _limiter_of(settings.CELERY_BROKER_URL, settings.NCBI_BASE_URL, settings.NCBI_API_KEY)
