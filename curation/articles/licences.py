"""Under which licence something is published, read from addresses, from PMC's codes and from plain words. Pure.

Where the places disagree the strictest counts: many articles under CC BY also link to CC0, which is meant for their data.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """What has to be kept to wherever the picture is used further."""

    SHARE_ALIKE = "share-alike"
    NO_DERIVATIVES = "no-derivatives"
    NON_COMMERCIAL = "non-commercial"


@dataclass(frozen=True, slots=True)
class Licence:
    """``code`` as PMC writes it (CC BY-NC-ND); empty where there is none or none that is known here."""

    code: str = ""
    version: str = ""
    url: str = ""

    @property
    def name(self) -> str:
        return f"{self.code} {self.version}".strip()

    @property
    def flags(self) -> tuple[Flag, ...]:
        parts = self.code.split("-")
        return tuple(flag for letters, flag in FLAGS.items() if letters in parts)

    def may_be_kept(self, *, noncommercial: bool) -> bool:
        """Whether text and pictures may be kept and shown; ``noncommercial``: this site serves no commerce."""
        return self.code in STRICTNESS and (noncommercial or Flag.NON_COMMERCIAL not in self.flags)


NONE = Licence()
FLAGS = {"SA": Flag.SHARE_ALIKE, "ND": Flag.NO_DERIVATIVES, "NC": Flag.NON_COMMERCIAL}
#: The known licences, the freest first. “Public domain” is Creative Commons' mark for what no right lies on.
STRICTNESS = ("CC0", "Public domain", "CC BY", "CC BY-SA", "CC BY-ND", "CC BY-NC", "CC BY-NC-SA", "CC BY-NC-ND")

_LICENSES = re.compile(
    r"creativecommons\.org/licen[sc]es/(by(?:-nc)?(?:-nd|-sa)?)(?:/(\d(?:\.\d)?))?(?=[/?#]|$|[^\w.-])", re.IGNORECASE
)
_PUBLIC = re.compile(r"creativecommons\.org/(?:publicdomain/(zero|mark)|licen[sc]es/(publicdomain))(?:/(\d\.\d))?", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\bCC[\s-]*BY((?:[\s-]+(?:NC|ND|SA))*)(?:[\s-]*(?:v(?:ersion)?\s*)?(\d\.\d))?(?!\w)", re.IGNORECASE)
_NAMED = re.compile(r"creative\s+commons\s+(?:licen[sc]e\s+)?[(“\"]?\s*attribution", re.IGNORECASE)
_ZERO = re.compile(r"\bCC[\s-]?0\b|creative\s+commons\s+zero|public\s+domain\s+dedication", re.IGNORECASE)
_RESTRICTIONS = {
    "NC": re.compile(r"non[\s‐‑–-]*commercial|not\s+(?:be\s+)?(?:used\s+)?for\s+commercial", re.IGNORECASE),
    "ND": re.compile(r"no[\s‐‑–-]*deriv|not\s+(?:be\s+)?(?:altered|transformed|modified)", re.IGNORECASE),
    "SA": re.compile(r"share[\s‐‑–-]*alike", re.IGNORECASE),
}


def of_address(address: str) -> Licence:
    if found := _LICENSES.search(address):
        code = f"CC {found[1].upper()}"
        return Licence(code, found[2] or "", _address(f"licenses/{found[1].lower()}", found[2])) if code in STRICTNESS else NONE
    if found := _PUBLIC.search(address):
        if (found[1] or "").lower() == "zero":
            return Licence("CC0", found[3] or "1.0", _address("publicdomain/zero", found[3] or "1.0"))
        return Licence("Public domain", "", _address("publicdomain/mark", "1.0"))
    return NONE


def _address(path: str, version: str | None) -> str:
    return f"https://creativecommons.org/{path}/{version}/" if version else f"https://creativecommons.org/{path}/"


def of_code(code: str) -> Licence:
    """PMC's code, which names no version: “CC BY”, “CC0”, “CC BY-NC-SA”; anything else is not known."""
    written = re.sub(r"[\s_-]+", "-", code.strip().upper())
    known = {re.sub(r"[\s-]+", "-", name.upper()): name for name in STRICTNESS}
    return Licence(known[written]) if written in known else NONE


def of_name(name: str) -> Licence:
    """From the name it was stored under: the code and, where it is known, the version."""
    code, _, version = name.rpartition(" ")
    return Licence(code, version) if code in STRICTNESS else Licence(name) if name in STRICTNESS else NONE


def of_words(words: str) -> Licence:
    """What a licence says of itself in plain words. A restriction that is named anywhere in them holds."""
    if addressed := _addressed(words):
        return strictest(addressed)
    short = _ABBREVIATED.search(words)
    if short or _NAMED.search(words):
        parts = set(re.findall(r"[A-Z]+", short[1].upper())) if short else set()
        parts |= {letters for letters, pattern in _RESTRICTIONS.items() if pattern.search(words)}
        code = "-".join(["CC BY", *(p for p in ("NC", "ND", "SA") if p in parts and not (p == "SA" and "ND" in parts))])
        return Licence(code, (short[2] or "") if short else "")
    return Licence("CC0", "1.0", _address("publicdomain/zero", "1.0")) if _ZERO.search(words) else NONE


def _addressed(words: str) -> list[Licence]:
    parts = re.split(r"(?=creativecommons\.org/)", words, flags=re.IGNORECASE)[1:]
    return [found for part in parts if (found := of_address(part[:200])).code]


def strictest(found: Iterable[Licence]) -> Licence:
    """Of those that are known; with the version and address that the same licence has in another place."""
    known = [each for each in found if each.code]
    if not known:
        return NONE
    restrictions = {part for each in known for part in each.code.split("-")[1:]}
    hardest = max(known, key=lambda each: STRICTNESS.index(each.code))
    parts = [p for p in ("NC", "ND", "SA") if p in restrictions and not (p == "SA" and "ND" in restrictions)]
    code = "-".join(["CC BY", *parts]) if restrictions else hardest.code
    same = [each for each in known if each.code == code]
    return max(same, key=lambda each: (bool(each.url), bool(each.version)), default=Licence(code))


def read(*, addresses: Iterable[str] = (), words: str = "") -> Licence:
    """From all the places of one ``<license>``: its address, the addresses inside it, and its words."""
    return strictest([*(of_address(each) for each in addresses), of_words(words)])


def agreed(*, code: str, stated: Licence) -> Licence:
    """PMC's code and what the article states, together. A code that is not known here is a licence that is not known."""
    if not code.strip():
        return stated
    told = of_code(code)
    return strictest([told, stated]) if told.code else NONE
