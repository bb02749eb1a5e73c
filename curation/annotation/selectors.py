"""Evidence as targets of the W3C Web Annotation Data Model, and such targets read back. Writes nothing.

Words are found again by TextQuoteSelector and TextPositionSelector, rectangles by a FragmentSelector of media fragments, cells
by their words and an XPathSelector over the section's markup. A target's source is the frozen section, or the picture.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from curation.annotation import regions
from curation.annotation.pieces import Cell, Piece, Quote, Region
from curation.choices import EvidenceKind
from curation.errors import Fault, Invalid
from curation.models.annotation import Proof

#: Where the API has sections and pictures; the same paths are read back out of a target's source.
SECTION_PATH, PICTURE_PATH = "/api/v1/sections/{}", "/api/v1/figures/{}/image"

_SECTION, _PICTURE = (re.compile(path.format(r"(\d{1,18})") + "$") for path in (SECTION_PATH, PICTURE_PATH))
_XPATH = re.compile(r"\(//tr\)\[(\d{1,9})\](?:/\*\[(\d{1,9})\])?")
KNOWN = "TextQuoteSelector, TextPositionSelector, FragmentSelector, XPathSelector"


def source(evidence: Proof, site: str = "") -> dict[str, object]:
    """The frozen thing itself. ``site``: what the addresses begin with."""
    section = evidence.section
    told = {"article": section.article_id, "pmid": section.article.pmid, "section": section.key, "version": section.version}
    if evidence.kind != EvidenceKind.REGION:
        return {"id": site + SECTION_PATH.format(section.pk), "type": "Text", **told, "sha256": section.sha256}
    address = site + PICTURE_PATH.format(evidence.figure_id) if evidence.figure_id else f"urn:sha256:{evidence.picture_sha256}"
    return {"id": address, "type": "Image", **told, "sha256": evidence.picture_sha256}


def written(evidence: Proof) -> list[dict[str, object]]:
    """The selectors, the one that outlives a new wording first."""
    if evidence.kind == EvidenceKind.REGION:
        value = regions.fragment(evidence.region or ())
        return [{"type": "FragmentSelector", "conformsTo": regions.MEDIA_FRAGMENTS, "value": value}]
    words = {"exact": evidence.exact, "prefix": evidence.prefix, "suffix": evidence.suffix}
    found: list[dict[str, object]] = [
        {"type": "TextQuoteSelector", **words},
        {"type": "TextPositionSelector", "start": evidence.start, "end": evidence.end},
    ]
    if evidence.cell:
        row, column = evidence.cell["row"], evidence.cell["column"]
        found.append({"type": "XPathSelector", "value": f"(//tr)[{row}]" + (f"/*[{column}]" if column else "")})
    return found


def piece(said: Mapping[str, Any]) -> Piece:
    """What the API was sent, plainly (section, exact …; figure, region; section, row, column) or by W3C selectors.

    Raises Invalid where it is neither.
    """
    told = _by_selectors(said) if said.get("selector") else dict(said)
    told |= {name: said[name] for name in ("role", "contradicts") if name in said}
    if told.get("region") is not None:
        return Region(_needed(told, "figure"), told["region"], said.get("panel", ""), **_manner(told))
    section = _needed(told, "section")
    if told.get("row") is not None:
        return Cell(section, told["row"], told.get("column"), told.get("exact") or "", **_manner(told))
    named = {name: told[name] for name in ("prefix", "suffix") if told.get(name)}
    return Quote(section, _needed(told, "exact"), told.get("start"), **named, **_manner(told))


def _manner(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"role": told.get("role"), "contradicts": told.get("contradicts", False)}


def _needed(told: Mapping[str, Any], name: str) -> Any:
    if told.get(name) in (None, ""):
        raise _refused(name, "is missing; name section and exact, or figure and region, or section and row")
    return told[name]


def _by_selectors(said: Mapping[str, Any]) -> dict[str, Any]:
    sent = said["selector"]
    told = {name: said.get(name) for name in ("section", "figure")}
    told |= {name: value for name, value in _of_source(said.get("source")).items() if told[name] is None}
    for each in sent if isinstance(sent, list) else [sent]:
        told |= _told_by(each)
    return told


def _of_source(named: object) -> dict[str, int]:
    """The section or figure that an address of ours names."""
    address = named.get("id") if isinstance(named, Mapping) else named
    for thing, path in (("section", _SECTION), ("figure", _PICTURE)):
        if isinstance(address, str) and (found := path.search(address)):
            return {thing: int(found[1])}
    return {}


def _told_by(selector: object) -> dict[str, Any]:
    kind = selector.get("type") if isinstance(selector, Mapping) else None
    if not isinstance(selector, Mapping) or not isinstance(kind, str) or kind not in READ:
        raise _refused("selector", f"is none that is known here: {KNOWN}")
    return READ[kind](selector)


def _quote(selector: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(selector, name) for name in ("exact", "prefix", "suffix")}


def _position(selector: Mapping[str, Any]) -> dict[str, Any]:
    start = selector.get("start")
    if isinstance(start, bool) or not isinstance(start, int) or not 0 <= start < 2**31:
        raise _refused("selector", "TextPositionSelector needs its start, counted in code points from 0")
    return {"start": start}


def _fragment(selector: Mapping[str, Any]) -> dict[str, Any]:
    if _text(selector, "conformsTo") not in ("", regions.MEDIA_FRAGMENTS):
        raise _refused("selector", f"FragmentSelector is read as of {regions.MEDIA_FRAGMENTS} only")
    return {"region": regions.of_fragment(_text(selector, "value"))}


def _xpath(selector: Mapping[str, Any]) -> dict[str, Any]:
    found = _XPATH.fullmatch(_text(selector, "value").strip())
    if found is None:
        raise _refused("selector", "XPathSelector names a row, (//tr)[3], or a cell of it, (//tr)[3]/*[2]")
    return {"row": int(found[1]), "column": int(found[2]) if found[2] else None}


READ = {
    "TextQuoteSelector": _quote,
    "TextPositionSelector": _position,
    "FragmentSelector": _fragment,
    "XPathSelector": _xpath,
}


def _text(selector: Mapping[str, Any], name: str) -> str:
    said = selector.get(name, "")
    if not isinstance(said, str):
        raise _refused("selector", f"{name} must be a text")
    return said


def _refused(where: str, reason: str) -> Invalid:
    return Invalid("The evidence could not be read.", faults=[Fault(where, reason)])


def target(evidence: Proof, site: str = "") -> dict[str, object]:
    """As a SpecificResource, with what this site says of it besides."""
    said: dict[str, object] = {"role": evidence.role, "depth": evidence.depth, "contradicts": evidence.contradicts}
    if evidence.panel:
        said["panel"] = evidence.panel
    return {"type": "SpecificResource", "source": source(evidence, site), "selector": written(evidence), **said}


def targets(evidence: Iterable[Proof], site: str = "") -> list[dict[str, object]]:
    return [target(each, site) for each in evidence]
