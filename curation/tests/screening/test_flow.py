"""The PRISMA flow: every number from the facts, and the same as the list behind it."""

import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
from django.test import Client
from django.utils.html import escape

from curation import tasks
from curation.articles import actions as imports
from curation.audit import acting
from curation.choices import FullText
from curation.errors import NotAllowed, NotFound
from curation.models import Article, Patient, PatientReport, Project, Screening
from curation.screening import actions as screening
from curation.screening import drawing, flow, report
from curation.tests import worlds
from curation.tests.records import a_record
from curation.tests.worlds import People, fresh

NO_CASE, NO_DATA = "Not a case report", "No patient data"


def numbers(user: worlds.User, project: Project) -> dict[str, int]:
    return {line.label: line.number for _, line in flow.flow(user, project).lines}


def a_file(project: Project, by: worlds.User, *pmids: int) -> None:
    records = "".join(a_record(pmid) for pmid in pmids)
    refused = "<PubmedArticle><MedlineCitation><PMID>7</PMID></MedlineCitation></PubmedArticle>"
    stream = BytesIO(f"<PubmedArticleSet>{records}{refused}</PubmedArticleSet>".encode())
    tasks.run_batch(imports.open_batch_of_file(project=project, name=f"{pmids}.xml", stream=stream, by=by).pk)


def exclude(row: Screening, reason: str, by: worlds.User) -> None:
    screening.exclude(screening_id=row.pk, version=fresh(row).version, reason=reason, by=by)


def include(row: Screening, by: worlds.User) -> None:
    screening.include(screening_id=row.pk, version=fresh(row).version, by=by)


