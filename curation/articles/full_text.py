"""Fetch full texts and figures: claim one article, ask PMC outside any transaction, store in short ones. Safe to run twice.

The text is stored before the pictures are asked for, and each picture by itself, so that a new try goes on where the last ended.
"""

from django.conf import settings
from django.db import transaction

from curation.articles import images, jats, ledger, licences, pictures, pmc, shelf
from curation.articles.deposits import Deposit, Kept
from curation.articles.ledger import End
from curation.articles.shelf import Rights
from curation.choices import ItemState
from curation.errors import Invalid, Refusal, SourceUnavailable
from curation.models import Article, Batch, BatchItem, Figure

#: Articles after which a worker turns to what else is waiting; the batch is rung for again.
MOST_A_RUN = 20
NOT_THERE = "PMC's open-access bucket has no {}. It may be in PMC without being open, or it was withdrawn."
RETRACTED = "PMC marks {} as retracted; its full text and figures are not fetched."
MANUSCRIPT = "PMC has it as an author's manuscript, which no open licence covers; only captions and links are kept."
SCANNED = "PMC has it as scanned pages only, without a text that can be taken in."
NOT_OPEN = "PMC does not count it as open access; only captions and links are kept."


def run(batch: Batch) -> None:
    """Bring the next articles to their end. What fails for now waits for its time; where PMC is away, all that is left does."""
    for _ in range(MOST_A_RUN):
        if not (items := ledger.claim(batch, most=1)):
            return
        (item,) = items
        try:
            end = _fetched(item)
        except pmc.Unreachable as trouble:
            ledger.postpone(batch, items, trouble.detail)
            return
        except SourceUnavailable as trouble:
            ledger.postpone_alone(item, trouble.detail)
            continue
        except Refusal as trouble:
            end = End(item, ItemState.QUARANTINED, trouble.detail, item.article_id)
        ledger.end([end])


def _fetched(item: BatchItem) -> End:
    article = item.article
    if article is None or not article.pmcid:
        return End(item, ItemState.MISSING, "This article is no longer here, or has no PMCID any more.", item.article_id)
    with pmc.Visit() as visit:
        deposit = visit.deposit(article.pmcid)
        if deposit is None:
            return End(item, ItemState.MISSING, NOT_THERE.format(article.pmcid), article.pk)
        if refused := _refused(deposit):
            shelf.withhold(article.pk, refused)
            return End(item, ItemState.WITHHELD, refused, article.pk)
        raw = visit.text(deposit.xml or Kept(f"{deposit.pmcid}.{deposit.version}/{deposit.pmcid}.{deposit.version}.xml", ""))
        try:
            read = _read(raw, article)
        except Invalid as trouble:
            return End(item, ItemState.QUARANTINED, trouble.detail, article.pk, raw=raw)
        rights = _rights(deposit, read)
        with transaction.atomic():
            state = shelf.keep_text(article.pk, read, rights, raw)
        told = _fetch_pictures(visit, deposit, article)
    if state == ItemState.UNCHANGED and told.arrived:
        state = ItemState.UPDATED
    return End(item, state, " ".join(filter(None, (rights.withheld, told.reason))), article.pk)


def _refused(deposit: Deposit) -> str:
    """Why not even captions are asked for."""
    if deposit.is_retracted:
        return RETRACTED.format(deposit.pmcid)
    return SCANNED if deposit.is_scanned and deposit.xml is None else ""


def _read(raw: bytes, article: Article) -> jats.FullText:
    read = jats.parse(raw)
    if read.pmcid and read.pmcid != article.pmcid:
        raise Invalid(f"PMC sent the full text of {read.pmcid} as that of {article.pmcid}.")
    return read


def _rights(deposit: Deposit, read: jats.FullText) -> Rights:
    licence = licences.agreed(code=deposit.licence_code, stated=read.licence)
    withheld = MANUSCRIPT if deposit.is_manuscript else "" if deposit.is_open else NOT_OPEN
    if not withheld and not licence.may_be_kept(noncommercial=settings.PMC_STORE_NONCOMMERCIAL):
        withheld = shelf.withheld_for(licence)
    return Rights(licence, withheld, settings.PMC_STORE_NONCOMMERCIAL)


class Told:
    """How the pictures of one article went."""

    def __init__(self) -> None:
        self.arrived = 0
        self.troubles: list[str] = []

    @property
    def reason(self) -> str:
        return f"Pictures that are not kept: {'; '.join(self.troubles)}." if self.troubles else ""


def _fetch_pictures(visit: pmc.Visit, deposit: Deposit, article: Article) -> Told:
    """Every picture that may be kept and is not here yet. One that cannot be shown stops only itself."""
    told = Told()
    for figure in article.figures.exclude(stem=""):
        kept = deposit.picture(figure.stem)
        if figure.withheld:  # written anew with the text, just before: the licence does not allow it
            continue
        if kept is None:
            trouble = "PMC's bucket holds no picture of this name."
        elif _is_here(figure, kept):
            continue
        else:
            trouble = _fetch(visit, figure, kept)
            told.arrived += not trouble
        if trouble:
            shelf.explain(figure, trouble)
            told.troubles.append(f"{figure.label}: {trouble.rstrip('.')}")
    return told


def _is_here(figure: Figure, kept: Kept) -> bool:
    return bool(kept.md5) and figure.source_md5 == kept.md5 and pictures.is_kept(figure.image)


def _fetch(visit: pmc.Visit, figure: Figure, kept: Kept) -> str:
    """Why there is no picture; empty where there is one now."""
    try:
        picture = images.prepared(visit.picture(kept))
    except SourceUnavailable:
        raise
    except Refusal as trouble:
        return trouble.detail
    stored = pictures.keep(picture)
    with transaction.atomic():
        shelf.keep_picture(figure, stored, md5=kept.md5, address=str(pmc.address_of(kept)))
    return ""
