"""Classification by the seed's rules: published points, three-valued conditions, intervals while something is open."""

import json
from pathlib import Path
from typing import Any

import pytest

from curation.codebook.wording import display
from curation.criteria.file import Book
from curation.criteria.logic import Fact
from curation.criteria.wording import number_words
from curation.tests.criteria.conftest import Derive

VECTORS = json.loads((Path(__file__).parent / "eular_acr_2017_vectors.json").read_text())["vectors"]
SYMMETRIC = Fact("present", "symmetric")
SKIN = ("heliotrope_rash", "gottron_papules", "gottron_sign")
ITEMS = {
    "neck_flex_weaker": "neck_flexors_weaker_than_extensors",
    "legs_prox_weaker": "weakness_legs_prox_gt_dist",
    "heliotrope": "heliotrope_rash",
    "gottron_papules": "gottron_papules",
    "gottron_sign": "gottron_sign",
    "dysphagia": "dysphagia",
    "anti_jo1": "ab_jo1",
    "enzymes": "ldh_elevated",
    "bx_endomysial": "bx_endomysial_surround_not_invade",
    "bx_perimysial": "bx_perimysial_perivascular",
    "bx_perifascicular_atrophy": "bx_perifascicular_atrophy",
    "bx_rimmed_vacuoles": "bx_rimmed_vacuoles",
}
ENZYMES = ("ck_status", "ast_elevated", "alt_elevated")


def age(years: float) -> Fact:
    return Fact("present", f"P{years:g}Y", years, years)


def times(n: float) -> dict[str, Fact]:
    return {"ck_value": Fact("present", n * 200, n * 200, n * 200), "ck_uln": Fact("present", 200, 200, 200)}


def facts_of(vector: dict[str, Any]) -> dict[str, Fact | str]:
    """A vector's items as findings; what it does not name is false, as it says of the others."""
    items = vector["items"]
    facts: dict[str, Fact | str] = {slug: "present" if items.get(item) else "excluded" for item, slug in ITEMS.items()}
    facts |= dict.fromkeys(ENZYMES, "excluded") | times(0.5)
    facts["age_at_onset"] = age(45 if items.get("age_ge_40") else 30 if items.get("age_18_39") else 10)
    facts |= {"weakness_objective": "present", "weakness_symmetry": SYMMETRIC}
    facts["weakness_proximal_ul"] = "present" if items.get("weak_ue_sym") else "excluded"
    facts["weakness_proximal_ll"] = "present" if items.get("weak_le_sym") else "excluded"
    facts["biopsy_done"] = "present" if vector["mode"] == "biopsy" else "excluded"
    return facts


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_eular_acr_2017(derive_all: Derive, vector: dict[str, Any]) -> None:
    made = derive_all(facts_of(vector))
    expected = vector["expected"]
    score, probability = made["cls_eular_acr_score"].outcome, made["cls_eular_acr_probability"].outcome
    assert [score.low, score.high] == expected["score"]
    assert [round(probability.low, 3), round(probability.high, 3)] == expected["probability"]
    class_ = made["cls_eular_acr_class"].outcome
    assert (class_.status, class_.value) == ("present", expected["class"])


def test_both_tables_of_points_are_shown_and_one_counts(derive_all: Derive) -> None:
    """A typical paucicellular necrotizing myopathy: probable without its biopsy, not with it."""
    vector = next(v for v in VECTORS if v["name"].startswith("typical IMNM"))
    columns = derive_all(facts_of(vector))["cls_eular_acr_score"].explanation["columns"]
    assert [(c["column"], c["low"], c["high"], c["counts"]) for c in columns] == [
        ("with biopsy", 6.0, 6.0, True),
        ("without biopsy", 5.8, 5.8, False),
    ]


def test_what_is_unknown_makes_an_interval_and_is_named(derive_all: Derive, book: Book) -> None:
    made = derive_all({"age_at_onset": age(45), "biopsy_done": "excluded", "heliotrope_rash": "present"})
    score = made["cls_eular_acr_score"]
    assert (score.outcome.status, score.outcome.low, score.outcome.high) == ("indeterminate", 5.2, 20.8)
    assert score.outcome.value == {"low": 5.2, "high": 20.8}
    assert book.specs["gottron_papules"].label in score.explanation["missing"]
    class_ = made["cls_eular_acr_class"]
    assert (class_.outcome.status, class_.outcome.value) == ("indeterminate", "undetermined")
    assert class_.explanation["possible"] == ["Definite (>=90%)", "Probable (>=55%)", "Possible (>=50%)", "Not IIM (<50%)"]
    assert book.specs["gottron_papules"].label in class_.explanation["missing"], (
        "named by what was recorded, not by the score it hangs on"
    )


