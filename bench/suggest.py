"""How well the rules suggest: precision, recall and F1 against expected answers, and polarity errors.

Run: ``.venv/bin/python -m bench.suggest [file or folder ...]``; without one, the project's own vectors and its gold seed. A file
holds ``vectors`` (texts with ``expected`` answers) or ``document`` (named sections) with ``annotations``.
Strict counts (patient, feature, status, value), in which the patient counts where the file names one; "feature" counts
(patient, feature). Silence (``not_reported``) and derived answers are not asked of the rules; a polarity error says present
of what is excluded, or the reverse.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from curation.suggesting.lexicon import Lexicon, load
from curation.suggesting.suggest import Piece, suggestions

ROOT = Path(__file__).parent.parent
LEXICONS = ROOT / "seeds" / "lexicons"
OWN = (ROOT / "bench" / "vectors", ROOT / "seeds" / "gold_34829411.json")
#: Parts of a gold document that a curator does not read for findings.
NOT_READ = {"keywords", "coi"}

Answer = tuple[str, str, str, str]  # patient, feature, status, value as JSON


@dataclass
class Score:
    """Answers right, wrong and missing; ``polarity`` names each that says present of what is excluded, or the reverse."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    polarity: list[str] = field(default_factory=list)
    features: Counter[str] = field(default_factory=Counter)

    def line(self, name: str, kind: str) -> str:
        p, r, f = self.measures(kind)
        counted = f"{self.right[kind]} | {self.wrong[kind]} | {self.missing[kind]}"
        return f"| {name} | {kind} | {counted} | {p:.3f} | {r:.3f} | {f:.3f} |"

    def measures(self, kind: str) -> tuple[float, float, float]:
        """Precision, recall, F1."""
        right, wrong, missing = self.right[kind], self.wrong[kind], self.missing[kind]
        p = right / (right + wrong) if right + wrong else 1.0
        r = right / (right + missing) if right + missing else 1.0
        return p, r, 2 * p * r / (p + r) if p + r else 0.0


def lexicon(name: str = "imnm") -> Lexicon:
    names = json.loads((LEXICONS / f"{name}_hpo.json").read_text())["names"]
    return load((LEXICONS / f"{name}.yaml").read_text(), names)


def codebook_words(name: str = "imnm") -> tuple[list[str], dict[str, set[str]]]:
    """The codebook's features, and the options of each."""
    data = yaml.safe_load((ROOT / "seeds" / "codebooks" / f"{name}.yaml").read_text())
    options = {f["slug"]: {str(o["value"]) for o in f.get("options") or ()} for f in data["features"]}
    return list(options), options


def cases(path: Path) -> Iterator[tuple[str, list[Piece], list[Answer]]]:
    """Each text of a file: its name, its sections, the answers expected."""
    data = json.loads(path.read_text())
    for vector in data.get("vectors", ()):
        expected = [answer(e) for e in vector["expected"]]
        yield f"{path.stem} {vector['id']}", [Piece("text", vector["text"])], expected
    if "document" in data:
        pieces = [Piece(key, text) for key, text in data["document"].items() if isinstance(text, str) and key not in NOT_READ]
        asked = [a for a in data["annotations"] if a["status"] not in ("not_reported", "not_applicable") and not a.get("derived")]
        yield path.stem, pieces, [answer(a) for a in asked]


def answer(given: Mapping[str, Any]) -> Answer:
    return str(given.get("patient") or ""), given["feature"], given["status"], _plain(given.get("value"))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return json.dumps(sorted(json.dumps(each, sort_keys=True) for each in value))
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return json.dumps(value, sort_keys=True)


def score(files: Iterable[Path], rules: Lexicon, *, tell: bool = False) -> Score:
    total = Score()
    for path in files:
        for name, pieces, expected in cases(path):
            _add(total, name, pieces, expected, rules, tell=tell)
    return total


def _add(total: Score, name: str, pieces: list[Piece], expected: list[Answer], rules: Lexicon, *, tell: bool) -> None:
    by_patient = any(patient for patient, *_ in expected)
    found = {(s.patient if by_patient else "", s.feature, s.status, _plain(s.value)) for s in suggestions(pieces, rules)}
    wanted = set(expected)
    total.features.update(feature for _, feature, *_ in wanted)
    _count(total, "strict", found, wanted)
    _count(total, "feature", {a[:2] for a in found}, {a[:2] for a in wanted})
    for status in ("present", "excluded", "indeterminate", "not_tested"):
        _count(total, status, {a for a in found if a[2] == status}, {a for a in wanted if a[2] == status})
    total.polarity += [f"{name}: {feature} {status}" for feature, status in sorted(_reversed(found, wanted))]
    if tell and found != wanted:
        print(f"{name}\n  missing {sorted(wanted - found)}\n  wrong   {sorted(found - wanted)}")


def _reversed(found: set[Answer], wanted: set[Answer]) -> set[tuple[str, str]]:
    other = {"present": "excluded", "excluded": "present"}
    statuses = {(p, f, s) for p, f, s, _ in wanted}
    return {
        (feature, status)
        for patient, feature, status, _ in found
        if status in other and (patient, feature, other[status]) in statuses and (patient, feature, status) not in statuses
    }


def _count(total: Score, kind: str, found: set[Any], wanted: set[Any]) -> None:
    total.right[kind] += len(found & wanted)
    total.wrong[kind] += len(found - wanted)
    total.missing[kind] += len(wanted - found)


def files_in(named: Sequence[Path]) -> list[Path]:
    return [file for path in named for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]


def main(named: Sequence[str]) -> None:
    tell = "--tell" in named
    began = time.perf_counter()
    rules = lexicon()
    print(f"{len(rules.rules)} rules, read in {time.perf_counter() - began:.2f} s\n")
    print("| texts | counted | right | wrong | missing | precision | recall | F1 |\n|---|---|---|---|---|---|---|---|")
    files = files_in([Path(name) for name in named if name != "--tell"] or OWN)
    polarity: list[str] = []
    for file in files:
        one = score([file], rules, tell=tell)
        polarity += one.polarity
        for kind in ("strict", "feature"):
            print(one.line(file.stem, kind))
    whole = score(files, rules)
    for kind in ("strict", "feature", "present", "excluded", "indeterminate", "not_tested"):
        print(whole.line("all", kind))
    commonest = [feature for feature, _ in whole.features.most_common(10)]
    print(f"\nPolarity errors: {len(polarity)} {polarity or ''}; the ten commonest features: {', '.join(commonest)}")
    print(f"40,000 words in {_speed(rules, files):.2f} s of processor time (the texts above, over and over)")


def _speed(rules: Lexicon, files: Iterable[Path]) -> float:
    """Seconds for 40,000 words of what the files hold: denser in findings than any article."""
    text = "\n".join(piece.text for file in files for _, pieces, _ in cases(file) for piece in pieces)
    whole = "\n".join([text] * (40_000 // max(len(text.split()), 1) + 1))
    began = time.process_time()
    suggestions([Piece("text", whole)], rules)
    return time.process_time() - began


if __name__ == "__main__":
    main(sys.argv[1:])
