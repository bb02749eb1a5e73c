"""When two readings agree, and what words a ruling needs."""

import pytest

from curation.codebook.rules import Value
from curation.errors import Invalid
from curation.review.rules import check_words, differences

YES, NO, SILENT = Value("present"), Value("excluded"), Value("not_reported")


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({"a": YES}, {"a": YES}, []),
        ({"a": YES, "b": NO}, {"a": NO, "b": YES}, ["a", "b"]),
        ({"a": YES}, {}, ["a"]),
        ({}, {"a": SILENT}, []),
        ({"a": Value("present", "P35Y")}, {"a": Value("present", "P36Y")}, ["a"]),
        ({"a": Value("present", 3, qualifiers={"side": "left"})}, {"a": Value("present", 3)}, ["a"]),
        ({"a": Value("present", 3, qualifiers={"unit": "kU/L"})}, {"a": Value("present", 3)}, []),
        ({"a": Value("not_reported", qualifiers={"scope": ["title"]})}, {}, []),
    ],
)
def test_differences(one: dict[str, Value], other: dict[str, Value], differ: list[str]) -> None:
    assert differences([one, other]) == differ


@pytest.mark.parametrize("words", ["", "  \n", "x" * 5001, "nul \0"])
def test_words_that_say_nothing_or_too_much(words: str) -> None:
    with pytest.raises(Invalid):
        check_words(words, field="note", refused="No.")


def test_words_are_trimmed() -> None:
    assert check_words(" Please look at figure 2. ", field="note", refused="No.") == "Please look at figure 2."
