"""What a person pointed at, looked up in the frozen text and on the kept figures. Decides only; ``actions`` writes."""

from collections.abc import Mapping, Sequence, Set

from curation.annotation import anchoring, queries, regions, rules, tables
from curation.annotation.pieces import Cell, Piece, Quote, Region
from curation.choices import Depth, EvidenceKind, EvidenceRole
from curation.errors import Fault, Invalid
from curation.models import Annotation, Evidence, Figure, Reading, Section

AGAIN = {
    EvidenceKind.QUOTE: Fault("quote", "these words are evidence for it already"),
    EvidenceKind.REGION: Fault("region", "this rectangle is evidence for it already"),
    EvidenceKind.CELL: Fault("cell", "this cell is evidence for it already"),
}


def proofs(annotation: Annotation, reading: Reading, pieces: Sequence[Piece]) -> list[Evidence]:
    """Rows to be written, each verified. Raises Invalid for what is not there, not of this article, or there already."""
    if not pieces:
        return []
    is_new = annotation.version == 1  # each change raises it
    taken = set() if is_new else {evidence.place for evidence in annotation.evidence.all()}
    made = placed(reading.article_id, pieces, taken=taken)
    for evidence in made:
        evidence.annotation = annotation
    return made


def placed(article_id: int, pieces: Sequence[Piece], *, taken: Set[tuple[object, ...]] = frozenset()) -> list[Evidence]:
    """What was pointed at, verified, whosever answer it is for; ``taken`` are the places that prove it already."""
    sections = _sections_named(article_id, [piece.section_id for piece in pieces if not isinstance(piece, Region)])
    figures = _figures_named(article_id, [piece.figure_id for piece in pieces if isinstance(piece, Region)])
    taken = set(taken)
    made = []
    for piece in pieces:
        evidence = _proof(piece, sections, figures)
        if evidence.place in taken:
            raise Invalid("This is evidence already.", faults=[AGAIN[EvidenceKind(evidence.kind)]])
        taken.add(evidence.place)
        made.append(evidence)
    return made


def role(named: str) -> str:
    """Raises Invalid for a role there is not."""
    if named not in EvidenceRole.values:
        raise Invalid("Say whose words.", faults=[Fault("role", f"choose one of {', '.join(EvidenceRole.values)}")])
    return named


def panel(words: str, kind: str = EvidenceKind.REGION) -> str:
    """Raises Invalid for what is no label, or for a piece of evidence that is not on a figure."""
    named = rules.clean("panel", words, longest=rules.LONGEST_PANEL)
    if named and kind != EvidenceKind.REGION:
        raise Invalid("Only a place on a figure has a panel.", faults=[Fault("panel", "belongs to places on figures only")])
    return named


def _proof(piece: Piece, sections: Mapping[int, Section], figures: Mapping[int, Figure]) -> Evidence:
    if isinstance(piece, Region):
        return _of_region(piece, figures[piece.figure_id])
    section = sections[piece.section_id]
    evidence = _of_cell(piece, section) if isinstance(piece, Cell) else _of_quote(piece, section)
    evidence.section, evidence.contradicts = section, piece.contradicts
    evidence.depth = rules.depth(section.kind)
    evidence.role = rules.role(section.kind, section.label, section.category) if piece.role is None else role(piece.role)
    return evidence


def _of_quote(quote: Quote, section: Section) -> Evidence:
    place = anchoring.verify(section.text, exact=quote.exact, start=quote.start, prefix=quote.prefix, suffix=quote.suffix)
    return Evidence(kind=EvidenceKind.QUOTE, **_words(place))


def _of_cell(cell: Cell, section: Section) -> Evidence:
    found = tables.verify(section.html, section.text, row=cell.row, column=cell.column, exact=cell.exact)
    words = _words(anchoring.place(section.text, found.start, found.end))
    return Evidence(kind=EvidenceKind.CELL, cell=cell_of(found), **words)


def cell_of(found: tables.Placed) -> dict[str, object]:
    """How the place of a cell is kept."""
    return {"row": found.row, "column": found.column, "row_head": found.row_head, "column_head": found.column_head}


def _words(place: anchoring.Place) -> dict[str, object]:
    return {name: getattr(place, name) for name in ("start", "end", "exact", "prefix", "suffix")}


def _of_region(region: Region, figure: Figure) -> Evidence:
    if not figure.image:
        reason = f"the picture of {figure.label} is not kept here. {figure.withheld} Quote its caption instead"
        raise Invalid("The place on the figure was not kept.", faults=[Fault("region", " ".join(reason.split()))])
    return Evidence(
        kind=EvidenceKind.REGION,
        section_id=queries.caption_of(figure),
        figure=figure,
        region=regions.rectangle(region.xywh),
        panel=panel(region.panel),
        picture_sha256=figure.sha256,
        role=EvidenceRole.OWN if region.role is None else role(region.role),
        depth=Depth.CAPTION,
        contradicts=region.contradicts,
    )


def is_of(piece: Piece, evidence: Evidence) -> bool:
    """Whether what was pointed at is this piece of evidence."""
    if isinstance(piece, Region):
        return evidence.figure_id == piece.figure_id and evidence.region == regions.rectangle(piece.xywh)
    if evidence.section_id != piece.section_id:
        return False
    if isinstance(piece, Cell):
        kept = evidence.cell or {}
        return (kept.get("row"), kept.get("column")) == (piece.row, piece.column)
    return evidence.kind == EvidenceKind.QUOTE and (evidence.start, evidence.exact) == (piece.start, piece.exact)


def _sections_named(article_id: int, ids: Sequence[int]) -> dict[int, Section]:
    """Raises Invalid for a section that is not of the article."""
    found = Section.objects.filter(article=article_id).in_bulk(set(ids)) if ids else {}
    faults = [Fault("section", f"{pk} is no section of this article") for pk in ids if pk not in found]
    if faults:
        raise Invalid("The evidence names a section of another text.", faults=faults)
    return found


def _figures_named(article_id: int, ids: Sequence[int]) -> dict[int, Figure]:
    """Each with its ``caption``. Raises Invalid for a figure that is not of the article."""
    found = queries.figures_of([article_id]).in_bulk(set(ids)) if ids else {}
    faults = [Fault("figure", f"{pk} is no figure of this article") for pk in ids if pk not in found]
    if faults:
        raise Invalid("The evidence names a figure of another article.", faults=faults)
    return found
