"""What somebody looks for among the articles, as an address holds it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from curation.choices import ScreeningState
from curation.errors import Fault, Invalid
from curation.standing.states import ArticleState

PER_PAGE = 50
MOST_PER_PAGE = 200
PAGES = 200  # further back one narrows the search instead
LONGEST = 300
#: Where an article may stand in a project; included, wherever it stands then.
STATES = [*ArticleState.choices, (ScreeningState.INCLUDED.value, ScreeningState.INCLUDED.label)]
YES = ("1", "on", "true", "yes")


@dataclass(frozen=True, slots=True)
class Filters:
    words: str = ""
    author: str = ""
    journal: str = ""
    kind: str = ""
    project: str = ""
    state: str = ""
    year_from: int | None = None
    year_to: int | None = None
    pmid: int | None = None
    notices: bool = False
    figures: bool = False
    page: int = 1
    page_size: int = PER_PAGE

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for beyond "all, the newest first"."""
        return bool(self.words or self.has_more)

    @property
    def has_more(self) -> bool:
        """Whether anything but words is asked for."""
        texts = (self.author, self.journal, self.kind, self.project)
        return any((*texts, self.year_from, self.year_to, self.pmid, self.notices, self.figures))


def read(given: Mapping[str, str]) -> Filters:
    """The filters that an address names. Raises Invalid with every fault; names that are no filter are ignored."""
    faults: list[Fault] = []
    texts = {name: _text(given, name, faults) for name in ("words", "author", "journal", "kind", "project", "state")}
    if texts["state"] and texts["state"] not in dict(STATES):
        faults.append(Fault("state", f"choose one of {', '.join(dict(STATES))}"))
    if texts["state"] and not texts["project"]:
        faults.append(Fault("state", "says where an article stands in a project; name the project too"))
    filters = Filters(
        **texts,
        year_from=_number(given, "year_from", faults, most=2100),
        year_to=_number(given, "year_to", faults, most=2100),
        pmid=_number(given, "pmid", faults, most=10**12),
        notices=given.get("notices", "") in YES,
        figures=given.get("figures", "") in YES,
        page=_number(given, "page", faults, most=PAGES) or 1,
        page_size=_number(given, "page_size", faults, most=MOST_PER_PAGE) or PER_PAGE,
    )
    if filters.year_from and filters.year_to and filters.year_from > filters.year_to:
        faults.append(Fault("year_from", "must be no later than the last year"))
    if faults:
        raise Invalid("The articles cannot be searched for like this.", faults=faults)
    return filters


def _text(given: Mapping[str, str], name: str, faults: list[Fault]) -> str:
    text = given.get(name, "").strip()
    if "\x00" in text or len(text) > LONGEST:
        faults.append(Fault(name, f"must be plain text of at most {LONGEST} characters"))
        return ""
    return text


def _number(given: Mapping[str, str], name: str, faults: list[Fault], *, most: int) -> int | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= 15 and 1 <= int(text) <= most:
        return int(text)
    faults.append(Fault(name, f"must be a whole number from 1 to {most}"))
    return None
