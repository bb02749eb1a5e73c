"""Questions asked of a published report: who answers them, and what proves it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from curation.cohorts import queries
from curation.criteria.actions import load_rules
from curation.errors import Invalid, NotFound
from curation.models import Article, Project
from curation.tests import seed, worlds
from curation.tests.cohorts.conftest import ASYMMETRIC
from curation.tests.worlds import People

NOBODY = AnonymousUser()
SERONEGATIVE = "serostatus_derived IN (seronegative_complete, seronegative_incomplete)"


def test_the_seed_report_answers_the_question_it_was_read_for(who: People) -> None:
    codebook = seed.the_codebook(who.administrator)
    rules = (seed.SEEDS / "rules" / "imnm.yaml").read_text()
    load_rules(text=rules, codebook=codebook.codebook, by=who.administrator)
    project, report = worlds.a_project(who, codebook), seed.the_article(who.administrator)
    worlds.included(project, report, who.moderator)
    seed.published(project=project, article=report, reader=who.curator, moderator=who.moderator)

    answer = queries.ask(user=NOBODY, project=project, question=f"weakness_symmetry = asymmetric AND {SERONEGATIVE}")

    assert (answer.patients, answer.among, answer.articles, answer.leaning, answer.open) == (1, 1, 1, 0, 0)
    (row,) = answer.rows
    symmetry, serostatus = (cells[0] for cells in row.cells)
    assert row.articles == [report]
    assert [column.slug for column in answer.columns] == ["weakness_symmetry", "serostatus_derived"]
    assert (symmetry.finding.value, symmetry.is_derived) == ("asymmetric", False)
    assert "asymmetric" in symmetry.quotes[0].exact.lower()
    assert (serostatus.finding.value, serostatus.is_derived) == ("seronegative_incomplete", True)
    assert "serologic testings were all negative" in [quote.exact for quote in serostatus.quotes]


def test_silence_is_told_apart_from_absence(report: Article, project: Project) -> None:
    silent = queries.ask(user=NOBODY, project=project, question="side = right")
    assert (silent.patients, silent.open) == (0, 1)
    not_known = queries.ask(user=NOBODY, project=project, question=f"{ASYMMETRIC} AND NOT side = right")
    assert (not_known.patients, not_known.leaning, not_known.open) == (1, 1, 0)


@pytest.mark.parametrize(
    ("text", "patients"),
    [
        ("", 1),
        ("age < 40 y", 1),
        ("age = P35Y", 1),
        ("age > 35 y", 0),
        ("ck > 5000 AND ck <= 5320", 1),
        ("sex != female AND weakness IS present", 1),
        ("regions IS not_reported", 1),
        ("article.pmid = 34829411 AND article.retracted = no", 1),
        ("article.year < 2015", 0),
    ],
)
def test_each_kind_of_condition(report: Article, project: Project, text: str, patients: int) -> None:
    assert queries.ask(user=NOBODY, project=project, question=text).patients == patients


def test_facets_keep_silence_apart(report: Article, project: Project) -> None:
    answer = queries.ask(user=NOBODY, project=project, question="", show=["regions"])
    by_slug = {facet.spec.slug: facet for facet in answer.facets}
    assert [choice.label for choice in by_slug["sex"].choices] == ["Male"]
    assert by_slug["sex"].choices[0].question == "sex = male"
    assert by_slug["age"].range_words == "35 years"
    assert by_slug["ck"].range_words == "5,320 U/L"
    assert "regions" in [spec.slug for spec in answer.quiet]


def test_columns_can_be_chosen(report: Article, project: Project) -> None:
    answer = queries.ask(user=NOBODY, project=project, question=ASYMMETRIC, show=["sex", "symmetry", "nonsense"])
    assert [column.slug for column in answer.columns] == ["symmetry", "sex"]


def test_what_is_not_open_cannot_be_asked(private_project: Project, who: People) -> None:
    for user in (NOBODY, who.stranger, who.outsider):
        with pytest.raises(NotFound):
            queries.ask(user=user, project=private_project, question="")
    assert queries.ask(user=who.curator, project=private_project, question="").patients == 0


def test_what_is_only_submitted_is_not_counted(project: Project, article: Article, who: People) -> None:
    worlds.included(project, article, who.moderator)
    worlds.submitted(project, article, who.curator)
    assert queries.ask(user=who.curator, project=project, question="").among == 0


def test_what_cannot_be_understood_is_refused(report: Article, project: Project) -> None:
    with pytest.raises(Invalid) as refused:
        queries.ask(user=NOBODY, project=project, question="symetry = asymmetric")
    (mark,) = refused.value.faults
    assert mark.where == "q[0:7]"
    assert "did you mean symmetry" in mark.reason


def test_there_is_no_page_past_the_end(report: Article, project: Project) -> None:
    with pytest.raises(NotFound, match="1 page"):
        queries.ask(user=NOBODY, project=project, question="", page=2)
