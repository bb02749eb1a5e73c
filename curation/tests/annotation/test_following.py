"""Evidence after its text was published anew: it follows where its words stand once, and is marked where they do not."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from curation import tasks
from curation.annotation import actions as annotation
from curation.annotation.answers import reading_to_show
from curation.annotation.workspace import workspace
from curation.articles import actions as articles
from curation.articles import store
from curation.articles.records import Passage
from curation.choices import EvidenceState, SectionKind
from curation.models import Article, Evidence, Reading, Section
from curation.tests import worlds
from curation.tests.articles.fulltexts import a_bucket, a_full_text, fetched
from curation.tests.records import a_record
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db

QUOTE = "weakness of the left leg"
FIRST = Passage("body.1", "body", 100, "He had weakness of the left leg. No rash.", "<p>…</p>", label="Case")


def rewrite(article: Article, *texts: str) -> None:
    """The body published anew, one section a text."""
    passages = [replace(FIRST, key=f"body.{n}", text=text, html=text) for n, text in enumerate(texts, 1)]
    store.store_passages(article.pk, passages, [SectionKind.BODY])


@pytest.fixture
def uploads(settings: SimpleNamespace, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def quoted(started: Reading, who: People) -> Evidence:
    """A quote from the body of the article."""
    store.store_passages(started.article_id, [FIRST], [SectionKind.BODY])
    section = Section.objects.current().get(article=started.article, key="body.1")
    answer = annotation.record(
        reading_id=started.pk,
        patient_id=started.patients.get().pk,
        feature_slug="weakness",
        status="present",
        quotes=[annotation.Quote(section.pk, QUOTE)],
        by=who.curator,
    )
    return answer.evidence.get()


def followed(evidence: Evidence, who: People) -> Evidence:
    article = evidence.section.article_id
    annotation.follow_text(article_ids=[article], by=who.curator)
    assert annotation.follow_text(article_ids=[article], by=who.curator) == 0  # again it changes nothing
    return Evidence.objects.select_related("section").get(pk=evidence.pk)


def stands(evidence: Evidence) -> bool:
    return evidence.section.text[evidence.start : evidence.end] == evidence.exact


def test_words_found_once_in_their_own_section_are_followed(quoted: Evidence, who: People) -> None:
    rewrite(quoted.section.article, f"Today he has {QUOTE}, and no rash.", f"Discussion: {QUOTE} is rare.")
    found = followed(quoted, who)
    assert (found.state, found.section.key, found.section.version) == (EvidenceState.ANCHORED, "body.1", 2)
    assert stands(found)
    assert (found.prefix, found.suffix) == ("Today he has ", ", and no rash.")


def test_words_that_went_to_another_section_are_followed(quoted: Evidence, who: People) -> None:
    rewrite(quoted.section.article, "Introduction.", f"He had {QUOTE}.")
    found = followed(quoted, who)
    assert (found.state, found.section.key, stands(found)) == (EvidenceState.ANCHORED, "body.2", True)


def test_words_found_twice_are_left_to_a_curator(quoted: Evidence, who: People) -> None:
    rewrite(quoted.section.article, f"{QUOTE}, really {QUOTE}")
    found = followed(quoted, who)
    assert (found.state, found.section_id) == (EvidenceState.MOVED, quoted.section_id)
    assert stands(found)


def test_words_that_are_gone_are_an_orphan_until_they_come_back(quoted: Evidence, who: People) -> None:
    rewrite(quoted.section.article, "Another case.")
    assert followed(quoted, who).state == EvidenceState.ORPHAN
    rewrite(quoted.section.article, f"Again {QUOTE}.")
    found = followed(quoted, who)
    assert (found.state, found.section.is_current) == (EvidenceState.ANCHORED, True)


def test_evidence_in_its_place_is_left_alone(quoted: Evidence, who: People) -> None:
    assert annotation.follow_text(article_ids=[quoted.section.article_id], by=who.curator) == 0


def test_what_would_meet_the_same_quote_is_left_to_a_curator(quoted: Evidence, who: People) -> None:
    rewrite(quoted.section.article, f"Now {QUOTE}.")
    section = Section.objects.current().get(article=quoted.section.article, key="body.1")
    answer = quoted.annotation
    annotation.add_evidence(
        annotation_id=answer.pk,
        version=answer.version,
        quote=annotation.Quote(section.pk, QUOTE),
        by=who.curator,
    )
    assert followed(quoted, who).state == EvidenceState.MOVED


def test_a_full_text_published_anew_shows_the_curator_what_lost_its_place(
    who: People, started: Reading, client: Client, uploads: Path
) -> None:
    article = started.article
    Article.objects.filter(pk=article.pk).update(pmcid="PMC7")
    article.refresh_from_db()
    with a_bucket() as bucket:
        bucket.put("PMC7", a_full_text())
        fetched(article, who.administrator)
        section = Section.objects.current().get(article=article, key="body.2")
        annotation.record(
            reading_id=started.pk,
            patient_id=started.patients.get().pk,
            feature_slug="weakness",
            status="present",
            quotes=[annotation.Quote(section.pk, QUOTE)],
            by=who.curator,
        )
        bucket.put("PMC7", a_full_text(case="He was well."))
        fetched(article, who.administrator)
    assert [e.exact for e in workspace(who.curator, reading_to_show(who.curator, started.pk)).displaced] == [QUOTE]
    client.force_login(who.curator)
    page = client.get(f"/readings/{started.pk}/").content.decode()
    assert "1 quote lost its place" in page
    assert "Earlier wording" in page
    assert "No longer found" in page


def test_an_abstract_that_pubmed_changed_is_followed(who: People, submitted: Reading, uploads: Path) -> None:
    before = Evidence.objects.count()
    changed = worlds.ABSTRACT.replace("A 35-year-old male", "The 35-year-old male")
    record = a_record(submitted.article.pmid, title=worlds.TITLE, abstract=changed)
    file = BytesIO(f"<PubmedArticleSet>{record}</PubmedArticleSet>".encode())
    batch = articles.open_batch_of_file(project=None, name="x.xml", stream=file, by=who.administrator)
    tasks.run_batch(batch.pk)
    states = list(Evidence.objects.values_list("state", flat=True))
    assert (len(states), states.count(EvidenceState.ORPHAN)) == (before, 1)
