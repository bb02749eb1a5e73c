"""EFetch as NCBI answers it, from a folder of recorded PubMed XML; sets are put together byte for byte.

Misbehaviour is asked for by name and used up one request at a time: ``server.behave("429", "half")``, or from outside
``curl -d next=429,half http://127.0.0.1:<port>/behave``.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from curation.articles import cutting

HEAD = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
TAIL = b"</PubmedArticleSet>"
TOO_MANY = b'{"error":"API rate limit exceeded","api-key":"127.0.0.1","count":"4","limit":"3"}'
PAGE = b"<!DOCTYPE html>\n<html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head><body>Blocked</body></html>"
NO_IDS = b"<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>"
ELSEWHERE = "http://localhost.invalid/efetch.fcgi"
MISBEHAVIOURS = ("429", "500", "half", "html", "empty", "slow", "redirect", "hang-up", "garbage")


class Asked(NamedTuple):
    """One request: when (monotonic seconds), how, and its form."""

    at: float
    method: str
    form: Mapping[str, str]


class Standin:
    """One server; use as a context manager. ``asked`` keeps every EFetch request."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.records = recorded(folder)
        self.asked: list[Asked] = []
        self.next: deque[str] = deque()
        self.server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, self))
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/entrez/eutils/"

    def behave(self, *names: str) -> None:
        unknown = set(names) - set(MISBEHAVIOURS)
        if unknown:
            raise ValueError(f"no such misbehaviour: {', '.join(sorted(unknown))}")
        self.next.extend(names)

    def __enter__(self) -> "Standin":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def set_of(self, pmids: Sequence[str]) -> bytes:
        """Those of the records that are known; NCBI too leaves out the others without a word."""
        return HEAD + b"\n".join(self.records[p] for p in pmids if p in self.records) + TAIL


def recorded(folder: Path) -> dict[str, bytes]:
    """Each record of the folder's files by its PMID."""
    found = {}
    for path in sorted(folder.glob("*.xml")):
        found.update({str(cut.pmid): cut.body for cut in cutting.records([path.read_bytes()]) if cut.pmid})
    return found


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
        form = {name: values[0] for name, values in parse_qs(query).items()}
        place = urlsplit(self.path).path
        if place == "/behave":
            self.standin.behave(*form.get("next", "").split(","))
            self._answer(200, b"as you wish", "text/plain")
        elif place.endswith("/efetch.fcgi"):
            self.standin.asked.append(Asked(time.monotonic(), method, form))
            self._efetch(form)
        else:
            self._answer(404, b"no such utility", "text/plain")

    def _efetch(self, form: Mapping[str, str]) -> None:
        pmids = [p for p in form.get("id", "").split(",") if p]
        if form.get("db") != "pubmed" or not pmids:
            self._answer(400, NO_IDS)
            return
        whole = self.standin.set_of(pmids)
        how = self.standin.next.popleft() if self.standin.next else ""
        if how == "redirect":
            self._answer(302, b"", headers={"Location": ELSEWHERE})
        elif how == "slow":
            self._slowly(whole)
        elif how == "hang-up":
            self.close_connection = True
        else:
            self._answer(*_answers(whole).get(how, (200, whole, "text/xml; charset=UTF-8")))

    def _slowly(self, whole: bytes) -> None:
        """Promise the whole, send a little, and no more."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole[:100])
        self.wfile.flush()
        time.sleep(1)
        self.close_connection = True

    def _answer(self, status: int, body: bytes, kind: str = "text/xml", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _answers(whole: bytes) -> dict[str, tuple[int, bytes, str]]:
    return {
        "429": (429, TOO_MANY, "application/json"),
        "500": (500, b"Internal Server Error", "text/plain"),
        "half": (200, whole[: len(whole) // 2], "text/xml; charset=UTF-8"),
        "html": (200, PAGE, "text/html"),
        "empty": (200, HEAD + TAIL, "text/xml; charset=UTF-8"),
        "garbage": (200, HEAD + b"<PubmedArticle><MedlineCitation></PubmedArticle>" + TAIL, "text/xml; charset=UTF-8"),
    }
