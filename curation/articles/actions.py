"""The only doors' way to write about imports: open, steer and end them; bring figures to an article."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any, BinaryIO

from django.utils import timezone

from curation.articles import checksums, figures, ledger, links, pasted, precedence, reading, rereading, store, uploads, words
from curation.articles.places import Place, place
from curation.audit import action
from curation.choices import ITEM_RETRYABLE, BatchKind, BatchState, ItemState, LinkState
from curation.errors import Fault, Invalid, NotAllowed, NotFound, WrongState
from curation.models import Article, Batch, BatchAct, BatchItem, Figure, Linking, Project, Screening, User
from curation.moves import BATCH_MOVES, require_move
from curation.permissions import require_administrator, require_member

A_DAY = timedelta(days=1)
EMPTY_SET = "This file holds no record: its set is empty."


@action("import.open")
def open_batch_of_ids(*, project: Project | None, text: str, wants_full_text: bool = False, by: User) -> Batch:
    """An import of every PMID, PMCID and DOI in the text; nothing is opened while anything in it is none of these."""
    _require_may_import(by, project)
    asked = pasted.read(text)
    named = {"project": project, "kind": BatchKind.IDS, "title": _title_of(asked), "opened_by": by, "seen": len(asked)}
    batch = _opened(**named, wants_full_text=wants_full_text)
    store.copy_items((batch.pk, n, one.identifier, one.pmid, None) for n, one in enumerate(asked, 1))
    return batch


def _title_of(asked: list[pasted.Pasted]) -> str:
    first = ", ".join(f"PMID {one.pmid}" if one.pmid else one.identifier for one in asked[:3])
    return (first if len(asked) <= 3 else f"{len(asked)} records: {first} …")[:300]


@action("import.open")
def open_batch_of_query(
    *, project: Project | None, query: str, title: str = "", search: int | None = None, wants_full_text: bool = False, by: User
) -> Batch:
    """An import of whatever PubMed finds for a query; which records those are is asked by the worker.

    ``search`` is the standing search that it is a run of.
    """
    _require_may_import(by, project)
    query = pasted.query(query)
    return _opened(
        project=project,
        kind=BatchKind.QUERY,
        title=(title or query)[:300],
        query=query,
        search_id=search,
        wants_full_text=wants_full_text,
        opened_by=by,
    )


@action("import.open")
def open_batch_of_file(
    *, project: Project | None, name: str, stream: BinaryIO, md5: str = "", wants_full_text: bool = False, by: User
) -> Batch:
    """An import of a file of PubMed XML, NBIB or RIS, plain or .gz. It is read to its end first: of one cut off nothing is taken.

    ``md5`` is what the .md5 file beside it says; where it does not fit, the file is refused.
    """
    _require_may_import(by, project)
    name = PurePath(name.replace("\\", "/").replace("\0", "")).name[:300] or "a file"
    kept, (items, found) = uploads.keep(stream, _listed, md5=checksums.md5_in(md5))
    uploads.note(kept, found)
    batch = _opened(
        project=project,
        kind=BatchKind.FILE,
        title=name,
        wants_full_text=wants_full_text,
        opened_by=by,
        seen=len(items),
        file_name=name,
        serial=precedence.serial(name),
        file_path=kept.path,
        file_sha256=kept.sha256,
    )
    store.copy_items((batch.pk, *item) for item in items)
    return batch


@action("full_text.open")
def open_full_text(*, article_ids: Sequence[int], by: User) -> Batch:
    """An import of the full texts and figures of articles that are here, from PMC."""
    articles = list(Article.objects.visible_to(by).filter(pk__in=article_ids).order_by("pk"))
    if missing := set(article_ids) - {article.pk for article in articles}:
        raise NotFound(f"There is no article {min(missing)} here, or it is not open to you.")
    if not articles:
        raise Invalid("Name at least one article.")
    project = _shared_project(articles, by)
    if faults := [Fault(str(a), "its record names no PMCID, so PMC is not known to have it") for a in articles if not a.pmcid]:
        raise WrongState("The full text cannot be fetched.", faults=faults)
    named = ", ".join(str(a.pmcid) for a in articles[:3])
    title = f"Full text of {named}" if len(articles) <= 3 else f"{len(articles)} full texts: {named} …"
    batch = _opened(project=project, kind=BatchKind.FULL_TEXT, title=title, opened_by=by, seen=0)
    _ask_for(batch, articles)
    return batch


@action("full_text.prompt")
def open_full_text_of_batch(*, batch: Batch, by: User) -> Batch | None:
    """The import of the full texts of what another import brought; None where PMC has nothing of it that is not here yet.

    Asked again it asks for what came since, once.
    """
    if not batch.wants_full_text:
        return None
    brought = Article.objects.filter(pk__in=ledger.arrived(batch), full_text="").exclude(pmcid=None)
    asked = Batch.objects.select_for_update().filter(prompted_by=batch).first()
    wanted = brought.exclude(pk__in=BatchItem.objects.filter(batch=asked).values("article")) if asked else brought
    articles = list(wanted.order_by("pk"))
    if not articles:
        return asked
    if asked is None:
        named = {"project": batch.project, "kind": BatchKind.FULL_TEXT, "opened_by": by, "prompted_by": batch}
        asked = _opened(title=f"Full texts: {batch.title}"[:300], seen=0, **named)
    elif asked.state == BatchState.DONE:
        _move(asked, BatchState.RUNNING)
    _ask_for(asked, articles)
    return asked


def _ask_for(batch: Batch, articles: Sequence[Article]) -> None:
    """One waiting item for each article, after those that are there."""
    first = (batch.seen or 0) + 1
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, position=n, identifier=article.pmcid or "", pmid=article.pmid, article=article)
        for n, article in enumerate(articles, first)
    )
    batch.seen = first - 1 + len(articles)
    batch.save(update_fields=["seen"])


def _shared_project(articles: Sequence[Article], by: User) -> Project | None:
    """The person's project that has all of these articles; administrators need none."""
    rows = Project.objects.all() if by.is_administrator else Project.objects.of_member(by)
    for article in articles:
        rows = rows.filter(pk__in=Screening.objects.filter(article=article).values("project"))
    project = rows.order_by("pk").first()
    if project is None and not by.is_administrator:
        raise NotAllowed("Full texts are fetched by members of a project that has the article. Ask its moderator to take it in.")
    return project


