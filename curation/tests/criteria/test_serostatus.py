"""The seed's rules: every outcome of serostatus, the classes of age, the sides; and what they say of the seed report."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from curation.choices import Status
from curation.codebook.values import check
from curation.criteria.file import Book
from curation.criteria.logic import Decision, Fact, Known, decide
from curation.criteria.wording import condition_words

SEEDS = Path(settings.BASE_DIR) / "seeds"
GOLD = json.loads((SEEDS / "gold_34829411.json").read_text())["annotations"]
ALL_NEGATIVE = Fact(Status.PRESENT, "all_negative")


def derive(rule: dict[str, Any], book: Book, facts: dict[str, Fact | str]) -> Decision:
    known = {slug: (fact if isinstance(fact, Fact) else Fact(fact),) for slug, fact in facts.items()}
    return decide(rule["cases"], Known(known, book.attributes))


@pytest.mark.parametrize(
    ("facts", "status", "value"),
    [
        ({"ab_srp": "present", "ab_hmgcr": "present"}, "present", "srp_and_hmgcr"),
        ({"ab_srp": "present"}, "present", "srp_positive"),
        ({"ab_srp": "present", "ab_hmgcr": "excluded", "ab_jo1": "present"}, "present", "srp_positive"),
        ({"ab_srp": "excluded", "ab_hmgcr": "present"}, "present", "hmgcr_positive"),
        ({"ab_srp": "excluded", "ab_hmgcr": "excluded", "ab_jo1": "present"}, "present", "other_msa_positive"),
        ({"ab_srp": "excluded", "ab_hmgcr": "excluded", "ab_ro52": "present"}, "present", "maa_only"),
        ({"ab_srp": "excluded", "ab_hmgcr": "excluded"}, "present", "seronegative_complete"),
        ({"ab_srp": "excluded", "ab_hmgcr": "excluded", "ab_ana": "present"}, "present", "seronegative_complete"),
        ({"ab_srp": "excluded", "ab_hmgcr": "excluded", "ab_mi2": "indeterminate"}, "indeterminate", "indeterminate"),
        ({"ab_srp": "indeterminate", "ab_hmgcr": "excluded"}, "indeterminate", "indeterminate"),
        ({"ab_srp": "excluded"}, "present", "seronegative_incomplete"),
        ({"ab_srp": "not_tested", "ab_hmgcr": "excluded"}, "present", "seronegative_incomplete"),
        ({"serology_author_statement": ALL_NEGATIVE, "ab_srp": "not_reported"}, "present", "seronegative_incomplete"),
        ({"serology_author_statement": Fact("present", "seronegative_label")}, "present", "seronegative_incomplete"),
        ({"ab_ro52": "present"}, "indeterminate", None),
        ({"serology_author_statement": Fact("present", "seropositive_label")}, "indeterminate", None),
        ({"ab_srp": "not_reported", "serology_author_statement": "not_reported"}, "not_reported", None),
        ({"muscle_weakness": "present"}, "not_reported", None),
    ],
)
def test_serostatus(rules: dict, book: Book, facts: dict, status: str, value: str | None) -> None:
    decision = derive(rules["serostatus"], book, facts)
    assert (decision.outcome.status, decision.outcome.value) == (status, value)


def test_the_silent_antibodies_are_named(rules: dict, book: Book) -> None:
    decision = derive(rules["serostatus"], book, {"serology_author_statement": ALL_NEGATIVE})
    assert decision.missing == {"ab_srp", "ab_hmgcr"}
    assert "serology_author_statement" in decision.used


@pytest.mark.parametrize(
    ("age", "status", "value", "possible"),
    [
        ("15 years", "present", "childhood", []),
        ("15 years 11 months", "present", "childhood", []),
        ("16", "present", "young_adult", []),
        ("P23Y", "present", "young_adult", []),
        ("39", "present", "young_adult", []),
        ("40", "present", "middle_age", []),
        ("60", "present", "middle_age", []),
        ("P60Y6M", "present", "late", []),
        ("at least 61 years", "present", "late", []),
        ("in her forties", "present", "middle_age", []),
        ("in his sixties", "indeterminate", None, ["middle_age", "late"]),
        ("at least 30 years", "indeterminate", None, ["young_adult", "middle_age", "late"]),
        (None, "not_reported", None, ["childhood", "young_adult", "middle_age", "late"]),
    ],
)
def test_age_class(rules: dict, book: Book, age: str | None, status: str, value: str | None, possible: list[str]) -> None:
    facts = {}
    if age:
        kept = check(book.specs["age_at_onset"], status="present", value=age)
        facts["age_at_onset"] = Fact("present", kept.value, kept.low, kept.high)
    decision = derive(rules["onset_age_class"], book, facts)
    assert (decision.outcome.status, decision.outcome.value) == (status, value)
    assert [o.value for o in decision.possible] == possible
    assert decision.missing == (set() if value else {"age_at_onset"})


def side(value: str) -> Fact:
    return Fact("present", value)


@pytest.mark.parametrize(
    ("facts", "status", "value"),
    [
        ({"biopsy_side": side("right"), "weakness_side": side("left")}, "present", "contralateral"),
        ({"biopsy_side": side("left"), "weakness_side": side("left"), "atrophy_side": side("right")}, "present", "same"),
        ({"biopsy_side": side("right"), "atrophy_side": side("left")}, "present", "contralateral"),
        ({"biopsy_side": side("both"), "weakness_side": side("left")}, "indeterminate", "unknown"),
        ({"biopsy_side": side("left"), "weakness_side": side("alternating")}, "indeterminate", "unknown"),
        ({"weakness_side": side("left")}, "not_reported", None),
        ({"biopsy_side": side("left")}, "not_reported", None),
        ({"biopsy_side": "indeterminate", "weakness_side": side("left")}, "indeterminate", None),
        ({"biopsy_done": "excluded", "weakness_side": side("left")}, "not_applicable", None),
        ({"weakness_symmetry": side("symmetric"), "biopsy_side": side("left")}, "not_applicable", None),
    ],
)
def test_biopsied_side(rules: dict, book: Book, facts: dict, status: str, value: str | None) -> None:
    decision = derive(rules["biopsy_side_vs_weak_side"], book, facts)
    assert (decision.outcome.status, decision.outcome.value) == (status, value)


@pytest.mark.parametrize("rule", ["serostatus", "onset_age_class", "biopsy_side_vs_weak_side"])
def test_the_seed_report_is_derived_as_its_gold_says(rules: dict, book: Book, rule: str) -> None:
    facts = {}
    for annotation in (a for a in GOLD if not a.get("derived")):
        told = {k: annotation[k] for k in ("precision", "comparator") if k in annotation}
        kept = check(book.specs[annotation["feature"]], status=annotation["status"], value=annotation["value"], qualifiers=told)
        facts[annotation["feature"]] = Fact(kept.status, kept.value, kept.low, kept.high)
    gold = next(a for a in GOLD if a["feature"] == rules[rule]["derives"])
    decision = derive(rules[rule], book, facts)
    assert (decision.outcome.status, decision.outcome.value) == (gold["status"], gold["value"])


def test_every_case_can_be_said_in_words(rules: dict, book: Book) -> None:
    said = [condition_words(case.get("when"), book.specs) for rule in rules.values() for case in rule.get("cases", ())]
    assert said[0] == "“Anti-SRP” is reported as Positive and “Anti-HMGCR” is reported as Positive"
    assert said[3] == ("any feature with antibody class MSA (except “Anti-SRP” and “Anti-HMGCR”) is reported as present")
    assert said[11] == "“Age at first symptom” is at least 16 and below 40"
    assert said[9] == "none of the cases above"