def test_an_interval_that_lies_within_one_class_settles_it(derive_all: Derive) -> None:
    made = derive_all({"age_at_onset": age(45), "biopsy_done": "excluded"} | dict.fromkeys(SKIN, "present"))
    assert made["cls_eular_acr_score"].outcome.status == "indeterminate"
    assert (made["cls_eular_acr_class"].outcome.status, made["cls_eular_acr_class"].outcome.value) == ("present", "definite")


def test_an_unknown_age_gives_the_range_of_its_parts_not_their_sum(derive_all: Derive) -> None:
    known = {slug: fact for slug, fact in facts_of(VECTORS[0]).items() if slug != "age_at_onset"}
    score = derive_all(known)["cls_eular_acr_score"].outcome
    assert (score.low, score.high) == (8.0, 10.1)
    straddling = derive_all(known | {"age_at_onset": Fact("present", "P30Y/P50Y", 30, 50)})["cls_eular_acr_score"].outcome
    assert (straddling.low, straddling.high) == (8.0, 10.1)


def test_weakness_without_symmetry_earns_nothing_and_bilateral_leaves_it_open(derive_all: Derive) -> None:
    facts = facts_of(VECTORS[0])
    asymmetric = derive_all(facts | {"weakness_symmetry": Fact("present", "asymmetric")})["cls_eular_acr_score"].outcome
    assert (asymmetric.low, asymmetric.high) == (8.6, 8.6)
    bilateral = derive_all(facts | {"weakness_symmetry": Fact("present", "bilateral_unspecified")})["cls_eular_acr_score"].outcome
    assert (bilateral.low, bilateral.high) == (8.6, 10.1)


def test_where_nothing_was_told_nothing_is_derived(derive_all: Derive) -> None:
    made = derive_all({"sex": Fact("present", "male")})
    silent = {slug: derived.outcome for slug, derived in made.items() if slug.startswith(("cls_", "tx_", "ck_"))}
    assert {outcome.status for outcome in silent.values()} == {"not_reported"}
    assert {outcome.value for outcome in silent.values()} == {None}
    assert all(made[slug].explanation["missing"] for slug in silent)


def test_ck_as_a_multiple_takes_value_and_limit_of_one_measurement(derive_all: Derive, book: Book) -> None:
    one, two = Fact("present", 7000, 7000, 7000, instance=1), Fact("present", 300, 300, 300, instance=2)
    limit = Fact("present", 200, 200, 200, instance=1)
    made = derive_all({"ck_value": one, "ck_uln": limit})["ck_xuln"].outcome
    assert (made.status, made.value, made.low) == ("present", 35.0, 35.0)
    alone = derive_all({"ck_value": two, "ck_uln": limit})["ck_xuln"]
    assert (alone.outcome.status, alone.explanation["missing"]) == ("not_reported", ["CK value", "CK upper limit of normal"])
    assert display(book.specs["ck_xuln"], {"low": 2.5, "high": 4}) == "2.5 to 4"


def test_immunotherapies_are_counted_by_kind(derive_all: Derive) -> None:
    drugs = [Fact("present", drug, instance=n) for n, drug in enumerate(["ivig", "rituximab", "ivig", "physiotherapy"], 1)]
    many = derive_all({"tx_drug": drugs[0]})
    assert many["tx_lines_total"].outcome.value == 1
    assert many["tx_any_immunotherapy"].outcome.status == "present"
    assert derive_all({"tx_drug": "excluded"})["tx_any_immunotherapy"].outcome.status == "excluded"
    only = derive_all({"tx_drug": drugs[3]})
    assert (only["tx_lines_total"].outcome.value, only["tx_any_immunotherapy"].outcome.status) == (0, "not_reported")


IMNM = {
    "ck_status": Fact("present", "high"),
    "weakness_proximal_ll": "present",
    "bx_necrosis": "present",
    "bx_phagocytosis": "present",
    "bx_regeneration": "present",
    "bx_macrophages_cd68": "present",
    "bx_inflammation_level": Fact("present", "minimal"),
}


@pytest.mark.parametrize(
    ("facts", "status", "value"),
    [
        ({"ab_srp": "present", "ab_hmgcr": "excluded"} | IMNM, "present", "srp"),
        (
            {"ab_srp": "excluded", "ab_hmgcr": "present", "ck_status": IMNM["ck_status"], "weakness_proximal_ul": "present"},
            "present",
            "hmgcr",
        ),
        ({"ab_srp": "excluded", "ab_hmgcr": "excluded"} | IMNM, "present", "ab_negative_imnm"),
        ({"ab_srp": "excluded", "ab_hmgcr": "excluded"} | IMNM | {"bx_regeneration": "excluded"}, "present", "not_met"),
        ({"ab_srp": "excluded"} | IMNM, "indeterminate", "undetermined"),
        ({"ab_srp": "excluded", "ab_hmgcr": "excluded"} | IMNM | {"ck_status": "excluded"} | times(0.5), "present", "not_met"),
    ],
)
def test_enmc_224(derive_all: Derive, facts: dict, status: str, value: str) -> None:
    outcome = derive_all(facts)["cls_enmc224"].outcome
    assert (outcome.status, outcome.value) == (status, value)


