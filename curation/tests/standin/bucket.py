"""PMC's open-access bucket in its layout of 2026, from objects put into it: listings, metadata, full texts, pictures.

Misbehaviour is asked for by name for the next request, or for the next of a path: ``bucket.behave("500")``,
``bucket.behave("half", path="PMC1.1/f1.jpg")``.
"""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

MISBEHAVIOURS = ("500", "503", "half", "html", "redirect", "slow", "drip", "checksum", "missing", "hang-up", "declined")
PAGE = b"<!DOCTYPE html>\n<html><head><title>Checking your browser</title></head><body>proof of work</body></html>"
NO_SUCH_KEY = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>'
ELSEWHERE = "http://localhost.invalid/picture.jpg"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


class Bucket:
    """One server; use as a context manager. ``asked`` keeps every path that was asked for, listings as ``?prefix``."""

    def __init__(self, port: int = 0) -> None:
        self.objects: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.misbehaving: list[tuple[str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, self))
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def put(
        self, pmcid: str, xml: bytes, pictures: Mapping[str, bytes] | None = None, /, *, version: int = 1, **metadata: object
    ) -> None:
        """An article as the bucket keeps it. ``metadata`` override what its JSON says; None leaves a key out of it."""
        folder = f"{pmcid}.{version}"
        self.objects[f"{folder}/{folder}.xml"] = xml
        for name, body in (pictures or {}).items():
            self.objects[f"{folder}/{name}"] = body
        told = {
            "pmcid": pmcid,
            "version": version,
            "license_code": "CC BY",
            "is_pmc_openaccess": True,
            "is_manuscript": False,
            "is_historical_ocr": False,
            "is_retracted": False,
            "xml_url": _address(f"{folder}/{folder}.xml", xml),
            "media_urls": [_address(f"{folder}/{name}", body) for name, body in (pictures or {}).items()],
            **metadata,
        }
        self.objects[f"metadata/{folder}.json"] = json.dumps(told).encode()

    def fill(self, folder: Path) -> None:
        """Every ``PMC….xml`` of the folder, with the pictures that lie in a folder of that name beside it."""
        for path in sorted(folder.glob("PMC*.xml")):
            pictures = {p.name: p.read_bytes() for p in sorted(path.with_suffix("").glob("*"))}
            self.put(path.stem, path.read_bytes(), pictures)

    def behave(self, name: str, *, path: str = "", times: int = 1) -> None:
        if name not in MISBEHAVIOURS:
            raise ValueError(f"no such misbehaviour: {name}")
        self.misbehaving += [(path, name)] * times

    def how(self, path: str) -> str:
        """What to do wrong with this request, used up by it."""
        for n, (where, name) in enumerate(self.misbehaving):
            if where in ("", path):
                del self.misbehaving[n]
                return name
        return ""

    def listing(self, prefix: str) -> bytes:
        """S3's answer to ``list-type=2`` with the delimiter ``/``: the folders of this prefix."""
        folders = sorted({f"{path.partition('/')[0]}/" for path in self.objects if path.startswith(prefix)})
        common = "".join(f"<CommonPrefixes><Prefix>{escape(f)}</Prefix></CommonPrefixes>" for f in folders)
        head = f"<Name>pmc-oa-opendata</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(folders)}</KeyCount>"
        whole = f'<ListBucketResult xmlns="{NAMESPACE}">{head}<IsTruncated>false</IsTruncated>{common}</ListBucketResult>'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}'.encode()

    def __enter__(self) -> "Bucket":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def _address(path: str, body: bytes) -> str:
    return f"s3://pmc-oa-opendata/{path}?md5={hashlib.md5(body, usedforsecurity=False).hexdigest()}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, bucket: Bucket, *args: object) -> None:
        self.bucket = bucket
        super().__init__(*args)  # type: ignore[arg-type]

    def log_message(self, *args: object) -> None:
        """Silent: tests read ``asked``."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path, query = unquote(parts.path).lstrip("/"), parse_qs(parts.query)
        if not path and query.get("list-type") == ["2"]:
            prefix = query.get("prefix", [""])[0]
            self._send(f"?{prefix}", self.bucket.listing(prefix), "application/xml")
        else:
            self._send(path, self.bucket.objects.get(path), "application/octet-stream")

    def _send(self, path: str, body: bytes | None, kind: str) -> None:
        self.bucket.asked.append(path)
        how = self.bucket.how(path)
        if how == "hang-up":
            self.close_connection = True
        elif how == "redirect":
            self._answer(302, b"", kind, {"Location": ELSEWHERE})
        elif how in ("500", "503"):
            self._answer(int(how), b"<Error><Code>InternalError</Code></Error>", "application/xml")
        elif how == "declined":
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>", "application/xml")
        elif body is None or how == "missing":
            self._answer(404, NO_SUCH_KEY, "application/xml")
        elif how == "html":
            self._answer(200, PAGE, "text/html")
        elif how == "checksum":
            self._answer(200, body[:-1] + bytes([body[-1] ^ 1]), kind)
        elif how in ("half", "slow", "drip"):
            self._partly(body, how)
        else:
            self._answer(200, body, kind)

    def _partly(self, body: bytes, how: str) -> None:
        """Promise the whole; send half and hang up, a little and nothing more, or a byte at a time."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.close_connection = True
        if how == "drip":
            for n in range(len(body)):
                try:
                    self.wfile.write(body[n : n + 1])
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(1)
        else:
            self.wfile.write(body[: len(body) // 2 if how == "half" else 20])
            self.wfile.flush()
            if how == "slow":
                time.sleep(1)

    def _answer(self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
