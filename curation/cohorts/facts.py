"""What a compiled question counts."""

from dataclasses import dataclass, field

from curation.choices import Status

#: A patient of whom several findings speak (two reports, several tests) has the first of these statuses that any gives.
PRECEDENCE = (
    Status.PRESENT,
    Status.EXCLUDED,
    Status.INDETERMINATE,
    Status.NOT_TESTED,
    Status.NOT_REPORTED,
    Status.NOT_APPLICABLE,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """``among`` have any published finding; ``matched`` answer the question, ``certain`` of them without leaning on silence;
    ``open`` do not, yet nothing rules them out: their papers do not say enough. ``articles`` describe those who match;
    ``questioned`` of them are described in one that was retracted or corrected since."""

    among: int
    matched: int
    certain: int
    open: int
    articles: int
    questioned: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one feature among the patients: how many have which status (each patient under one) and which value (under each
    of theirs), and the least, the median and the most of what is a number."""

    statuses: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    range: dict[str, float] = field(default_factory=dict)

    def take(self, part: str, word: str, number: float) -> None:
        match part:
            case "status":
                self.statuses[PRECEDENCE[int(word)].value] = int(number)
            case "value":
                self.values[word] = int(number)
            case "range":
                self.range[word] = number
