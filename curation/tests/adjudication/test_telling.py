"""What a reader is told of an adjudication, and where it says that they were corrected."""

from curation.adjudication import actions
from curation.notices import queries
from curation.review import corrections
from curation.tests.adjudication.conftest import Case


def corrected(case: Case, reader: object) -> list[tuple[str, str, str, str]]:
    rows = corrections.told(corrections.corrected(reader))  # type: ignore[arg-type]
    return [(each.mine, each.now, each.how, each.why) for each in rows]


def test_whoever_was_not_followed_is_told_once_and_reads_why(case: Case) -> None:
    case.decide("age", reason="Figure 2 says so.")
    case.decide("ck", "neither", reason="Of another day.")
    assert not corrected(case, case.other.curator), "nothing before it is published"
    case.act(actions.publish, reason="Done.")
    assert sorted(corrected(case, case.other.curator)) == [
        ("Present 36 years", "Present 35 years", "One reading is followed", "Figure 2 says so."),
        ("Present 5,200 U/L", "", "Neither: not published", "Of another day."),
    ]
    assert [each[2] for each in corrected(case, case.one.curator)] == ["Neither: not published"]
    for reader in (case.one.curator, case.other.curator):
        (notice,) = queries.told(reader, queries.in_full(queries.notices(reader, kind="corrected")))
        assert "in part otherwise than you recorded it" in notice.sentence


def test_what_stays_indeterminate_corrects_both_and_what_agrees_nobody(case: Case) -> None:
    case.decide("age", "indeterminate", reason="It cannot be told.")
    case.decide("ck")
    case.act(actions.publish)
    assert [each[2] for each in corrected(case, case.one.curator)] == ["Indeterminate"]
    assert len(corrected(case, case.other.curator)) == 2


def test_the_same_in_other_words_is_no_correction(case: Case) -> None:
    case.back(case.other, age="420 months", ck="5.32 kU/L")
    case.act(actions.publish)
    assert not corrected(case, case.one.curator)
    assert not corrected(case, case.other.curator)
    assert not queries.notices(case.other.curator, kind="corrected").exists()
