"""What each utility answers: forms in, bodies out, as NCBI writes them (``test_standin`` compares with recorded answers)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from curation.tests.standin import searching
from curation.tests.standin.library import Library, Recorded

HEAD = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
TAIL = b"</PubmedArticleSet>"
NO_IDS = "<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>"
TOO_FAR = (
    "<eSearchResult><ERROR>Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can "
    "only retrieve the first 9,999 records matching the query.</ERROR></eSearchResult>"
)
NO_TERM = "<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR></eSearchResult>"
NO_HISTORY = "<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
NOTHING_POSTED = "<ePostResult><ERROR>Empty ID list; Nothing to store</ERROR></ePostResult>"
MOST_LISTED = 9_999
CONVERTED_AT_ONCE = 200

Form = dict[str, list[str]]


class Declined(Exception):
    """Status 400 and this body."""


@dataclass
class Utilities:
    """``history`` keeps each search and post by its query key; there is one environment."""

    library: Library
    history: list[list[str]] = field(default_factory=list)
    miscounts: int = 0

    environment = "MCID_standin"

    def efetch(self, form: Form) -> bytes:
        pmids = self._asked(form)
        if _one(form, "db") != "pubmed" or not pmids:
            raise Declined(NO_IDS)
        return HEAD + b"\n".join(self.library[p].body for p in pmids if p in self.library) + TAIL

    def esearch(self, form: Form) -> bytes:
        """Like PubMed it lists no more than the first 9,999, and nothing from further on."""
        term = _one(form, "term").strip()
        start, most = int(_one(form, "retstart") or 0), int(_one(form, "retmax") or 20)
        if not term:
            return NO_TERM.encode()
        if start > MOST_LISTED - 1:
            return TOO_FAR.encode()
        pmids = self._found(term, _one(form, "mindate"), _one(form, "maxdate"))
        shown = pmids[start : min(start + most, MOST_LISTED)]
        kept = ""
        if _one(form, "usehistory") == "y":
            kept = f"<QueryKey>{self._keep(pmids)}</QueryKey><WebEnv>{self.environment}</WebEnv>"
        ids = "<IdList>{}</IdList>".format("".join(f"\n<Id>{p}</Id>" for p in shown)) if shown else "<IdList/>"
        return _xml(
            "eSearchResult",
            "esearch 20060628",
            f"<Count>{len(pmids) + self.miscounts}</Count><RetMax>{len(shown)}</RetMax><RetStart>{start}</RetStart>{kept}{ids}"
            f"<TranslationSet/><QueryTranslation>{escape(term)}</QueryTranslation>{_remarks(term, pmids, most)}",
        )

    def epost(self, form: Form) -> bytes:
        pmids = self._asked(form)
        if not pmids:
            raise Declined(NOTHING_POSTED)
        kept = f"\n\t<QueryKey>{self._keep(pmids)}</QueryKey>\n\t<WebEnv>{self.environment}</WebEnv>\n"
        return _xml("ePostResult", "epost 20090526", kept)

    def esummary(self, form: Form) -> bytes:
        known = [self.library[p] for p in self._asked(form) if p in self.library]
        return f"<eSummaryResult>\n{''.join(map(_summary, known))}</eSummaryResult>".encode()

    def elink(self, form: Form) -> bytes:
        """A set for each ``id`` that is named by itself, as real."""
        sets = "".join(self._links(pmid) for pmid in form.get("id", []))
        return _xml("eLinkResult", "elink 20101123", f"\n{sets}\n")

    def idconv(self, form: Form) -> bytes:
        ids = [each for each in _one(form, "ids").split(",") if each]
        if not ids or len(ids) > CONVERTED_AT_ONCE:
            raise Declined('{"status":"error","message":"The number of ids must be from 1 to 200"}')
        by_id = {i.lower(): r for r in self.library.values() if r.pmcid for i in (r.pmcid, r.doi, r.pmid) if i}
        return json.dumps({"status": "ok", "records": [_converted(each, by_id.get(each.lower())) for each in ids]}).encode()

    def _asked(self, form: Form) -> list[str]:
        if _one(form, "WebEnv"):
            key = int(_one(form, "query_key") or 0)
            if not 1 <= key <= len(self.history):
                raise Declined(NO_HISTORY)
            start, most = int(_one(form, "retstart") or 0), int(_one(form, "retmax") or 20)
            return self.history[key - 1][start : start + most]
        return [p for several in form.get("id", []) for p in several.split(",") if p]

    def _keep(self, pmids: Sequence[str]) -> int:
        self.history.append(list(pmids))
        return len(self.history)

    def _found(self, term: str, first: str, last: str) -> list[str]:
        try:
            holds = searching.read(term)
        except (IndexError, AssertionError):  # brackets that do not close and the like
            return []
        found = [r for r in self.library.values() if holds(r) and (first or "0") <= r.entered <= (last or "9")]
        return [r.pmid for r in sorted(found, key=lambda r: (r.entered, int(r.pmid)), reverse=True)]

    def _links(self, pmid: str) -> str:
        known = pmid in self.library
        named = {
            "pubmed_pubmed": self.library.similar(pmid) if known else [],
            "pubmed_pubmed_citedin": self.library.citing(pmid),
            "pubmed_pubmed_refs": self.library[pmid].cites if known else [],
        }
        sets = "".join(_link_set(name, pmids) for name, pmids in named.items() if pmids)
        ids = f"<IdList>\n<Id>{pmid}</Id>\n</IdList>"
        return f"<LinkSet>\n<DbFrom>pubmed</DbFrom>\n{ids}\n{sets}</LinkSet>"


def _link_set(name: str, pmids: Iterable[str]) -> str:
    links = "".join(f"<Link><Id>{p}</Id></Link>" for p in pmids)
    return f"<LinkSetDb><DbTo>pubmed</DbTo><LinkName>{name}</LinkName>{links}</LinkSetDb>"


def _one(form: Form, name: str) -> str:
    return form.get(name, [""])[0]


def _xml(root: str, dtd: str, inner: str) -> bytes:
    name, day = dtd.split()
    head = '<?xml version="1.0" encoding="UTF-8" ?>\n'
    public = f'"-//NLM//DTD {dtd}//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/{day}/{name}.dtd"'
    return f"{head}<!DOCTYPE {root} PUBLIC {public}>\n<{root}>{inner}</{root}>".encode()


def _remarks(term: str, pmids: Sequence[str], most: int) -> str:
    if not pmids:
        said = "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
        return f"<ErrorList><PhraseNotFound>{escape(term)}</PhraseNotFound></ErrorList>{said}"
    if most > MOST_LISTED:
        said = f"Restrictions achieved. start and count adjusted to 0, {MOST_LISTED}"
        return f"<WarningList><OutputMessage>{said}</OutputMessage></WarningList>"
    return ""


def _summary(record: Recorded) -> str:
    authors = "".join(f'<Item Name="Author" Type="String">{escape(a)}</Item>' for a in record.authors)
    items = {"PubDate": record.year, "Source": record.source}
    after = {"Title": record.title, "DOI": record.doi, "FullJournalName": record.source}
    return "".join(
        (
            f"<DocSum>\n<Id>{record.pmid}</Id>\n",
            *(f'<Item Name="{n}" Type="{"Date" if n == "PubDate" else "String"}">{escape(v)}</Item>' for n, v in items.items()),
            f'<Item Name="AuthorList" Type="List">{authors}</Item>',
            *(f'<Item Name="{name}" Type="String">{escape(value)}</Item>' for name, value in after.items() if value),
            "\n</DocSum>\n",
        )
    )


def _converted(asked: str, record: Recorded | None) -> dict[str, object]:
    if record is None:
        return {"requested-id": asked, "status": "error", "errmsg": "Identifier not found in PMC"}
    return {"requested-id": asked, "pmcid": record.pmcid, "pmid": int(record.pmid), "doi": record.doi}
