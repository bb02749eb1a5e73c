"""The shape of an answer: what pages, the API and files show of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from curation.codebook.rules import FeatureSpec
from curation.cohorts.question import Question
from curation.cohorts.statistics import Proportion, Tally
from curation.models import Article, Finding, Patient
from curation.models.annotation import Proof


@dataclass(frozen=True, slots=True)
class Cell:
    """One finding in words, with the quotes that prove it; a derived one shows those of the findings it was computed from."""

    finding: Finding
    status: str
    value: str
    quotes: Sequence[Proof]

    @property
    def is_derived(self) -> bool:
        return self.finding.rule_id is not None

    @property
    def words(self) -> str:
        """The value where there is one, else the status."""
        return self.value if self.value and self.finding.status == "present" else self.status


@dataclass(frozen=True, slots=True)
class Row:
    """A patient; ``cells`` has one list per column, empty where the papers are silent."""

    patient: Patient
    articles: Sequence[Article]
    cells: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value and its share of those who have one; ``question`` is this answer's, narrowed to it."""

    value: str
    label: str
    share: Proportion
    question: str


@dataclass(frozen=True, slots=True)
class Facet:
    """What the patients have for one feature.

    ``range``: least, median and most of what is a number, on the scale of ``Finding.low``; ``range_words`` says it.
    ``labels``: the codebook's words for each status; ``narrowed``: this answer's question, narrowed to it.
    """

    spec: FeatureSpec
    group: str
    tally: Tally
    choices: Sequence[Choice]
    range: dict[str, float]
    range_words: str
    labels: dict[str, str]
    narrowed: dict[str, str]

    @property
    def rest(self) -> list[tuple[str, str, int]]:
        """(question, words, number) of the statuses that the facet's bars do not show already."""
        drawn = self.choices or (not self.range_words and self.tally.share.whole)
        states = ("excluded", "indeterminate", "not_tested") if drawn else ("present", "excluded", "indeterminate", "not_tested")
        counts = {state: getattr(self.tally, state) for state in states}
        return [(self.narrowed[state], self.labels[state], number) for state, number in counts.items() if number]


@dataclass(frozen=True, slots=True)
class Term:
    """A condition that must hold, in the question's own words; ``without`` is the question that leaves it out."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``among``: patients of whom anything is published. Of them ``patients`` answer the question, in ``articles``.

    ``leaning``: those who answer it only because nothing speaks against it (a NOT over silence). ``open``: those who do not
    answer it though nothing rules them out: their papers do not say enough. ``questioned``: those whom an article describes that
    was retracted, corrected or called in doubt since.
    """

    question: Question
    text: str
    among: int
    patients: int
    articles: int
    leaning: int
    questioned: int
    open: int
    page: int
    pages: int
    columns: Sequence[FeatureSpec]
    rows: Sequence[Row]
    facets: Sequence[Facet]
    quiet: Sequence[FeatureSpec] = field(default_factory=tuple)
    terms: Sequence[Term] = field(default_factory=tuple)
