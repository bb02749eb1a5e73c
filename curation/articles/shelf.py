"""Full texts and pictures to rows. Runs inside the caller's transaction, as ``store`` does.

A text that changed becomes a new section; the old row stays for its evidence. What the licence withholds leaves captions
and links only.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from curation.articles import citing, licences, parsing, pictures, store, words
from curation.articles.jats import FullText as Read
from curation.articles.jats_figures import Drawn
from curation.articles.licences import Licence
from curation.articles.pictures import Stored
from curation.articles.records import Cited
from curation.choices import FullText, ItemState, SectionKind
from curation.errors import Invalid
from curation.models import Article, Figure, Reference, Section, SourceRecord

OF_FULL_TEXT = [SectionKind.BODY, SectionKind.TABLE]
NO_PICTURE = {"image": "", "thumbnail": "", "sha256": "", "width": None, "height": None, "source_md5": "", "fetched_at": None}
LONGEST_REASON, LONGEST_ADDRESS = 500, 500


class Rights(NamedTuple):
    """Under which licence the whole stands; ``withheld`` says why nothing but captions is kept, empty where all may be."""

    licence: Licence
    withheld: str
    noncommercial: bool

    def of(self, drawn: Drawn) -> Licence:
        """A figure's own licence holds before the article's."""
        return self.licence if drawn.licence is None else drawn.licence

    def refuses(self, drawn: Drawn) -> str:
        """Why this picture may not be kept; empty where it may."""
        licence = self.of(drawn)
        if self.withheld:
            return self.withheld
        return "" if licence.may_be_kept(noncommercial=self.noncommercial) else withheld_for(licence)


def withheld_for(licence: Licence) -> str:
    if licences.Flag.NON_COMMERCIAL in licence.flags:
        return f"{licence.name} allows no commercial use, and this site does not promise that there is none."
    return "It is under no licence that is known here, so only its caption and a link are kept."


def keep_text(article_id: int, read: Read, rights: Rights, raw: bytes) -> ItemState:
    """The full text as far as the licence allows; says whether it is new, changed, or was here already."""
    article = Article.objects.select_for_update().get(pk=article_id)
    before = _before(article)
    texts = () if rights.withheld else (*read.sections, *read.tables)
    store.store_passages(article.pk, texts, OF_FULL_TEXT)
    if read.figures:
        store.store_passages(article.pk, read.captions, [SectionKind.CAPTION])
        _keep_figures(article, read.figures, rights)
    keep_references(article.pk, read.references)
    _keep_source(article, read, rights, raw)
    _tell(article, read, rights)
    words.write([article.pk])
    if rights.withheld:
        return ItemState.WITHHELD
    if not before:
        return ItemState.NEW
    return ItemState.UNCHANGED if before == store.sha256(raw) else ItemState.UPDATED


def _keep_source(article: Article, read: Read, rights: Rights, raw: bytes) -> None:
    """The full text as it was sent; of one that is withheld the reference list only, which no licence covers."""
    kind, body = ("references", _as_json(read.references)) if rights.withheld else ("jats", raw)
    SourceRecord.objects.filter(article=article, kind__in={"jats", "references"} - {kind}).delete()
    fields = {"sha256": store.sha256(body), "body": zlib.compress(body), "fetched_at": timezone.now()}
    SourceRecord.objects.update_or_create(article=article, kind=kind, defaults=fields)


def _as_json(references: Sequence[Cited]) -> bytes:
    return json.dumps([asdict(cited) for cited in references], ensure_ascii=False).encode()


def reread(article_id: int, read: Read) -> bool:
    """A kept full text as it is read now; pictures and rights stay as they are. Whether anything is another than before."""
    before = _wording(article_id)
    store.store_passages(article_id, (*read.sections, *read.tables), OF_FULL_TEXT)
    if read.figures:
        store.store_passages(article_id, read.captions, [SectionKind.CAPTION])
    return _wording(article_id) != before


def _wording(article_id: int) -> list[tuple[object, ...]]:
    rows = Section.objects.current().of_kind(*OF_FULL_TEXT, SectionKind.CAPTION).filter(article=article_id)
    return list(rows.order_by("key").values_list("key", "version", "position", "label", "html"))


def _before(article: Article) -> str:
    """The SHA-256 of the full text that is here; empty where there is none."""
    found = SourceRecord.objects.filter(article=article, kind="jats").values_list("sha256", flat=True).first()
    return found or ""


def _tell(article: Article, read: Read, rights: Rights) -> None:
    Article.objects.filter(pk=article.pk).update(
        full_text=FullText.WITHHELD if rights.withheld else FullText.KEPT,
        full_text_reason=rights.withheld,
        full_text_type=read.article_type,
        licence=rights.licence.name,
        licence_url=rights.licence.url,
        attribution=read.attribution,
    )


def withhold(article_id: int, reason: str) -> None:
    """Nothing of this full text is kept, for a reason that its metadata gave before it was fetched."""
    Article.objects.filter(pk=article_id).exclude(full_text=FullText.KEPT).update(
        full_text=FullText.WITHHELD, full_text_reason=reason
    )


def _keep_figures(article: Article, figures: Sequence[Drawn], rights: Rights) -> None:
    gone = article.figures.exclude(key__in=[drawn.key for drawn in figures])
    _forget(gone)
    gone.delete()
    for position, drawn in enumerate(figures, 1):
        licence, refused = rights.of(drawn), rights.refuses(drawn)
        figure, _ = Figure.objects.update_or_create(
            article=article,
            key=drawn.key,
            defaults={
                "position": position,
                "label": drawn.label,
                "stem": drawn.stem if len(drawn.stem) <= 300 else "",
                "licence": licence.name,
                "licence_url": licence.url,
                "attribution": drawn.attribution,
                "withheld": refused,
            },
        )
        if refused and figure.image:
            _forget([figure])
            Figure.objects.filter(pk=figure.pk).update(**NO_PICTURE)


def _forget(figures: Iterable[Figure]) -> None:
    """Throw the files away once this is in, unless another figure shows the same picture."""
    mine = {f.pk: {f.image, f.thumbnail} for f in figures}
    names = {name for each in mine.values() for name in each if name}
    others = Figure.objects.exclude(pk__in=mine)
    shared = {name for row in others.filter(image__in=names).values_list("image", "thumbnail") for name in row}
    shared |= {name for row in others.filter(thumbnail__in=names).values_list("image", "thumbnail") for name in row}
    if names - shared:
        transaction.on_commit(lambda: pictures.discard(names - shared))


def keep_picture(figure: Figure, stored: Stored, *, md5: str, address: str) -> None:
    Figure.objects.filter(pk=figure.pk).update(
        **stored._asdict(),
        source_md5=md5,
        source_url=address if len(address) <= LONGEST_ADDRESS else "",
        fetched_at=timezone.now(),
        withheld="",
    )


def explain(figure: Figure, reason: str) -> None:
    """Say beside the figure why its picture is not here."""
    Figure.objects.filter(pk=figure.pk).update(withheld=reason[:LONGEST_REASON])


def _of_the_record(article_id: int) -> Sequence[Cited] | None:
    """The references that the kept record itself lists; None where there is none that can be read."""
    kept = SourceRecord.objects.filter(article=article_id, kind__in=("pubmed", "nbib", "ris"))
    for source in sorted(kept, key=lambda each: each.kind != "pubmed"):
        try:
            return parsing.read_again(source.kind, zlib.decompress(source.body)).references
        except Invalid:
            return None
    return None


def keep_references(article_id: int, found: Sequence[Cited]) -> None:
    """Lay the full text's references beside those PubMed gave; the same list is written once only.

    Those of an earlier full text leave, which may have been worded otherwise.
    """
    columns = ("heading", "citation", "citation_html", "doi", "pmid", "pmcid")
    rows = Reference.objects.filter(article=article_id).order_by("position")
    known = [Cited(**row) for row in rows.values(*columns)]
    own = _of_the_record(article_id)
    merged = citing.merged(known if own is None else own, found)
    if merged != known:
        rows.delete()
        Reference.objects.bulk_create(
            Reference(article_id=article_id, position=n, **{c: getattr(cited, c) for c in columns})
            for n, cited in enumerate(merged, 1)
        )
