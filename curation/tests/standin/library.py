"""The stand-in's records: each as it was recorded, with what the utilities search, link and summarise it by."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

from curation.articles import cutting

TAG = re.compile(rb"<[^>]*>")
WORD = re.compile(r"[\w-]{3,}")


def _inner(body: bytes, pattern: str) -> list[str]:
    found = re.findall(pattern.encode(), body, re.DOTALL)
    return [unescape(TAG.sub(b"", each).decode("utf-8", "replace")).strip() for each in found]


@dataclass(frozen=True)
class Recorded:
    """One record; what is read out of it is read roughly, when it is asked for."""

    pmid: str
    body: bytes

    @cached_property
    def own(self) -> bytes:
        """Without the reference list, whose identifiers are not its own."""
        return self.body.partition(b"<ReferenceList>")[0]

    @cached_property
    def title(self) -> str:
        return next(iter(_inner(self.own, r"<ArticleTitle[^>]*>(.*?)</ArticleTitle>")), "")

    @cached_property
    def authors(self) -> list[str]:
        names = re.findall(rb"<LastName>(.*?)</LastName>.*?(?:<Initials>(.*?)</Initials>|</Author>)", self.own, re.DOTALL)
        return [f"{last.decode()} {initials.decode()}".strip() for last, initials in names]

    @cached_property
    def source(self) -> str:
        return next(iter(_inner(self.own, r"<(?:MedlineTA|ISOAbbreviation)>(.*?)</")), "")

    @cached_property
    def kinds(self) -> list[str]:
        return _inner(self.own, r"<PublicationType [^>]*>(.*?)</PublicationType>")

    @cached_property
    def doi(self) -> str:
        return self._id("doi")

    @cached_property
    def pmcid(self) -> str:
        return self._id("pmc")

    @cached_property
    def year(self) -> str:
        return next(iter(_inner(self.own, r"<PubDate>.*?(\d{4}).*?</PubDate>")), "1900")

    @cached_property
    def entered(self) -> str:
        """The day PubMed took it in, as 2021/11/08; the first of its year where the record does not say."""
        day = re.search(rb'PubStatus="entrez">\s*<Year>(\d+)</Year>\s*<Month>(\d+)</Month>\s*<Day>(\d+)</Day>', self.own)
        return "{}/{:02}/{:02}".format(*map(int, day.groups())) if day else f"{self.year}/01/01"

    @cached_property
    def cites(self) -> list[str]:
        after = self.body[len(self.own) :]
        return list(dict.fromkeys(p.decode() for p in re.findall(rb'IdType="pubmed">\s*(\d+)\s*<', after)))

    @cached_property
    def text(self) -> str:
        return unescape(TAG.sub(b" ", self.own).decode("utf-8", "replace")).lower()

    @cached_property
    def title_words(self) -> set[str]:
        return {word for word in WORD.findall(self.title.lower()) if len(word) > 4}

    def _id(self, kind: str) -> str:
        return next(iter(_inner(self.own, rf'<ArticleId IdType="{kind}">(.*?)</ArticleId>')), "")


class Library(dict[str, Recorded]):
    """Records by PMID."""

    def __init__(self, records: Iterable[tuple[str, bytes]] = ()) -> None:
        super().__init__((pmid, Recorded(pmid, body)) for pmid, body in records)

    @classmethod
    def of_folder(cls, folder: Path) -> "Library":
        found = cls()
        for path in sorted(folder.glob("*.xml")):
            found.take(path.read_bytes())
        return found

    def take(self, xml: bytes) -> None:
        """Every record of a set, as it is."""
        self.update({str(cut.pmid): Recorded(str(cut.pmid), cut.body) for cut in cutting.records([xml]) if cut.pmid})

    def citing(self, pmid: str) -> list[str]:
        return [each.pmid for each in self.values() if pmid in each.cites]

    def similar(self, pmid: str) -> list[str]:
        """Those with a long title word in common, itself first, as PubMed has it."""
        words = self[pmid].title_words
        shared = {each.pmid: len(words & each.title_words) for each in self.values()}
        return sorted((p for p, n in shared.items() if n), key=lambda p: (p != pmid, -shared[p], p))