Item = tuple[int, str, int | None, int]  # position, identifier, PMID, offset


def _listed(file: BinaryIO) -> tuple[list[Item], list[Place | None]]:
    """The file's records in their order, and where each lies."""
    items: list[Item] = []
    found: list[Place | None] = []
    for n, cut in enumerate(reading.records(file), 1):
        pmid = cut.pmid
        items.append((n, str(pmid or ""), pmid, cut.offset))
        found.append(place(cut))
    if not items:
        raise Invalid(EMPTY_SET)
    return items, found


@action("import.retry")
def retry_items(*, batch_id: int, item_ids: Iterable[int] | None = None, reason: str = "", by: User) -> int:
    """Let items that ended badly wait again (all of them, where none is named). Returns how many; start the batch after."""
    batch = _steered(batch_id, by)
    items = BatchItem.objects.filter(batch=batch, state__in=ITEM_RETRYABLE)
    if item_ids is not None:
        items = items.filter(pk__in=list(item_ids))
    if batch.state == BatchState.STOPPED:
        raise WrongState("This import was stopped. Resume it, then retry.")
    count = items.update(state=ItemState.WAITING, attempts=0, reason="", raw=None, due_at=None)
    if not count:
        raise WrongState("There is nothing to retry here: no such record failed, is missing or was quarantined.")
    if batch.state == BatchState.DONE:
        _move(batch, BatchState.RUNNING)
    return count


@action("import.stop")
def stop(*, batch_id: int, reason: str = "", by: User) -> Batch:
    """No further record is begun; those in hand are ended."""
    return _move(_steered(batch_id, by), BatchState.STOPPED)


@action("import.resume")
def resume(*, batch_id: int, reason: str = "", by: User) -> Batch:
    """Go on where it was stopped; start the batch after."""
    batch = _steered(batch_id, by)
    if batch.state != BatchState.STOPPED:
        raise WrongState("This import was not stopped, so it cannot be resumed.")
    if batch.seen is None:
        batch.attempts, batch.due_at, batch.trouble = 0, None, ""
        batch.save(update_fields=["attempts", "due_at", "trouble"])
    return _move(batch, BatchState.RUNNING)


