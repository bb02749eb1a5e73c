"""The rows of asking PubMed what articles are related to: wanted, claimed, kept, put off. All that must not be lost."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from curation.articles.answers import Links, Summary
from curation.articles.ledger import PAUSE
from curation.choices import LinkState
from curation.models import Linking, Relation

#: After a minute, 4, 16, an hour, four hours: nothing waits for relations, so they are asked for with patience.
MOST_ATTEMPTS = 6
#: Kept of each kind; PubMed names hundreds of similar articles and thousands that cite.
MOST_KEPT = 200
#: Shown with their titles on the article's page.
TITLED = 10
KILLED = f"The worker ended {MOST_ATTEMPTS} times while it asked for this article's relations."

WANT = """
INSERT INTO curation_linking (article_id, state, attempts, changed_at, reason, totals)
SELECT id, 'waiting', 0, now(), '', '{}' FROM curation_article WHERE id = ANY(%s) AND pmid IS NOT NULL
ORDER BY id ON CONFLICT (article_id) DO NOTHING
"""


def want(article_ids: Sequence[int]) -> None:
    """Have the relations of these articles fetched, once; those asked for before stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(WANT, [list(article_ids)])


def want_again(article_id: int) -> None:
    Linking.objects.filter(pk=article_id).update(state=LinkState.WAITING, attempts=0, due_at=None, changed_at=timezone.now())


@transaction.atomic
def claim(*, most: int) -> list[Linking]:
    now = timezone.now()
    waiting = Linking.objects.filter(state=LinkState.WAITING).filter(Q(due_at=None) | Q(due_at__lte=now))
    waiting.filter(attempts__gte=MOST_ATTEMPTS).update(state=LinkState.FAILED, reason=KILLED, changed_at=now)
    claimed = list(waiting.select_for_update(skip_locked=True, of=("self",)).select_related("article").order_by("pk")[:most])
    Linking.objects.filter(pk__in=[each.pk for each in claimed]).update(
        state=LinkState.RUNNING, attempts=F("attempts") + 1, due_at=None, changed_at=now
    )
    for each in claimed:
        each.attempts += 1
    return claimed


@transaction.atomic
def keep(linking: Linking, links: Links, titles: Mapping[int, Summary]) -> None:
    """One article's relations in place of the earlier ones, unless another worker has meanwhile taken it on."""
    if not _still_ours(linking).select_for_update().exists():
        return
    Relation.objects.filter(article=linking.pk).delete()
    Relation.objects.bulk_create(
        Relation(article_id=linking.pk, kind=kind, position=n, pmid=pmid, **_words(titles.get(pmid)))
        for kind, pmids in links.items()
        for n, pmid in enumerate(pmids[:MOST_KEPT], 1)
    )
    now, totals = timezone.now(), {kind: len(pmids) for kind, pmids in links.items()}
    _still_ours(linking).update(state=LinkState.DONE, reason="", fetched_at=now, changed_at=now, totals=totals)


def _still_ours(linking: Linking) -> QuerySet[Linking]:
    return Linking.objects.filter(pk=linking.pk, state=LinkState.RUNNING, attempts=linking.attempts)


def _words(summary: Summary | None) -> dict[str, str]:
    return {"title": summary.title, "source": summary.source[:300]} if summary else {}


def postpone(claimed: Sequence[Linking], reason: str) -> None:
    """PubMed does not answer: tried again when due, three times in all."""
    now = timezone.now()
    for each in claimed:
        last = each.attempts >= MOST_ATTEMPTS
        _still_ours(each).update(
            state=LinkState.FAILED if last else LinkState.WAITING,
            due_at=None if last else now + PAUSE * 4 ** (each.attempts - 1),
            reason=reason,
            changed_at=now,
        )


def fail(claimed: Sequence[Linking], reason: str) -> None:
    for each in claimed:
        _still_ours(each).update(state=LinkState.FAILED, reason=reason, changed_at=timezone.now())


def release(*, older_than: timedelta) -> None:
    """Give back what was claimed longer ago: its worker is dead."""
    now = timezone.now()
    dead = Linking.objects.filter(state=LinkState.RUNNING, changed_at__lte=now - older_than)
    dead.update(state=LinkState.WAITING, due_at=None, changed_at=now)


def are_waiting() -> bool:
    return Linking.objects.filter(state=LinkState.WAITING).filter(Q(due_at=None) | Q(due_at__lte=timezone.now())).exists()
