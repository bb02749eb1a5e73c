"""Questions asked of the seed report: who answers them, and what proves it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from curation.cohorts import queries
from curation.errors import Invalid, NotFound
from curation.models import Article, Project
from curation.tests.cohorts.conftest import ASYMMETRIC, THE_QUESTION
from curation.tests.worlds import People

NOBODY = AnonymousUser()


def test_the_question_of_the_project_is_answered_with_its_evidence(report: Article, project: Project) -> None:
    answer = queries.ask(user=NOBODY, project=project, question=THE_QUESTION)
    assert (answer.patients, answer.among, answer.articles, answer.leaning, answer.open) == (1, 1, 1, 0, 0)
    (row,) = answer.rows
    symmetry, serostatus = (cells[0] for cells in row.cells)
    assert row.articles == [report]
    assert [column.slug for column in answer.columns] == ["weakness_symmetry", "serostatus_derived"]
    assert symmetry.finding.value == "asymmetric"
    assert "asymmetric" in symmetry.quotes[0].exact.lower()
    assert (serostatus.finding.value, serostatus.is_derived) == ("seronegative_incomplete", True)
    assert "serologic testings were all negative" in [quote.exact for quote in serostatus.quotes]


def test_silence_is_told_apart_from_absence(report: Article, project: Project) -> None:
    silent = queries.ask(user=NOBODY, project=project, question="dysphagia IS excluded")
    assert (silent.patients, silent.open) == (0, 1)
    not_known = queries.ask(user=NOBODY, project=project, question=f"{ASYMMETRIC} AND NOT dysphagia IS present")
    assert (not_known.patients, not_known.leaning, not_known.open) == (1, 1, 0)


def test_ages_and_articles(report: Article, project: Project) -> None:
    for text, patients in (
        ("age_at_report < 40 y", 1),
        ("age_at_report = P35Y AND age_at_onset <= 23 y", 1),
        ("age_at_report > 35 y", 0),
        ("article.year >= 2015 AND article.retracted = no", 1),
        ('article.publication_type = "Case Reports" AND article.pmid = 34829411', 1),
        ("article.year < 2015", 0),
    ):
        assert queries.ask(user=NOBODY, project=project, question=text).patients == patients, text


def test_facets_keep_silence_apart(report: Article, project: Project) -> None:
    answer = queries.ask(user=NOBODY, project=project, question="")
    by_slug = {facet.spec.slug: facet for facet in answer.facets}
    assert [choice.label for choice in by_slug["sex"].choices] == ["Male"]
    assert by_slug["age_at_report"].range_words == "35 years"
    assert "dysphagia" in [spec.slug for spec in answer.quiet]
    assert len(answer.columns) == queries.COLUMNS_UNASKED


def test_columns_can_be_chosen(report: Article, project: Project) -> None:
    answer = queries.ask(user=NOBODY, project=project, question=ASYMMETRIC, show=["sex", "weakness_symmetry", "nonsense"])
    assert [column.slug for column in answer.columns] == ["weakness_symmetry", "sex"]


def test_what_is_not_open_cannot_be_asked(private_project: Project, who: People) -> None:
    for user in (NOBODY, who.stranger, who.outsider):
        with pytest.raises(NotFound):
            queries.ask(user=user, project=private_project, question="")
    assert queries.ask(user=who.curator, project=private_project, question="").patients == 0


def test_what_cannot_be_understood_is_refused(report: Article, project: Project) -> None:
    with pytest.raises(Invalid) as refused:
        queries.ask(user=NOBODY, project=project, question="serostatus = seronegative_complete")
    (mark,) = refused.value.faults
    assert mark.where == "q[0:10]"
    assert "serostatus_derived" in mark.reason


def test_there_is_no_page_past_the_end(report: Article, project: Project) -> None:
    with pytest.raises(NotFound, match="1 page"):
        queries.ask(user=NOBODY, project=project, question="", page=2)