def test_where_records_came_from(project: Project, who: People, tmp_path: object, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    a_file(project, who.moderator, 1, 2)
    a_file(project, who.moderator, 2, 3)
    worlds.to_screen(project, worlds.an_article(pmid=9), who.moderator)
    told = numbers(who.curator, project)
    assert told["Records identified"] == 7
    assert (told["Files of records"], told["Entered otherwise"], told["Duplicates"]) == (4, 1, 1)
    assert told["Records removed before screening"] == 3
    assert told["Could not be read, or withdrawn from PubMed"] == 2
    assert (told["Still to be screened"], told["Records screened"]) == (4, 0)
    behind = [row.article.pmid for row in flow.articles_in(who.curator, project, "duplicates")]
    assert behind == [2]
    assert flow.articles_in(who.curator, project, "source", "files").count() == 3
    assert flow.articles_in(who.curator, project, "source", "otherwise").count() == 1


@pytest.fixture
def flowing(project: Project, who: People) -> Project:
    """Seven: one waits, two are excluded, one later; of three included one is withheld, one not fetched, one is read."""
    rows = [worlds.to_screen(project, worlds.an_article(pmid=n), who.moderator) for n in range(1, 8)]
    exclude(rows[1], NO_CASE, who.moderator)
    exclude(rows[2], NO_DATA, who.moderator)
    for row in rows[3:]:
        include(row, who.moderator)
    exclude(rows[3], NO_CASE, who.moderator)
    Article.objects.filter(pk=rows[4].article_id).update(full_text=FullText.WITHHELD)
    worlds.decided(worlds.submitted(project, rows[6].article, who.curator), who.moderator)
    return project


def test_each_number(flowing: Project, who: People) -> None:
    told = [(line.box or line.label, line.detail, line.number) for _, line in flow.flow(who.curator, flowing).lines]
    assert told[4:] == [
        ("refused", "", 0),
        ("screened", "", 6),
        ("waiting", "", 1),
        ("excluded", "", 2),
        ("excluded", NO_DATA, 1),
        ("excluded", NO_CASE, 1),
        ("sought", "", 4),
        ("not_retrieved", "", 2),
        ("not_retrieved", "withheld", 1),
        ("not_retrieved", "unfetched", 1),
        ("assessed", "", 2),
        ("excluded_later", "", 1),
        ("excluded_later", NO_CASE, 1),
        ("Studies included in review", "", 1),
        ("included", "", 1),
        ("patients", "", 1),
    ]


def test_each_number_is_that_of_its_list(flowing: Project, who: People) -> None:
    for _, line in flow.flow(who.curator, flowing).lines:
        if line.box not in ("", "patients", "refused"):
            assert flow.articles_in(who.curator, flowing, line.box, line.detail).count() == line.number, line


def test_what_was_included_and_reopened_waits_again(flowing: Project, who: People) -> None:
    row = Screening.objects.get(article__pmid=4)
    screening.reopen(screening_id=row.pk, version=row.version, by=who.moderator)
    told = numbers(who.curator, flowing)
    assert (told["Still to be screened"], told["Reports sought for retrieval"], told["Reports excluded"]) == (2, 3, 0)
    exclude(row, NO_DATA, who.moderator)
    assert numbers(who.curator, flowing)["Reports excluded"] == 1


def test_two_reports_of_one_patient_are_one_study(flowing: Project, who: People) -> None:
    second = Screening.objects.get(article__pmid=6)
    Article.objects.filter(pk=second.article_id).update(full_text=FullText.KEPT)
    with acting(by=who.moderator, verb="patient.add"):
        PatientReport.objects.create(patient=Patient.objects.get(), article=second.article)
    told = numbers(who.curator, flowing)
    assert (told["Studies included in review"], told["Reports of included studies"]) == (1, 2)


def test_only_members_see_it(flowing: Project, who: People) -> None:
    with pytest.raises(NotAllowed):
        flow.flow(who.outsider, flowing)
    with pytest.raises(NotAllowed):
        flow.articles_in(who.stranger, flowing, "excluded")
    with pytest.raises(NotFound):
        flow.articles_in(who.curator, flowing, "nobody's")
    with pytest.raises(NotFound):
        flow.articles_in(who.curator, flowing, "source", "a friend")


def test_the_figure_is_sound_and_links(flowing: Project, who: People) -> None:
    worlds.set_up(flowing, who.moderator, exclusion_reasons=["<b>&\"no\" 'case'", NO_CASE])
    exclude(Screening.objects.get(article__pmid=1), "<b>&\"no\" 'case'", who.moderator)
    drawn = report.svg(flow.flow(who.curator, flowing), "https://site.example")
    figure = ET.fromstring(drawn)
    links = [each.get("href") for each in figure.iter("{http://www.w3.org/2000/svg}a")]
    assert "https://site.example/projects/imnm/screening/decisions/?box=included" in links
    assert "style=" not in drawn
    assert escape("<b>") in drawn


def test_the_table_as_a_file(client: Client, flowing: Project, who: People) -> None:
    client.force_login(who.curator)
    answer = client.get("/projects/imnm/flow.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="imnm-flow.csv"'
    assert f"Screening,{NO_DATA},1,excluded,{NO_DATA}" in answer.content.decode()
    assert client.get("/projects/imnm/flow.doc").status_code == 404
    assert client.get("/projects/imnm/flow.svg")["Content-Type"] == "image/svg+xml; charset=utf-8"


def test_the_page_lists_what_the_flow_counts(client: Client, flowing: Project, who: People) -> None:
    client.force_login(who.curator)
    page = client.get("/projects/imnm/screening/decisions/?box=not_retrieved&detail=withheld").content.decode()
    assert "Reports not retrieved: Full text withheld by licence" in page
    assert "PMID 5" in page
    assert client.get("/projects/imnm/screening/decisions/?box=excluded&detail=%00").status_code == 200
    assert client.get("/projects/imnm/screening/decisions/?box=nothing").status_code == 404


def test_by_api(client: Client, flowing: Project, who: People) -> None:
    lines = client.get("/api/v1/projects/imnm/flow", headers={"Authorization": worlds.token_of(who.curator, "read")}).json()
    screened = next(line for line in lines if line["box"] == "screened")
    assert screened["number"] == 6
    assert screened["articles"].endswith("/projects/imnm/screening/decisions/?box=screened")


def test_long_words_are_wrapped() -> None:
    drawn = drawing.svg("Flow", "", [drawing.Step("Screening", [drawing.Said("word " * 30, 1_234)])])
    assert "(n = 1,234)" in drawn
    assert drawn.count("<tspan") == 4
