"""What the page of a re-opened article tells, and what a reader is told of what was decided against them."""

from curation.adjudication import actions
from curation.adjudication.changes import since
from curation.review import corrections
from curation.tests.adjudication.conftest import Case
from curation.tests.worlds import User


def told(case: Case) -> list[tuple[str, str, str, str]]:
    return [(change.feature.slug, change.who, change.then, change.now) for change in since(case.desk())]


def corrected(user: User) -> dict[str, tuple[str, str]]:
    return {each.annotation.feature.slug: (each.mine, each.now) for each in corrections.told(corrections.corrected(user))}


def test_what_changed_since_it_was_published(case: Case) -> None:
    assert told(case) == []
    case.settle()
    case.act(actions.publish)
    case.act(actions.reopen, reason="An erratum came.")
    assert told(case) == []
    case.back(case.other, age="P37Y", sex="female")
    assert told(case) == [
        ("sex", "The curator2", "Present Male", "Present Female"),
        ("age", "The curator2", "Present 36 years", "Present 37 years"),
    ]
    case.decide("age", reading_id=case.other.pk)
    assert told(case)[-1] == ("age", "The moderator", "Present 35 years", "Present 37 years")


def test_a_reader_is_told_what_was_decided_against_them(case: Case) -> None:
    case.back(case.one, sex="female")
    case.back(case.other, sex="female", age="432 months")
    case.decide("age")
    case.decide("ck", "neither", reason="Of another patient.")
    assert corrected(case.other.curator) == {}
    case.act(actions.publish)
    assert corrected(case.one.curator) == {"ck": ("Present 5,320 U/L", "")}
    assert corrected(case.other.curator) == {
        "age": ("Present 432 months", "Present 35 years"),
        "ck": ("Present 5,200 U/L", ""),
    }


def test_the_same_in_other_words_is_no_correction(case: Case) -> None:
    case.back(case.other, age="420 months", ck=5320)
    case.act(actions.publish)
    assert corrected(case.one.curator) == corrected(case.other.curator) == {}


def test_indeterminate_is_a_correction_of_both(case: Case) -> None:
    case.decide("age", "indeterminate")
    case.decide("ck")
    case.act(actions.publish)
    assert "age" in corrected(case.one.curator)
    assert "age" in corrected(case.other.curator)
