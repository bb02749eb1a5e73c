"""When a standing search runs, what it asks then, and what of a run counts as accounted for."""

from collections.abc import Iterable
from datetime import date, timedelta

from curation.choices import ItemState
from curation.errors import Fault, Invalid

#: Days between two runs, as people may choose them.
INTERVALS = (1, 7, 30)
EARLIEST = date(1950, 1, 1)
#: A record may be found only some days after the day PubMed gives it: each run looks back so far before the watermark.
OVERLAP = timedelta(days=7)
LONGEST_TITLE = 200
#: What stands in the tables, was taken back by PubMed, or was let be by a person.
ACCOUNTED = (ItemState.NEW, ItemState.UPDATED, ItemState.UNCHANGED, ItemState.DELETED, ItemState.DISMISSED)


def run_query(query: str, *, watermark: date, today: date) -> str:
    """The query within the days not yet accounted for.

    By the day a record was made (crdt) and not by its Entrez date, which PubMed sets back for what it takes in late.
    """
    return f'({query}) AND ("{watermark - OVERLAP:%Y/%m/%d}"[crdt] : "{today:%Y/%m/%d}"[crdt])'


def is_accounted(states: Iterable[str], *, trouble: str) -> bool:
    """Whether every record of a finished run has come to a good end, and its counts added up."""
    return not trouble and all(state in ACCOUNTED for state in states)


def check(*, title: str, every_days: int, since: date, today: date) -> str:
    """The title without blanks around it. Raises Invalid with every fault."""
    title, faults = " ".join(title.split()), []
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        faults.append(Fault("title", f"give it a name of at most {LONGEST_TITLE} characters"))
    if every_days not in INTERVALS:
        faults.append(Fault("every_days", f"choose one of {', '.join(map(str, INTERVALS))} days"))
    if not EARLIEST <= since <= today:
        faults.append(Fault("since", f"must be a day from {EARLIEST} to today"))
    if faults:
        raise Invalid("This search cannot be kept.", faults=faults)
    return title
