"""A series as a table: a row per measurement or treatment, a column per feature."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from curation.choices import Status
from curation.codebook.spec import FeatureSpec


class Column(Protocol):
    """A feature, and its answers in words (``workspace.Shown``)."""

    @property
    def spec(self) -> FeatureSpec: ...
    @property
    def answers(self) -> Sequence[Any]: ...


C = TypeVar("C", bound=Column)


@dataclass(frozen=True)
class Line:
    """One row. ``cells``: a feature each, with its answer or None; ``number`` counts from one, whatever the instance."""

    number: int
    instance: int
    cells: Sequence[tuple[FeatureSpec, Any]]

    @property
    def told(self) -> list[Any]:
        return [shown for _spec, shown in self.cells if shown]

    @property
    def words(self) -> str:
        """ "5,320 U/L, At presentation"; for a row that says nothing, that it does not."""
        said = [shown.words or shown.status for shown in self.told if shown.annotation.status != Status.NOT_REPORTED]
        return ", ".join(said) or ", ".join(dict.fromkeys(shown.status for shown in self.told))

    @property
    def version(self) -> int:
        """Another as soon as any of its answers is."""
        return sum(shown.annotation.version for shown in self.told)

    @property
    def is_silent(self) -> bool:
        return all(shown.annotation.status == Status.NOT_REPORTED for shown in self.told)


@dataclass(frozen=True)
class Series:
    slug: str
    label: str
    columns: Sequence[Any]
    lines: Sequence[Line]

    @property
    def blank(self) -> Line:
        """A row that nobody has written, as a script draws those that wait to be sent."""
        return Line(0, 0, [(column.spec, None) for column in self.columns])

    @property
    def says(self) -> bool:
        return any(not line.is_silent for line in self.lines)


def series_in(columns: Iterable[C], hidden: Callable[[C], bool]) -> list[Series]:
    """The series among these features, in their order; without those columns that are ``hidden`` (not asked)."""
    found: dict[str, list[C]] = {}
    for column in columns:
        if column.spec.repeat_group and not column.spec.derived:
            found.setdefault(column.spec.repeat_group, []).append(column)
    shown = {slug: [column for column in group if not hidden(column)] for slug, group in found.items()}
    return [Series(slug, _label(slug, found[slug]), group, _lines(group)) for slug, group in shown.items() if group]


def _label(slug: str, columns: Sequence[Column]) -> str:
    """ "ck_measurement" -> "CK measurement": words written as the features' labels write them."""
    written = {word.casefold(): word for column in columns for word in column.spec.label.split() if word.isupper()}
    words = [written.get(word, word) for word in slug.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _lines(columns: Sequence[Column]) -> list[Line]:
    instances = sorted({shown.annotation.instance for column in columns for shown in column.answers})
    at = {(column.spec.slug, shown.annotation.instance): shown for column in columns for shown in column.answers}
    return [
        Line(number, instance, [(column.spec, at.get((column.spec.slug, instance))) for column in columns])
        for number, instance in enumerate(instances, 1)
    ]
