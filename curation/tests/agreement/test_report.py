"""The report over real readings: what counts, what is behind a number, who may see it and when."""

import csv
import io

import pytest
from django.test import Client
from rest_framework.test import APIClient

from curation.agreement import queries, table
from curation.annotation import actions as annotation
from curation.errors import NotAllowed
from curation.models import Article, CodebookVersion, Notice, Project, Reading
from curation.tests import worlds
from curation.tests.worlds import People


@pytest.fixture
def double(who: People, codebook: CodebookVersion) -> Project:
    return worlds.a_project(who, codebook, slug="double", readers_required=2)


@pytest.fixture
def both(double: Project, article: Article, who: People) -> list[Reading]:
    """Two readings of one article; the readers differ on the symmetry, and only one of them remarks on something."""
    worlds.included(double, article, who.moderator)
    one = worlds.complete(double, article, who.curator)
    other = worlds.complete(double, article, who.curator2)
    differing = other.annotations.get(feature__slug="symmetry")
    annotation.change(annotation_id=differing.pk, version=differing.version, status="present", value="symmetric", by=who.curator2)
    worlds.answered(one, "remark", "present", "Seen once only")
    for reading, by in ((one, who.curator), (other, who.curator2)):
        annotation.submit(reading_id=reading.pk, version=worlds.fresh(reading).version, by=by)
    return [one, other]


def test_units_missing_ratings_and_disagreements_are_told_apart(both: list[Reading], double: Project, who: People) -> None:
    report = queries.report(who.moderator, double)
    by_feature = {row.key: row for row in report.features}
    assert (report.articles, len(report.readers)) == (1, 2)
    assert (by_feature["sex"].units, by_feature["sex"].differing, by_feature["sex"].coefficients["percent"].value) == (1, 0, 1.0)
    assert (by_feature["symmetry"].units, by_feature["symmetry"].differing) == (1, 1)
    assert by_feature["symmetry"].coefficients["percent"].value == 0.0
    assert (by_feature["remark"].units, by_feature["remark"].missing) == (0, 1)
    assert by_feature["remark"].coefficients["percent"].value is None
    assert report.whole.units == sum(row.units for row in report.features) == sum(row.units for row in report.groups)
    assert [row.label for row in report.pairs] == [" · ".join(map(str, (who.curator, who.curator2)))]


def test_behind_a_number_are_its_disagreements(both: list[Reading], double: Project, who: People) -> None:
    (behind,) = queries.disagreements(who.moderator, double, feature="symmetry")
    assert {words for _, words, _ in behind.sides} == {"Present Symmetric", "Present Asymmetric, both sides"}
    (missing,) = queries.disagreements(who.moderator, double, feature="remark")
    assert [words for _, words, _ in missing.sides][1] == ""
    assert queries.disagreements(who.moderator, double, feature="sex") == []
    pair = queries.report(who.moderator, double).pairs[0].key
    assert len(queries.disagreements(who.moderator, double, pair=pair)) == 2
    assert queries.disagreements(who.moderator, double, feature="nothing") == []


def test_an_article_counts_only_once_both_have_submitted(double: Project, article: Article, who: People) -> None:
    worlds.included(double, article, who.moderator)
    worlds.submitted(double, article, who.curator)
    worlds.started(double, article, who.curator2)
    assert queries.report(who.moderator, double).articles == 0


def test_a_moderator_who_reads_the_article_too_stays_blind(double: Project, article: Article, who: People) -> None:
    worlds.included(double, article, who.moderator)
    worlds.started(double, article, who.moderator)
    worlds.submitted(double, article, who.curator)
    assert queries.report(who.moderator, double).articles == 0


def test_readers_do_not_see_it(both: list[Reading], double: Project, who: People) -> None:
    for person in (who.curator, who.administrator):
        with pytest.raises(NotAllowed):
            queries.report(person, double)


def test_page_file_and_endpoint_say_the_same(both: list[Reading], double: Project, who: People, client: Client) -> None:
    client.force_login(who.moderator)
    page = client.get("/projects/double/agreement/").content.decode()
    assert "Agreement of blind readers" in page
    assert "Symmetry of weakness" in page
    listed = client.get("/projects/double/agreement/disagreements/?feature=symmetry").content.decode()
    assert "Asymmetric, both sides" in listed
    file = b"".join(client.get("/projects/double/agreement/table.csv").streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(file)))
    symmetry = next(row for row in rows if row["key"] == "symmetry")
    assert (symmetry["level"], symmetry["units"], symmetry["disagreements"], symmetry["percent"]) == ("feature", "1", "1", "0")
    api = APIClient()
    api.force_authenticate(who.moderator)
    told = api.get("/api/v1/projects/double/agreement").json()
    assert next(row for row in told["features"] if row["key"] == "symmetry")["coefficients"]["percent"]["value"] == 0.0
    (behind,) = api.get("/api/v1/projects/double/disagreements?feature=symmetry").json()
    assert set(behind["words"]) == {"Present Symmetric", "Present Asymmetric, both sides"}


def test_the_file_names_articles_called_in_doubt(both: list[Reading], double: Project, who: People) -> None:
    article = both[0].article
    Notice.objects.create(article=article, position=1, kind="RetractionIn", source="J. 2026", pmid=1)
    *_, last = csv.DictReader(io.StringIO("".join(table.lines(queries.report(who.moderator, double)))))
    assert (last["level"], last["key"], last["label"], last["units"]) == ("questioned", str(article), article.title, "")


def test_where_there_is_nothing_yet_the_page_says_so(double: Project, who: People, client: Client) -> None:
    client.force_login(who.moderator)
    assert "No article has two submitted readings yet" in client.get("/projects/double/agreement/").content.decode()
    assert "or the readers agree" in client.get("/projects/double/agreement/disagreements/").content.decode()


def test_the_number_of_queries_does_not_grow(
    both: list[Reading], double: Project, who: People, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        queries.report(who.moderator, double)


def test_articles_called_in_doubt_are_named(both: list[Reading], double: Project, who: People, client: Client) -> None:
    assert not queries.report(who.moderator, double).questioned
    Notice.objects.create(article=both[0].article, position=1, kind="ErratumIn", source="J. 2026", pmid=99)
    assert queries.report(who.moderator, double).questioned == [both[0].article]
    client.force_login(who.moderator)
    assert "called in doubt since" in client.get(f"/projects/{double.slug}/agreement/").content.decode()
