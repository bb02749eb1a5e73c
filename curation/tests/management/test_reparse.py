"""Kept sources read again: only what has changed is written, in parts that can be taken up again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from curation import tasks
from curation.articles import actions, jats, parsing, store
from curation.errors import Invalid, NotAllowed
from curation.models import Article, AuditEvent, Project, Reading, Section
from curation.screening import actions as screening
from curation.tests import worlds
from curation.tests.articles.conftest import samples, uploads
from curation.tests.articles.fulltexts import a_bucket, a_full_text, fetched
from curation.tests.articles.pictures import a_picture
from curation.tests.records import a_record, taken_in, taken_in_file
from curation.tests.standin.bucket import Bucket
from curation.tests.worlds import People, fresh

__all__ = ["samples", "uploads"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(uploads: Path) -> Iterator[Bucket]:
    with a_bucket() as server:
        yield server


def all_sections() -> list[dict[str, object]]:
    return list(Section.objects.order_by("pk").values())


def test_nothing_changes_while_the_parser_does_not(samples: dict[str, bytes], who: People) -> None:
    for data in samples.values():
        taken_in_file(data)
    before = all_sections(), list(Article.objects.order_by("pk").values("pk", "updated_at"))
    part = actions.reparse(by=who.administrator)
    assert part is not None
    assert (part.seen, part.changed, part.refused) == (Article.objects.count(), [], {})
    assert (all_sections(), list(Article.objects.order_by("pk").values("pk", "updated_at"))) == before


def test_what_an_older_parser_left_out_comes_in(who: People) -> None:
    first, second = taken_in(a_record(1), a_record(2, notice="ErratumIn"))
    Article.objects.filter(pk=first.pk).update(journal_abbrev="", authors=[])
    Section.objects.filter(article=second, key="abstract").update(text="Tex", sha256="0")
    second.notices.all().delete()
    fetched_at = first.sources.get().fetched_at
    part = actions.reparse(by=who.administrator)
    assert part is not None
    assert part.changed == [first.pk, second.pk]
    first.refresh_from_db()
    assert (first.journal_abbrev, first.authors[0]["last_name"]) == ("J Rare Dis", "Park")
    assert list(second.sections.filter(key="abstract").order_by("version").values_list("text", "is_current")) == [
        ("Tex", False),
        ("Text.", True),
    ]
    assert second.notices.count() == 1
    assert first.sources.get().fetched_at == fetched_at


def test_it_goes_on_where_it_was_and_only_within_the_project(
    who: People, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = taken_in(*(a_record(n) for n in range(1, 6)))
    part = actions.reparse(most=2, by=who.administrator)
    assert part is not None
    assert (part.seen, part.last) == (2, articles[1].pk)
    assert actions.reparse(after=articles[-1].pk, by=who.administrator) is None
    screening.enter(project=project, article_ids=[articles[0].pk], by=who.administrator)
    call_command("reparse", "--by", who.administrator.username, "--project", project.slug)
    assert capsys.readouterr().out == f"1 read, 0 changed, 0 refused; to go on: --after {articles[0].pk}\n"


def test_a_source_that_cannot_be_read_any_more_is_said_and_stops_nothing(
    who: People, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = taken_in(a_record(1), a_record(2))
    Article.objects.filter(pk=second.pk).update(journal="")
    read_again = parsing.read_again

    def stricter(source: str, body: bytes) -> object:
        if b">1</PMID>" in body:
            raise Invalid("Too strict.")
        return read_again(source, body)

    monkeypatch.setattr(parsing, "read_again", stricter)
    call_command("reparse", "--by", who.administrator.username)
    said = capsys.readouterr()
    assert said.err == f"Article {first.pk}: Too strict.\n"
    assert "2 read, 0 changed, 1 refused" in said.out


def altered(article: Article, key: str, text: str) -> Section:
    """A section as an older parser would have left it."""
    section = Section.objects.current().get(article=article, key=key)
    Section.objects.filter(pk=section.pk).update(text=text, html=text, sha256=store.sha256(text.encode()))
    return fresh(section)


def test_quotes_follow_what_is_read_anew(who: People, started: Reading) -> None:
    section = altered(started.article, "abstract", f"Read badly: {worlds.ABSTRACT}")
    quoted = worlds.answered(started, "age", "present", "P35Y", "35-year-old").evidence.get()
    part = tasks.reparse(by=who.administrator)
    assert part is not None
    assert part.changed == [started.article_id]
    quoted = fresh(quoted)
    assert quoted.section_id != section.pk
    assert (quoted.section.is_current, quoted.state) == (True, "anchored")
    assert quoted.section.text[quoted.start : quoted.end] == quoted.exact
    assert AuditEvent.objects.of_row("curation_evidence", quoted.pk).first().verb == "evidence.follow_text"


CITED = '<ref><mixed-citation>Of PMC only. <pub-id pub-id-type="doi">10.1/a</pub-id></mixed-citation></ref>'


@pytest.mark.parametrize("licence", ["CC BY", "CC BY-NC"])
def test_references_of_the_full_text_stay(bucket: Bucket, who: People, licence: str) -> None:
    (article,) = taken_in(a_record(1, cites=1, pmcid="PMC7"))
    bucket.put("PMC7", a_full_text(references=CITED), license_code=licence)
    fetched(article, who.administrator)
    before = list(article.references.values_list("position", "citation"))
    assert before == [(1, "Cited 0."), (2, "Of PMC only.")]
    part = tasks.reparse(by=who.administrator)
    assert part is not None
    assert part.changed == []
    Article.objects.update(journal_abbrev="")
    tasks.reparse(by=who.administrator)
    assert list(article.references.values_list("position", "citation")) == before


def test_full_texts_are_read_again_too(bucket: Bucket, who: People) -> None:
    (article,) = taken_in(a_record(1, pmcid="PMC7"))
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": a_picture("JPEG")})
    fetched(article, who.administrator)
    image = article.figures.get().image
    altered(article, "body.2", "Read badly.")
    part = tasks.reparse(by=who.administrator)
    assert part is not None
    assert part.changed == [article.pk]
    assert "weakness of the left leg" in Section.objects.current().get(article=article, key="body.2").text
    assert Section.objects.get(article=article, key="body.2", version=1).text == "Read badly."
    assert article.figures.get().image == image
    again = tasks.reparse(by=who.administrator)
    assert again is not None
    assert again.changed == []


def test_an_article_whose_full_text_cannot_be_read_any_more_is_left_alone(
    bucket: Bucket, who: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    (article,) = taken_in(a_record(1, cites=1, pmcid="PMC7"))
    bucket.put("PMC7", a_full_text(references=CITED))
    fetched(article, who.administrator)

    def stricter(data: bytes) -> object:
        raise Invalid("Too strict.")

    monkeypatch.setattr(jats, "parse", stricter)
    part = tasks.reparse(by=who.administrator)
    assert part is not None
    assert part.refused == {article.pk: "its full text: Too strict."}
    assert article.references.count() == 2


def test_refusals(who: People) -> None:
    with pytest.raises(NotAllowed):
        actions.reparse(by=who.curator)
    with pytest.raises(CommandError, match="no project"):
        call_command("reparse", "--by", who.administrator.username, "--project", "none")
    with pytest.raises(CommandError, match="nobody here"):
        call_command("reparse", "--by", "nobody")
