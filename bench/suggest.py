"""How well the rules suggest: precision, recall and F1 against expected answers, and polarity errors.

Run: ``.venv/bin/python -m bench.suggest [file or folder ...]``; without one, the project's own vectors and its gold seed. A file
holds ``vectors`` (texts with ``expected`` answers) or ``document`` (named sections) with ``annotations``.
Strict counts (patient, feature, status, value), in which the patient counts where the file names one; "feature" counts
(patient, feature). Silence (``not_reported``) and derived answers are not asked of the rules. ``optional`` answers, on which
careful readers differ, are neither right nor wrong; one without status or value, or with ``any_value``, stands for any.
A polarity error contradicts the status expected of its feature, or says present of a feature of which nothing is expected.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from curation.suggesting.lexicon import Lexicon, load
from curation.suggesting.suggest import Piece, suggestions

ROOT = Path(__file__).parent.parent
LEXICONS = ROOT / "seeds" / "lexicons"
OWN = (ROOT / "bench" / "vectors", ROOT / "seeds" / "gold_34829411.json")
#: Parts of a gold document that a curator does not read for findings.
NOT_READ = {"keywords", "coi"}

Answer = tuple[str, str, str, str]  # patient, feature, status, value as JSON
ANY = "*"  # in the place of an optional answer's status or value


class Case(NamedTuple):
    """One text: its name, its sections, the answers expected, and those that count neither for nor against."""

    name: str
    pieces: list[Piece]
    expected: list[Answer]
    optional: set[Answer]


@dataclass
class Score:
    """Answers right, wrong and missing; ``polarity`` names those whose status contradicts, ``unasked`` those present unasked."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    polarity: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
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


def cases(path: Path) -> Iterator[Case]:
    """Each text of a file."""
    data = json.loads(path.read_text())
    for vector in data.get("vectors", ()):
        expected = [answer(e) for e in vector["expected"]]
        optional = {optional_answer(e) for e in vector.get("optional", ())}
        yield Case(f"{path.stem} {vector['id']}", [Piece("text", vector["text"])], expected, optional)
    if "document" in data:
        pieces = [Piece(key, text) for key, text in data["document"].items() if isinstance(text, str) and key not in NOT_READ]
        asked = [a for a in data["annotations"] if a["status"] not in ("not_reported", "not_applicable") and not a.get("derived")]
        yield Case(path.stem, pieces, [answer(a) for a in asked], set())


def answer(given: Mapping[str, Any]) -> Answer:
    return str(given.get("patient") or ""), given["feature"], given["status"], _plain(given.get("value"))


def optional_answer(given: Mapping[str, Any]) -> Answer:
    """What it leaves out, or says to be ``any_value``, stands for any."""
    value = _plain(given["value"]) if "value" in given and not given.get("any_value") else ANY
    return str(given.get("patient") or ""), given["feature"], given.get("status", ANY), value


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return json.dumps(sorted(json.dumps(each, sort_keys=True) for each in value))
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return json.dumps(value, sort_keys=True)


def score(files: Iterable[Path], rules: Lexicon, *, tell: bool = False) -> Score:
    total = Score()
    for path in files:
        for case in cases(path):
            _add(total, case, rules, tell=tell)
    return total


def _add(total: Score, case: Case, rules: Lexicon, *, tell: bool) -> None:
    by_patient = any(patient for patient, *_ in case.expected)
    said = {(s.patient if by_patient else "", s.feature, s.status, _plain(s.value)) for s in suggestions(case.pieces, rules)}
    wanted = set(case.expected)
    found = {a for a in said if a in wanted or not _is_optional(a, case.optional)}
    total.features.update(feature for _, feature, *_ in wanted)
    _count(total, "strict", found, wanted)
    _count(total, "feature", {a[:2] for a in found}, {a[:2] for a in wanted})
    for status in ("present", "excluded", "indeterminate", "not_tested"):
        _count(total, status, {a for a in found if a[2] == status}, {a for a in wanted if a[2] == status})
    total.polarity += [f"{case.name}: {feature} {status}" for feature, status in sorted(_contradicting(found, wanted))]
    total.unasked += [f"{case.name}: {feature} {status}" for feature, status in sorted(_unasked(found, wanted))]
    if tell and found != wanted:
        print(f"{case.name}\n  missing {sorted(wanted - found)}\n  wrong   {sorted(found - wanted)}")


def _is_optional(given: Answer, optional: set[Answer]) -> bool:
    patient, feature, status, value = given
    return bool({(p, feature, s, v) for p in (patient, "") for s in (status, ANY) for v in (value, ANY)} & optional)


def _contradicting(found: set[Answer], wanted: set[Answer]) -> set[tuple[str, str]]:
    """Features of which another status was expected."""
    asked = {answer[:2] for answer in wanted}
    statuses = {answer[:3] for answer in wanted}
    return {a[1:3] for a in found if a[:2] in asked and a[:3] not in statuses}


def _unasked(found: set[Answer], wanted: set[Answer]) -> set[tuple[str, str]]:
    """Features said to be present of which nothing was expected."""
    asked = {answer[:2] for answer in wanted}
    return {a[1:3] for a in found if a[:2] not in asked and a[2] == "present"}


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
    for file in files:
        one = score([file], rules, tell=tell)
        for kind in ("strict", "feature"):
            print(one.line(file.stem, kind))
    whole = score(files, rules)
    for kind in ("strict", "feature", "present", "excluded", "indeterminate", "not_tested"):
        print(whole.line("all", kind))
    _tell_polarity(whole)
    print(f"40,000 words in {_speed(rules, files):.2f} s of processor time (the texts above, over and over)")


def _tell_polarity(whole: Score) -> None:
    commonest = sorted(whole.features, key=lambda feature: (-whole.features[feature], feature))[:10]
    print(f"\nThe ten commonest features: {', '.join(commonest)}")
    for words, errors in (("another status is expected", whole.polarity), ("said to be present unasked", whole.unasked)):
        among = [error for error in errors if error.split()[-2] in commonest]
        print(f"Polarity, {words}: {len(errors)} {errors or ''}; among the ten: {len(among)} {among or ''}")


def _speed(rules: Lexicon, files: Iterable[Path]) -> float:
    """Seconds for 40,000 words of what the files hold: denser in findings than any article."""
    text = "\n".join(piece.text for file in files for case in cases(file) for piece in case.pieces)
    whole = "\n".join([text] * (40_000 // max(len(text.split()), 1) + 1))
    began = time.process_time()
    suggestions([Piece("text", whole)], rules)
    return time.process_time() - began


if __name__ == "__main__":
    main(sys.argv[1:])
