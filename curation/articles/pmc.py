"""The only place that speaks to PMC's open-access bucket: listings, metadata, full texts and pictures; half an answer is none.

Layout since 2026: ``/?list-type=2&prefix=PMC1.&delimiter=/``, ``metadata/PMC1.2.json``, ``PMC1.2/PMC1.2.xml`` and pictures.
"""

import hashlib
import time

import httpx
import stamina
from django.conf import settings

from curation.articles import deposits
from curation.articles.deposits import Deposit, Kept
from curation.errors import Invalid, NotFound, Refusal, SourceUnavailable

MIB = 1024 * 1024
MOST_BYTES = {"listing": MIB, "metadata": 4 * MIB, "text": 48 * MIB, "picture": 64 * MIB}
#: One object, and everything of one article: less than the time after which a claim is held to be a dead worker's.
MOST_SECONDS, MOST_SECONDS_AN_ARTICLE = 60.0, 200.0
ATTEMPTS = 3
PACE = {"wait_initial": 0.3, "wait_max": 5.0, "wait_jitter": 0.5}  # seconds
MOST_HOPS = 3
#: Versions that are looked at to find one that is no author's manuscript.
MOST_VERSIONS = 5
TIMEOUT = httpx.Timeout(20, connect=5)


class Passing(SourceUnavailable):
    """A failure that may be over in a moment, and is tried again."""


class Unreachable(Passing):
    """The bucket as a whole does not answer, so that asking it for another article makes no sense now."""


class Visit:
    """One article's worth of requests, on one connection and within one time."""

    def __init__(self) -> None:
        self.until = time.monotonic() + MOST_SECONDS_AN_ARTICLE
        self.client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=True)

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *error: object) -> None:
        self.client.close()

    def deposit(self, pmcid: str) -> Deposit | None:
        """The version to take: the highest that is no manuscript, else the highest; None where the bucket has none.

        Raises SourceUnavailable, or Refusal for answers that trying again will not change.
        """
        found: list[Deposit] = []
        for version in self._versions(pmcid)[:MOST_VERSIONS]:
            try:
                text = self._object(Kept(f"metadata/{pmcid}.{version}.json", ""), "metadata")
            except NotFound:
                continue
            found.append(deposits.read(text, pmcid, version))
            if not found[-1].is_manuscript:
                return found[-1]
        return found[0] if found else None

    def text(self, kept: Kept) -> bytes:
        return self._object(kept, "text")

    def picture(self, kept: Kept) -> bytes:
        return self._object(kept, "picture")

    def _versions(self, pmcid: str) -> list[int]:
        query = {"list-type": "2", "prefix": f"{pmcid}.", "delimiter": "/"}
        for attempt in stamina.retry_context(on=Passing, attempts=ATTEMPTS, timeout=self._patience(), **PACE):
            with attempt:
                body = self._got(httpx.URL(settings.PMC_OA_BASE_URL, params=query), "listing")
                try:
                    return deposits.versions(body, pmcid)
                except Invalid as trouble:  # a page about something else, or half a listing
                    raise Unreachable(f"{trouble.detail} Try again later.") from trouble
        raise AssertionError("the last attempt returns or raises")  # pragma: no cover

    def _object(self, kept: Kept, kind: str) -> bytes:
        """Whole and with the MD5 that was told. Raises NotFound for what is not there."""
        for attempt in stamina.retry_context(on=Passing, attempts=ATTEMPTS, timeout=self._patience(), **PACE):
            with attempt:
                body = self._got(address_of(kept), kind)
                if kept.md5 and hashlib.md5(body, usedforsecurity=False).hexdigest() != kept.md5:
                    raise Passing(f"What PMC sent as {kept.path} has another checksum than PMC told. Try again later.")
                if kind == "metadata" and body.lstrip()[:1] not in (b"{", b"["):
                    raise Passing(f"PMC sent a page about something else instead of {kept.path}. Try again later.")
                return body
        raise AssertionError("the last attempt returns or raises")  # pragma: no cover

    def _patience(self) -> float:
        """Seconds in which an object may be tried anew."""
        return max(1.0, min(45.0, self.until - time.monotonic()))

    def _got(self, address: httpx.URL, kind: str) -> bytes:
        """The body, following redirects only within the address that was configured."""
        allowed = (address.scheme, address.host, address.port)
        try:
            for _ in range(MOST_HOPS):
                with self.client.stream("GET", address) as response:
                    if not response.is_redirect:
                        return self._read(response, kind)
                    address = address.join(response.headers.get("Location", ""))
                if (address.scheme, address.host, address.port) != allowed:
                    raise Passing(f"PMC's answer points to another address ({address.host}), which is not followed.")
        except httpx.InvalidURL as error:
            raise Passing("PMC's answer points to no address.") from error
        except httpx.HTTPError as error:
            raise Unreachable(f"PMC's bucket does not answer ({_words(error)}). Try again later.") from error
        raise Passing("PMC's answer points from one address to the next without end.")

    def _read(self, response: httpx.Response, kind: str) -> bytes:
        """The body, given up when it grows too large or comes too slowly."""
        _require_good(response.status_code, response.url.path)
        until = min(self.until, time.monotonic() + MOST_SECONDS)
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MOST_BYTES[kind]:
                raise Refusal(f"{response.url.path} is larger than {MOST_BYTES[kind] // MIB} MiB and was not read to its end.")
            if time.monotonic() > until:
                raise Passing("PMC's answer comes too slowly. Try again later.")
        return bytes(body)


def address_of(kept: Kept) -> httpx.URL:
    """Where the object is, at the address that was configured: the metadata name the bucket by its own scheme."""
    base = httpx.URL(settings.PMC_OA_BASE_URL)
    return base.copy_with(path=f"{base.path}{kept.path}")


def _require_good(status: int, path: str) -> None:
    if status in (404, 410):
        raise NotFound(f"PMC's bucket has no {path.lstrip('/')}.")
    if status in (408, 429) or status >= 500:
        raise Unreachable(f"PMC's bucket has trouble (status {status}). Try again later.")
    if status != 200:
        raise Refusal(f"PMC's bucket declines this request (status {status}).")


def _words(error: httpx.HTTPError) -> str:
    return "it took too long" if isinstance(error, httpx.TimeoutException) else "the connection failed"
