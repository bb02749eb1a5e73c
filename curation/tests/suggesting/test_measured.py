"""The gate: what the rules reached on the project's own texts must not be lost. No timings here."""

import json
from pathlib import Path

import pytest

from bench import suggest
from curation.codebook import terms
from curation.suggesting.lexicon import Lexicon
from curation.suggesting.suggest import Piece, suggestions

VECTORS = suggest.ROOT / "bench" / "vectors"
#: Least strict precision and recall on each file.
REACHED = {
    VECTORS / "vectors.json": (0.97, 0.97),
    VECTORS / "passages.json": (0.95, 0.93),
    VECTORS / "statements.json": (0.95, 0.93),
    VECTORS / "second_statements.json": (0.95, 0.90),
    VECTORS / "strangers_a.json": (0.98, 0.95),
    VECTORS / "strangers_b.json": (0.98, 0.95),
    VECTORS / "strangers_c.json": (0.98, 0.93),
    VECTORS / "strangers_d.json": (0.98, 0.93),
    suggest.ROOT / "seeds" / "gold_34829411.json": (0.95, 0.75),
}


@pytest.fixture(scope="module")
def rules() -> Lexicon:
    return suggest.lexicon()


@pytest.mark.parametrize("path", REACHED, ids=lambda path: path.stem)
def test_precision_and_recall(path: Path, rules: Lexicon) -> None:
    precision, recall, _ = suggest.score([path], rules).measures("strict")
    least = REACHED[path]
    assert precision >= least[0]
    assert recall >= least[1]


def test_nothing_is_said_the_wrong_way_round(rules: Lexicon) -> None:
    assert suggest.score(REACHED, rules).polarity == []


def test_nothing_is_said_of_the_patient_unasked_in_strangers_texts(rules: Lexicon) -> None:
    assert suggest.score([path for path in REACHED if path.stem.startswith("strangers")], rules).unasked == []


def test_what_is_found_stands_there_and_is_never_silence(rules: Lexicon) -> None:
    for path in REACHED:
        for case in suggest.cases(path):
            texts = {piece.key: piece.text for piece in case.pieces}
            for found in suggestions(case.pieces, rules):
                assert texts[found.section][found.start : found.end] == found.exact
                assert found.exact.strip()
                assert found.status in ("present", "excluded", "indeterminate", "not_tested")
                assert all(texts[key][start:end].strip() for key, start, end in found.also)


def test_the_same_text_gives_the_same_suggestions(rules: Lexicon) -> None:
    text = " ".join(v["text"] for v in json.loads((VECTORS / "passages.json").read_text())["vectors"])
    assert suggestions([Piece("a", text)], rules) == suggestions([Piece("a", text)], suggest.lexicon())


def test_every_feature_and_option_of_the_lexicon_is_the_codebooks(rules: Lexicon) -> None:
    features, options = suggest.codebook_words()
    assert {rule.feature for rule in rules.rules} <= set(features)
    named = {(rule.feature, rule.value) for rule in rules.rules if isinstance(rule.value, str)}
    named |= {(rule.feature, name) for rule in rules.rules if rule.kind != "term" for name in rule.options}
    assert {(f, v) for f, v in named if v not in options[f]} == set()


def test_every_term_of_the_lexicon_is_the_ontologys(rules: Lexicon) -> None:
    named = {name for rule in rules.rules if rule.kind == "term" for name in rule.options}
    known = {f"{term.id} {term.label}" for term in terms.book().terms.values()}
    assert named
    assert named <= known


def test_a_folder_and_a_gold_file_can_be_named(tmp_path: Path, rules: Lexicon) -> None:
    (tmp_path / "one.json").write_text(
        json.dumps({"vectors": [{"id": 1, "text": "No rash.", "expected": [{"feature": "skin_rash_any", "status": "present"}]}]})
    )
    assert suggest.files_in([tmp_path]) == [tmp_path / "one.json"]
    measured = suggest.score([tmp_path / "one.json"], rules)
    assert measured.polarity == ["one 1: skin_rash_any excluded"]
    assert measured.measures("strict") == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("expected", "optional", "counted", "polarity", "unasked"),
    [
        ([], [{"feature": "skin_rash_any", "status": "excluded"}], (0, 0), 0, 0),
        ([], [{"feature": "skin_rash_any"}], (0, 0), 0, 0),
        ([], [{"feature": "skin_rash_any", "status": "excluded", "value": None}], (0, 0), 0, 0),
        ([], [{"feature": "skin_rash_any", "status": "excluded", "value": 1}], (0, 1), 0, 0),
        ([], [{"feature": "skin_rash_any", "status": "excluded", "any_value": True}], (0, 0), 0, 0),
        ([], [{"feature": "skin_rash_any", "status": "present", "any_value": True}], (0, 1), 0, 0),
        ([{"feature": "skin_rash_any", "status": "excluded"}], [], (1, 0), 0, 0),
        ([{"feature": "skin_rash_any", "status": "not_tested"}], [], (0, 1), 1, 0),
    ],
)
def test_optional_answers_count_neither_way(
    expected: list[dict[str, object]],
    optional: list[dict[str, object]],
    counted: tuple[int, int],
    polarity: int,
    unasked: int,
    tmp_path: Path,
    rules: Lexicon,
) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"vectors": [{"id": 1, "text": "No rash.", "expected": expected, "optional": optional}]}))
    measured = suggest.score([path], rules)
    assert (measured.right["strict"], measured.wrong["strict"]) == counted
    assert (len(measured.polarity), len(measured.unasked)) == (polarity, unasked)


def test_what_is_said_unasked_is_told(tmp_path: Path, rules: Lexicon) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"vectors": [{"id": 1, "text": "There was a rash.", "expected": []}]}))
    assert suggest.score([path], rules).unasked == ["one 1: skin_rash_any present"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A diagnosis of seronegative immune-mediated necrotizing myopathy was made.", "ORPHA:206569"),
        ("He was diagnosed with anti-SRP IMNM.", "ORPHA:206569"),
        ("The final diagnosis was necrotizing autoimmune myopathy.", "ORPHA:206569"),
        ("He was not diagnosed with IMNM.", ""),
        ("The diagnosis of IMNM was ruled out.", ""),
        ("Diagnosis of IMNM requires a biopsy.", ""),
        ("The differential diagnosis of IMNM includes dystrophy.", ""),
        ("She was initially diagnosed with necrotizing myopathy.", ""),
        ("Patients diagnosed with IMNM often need immunoglobulins.", ""),
        ("The mother was diagnosed with IMNM.", ""),
    ],
)
def test_the_diagnosis_is_the_authors_and_of_the_patient(text: str, said: str, rules: Lexicon) -> None:
    found = [each.value for each in suggestions([Piece("a", text)], rules) if each.feature == "author_diagnosis"]
    assert [each["id"] for each in found if isinstance(each, dict)] == ([said] if said else [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Written informed consent for publication was obtained from the patient.", ["consent_stated"]),
        ("The patient gave written informed consent.", ["consent_stated"]),
        ("Approval by the institutional review board was not required.", ["ethics_waived"]),
        ("Informed consent was not obtained.", []),
    ],
)
def test_consent_is_what_the_article_states(text: str, said: list[str], rules: Lexicon) -> None:
    assert [each.value for each in suggestions([Piece("a", text)], rules) if each.feature == "ethics_consent"] == said
