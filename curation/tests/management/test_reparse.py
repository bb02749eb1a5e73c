"""Kept sources read again: only what has changed is written, in parts that can be taken up again."""

import pytest
from django.core.management import CommandError, call_command

from curation.articles import actions, parsing
from curation.errors import Invalid, NotAllowed
from curation.models import Article, Project, Section
from curation.screening import actions as screening
from curation.tests.articles.conftest import samples
from curation.tests.records import a_record, taken_in, taken_in_file
from curation.tests.worlds import People

__all__ = ["samples"]
pytestmark = pytest.mark.django_db


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


def test_refusals(who: People) -> None:
    with pytest.raises(NotAllowed):
        actions.reparse(by=who.curator)
    with pytest.raises(CommandError, match="no project"):
        call_command("reparse", "--by", who.administrator.username, "--project", "none")
    with pytest.raises(CommandError, match="nobody here"):
        call_command("reparse", "--by", "nobody")