@action("import.dismiss")
def dismiss_item(*, item_id: int, reason: str = "", by: User) -> BatchItem:
    """Somebody looked at a record that could not be imported, and lets it be."""
    item = BatchItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise NotFound(f"There is no record {item_id} of an import here, or it is not open to you.")
    _steered(item.batch_id, by)
    if item.state not in ITEM_RETRYABLE:
        raise WrongState(f"Only a record that failed, is missing or was quarantined can be dismissed; this one is {item.state}.")
    item.state, item.due_at = ItemState.DISMISSED, None
    item.save(update_fields=["state", "due_at", "changed_at"])
    return item


@action("articles.reparse")
def reparse(*, after: int = 0, project: Project | None = None, most: int = 500, by: User) -> rereading.Reparsed | None:
    """Read the kept sources of the next articles again, as after a change of the parser; None where there is no further one.

    One transaction for each call, so that it can be stopped and taken up again; what an article says already is not written.
    """
    require_administrator(by)
    return rereading.some(after=after, project_id=project.pk if project else None, most=most)


@action("articles.rewrite_words")
def rewrite_words(*, after: int = 0, most: int = 1_000, by: User) -> list[int]:
    """Write anew what the next articles are found by; their ids, none where there is no further one."""
    require_administrator(by)
    ids = list(Article.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:most])
    words.write(ids)
    return ids


@action("figures.attach")
def attach_figures(*, text: str, by: User) -> list[Figure]:
    """Bring the figures that a figures file describes to its article; the same file again changes nothing."""
    require_administrator(by)
    described = figures.read(text)
    article = Article.objects.select_for_update().filter(pmid=described.pmid).first()
    if article is None:
        raise NotFound(f"PMID {described.pmid} is not here. Import the article first, then its figures.")
    if described.rights:
        Article.objects.filter(pk=article.pk).update(**described.rights)
    store.store_captions(article.pk, figures.captions(described))
    article.figures.exclude(key__in=[f.key for f in described.figures]).delete()
    for position, figure in enumerate(described.figures, 1):
        Figure.objects.update_or_create(article=article, key=figure.key, defaults=figures.columns(figure, position))
    words.write([article.pk])
    return list(article.figures.all())


@action("relations.fetch")
def fetch_relations(*, article_id: int, by: User) -> None:
    """Ask PubMed again what the article is related to, at most once a day; start the links after."""
    article = Article.objects.visible_to(by).filter(pk=article_id).first()
    if article is None:
        raise NotFound(f"There is no article {article_id} here, or it is not open to you.")
    if article.pmid is None:
        raise WrongState("This article has no PMID, so PubMed knows nothing it is related to.")
    links.want([article.pk])
    linking = Linking.objects.select_for_update().get(pk=article.pk)
    if linking.fetched_at and timezone.now() - linking.fetched_at < A_DAY:
        raise WrongState(f"PubMed was asked {linking.fetched_at:%Y-%m-%d %H:%M} UTC. It can be asked again a day after.")
    if linking.state == LinkState.FAILED or linking.fetched_at:
        links.want_again(article.pk)


def _opened(**of_batch: Any) -> Batch:
    batch = Batch.objects.create(**of_batch)
    BatchAct.objects.create(batch=batch)
    return batch


def _require_may_import(by: User, project: Project | None) -> None:
    """Members import into their project; administrators anywhere, and without one."""
    if project is None:
        require_administrator(by)
    elif not by.is_administrator:
        require_member(by, project)


def _steered(batch_id: int, by: User) -> Batch:
    """The batch, locked, if the person may steer it; that they do is written down."""
    batch = Batch.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(f"There is no import {batch_id} here, or it is not open to you.")
    if batch.project or not by.is_administrator:
        _require_may_import(by, batch.project)
    BatchAct.objects.create(batch=batch)
    return batch


def _move(batch: Batch, state: BatchState) -> Batch:
    require_move(BATCH_MOVES, batch.state, state, thing=f"Import {batch.pk}")
    batch.state, batch.finished_at = state, None
    batch.save(update_fields=["state", "finished_at"])
    return batch
