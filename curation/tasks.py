"""LATER: work that outlives a request. The rows of an import are the work; a task only rings for them and may be lost."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from curation import repeats
from curation.annotation import actions as annotation
from curation.annotation.pool import actions as pool
from curation.articles import actions as articles
from curation.articles import ledger, links, relating, rereading, run
from curation.choices import BatchKind, BatchState
from curation.cohorts import actions as cohorts
from curation.cohorts import queries as asking
from curation.errors import Refusal
from curation.models import Batch, Cohort, MailChoice, Project, User
from curation.notices.mail import actions as mail
from curation.notices.mail import queries as mailing
from curation.notices.mail import sending
from curation.people import actions as accounts
from curation.people import queries as people
from curation.safekeeping import sealing
from curation.screening import actions as screening
from curation.searches import actions as searches
from curation.searches import queries as standing

log = structlog.get_logger(__name__)

#: A claim older than this is a dead worker's: no fetch, with all its tries, and no chunk of 500 records takes half as long.
CLAIM = timedelta(minutes=5)
#: Seconds after which a bell nobody heard is thrown away, so that those of ``reconcile`` do not pile up.
BELL_RINGS = 600
#: With fewer records a second worker would come too late: it has to read as far as its share of a file, and asks
#: PubMed for what is beyond the first request, so that one stores while the other waits for its turn to ask.
WORTH_TWO_WORKERS = {BatchKind.FILE: 2_000, BatchKind.IDS: 200}


def start_batch(batch: Batch) -> None:
    """Have a worker run the batch once this transaction is in; two, where it is large.

    Each claims what the other has not, so that they share the records whoever comes first; one that comes too late finds nothing.
    """
    worth = WORTH_TWO_WORKERS.get(BatchKind(batch.kind))
    bells = 2 if worth is not None and (batch.seen or 0) > worth else 1
    transaction.on_commit(lambda: [ring(batch.pk) for _ in range(bells)])


def ring(batch_id: int) -> bool:
    """Tell a worker; False where the broker does not answer. Then the batch waits until ``reconcile`` finds it."""
    try:
        run_batch.apply_async((batch_id,), expires=BELL_RINGS)
    except OperationalError as error:
        log.warning("bell_lost", batch=batch_id, error=str(error))
        return False
    return True


@shared_task
def run_batch(batch_id: int) -> None:
    """Work a batch off, put what it brought before its project, and close it. Safe to run twice."""
    batch = run.run_batch(batch_id)
    if batch is None:
        return
    _enter(batch)
    _follow(batch)
    prompted = articles.open_full_text_of_batch(batch=batch, by=batch.opened_by)
    with transaction.atomic():
        if run.close(batch):
            _enter(batch)  # what another worker brought meanwhile: an import that is done has lost nothing
            _follow(batch)
    if batch.kind == BatchKind.FULL_TEXT and ledger.has_more(batch):
        ring(batch.pk)
    if prompted is not None and prompted.state != BatchState.DONE:
        start_batch(prompted)
    ring_for_links()


def _enter(batch: Batch) -> None:
    if batch.project is None:
        return
    try:
        arrived = ledger.arrived(batch)
        screening.enter(project=batch.project, article_ids=arrived, by=people.answers_for(batch.project, batch.opened_by))
        links.want(arrived)
    except Refusal as refusal:
        ledger.note(batch, refusal.detail)


def _follow(batch: Batch) -> None:
    """What other rooms keep of texts that were published anew: quotes, and the references of the full text."""
    rewritten = ledger.rewritten(batch)
    if batch.kind != BatchKind.FULL_TEXT:
        rereading.restore_references(rewritten)
    annotation.follow_text(article_ids=rewritten, by=batch.opened_by)


def reparse(*, after: int = 0, project: Project | None = None, most: int = 500, by: User) -> rereading.Reparsed | None:
    """Read the next kept sources again, and lead the quotes to where their words stand then; None where there is no further one.

    One transaction a part, so that it can be stopped and taken up again.
    """
    with transaction.atomic():
        part = articles.reparse(after=after, project=project, most=most, by=by)
        if part is not None:
            annotation.follow_text(article_ids=part.changed, by=by)
    return part


def start_links() -> None:
    """Have a worker ask for relations once this transaction is in."""
    transaction.on_commit(ring_for_links)


def ring_for_links() -> None:
    if not links.are_waiting():
        return
    try:
        fetch_links.apply_async(expires=BELL_RINGS)
    except OperationalError as error:
        log.warning("bell_lost", links=True, error=str(error))


@shared_task
def fetch_links() -> None:
    """Relations of every article that waits for them, as long as PubMed answers. Safe to run twice and at once."""
    while relating.fetch_some():
        pass


def start_searches() -> None:
    """Have the schedule looked at once this transaction is in; otherwise it is within a minute."""
    transaction.on_commit(ring_for_searches)


def ring_for_searches() -> None:
    try:
        reconcile.apply_async(expires=BELL_RINGS)
    except OperationalError as error:
        log.warning("bell_lost", searches=True, error=str(error))


def run_searches() -> None:
    """Move the watermarks that may move, and open the runs that are due; they are rung for like any import."""
    for search in standing.unsettled():
        searches.settle(search_id=search.pk, by=search.owner)
    for search in standing.due():
        try:
            searches.run(search_id=search.pk, by=search.owner)
        except Refusal as refusal:
            searches.halt(search_id=search.pk, trouble=refusal.detail, by=search.owner)


@shared_task
def reconcile(older_than: float = CLAIM.total_seconds()) -> list[int]:
    """Find what was lost: claims of dead workers, bells nobody heard, failures that are due again. Rings; returns the batches."""
    ledger.release(older_than=timedelta(seconds=older_than))
    ledger.reopen_due()
    links.release(older_than=timedelta(seconds=older_than))
    ring_for_links()
    run_searches()
    return [batch_id for batch_id in ledger.forgotten() if ring(batch_id)]


@shared_task
def release_abandoned() -> list[int]:
    """Put readings back into the pool that nobody has worked on for as long as their projects wait; returns them."""
    released = pool.release_abandoned(at=timezone.now(), by=accounts.schedule())
    return [reading.pk for reading in released]


@shared_task
def purge_repeats() -> None:
    """Forget what was answered more than a day ago."""
    repeats.purge()


@shared_task
def seal_audit() -> None:
    """Seal what the audit trail has gained."""
    sealing.seal()


@shared_task
def look_at_cohorts() -> int:
    """Look once a day at each saved cohort's answer, and tell who wants to know what changed; how many did."""
    return sum(_looked_at(cohort) for cohort in asking.not_looked_at(timezone.localdate()))


def _looked_at(cohort: Cohort) -> bool:
    try:
        return bool(cohorts.compare(cohort=cohort))
    except Refusal as refusal:  # a question that a newer codebook knows no longer; its own page says so
        log.info("cohort_not_understood", cohort=cohort.pk, error=refusal.detail)
        return False


def start_link(choice: MailChoice) -> None:
    """Have a worker send the link that proves the address once this transaction is in."""
    if mailing.is_on() and choice.kinds and not choice.is_verified:
        transaction.on_commit(lambda: ring_for_link(choice.pk))


def ring_for_link(choice_id: int) -> None:
    try:
        send_link.apply_async((choice_id,), expires=BELL_RINGS)
    except OperationalError as error:
        log.warning("bell_lost", link=choice_id, error=str(error))


@shared_task
def send_link(choice_id: int) -> None:
    sending.send_link(choice_id)


@shared_task
def send_digests() -> int:
    """Put together what people want by e-mail of a day or week that is over, and send what waits; how many went out."""
    if not mailing.is_on():
        return 0
    sending.give_up_stranded()
    for choice, period in mailing.due():
        mail.open_digest(period=period, by=choice.user)
    return sum(sending.send(pk) for pk in mailing.waiting())
