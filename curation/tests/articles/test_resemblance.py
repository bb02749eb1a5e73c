"""Two reports of the same patient: pointed out with reasons, and not where it is somebody else."""

import pytest

from curation.articles import resemblance
from curation.articles.resemblance import Report

AUTHORS = (
    {"last_name": "Park", "initials": "S", "affiliations": [{"text": "Dept of Neurology, Hospital A, Seoul, 03080 Korea."}]},
)
OTHERS = ({"last_name": "Rossi", "initials": "M", "affiliations": []},)
TITLE = "Asymmetric limb weakness in necrotizing myopathy: a case report"
MAN = "A 35-year-old Korean man presented with weakness."


def a_report(title: str = TITLE, text: str = MAN, authors: tuple[dict[str, object], ...] = AUTHORS) -> Report:
    return resemblance.report(title=title, text=text, authors=authors)


def test_the_reasons_are_named() -> None:
    alike = resemblance.compare(a_report(), a_report(title="Asymmetric necrotizing myopathy with limb weakness, followed up"))
    assert alike
    assert alike.reasons == (
        "shared authors: Park S",
        "shared affiliation: dept of neurology, hospital a",
        "male, aged 35",
        "words of the title: asymmetric, limb, myopathy, necrotizing, weakness",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [("A 36-yr-old male was seen.", "male, aged 35 and 36"), ("A man aged 35 was seen.", "male, aged 35")],
)
def test_a_birthday_between_two_reports(text: str, said: str) -> None:
    alike = resemblance.compare(a_report(), a_report(title="Biopsy findings", text=text))
    assert alike
    assert said in alike.reasons


@pytest.mark.parametrize("text", ["A 35-year-old woman.", "A 62-year-old man."])
def test_somebody_else_is_never_pointed_out(text: str) -> None:
    assert resemblance.compare(a_report(), a_report(text=text)) is None


def test_another_group_is_not_pointed_out() -> None:
    assert resemblance.compare(a_report(), a_report(authors=OTHERS)) is None


def test_the_same_group_alone_is_not_enough() -> None:
    assert resemblance.compare(a_report(), a_report(title="Stroke in the young", text="No age is given.")) is None


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("A 12-year history in a man.", set()),
        ("Twins: a 3 year old girl and a 5-year-old boy", {(3, "female"), (5, "male")}),
        ("a 62 y/o lady", {(62, "female")}),
        ("", set()),
    ],
)
def test_of_whom_a_text_speaks(text: str, people: set[tuple[int, str]]) -> None:
    assert a_report(title="", text=text).people == people


def test_a_record_without_authors_resembles_nothing() -> None:
    assert resemblance.compare(a_report(authors=()), a_report(authors=())) is None