MANDATORY = {"disease_duration_at_report": Fact("present", "P3Y", 1095, 1096), "age_at_onset": age(60)} | times(8)
SIGNS = ("weakness_finger_flex_gt_shoulder_abd", "weakness_knee_ext_ge_hip_flex")
PATHOLOGY = ("bx_endomysial", "bx_mhc1", "bx_rimmed_vacuoles", "bx_protein_aggregates")


def ibm(signs: str, pathology: str) -> dict[str, Fact | str]:
    words = {"+": "present", "-": "excluded"}
    told = dict(zip((*SIGNS, *PATHOLOGY), signs + pathology, strict=True))
    return MANDATORY | {slug: words[mark] for slug, mark in told.items() if mark in words}


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        (ibm("+-", "+-++"), "Clinico-pathologically defined"),
        (ibm("++", "+---"), "Clinically defined"),
        (ibm("++", "++-+"), "Clinically defined"),
        (ibm("-+", "---+"), "Probable"),
        (ibm("++", "----"), "Not met"),
        (ibm("--", "++++"), "Not met"),
        (ibm("+-", "++++") | times(20), "Not met"),
        (ibm("+-", "++++") | {"age_at_onset": age(45)}, "Not met"),
        (ibm("++", "??-?"), None),
    ],
)
def test_ibm_by_enmc_2011(derive_all: Derive, facts: dict, value: str | None) -> None:
    assert derive_all(facts)["cls_ibm_enmc2011"].outcome.value == value


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"weakness_quadriceps": "present", "bx_endomysial": "present", "bx_rimmed_vacuoles": "present"}, "present"),
        ({"weakness_finger_flexor": "present", "bx_endomysial": "present", "bx_invasion_non_necrotic": "present"}, "present"),
        ({"weakness_finger_flexor": "present", "bx_endomysial": "excluded"}, "excluded"),
        ({"weakness_finger_flexor": "present", "bx_endomysial": "present"}, "not_reported"),
    ],
)
def test_ibm_by_lloyd_2014(derive_all: Derive, facts: dict, status: str) -> None:
    assert derive_all(facts)["cls_ibm_lloyd"].outcome.status == status


FOUR = {
    "weakness_symmetry": SYMMETRIC,
    "weakness_proximal_ll": "present",
    "bx_necrosis": "present",
    "ck_status": Fact("present", "high"),
    "emg_myopathic": "present",
    "emg_spontaneous": "present",
}
NO_RASH = dict.fromkeys(SKIN, "excluded")
NO_EMG = {"emg_myopathic": "excluded"}
NO_BIOPSY = dict.fromkeys(
    ("bx_necrosis", "bx_phagocytosis", "bx_regeneration", "bx_endomysial", "bx_perimysial_perivascular"), "excluded"
)
ASYMMETRIC = {"weakness_symmetry": Fact("present", "asymmetric")}


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        (FOUR | NO_RASH, "Definite polymyositis"),
        (FOUR | NO_RASH | NO_EMG, "Probable polymyositis"),
        (FOUR | NO_RASH | NO_EMG | ASYMMETRIC, "Possible polymyositis"),
        (FOUR | NO_RASH | NO_EMG | ASYMMETRIC | NO_BIOPSY, "Not met"),
        (FOUR | {"gottron_sign": "present"} | NO_EMG, "Definite dermatomyositis"),
        (FOUR | {"gottron_sign": "present"} | NO_EMG | ASYMMETRIC, "Probable dermatomyositis"),
        (FOUR | {"gottron_sign": "present"} | NO_EMG | ASYMMETRIC | NO_BIOPSY, "Possible dermatomyositis"),
        (FOUR, None),
    ],
)
def test_bohan_and_peter(derive_all: Derive, facts: dict, value: str | None) -> None:
    derived = derive_all(facts)["cls_bohan_peter"]
    assert derived.outcome.value == value
    if value is None:
        assert {"Definite dermatomyositis", "Definite polymyositis"} <= set(derived.explanation["possible"])


def test_numbers_can_be_said_in_words(rules: dict, book: Book) -> None:
    said = number_words(rules["eular_acr_2017_score"], book.specs)
    assert said[0] == (
        "Age at the first symptom: 1.5 with biopsy, 1.3 without biopsy",
        "“Age at first symptom” is at least 18 and below 40",
    )
    assert said[-1][0] == "Rimmed vacuoles: 3.1 with biopsy, – without biopsy"
    assert number_words(rules["ck_multiple_of_normal"], book.specs)[0][1].startswith("“CK value”")
    assert (
        "“IVIG”" in number_words(rules["immunotherapies"], book.specs)[0][1]
        or "ivig" in str(number_words(rules["immunotherapies"], book.specs)).lower()
    )
    assert "6.49 with biopsy" in number_words(rules["eular_acr_2017_probability"], book.specs)[0][1]
