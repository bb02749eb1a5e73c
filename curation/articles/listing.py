"""Which records a query means, however many: a search shows 9,999 at most, so more are asked for by windows of days. Pure."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from curation.articles.answers import MOST_LISTED, Found
from curation.errors import Refusal

#: PubMed's oldest Entrez dates are publication dates; nothing it holds is older than printing.
EARLIEST = date(1500, 1, 1)
MOST = 200_000
TOO_MANY = "This query finds {count:,} records; one import takes up to {most:,}. Narrow it, for instance by years."
TOO_MANY_A_DAY = "This query finds {count:,} records of a single day ({day}), more than PubMed lists. Narrow it."
MISCOUNTED = "PubMed counted {count:,} records for this query and listed {listed:,}. Run it again later to see what is missing."

#: Asks PubMed about the query within these days (both included), or about all of it.
Ask = Callable[["Days | None"], Found]


class Days(NamedTuple):
    first: date
    last: date


class Listed(NamedTuple):
    """``trouble`` says where NCBI's counts contradict each other."""

    pmids: list[int]
    trouble: str = ""


def every(ask: Ask, *, today: date) -> Listed:
    """All PMIDs of a query, each once. Raises Refusal where there are more than an import takes."""
    whole = ask(None)
    if whole.count <= MOST_LISTED:
        return Listed(list(dict.fromkeys(whole.pmids)))
    if whole.count > MOST:
        raise Refusal(TOO_MANY.format(count=whole.count, most=MOST))
    days = Days(EARLIEST, today + timedelta(days=366))  # PubMed dates some records ahead
    pmids = list(dict.fromkeys(pmid for part in _parts(ask, days) for pmid in part.pmids))
    trouble = "" if len(pmids) == whole.count else MISCOUNTED.format(count=whole.count, listed=len(pmids))
    return Listed(pmids, trouble)


def _parts(ask: Ask, days: Days) -> Iterator[Found]:
    """The newest days first, as a search lists them."""
    part = ask(days)
    if part.count <= MOST_LISTED:
        yield part
        return
    if days.first == days.last:
        raise Refusal(TOO_MANY_A_DAY.format(count=part.count, day=days.first))
    middle = days.first + (days.last - days.first) // 2
    yield from _parts(ask, Days(middle + timedelta(days=1), days.last))
    yield from _parts(ask, Days(days.first, middle))
