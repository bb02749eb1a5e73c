"""NCBI's utilities over HTTP, from a folder of recorded PubMed XML; sets are put together byte for byte.

Misbehaviour is asked for by name and used up one request at a time (``ok`` behaves): ``server.behave("429", "half")``, or
from outside ``curl -d next=429,half http://127.0.0.1:<port>/behave``.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from curation.tests.standin.library import Library
from curation.tests.standin.utilities import HEAD, TAIL, Declined, Utilities

TOO_MANY = b'{"error":"API rate limit exceeded","api-key":"127.0.0.1","count":"4","limit":"3"}'
PAGE = b"<!DOCTYPE html>\n<html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head><body>Blocked</body></html>"
ELSEWHERE = "http://localhost.invalid/efetch.fcgi"
MISBEHAVIOURS = (
    *("ok", "429", "500", "half", "html", "empty", "slow", "trickle", "redirect", "round", "hang-up", "garbage", "count", "400"),
)
UTILITIES = ("efetch", "esearch", "epost", "esummary", "elink", "idconv")
ENVELOPES = {
    "efetch": HEAD + TAIL,
    "esearch": b"<eSearchResult><Count>0</Count><RetMax>0</RetMax><RetStart>0</RetStart><IdList/></eSearchResult>",
    "epost": b"<ePostResult></ePostResult>",
    "esummary": b"<eSummaryResult></eSummaryResult>",
    "elink": b"<eLinkResult></eLinkResult>",
    "idconv": b'{"status":"ok","records":[]}',
}


class Asked(NamedTuple):
    """One request: when (monotonic seconds), how, its form (the first of each name), and to which utility."""

    at: float
    method: str
    form: Mapping[str, str]
    utility: str = "efetch"


class Standin:
    """One server; use as a context manager. ``asked`` keeps every request."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.library = Library.of_folder(folder)
        self.utilities = Utilities(self.library)
        self.asked: list[Asked] = []
        self.next: deque[str] = deque()
        self.server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, self))
        self.server.daemon_threads = True

    @property
    def records(self) -> dict[str, bytes]:
        return {pmid: record.body for pmid, record in self.library.items()}

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    @property
    def url(self) -> str:
        return f"{self.root}entrez/eutils/"

    @property
    def idconv_url(self) -> str:
        return f"{self.root}tools/idconv/api/v1/articles/"

    def behave(self, *names: str) -> None:
        unknown = set(names) - set(MISBEHAVIOURS)
        if unknown:
            raise ValueError(f"no such misbehaviour: {', '.join(sorted(unknown))}")
        self.next.extend(names)

    def asked_of(self, utility: str) -> list[Asked]:
        return [each for each in self.asked if each.utility == utility]

    def __enter__(self) -> "Standin":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def set_of(self, pmids: Sequence[str]) -> bytes:
        """Those of the records that are known; NCBI too leaves out the others without a word."""
        return self.utilities.efetch({"db": ["pubmed"], "id": [",".join(pmids)]})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, standin: Standin, *args: object) -> None:
        self.standin = standin
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._route("GET", urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._route("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def log_message(self, *args: object) -> None:
        """Silent: tests read ``asked``."""

    def _route(self, method: str, query: str) -> None:
        form = parse_qs(query)
        place = urlsplit(self.path).path
        utility = next((u for u in UTILITIES if place.endswith(f"/{u}.fcgi") or f"/{u}/" in place), "")
        if place == "/behave":
            self.standin.behave(*form.get("next", ["ok"])[0].split(","))
            self._answer(200, b"as you wish", "text/plain")
        elif utility:
            first = {name: values[0] for name, values in form.items()}
            self.standin.asked.append(Asked(time.monotonic(), method, first, utility))
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has given up
                self._serve(utility, form)
        else:
            self._answer(404, b"no such utility", "text/plain")

    def _serve(self, utility: str, form: dict[str, list[str]]) -> None:
        how = self.standin.next.popleft() if self.standin.next else ""
        self.standin.utilities.miscounts = 7 if how == "count" else 0
        try:
            whole: bytes = getattr(self.standin.utilities, utility)(form)
        except Declined as declined:
            self._answer(400, str(declined).encode())
            return
        if how in ("redirect", "round"):
            self._answer(302, b"", headers={"Location": ELSEWHERE if how == "redirect" else self.path})
        elif how in ("slow", "trickle"):
            self._slowly(whole, pieces=100 if how == "slow" else 1)
        elif how == "hang-up":
            self.close_connection = True
        else:
            kind = "application/json" if utility == "idconv" else "text/xml; charset=UTF-8"
            self._answer(*_answers(whole, utility, kind).get(how, (200, whole, kind)))

    def _slowly(self, whole: bytes, pieces: int) -> None:
        """Promise the whole and send a little of it; or byte after byte, one a second, for as long as somebody listens."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.close_connection = True
        for start in range(0, len(whole), pieces):
            self.wfile.write(whole[start : start + pieces])
            self.wfile.flush()
            time.sleep(1)
            if pieces > 1:
                return

    def _answer(self, status: int, body: bytes, kind: str = "text/xml", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _answers(whole: bytes, utility: str, kind: str) -> dict[str, tuple[int, bytes, str]]:
    return {
        "429": (429, TOO_MANY, "application/json"),
        "400": (400, b"Bad Request", "text/plain"),
        "500": (500, b"Internal Server Error", "text/plain"),
        "half": (200, whole[: len(whole) // 2], kind),
        "html": (200, PAGE, "text/html"),
        "empty": (200, ENVELOPES[utility], kind),
        "garbage": (200, HEAD + b"<PubmedArticle><MedlineCitation></PubmedArticle>" + TAIL, kind),
    }
