"""The article as the workspace shows it: text and figures with what is evidence already, and the list of its parts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curation.annotation import anchoring, queries
from curation.articles.jats import PATH
from curation.choices import EvidenceKind, SectionKind
from curation.models import Annotation, Evidence, Figure, Patient, Reading, Section

#: What can be the caption of a picture (``queries.figures_of``).
BEARS_FIGURES = (SectionKind.CAPTION, SectionKind.TABLE, SectionKind.TITLE)


@dataclass(frozen=True)
class Mark:
    """That something is evidence for an answer. ``of``: the patient, where it is another one than the workspace shows."""

    slug: str
    hue: int
    label: str
    of: Patient | None = None

    @property
    def name(self) -> str:
        return f"{self.of}: {self.label}" if self.of else self.label


@dataclass(frozen=True)
class Drawn:
    """A rectangle on a figure that is evidence."""

    evidence: Evidence
    mark: Mark


@dataclass(frozen=True)
class MarkedFigure:
    figure: Figure
    drawn: list[Drawn]


@dataclass(frozen=True)
class MarkedSection:
    """``figures``: the pictures that the section is the caption of."""

    section: Section
    runs: list[tuple[str, list[Mark]]]
    figures: list[MarkedFigure]

    @property
    def is_blocks(self) -> bool:
        """Whether it is shown with its paragraphs and tables."""
        return self.section.kind in (SectionKind.BODY, SectionKind.TABLE)

    @property
    def titles(self) -> list[str]:
        """Its own title after those of the sections it stands in; what it is, where it has none."""
        return (self.section.label or self.section.get_kind_display()).split(PATH)


def marked(
    sections: Sequence[Section],
    annotations: Iterable[Annotation],
    proofs: Mapping[int, Sequence[Evidence]],
    names: Mapping[str, tuple[int, str]],
    patients: Iterable[Patient],
    shown: Patient | None,
) -> list[MarkedSection]:
    """``proofs`` by their answer; ``names``: hue and label of each feature by its slug; ``shown``: whom the workspace shows,
    whose marks come first."""
    others = {patient.pk: patient for patient in patients if patient != shown}
    spans: dict[int, list[tuple[int, int, Mark]]] = defaultdict(list)
    drawn: dict[int, list[Drawn]] = defaultdict(list)
    for annotation in sorted(annotations, key=lambda a: a.patient_id in others):
        mark = Mark(annotation.feature.slug, *names[annotation.feature.slug], others.get(annotation.patient_id))
        for piece in proofs.get(annotation.pk, ()):
            if piece.kind == EvidenceKind.REGION and piece.figure_id:
                drawn[piece.figure_id].append(Drawn(piece, mark))
            elif piece.start is not None and piece.end is not None:
                spans[piece.section_id].append((piece.start, piece.end, mark))
    figures = _by_caption(sections, drawn) if any(s.kind in BEARS_FIGURES for s in sections) else defaultdict(list)
    return [MarkedSection(s, anchoring.cut(s.text, spans[s.pk]), figures[s.pk]) for s in sections]


def _by_caption(sections: Sequence[Section], drawn: Mapping[int, list[Drawn]]) -> dict[int, list[MarkedFigure]]:
    """By section, each figure with what is drawn on the picture that it shows now."""
    found: dict[int, list[MarkedFigure]] = defaultdict(list)
    for figure in queries.figures_of({section.article_id for section in sections}):
        now = [each for each in drawn.get(figure.pk, ()) if each.evidence.picture_sha256 == figure.sha256]
        found[queries.caption_of(figure)].append(MarkedFigure(figure, now))
    return found


def labels_in(sections: Iterable[MarkedSection]) -> tuple[dict[int, str], dict[int, str]]:
    """As ``labels_of``, of an article that is at hand whole."""
    pictures = [shown.figure for each in sections for shown in each.figures if shown.figure.image]
    tables = [each.section for each in sections if each.section.kind == SectionKind.TABLE and each.section.is_current]
    return {figure.pk: figure.label for figure in pictures}, {table.pk: table.label for table in tables}


def labels_of(reading: Reading) -> tuple[dict[int, str], dict[int, str]]:
    """What can be drawn on, and what has cells: labels of the kept pictures and of the tables, by their ids."""
    figures = Figure.objects.filter(article=reading.article_id).exclude(image="").order_by("position")
    tables = Section.objects.current().of_kind(SectionKind.TABLE).filter(article=reading.article_id).order_by("position")
    return dict(figures.values_list("pk", "label")), dict(tables.values_list("pk", "label"))
