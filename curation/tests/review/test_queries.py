"""What the room lays out for its pages: bounded, and cut to what the person may see."""

import pytest

from curation.annotation import actions as annotation
from curation.criteria.actions import load_rules
from curation.errors import NotAllowed, NotFound
from curation.models import Finding, Project, Reading
from curation.review import actions as review
from curation.review import queries
from curation.tests import seed, worlds
from curation.tests.worlds import People, fresh


def test_the_longest_waiting_comes_first(project: Project, who: People) -> None:
    articles = [worlds.included(project, worlds.an_article(pmid=n), who.moderator).article for n in (1, 2)]
    readings = [
        worlds.submitted(project, article, by) for article, by in zip(articles, (who.curator, who.moderator), strict=True)
    ]
    assert list(queries.submitted(who.moderator, project)) == readings


def test_the_queue_is_for_moderators(submitted: Reading, who: People) -> None:
    for person in (who.curator, who.curator2, who.stranger):
        with pytest.raises(NotAllowed):
            queries.submitted(person, submitted.project)
    with pytest.raises(NotFound):
        queries.reading_to_review(who.curator2, submitted.pk)


def test_a_moderator_who_still_reads_the_article_stays_blind(project: Project, who: People) -> None:
    pair = worlds.a_project(who, project.codebook_version, slug="pair", readers_required=2)
    article = worlds.included(pair, worlds.an_article(), who.moderator).article
    own = worlds.complete(pair, article, who.moderator)
    others = worlds.submitted(pair, article, who.curator)
    assert list(queries.submitted(who.moderator2, pair)) == [others]
    assert not queries.submitted(who.moderator, pair)
    with pytest.raises(NotFound):
        queries.reading_to_review(who.moderator, others.pk)
    annotation.submit(reading_id=own.pk, version=own.version, by=who.moderator)
    assert set(queries.submitted(who.moderator, pair)) == {others, fresh(own)}


def test_a_reading_is_laid_out_with_its_quotes_in_context(submitted: Reading, who: People) -> None:
    page = queries.reading_to_review(who.moderator, submitted.pk)
    (patient,) = page.patients
    lines = {line.answer.feature.slug: line for line in patient.lines}
    assert [(label, len(lines.told), len(lines.silent)) for label, lines in patient.groups()] == [
        ("Person", 2, 0),
        ("Weakness", 2, 1),
        ("Blood tests", 1, 0),
    ]
    assert (lines["age"].status, lines["age"].value) == ("Present", "35 years")
    (quote,) = lines["age"].quotes
    assert (quote.before, quote.evidence.exact, quote.after[:5]) == ("A ", "35-year-old", " male")
    marked = {each.section.key: [run.text for run in each.runs if run.marks] for each in page.sections}
    assert marked["abstract"][0] == "A "
    assert marked["title"] == []


def test_findings_are_cut_to_what_one_may_see(who: People, private_project: Project) -> None:
    article = worlds.included(private_project, worlds.an_article(), who.moderator).article
    worlds.decided(worlds.submitted(private_project, article, who.curator), who.moderator)
    assert queries.findings_of_article(who.curator, article).count() == 6
    assert not queries.findings_of_article(who.stranger, article).exists()
    with pytest.raises(NotFound):
        queries.finding_page(who.stranger, Finding.objects.first().pk)


def test_the_seed_report_is_published_with_what_follows_from_it(who: People) -> None:
    codebook = seed.the_codebook(who.administrator)
    load_rules(text=(seed.SEEDS / "rules" / "imnm.yaml").read_text(), codebook=codebook.codebook, by=who.administrator)
    project = worlds.a_project(who, codebook, slug="seed")
    article = worlds.included(project, seed.the_article(who.administrator), who.moderator).article
    seed.published(project=project, article=article, reader=who.curator, moderator=who.moderator)
    public = {finding.feature.slug: finding for finding in queries.findings_of_article(None, article)}
    assert public["weakness_symmetry"].value == "asymmetric"
    derived = public["serostatus_derived"]
    assert derived.value == "seronegative_incomplete"
    page = queries.finding_page(None, derived.pk)
    assert page.inputs
    assert any("all negative" in run.text for each in page.sections for run in each.runs if run.marks)
    statement = public["serology_author_statement"]
    review.retract(finding_id=statement.pk, version=statement.version, reason="A slip.", by=who.moderator)
    now = queries.findings_of_article(None, article).get(feature__slug="serostatus_derived")
    assert (now.pk, now.value) != (derived.pk, derived.value)
