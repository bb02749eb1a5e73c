"""What a sentence says and does not say of its patient: mechanisms of language, each in words of no source."""

import pytest

from bench import suggest
from curation.suggesting.lexicon import Lexicon
from curation.suggesting.suggest import Piece, suggestions


@pytest.fixture(scope="module")
def rules() -> Lexicon:
    return suggest.lexicon()


@pytest.mark.parametrize(
    ("text", "feature", "said"),
    [
        ("The patient declined muscle biopsy.", "biopsy_done", ["excluded"]),
        ("He declined a second biopsy.", "biopsy_done", []),
        ("A repeat biopsy was not performed.", "biopsy_done", []),
        ("The patient was lost to follow-up before a biopsy could be performed.", "biopsy_done", []),
        ("A muscle biopsy was offered, but the patient refused.", "biopsy_done", ["excluded"]),
        ("Neither EMG nor MRI was performed.", "emg_myopathic", []),
        ("EMG did not show spontaneous activity.", "emg_myopathic", []),
        ("An early lung fibrosis could not be excluded.", "ild", ["indeterminate"]),
        ("Lung fibrosis was suspected but was ruled out by CT.", "ild", ["excluded"]),
        ("Lung fibrosis was suspected.", "ild", ["indeterminate"]),
        ("Skin lesions: none. Dysphagia: present.", "skin_rash_any", ["excluded"]),
        ("Skin lesions: none. Dysphagia: present.", "dysphagia", ["present"]),
        ("Myalgia was absent; so was dysphagia.", "dysphagia", ["excluded"]),
        ("She denied having had any rash or dysphagia.", "dysphagia", ["excluded"]),
        ("Dysphagia, skin rash and weight loss were all denied.", "skin_rash_any", ["excluded"]),
        ("He had not relapsed.", "relapse", ["excluded"]),
        ("Her weakness had not improved by the third month.", "outcome_strength", []),
        ("All antibodies (SRP, Ro52) were negative except Ro52.", "ab_ro52", ["present"]),
        ("All antibodies (SRP, Ro52) were negative except Ro52.", "ab_srp", ["excluded"]),
        ("Anti-SRP was negative, as was anti-HMGCR.", "ab_hmgcr", ["excluded"]),
        ("Anti-SRP antibodies were found in none of the samples.", "ab_srp", ["excluded"]),
        ("Neither anti-Jo-1, anti-SRP nor anti-HMGCR was positive.", "ab_srp", ["excluded"]),
        ("No anti-Jo-1, anti-SRP or anti-HMGCR antibodies were detected.", "ab_hmgcr", ["excluded"]),
        ("None of the antibodies (Jo-1, SRP, HMGCR) were positive.", "ab_srp", ["excluded"]),
        ("Without any rash, he was positive for anti-SRP.", "ab_srp", ["present"]),
        ("Biopsy lacked inflammation, and antibodies to SRP proved positive.", "ab_srp", ["present"]),
        ("Smith et al. saw a man whose patient had dysphagia; our patient had a rash.", "dysphagia", []),
        ("Smith et al. saw a man whose patient had dysphagia; our patient had a rash.", "skin_rash_any", ["present"]),
        ("Her brother, aged 52, had a CK of 900 U/L.", "ck_value", []),
        ("Patients with IMNM often have dysphagia; our patient had only a rash.", "dysphagia", []),
        ("Had there been no improvement, we would have added rituximab.", "tx_drug", []),
        ("Azathioprine could not be started because of low enzyme activity.", "tx_drug", []),
        ("No other cause, such as statin use, was identified.", "statin_exposure", []),
        ("Whether he had ever received a statin could not be established.", "statin_exposure", ["indeterminate"]),
        ("Anti-SRP antibodies, which are associated with dysphagia, were positive.", "ab_srp", ["present"]),
        ("Anti-SRP antibodies, which are associated with dysphagia, were positive.", "dysphagia", []),
        ("Apart from weakness of the neck, strength was full throughout.", "muscle_weakness", ["present"]),
        ("At no time was the CK normal.", "ck_status", []),
        ("CK was elevated (2,000 U/L), LDH 820 U/L.", "ldh_elevated", []),
        ("He had a history of hypertension.", "comorbidities", ["present"]),
        ("There was no hypertension.", "comorbidities", []),
        ("Her mother had hypertension.", "comorbidities", []),
        ("He developed steroid-induced diabetes.", "comorbidities", []),
    ],
)
def test_what_is_said_of_the_patient(text: str, feature: str, said: list[str], rules: Lexicon) -> None:
    assert [each.status for each in suggestions([Piece("a", text)], rules) if each.feature == feature] == said


@pytest.mark.parametrize(
    ("text", "feature", "value"),
    [
        ("CPK declined from 12.480 to 640 U/l.", "ck_value", [12480, 640]),
        ("CK was 8.6 × 10³ U/L.", "ck_value", [8600]),
        ("Atorvastatin, which he had taken for 6 years, was stopped.", "statin_duration", ["P6Y"]),
        ("Patient 3 (male, 49 years) was weak.", "age_at_report", ["P49Y"]),
        ("A woman in her eighth decade was weak.", "age_at_report", ["P70Y/P79Y"]),
        ("This sexagenarian farmer was weak.", "age_at_report", ["P60Y/P69Y"]),
        ("An 11-year-6-month-old girl presented.", "age_at_report", ["P11Y6M"]),
        ("The modified Rankin scale score fell from 4 to 1.", "outcome_mrs", [1]),
        ("The modified Rankin scale score fell from 4 to 1.", "mrs_nadir", [4]),
        ("Strength was 4/5 at the hips and 3/5 at the shoulders. Neck flexion was 4/5.", "mrc_minimum", [3]),
        ("A type 2 diabetic man.", "comorbidities", [[{"id": "HP:0005978", "label": "Type II diabetes mellitus"}]]),
        (
            "He had gout. He also had asthma and gout.",
            "comorbidities",
            [[{"id": "HP:0001997", "label": "Gout"}, {"id": "HP:0002099", "label": "Asthma"}]],
        ),
    ],
)
def test_what_is_read(text: str, feature: str, value: list[object], rules: Lexicon) -> None:
    assert [each.value for each in suggestions([Piece("a", text)], rules) if each.feature == feature] == value
