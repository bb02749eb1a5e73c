"""A new version says what became of the one before, or is not loaded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from curation.codebook.actions import load_codebook
from curation.errors import Invalid
from curation.models import CodebookVersion
from curation.tests.codebook.versions import CHANGES, EVERY_KIND, KATAL, edited, options
from curation.tests.worlds import SMALL_CODEBOOK, People

IMNM = Path(settings.BASE_DIR) / "seeds" / "codebooks" / "imnm.yaml"


def faults_of(text: str, by: People) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        load_codebook(text=text, by=by.administrator)
    return [str(fault) for fault in refusal.value.faults]


SEX = {"sex": {"options": options("f", "male")}}
UNIT = {"ck": {"unit": KATAL}}


@pytest.mark.parametrize(
    ("changes", "edits", "reason"),
    [
        ([{"feature": "colour", "removed": "?"}], {}, "1.0.0 has no feature “colour”"),
        ([{"feature": "sex", "to": "gender"}], {}, "goes to “gender”, which this version does not have"),
        ([{"feature": "sex", "to": "serostatus"}], {}, "goes to “serostatus”, which a rule derives"),
        ([{"feature": "serostatus", "removed": "?"}], {}, "is derived by a rule"),
        ([], {"remark": None}, "change of remark: is gone; say what it is now"),
        ([], SEX, "its option “female” is gone; say under “options” what it is now"),
        ([{"feature": "sex", "options": {"female": "woman"}}], SEX, "“woman” is no option of sex"),
        ([{"feature": "sex", "options": {"woman": "f"}, "lost": ["female"]}], SEX, "“woman” was no option of it"),
        ([], UNIT, "its unit was U/L and is µkat/L; say by which “factor”"),
        ([{"feature": "ck", "factor": 60}], UNIT, "1 U/L is 0.01666666667 µkat/L, not 60"),
        ([{"feature": "ck", "factor": 0}], UNIT, "must be more than nothing"),
        ([{"feature": "sex", "factor": 2}], {}, "has a factor, but is a choice"),
        ([], {"remark": {"value_type": "time"}}, "was a text and is a time; say “person” and why"),
        ([{"feature": "sex", "removed": "a", "person": "b"}], {}, "choose one"),
        ([{"feature": "sex", "removed": "a"}, {"feature": "sex", "removed": "b"}], {}, "is named twice"),
        ([{"feature": "sex", "to": ["sex", "age"], "lost": ["male"]}], {}, "was split; its options"),
    ],
)
def test_what_does_not_fit_is_refused(
    changes: list[dict[str, Any]], edits: Mapping[str, Any], reason: str, codebook: CodebookVersion, who: People
) -> None:
    assert any(reason in fault for fault in faults_of(edited(edits, changes), who))
    assert CodebookVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("[1]", "must be a mapping"),
        ("{since: 1.0.0}", "“features” is missing"),
        ("{since: one, features: []}", "three numbers"),
        ("{since: 1.0.0, features: [{to: sex}]}", "“feature” is missing"),
        ("{since: 1.0.0, features: [{feature: sex, to: [1]}]}", "is not text"),
        ("{since: 1.0.0, features: [{feature: sex, options: [a]}]}", "a mapping of old options to new ones"),
        ("{since: 1.0.0, features: [{feature: sex, options: {a: 1}}]}", "is not text"),
        ("{since: 1.0.0, features: [{feature: sex, becomes: x}]}", "unknown name “becomes”"),
        ("{since: 0.9.0, features: []}", "no version 0.9.0 of “imnm” is loaded"),
    ],
)
def test_a_malformed_mapping_is_refused_with_its_line(told: str, reason: str, codebook: CodebookVersion, who: People) -> None:
    text = SMALL_CODEBOOK.read_text().replace("version: 1.0.0", f"version: 1.1.0\nchanges: {told}")
    (fault,) = [fault for fault in faults_of(text, who) if reason in fault]
    assert fault.startswith("line 5")


def test_a_whole_mapping_is_loaded(codebook: CodebookVersion, who: People) -> None:
    assert str(load_codebook(text=edited(EVERY_KIND, CHANGES), by=who.administrator)) == "imnm 1.1.0"


def test_the_real_codebook_takes_a_mapping(who: People) -> None:
    load_codebook(text=IMNM.read_text(), by=who.administrator)
    edits = {"ck_value": {"unit": KATAL}, "case_kind": {"options": options("single", "series_member", "cohort_row")}}
    assert len(faults_of(edited(edits, [], source=IMNM), who)) == 2
    told = [{"feature": "ck_value", "factor": 1 / 60}, {"feature": "case_kind", "options": {"image_case": "single"}}]
    assert str(load_codebook(text=edited(edits, told, source=IMNM), by=who.administrator)) == "imnm 1.1.0"
