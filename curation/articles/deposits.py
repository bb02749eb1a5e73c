"""What PMC's open-access bucket says of an article: the versions it has, and each version's metadata. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from curation.articles import identifiers
from curation.articles.markup import local
from curation.errors import Invalid

PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
MD5 = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
SAFE_PATH = re.compile(r"[\w.+~()@,=!' -]+(?:/[\w.+~()@,=!' -]+)*", re.ASCII)
YES, NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n", "", "none", "null"}
#: Endings of pictures in the order in which they are taken: of some figures there is a small .gif beside the .jpg.
PICTURES = ("jpg", "jpeg", "png", "tif", "tiff", "webp", "gif")


@dataclass(frozen=True, slots=True)
class Kept:
    """An object of the bucket: its path, and the MD5 it must have (empty where none is told)."""

    path: str
    md5: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """One version of an article in the bucket. ``licence_code`` is empty where the metadata name none."""

    pmcid: str
    version: int
    pmid: int | None
    licence_code: str
    is_open: bool
    is_manuscript: bool
    is_scanned: bool
    is_retracted: bool
    xml: Kept | None
    media: Mapping[str, Kept]

    def picture(self, stem: str) -> Kept | None:
        """The picture of this name: a figure names it without its ending, or with that of the file its publisher sent."""
        wanted = stem.casefold()
        found = {path.casefold(): kept for path, kept in self.media.items()}
        names = [f"{wanted}.{ending}" for ending in PICTURES]
        before, _, sent = wanted.rpartition(".")
        if sent in PICTURES:
            names += [wanted, *(f"{before}.{ending}" for ending in PICTURES)]
        return next((found[name] for name in names if name in found), None)


def versions(listing: bytes, pmcid: str) -> list[int]:
    """The versions that a listing of the bucket names, the highest first. Raises Invalid for what is no listing."""
    try:
        root = etree.fromstring(listing, PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid("PMC's bucket sent no listing that can be read.") from error
    if local(root) != "ListBucketResult":
        raise Invalid("PMC's bucket sent something that is no listing.")
    named = (e.text or "" for e in root.iter() if isinstance(e.tag, str) and local(e) == "Prefix")
    found = (re.fullmatch(rf"{pmcid}\.(\d{{1,4}})/", text.strip()) for text in named)
    return sorted({int(match[1]) for match in found if match}, reverse=True)


def read(text: bytes, pmcid: str, version: int) -> Deposit:
    """The metadata of one version. Raises Invalid with what is wrong with them."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"PMC's metadata of {pmcid} are not JSON.") from error
    if not isinstance(data, dict):
        raise Invalid(f"PMC's metadata of {pmcid} are no object.")
    if (named := identifiers.pmcid(str(data.get("pmcid") or ""))) != pmcid:
        raise Invalid(f"PMC's metadata of {pmcid} speak of {named or 'no article'}.")
    folder = f"{pmcid}.{version}/"
    listed = data.get("media_urls") or []
    media = [_kept(each, folder) for each in (listed if isinstance(listed, list) else [])]
    return Deposit(
        pmcid=pmcid,
        version=version,
        pmid=identifiers.pmid(str(data.get("pmid") or "")),
        licence_code=code.strip() if isinstance(code := data.get("license_code"), str) else "",
        is_open=_yes(data, "is_pmc_openaccess", pmcid),
        is_manuscript=_yes(data, "is_manuscript", pmcid),
        is_scanned=_yes(data, "is_historical_ocr", pmcid),
        is_retracted=_yes(data, "is_retracted", pmcid),
        xml=_kept(data.get("xml_url"), folder),
        media={kept.path.rpartition("/")[2]: kept for kept in media if kept},
    )


def _yes(data: Mapping[str, Any], name: str, pmcid: str) -> bool:
    """Booleans come as such or as words."""
    value = str(data.get(name, "")).strip().lower()
    if value in YES | NO:
        return value in YES
    raise Invalid(f"PMC's metadata of {pmcid} say {name} = “{value[:40]}”, which is neither yes nor no.")


def _kept(address: object, folder: str) -> Kept | None:
    """``s3://bucket/PMC1.1/name.jpg?md5=…`` as a path in the bucket; None for what is not in the article's own folder."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    path = unquote(parts.path).lstrip("/")
    at = path.find(folder)
    path = path[at:] if at >= 0 else ""
    if not path or not SAFE_PATH.fullmatch(path) or ".." in path:
        return None
    md5 = (parse_qs(parts.query).get("md5") or [""])[0]
    return Kept(path, md5.lower() if MD5.fullmatch(md5) else "")
