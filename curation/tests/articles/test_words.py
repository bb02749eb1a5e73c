"""What articles are found by: words of record and full text, tokens of names, journals, types and what they have."""

import json
from io import StringIO

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.management import CommandError, call_command

from curation.articles import actions, filters, searching, store, tokens, words
from curation.articles.records import Passage
from curation.articles.tokens import Tokens
from curation.choices import SectionKind
from curation.models import Article, ArticleWords
from curation.tests.records import a_record, taken_in
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db


def found(token: str) -> list[int | None]:
    rows = ArticleWords.objects.filter(search=Tokens([token])).order_by("article__pmid")
    return list(rows.values_list("article__pmid", flat=True))


def of_words(text: str) -> bool:
    return ArticleWords.objects.filter(search=SearchQuery(text, config="english", search_type="websearch")).exists()


@pytest.mark.parametrize("text", ["titles", "weakness", "muscle biopsies", "müller", '"of a muscle"'])
def test_words_of_title_abstract_keywords_and_authors_are_found(text: str) -> None:
    taken_in(a_record(1, title="A title.", abstract="Weakness. A biopsy of a muscle.", author="Müller"))
    assert of_words(text)


def test_a_declaration_of_no_conflict_finds_nothing() -> None:
    (article,) = taken_in(a_record(1))
    store.store_passages(article.pk, [Passage("conflict", "conflict", 9, "Honoraria.", "Honoraria.")], [SectionKind.CONFLICT])
    words.write([article.pk])
    assert not of_words("honoraria")


def test_full_text_and_captions_are_found_and_no_longer_when_they_are_gone() -> None:
    (article,) = taken_in(a_record(1, abstract="Weak."))
    texts = [Passage("body1", "body", 9, "Anti-HMGCR antibodies.", "Anti-HMGCR antibodies.")]
    store.store_passages(article.pk, texts, [SectionKind.BODY])
    store.store_captions(article.pk, [Passage("figure1", "caption", 10, "Oedema of the thigh.", "Oedema of the thigh.")])
    words.write([article.pk])
    assert of_words("weak antibody thigh")
    taken_in(a_record(1, abstract="Weaker still."))
    assert of_words("antibody still")  # a new version of the record leaves the full text be
    store.store_passages(article.pk, (), [SectionKind.BODY])
    words.write([article.pk])
    assert not of_words("antibody")


def test_a_revised_record_is_found_by_what_it_says_now() -> None:
    taken_in(a_record(1, title="Old.", year=2019, author="Lee", kind="Letter", journal="Lancet"))
    taken_in(a_record(1, title="New.", year=2021, author="Park", kind="Review", journal="BMJ", notice="ErratumIn"))
    assert not of_words("old")
    for token in (tokens.kind("letter"), *tokens.names("lee"), tokens.journal("lancet")):
        assert found(token) == []
    assert ArticleWords.objects.get().newest == 20210000
    for token in (tokens.kind("review"), *tokens.names("park"), tokens.journal("bmj"), tokens.NOTICES):
        assert found(token) == [1]


@pytest.mark.parametrize(
    ("kind", "counts"),
    [("RetractionIn", True), ("ExpressionOfConcernIn", True), ("ErratumIn", True), ("CommentIn", False), ("RetractionOf", False)],
)
def test_a_notice_counts_where_it_questions_the_article(kind: str, counts: bool) -> None:
    taken_in(a_record(1, notice=kind))
    assert found(tokens.NOTICES) == ([1] if counts else [])


def test_figures_brought_later_are_found(who: People) -> None:
    first, _ = taken_in(a_record(1), a_record(2))
    assert found(tokens.FIGURES) == []
    figure = {"key": "figure1", "label": "Figure 1", "caption": "A leg."}
    actions.attach_figures(text=json.dumps({"pmid": first.pmid, "figures": [figure]}), by=who.administrator)
    assert found(tokens.FIGURES) == [1]
    assert of_words("legs")


@pytest.mark.parametrize("name", ["O'Brien", "back\\slash", "=kind/review", "İstanbul", "ΣΟΦΟΣ", "a" * 300, "'", "& | ! ( ) :*"])
def test_any_name_is_looked_for_as_it_is(name: str) -> None:
    taken_in(a_record(1, author=name.replace("&", "&amp;"), kind=name.replace("&", "&amp;"), journal="J"))
    assert found(tokens.kind(name)) == [1]
    named = tokens.names(name)
    assert not named or [pmid for token in named[:1] for pmid in found(token)] == [1]


def test_all_written_again_says_the_same() -> None:
    taken_in(*(a_record(n, author=f"Name{n}", notice="ErratumIn" if n % 2 else "") for n in range(1, 9)))
    before = list(ArticleWords.objects.order_by("pk").values_list())
    words.write(Article.objects.values_list("pk", flat=True))
    assert list(ArticleWords.objects.order_by("pk").values_list()) == before
    assert len(before) == 8


def test_a_page_of_what_is_common_is_the_newest_of_all(who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found in the newest window, in a wider one, or only among all: the same articles in the same order."""
    taken_in(*(a_record(n, year=1950 + n, title="Rare." if n < 12 else "Common.") for n in range(1, 40)))
    monkeypatch.setattr(searching, "MOST_COUNTED", 4)
    for windows in ((1, 2), (3, 8), (100,), ()):
        monkeypatch.setattr(searching, "WINDOWS", windows)
        for title, newest in (("common", 39), ("rare", 11)):
            for page in (1, 2):
                asked = filters.read({"words": title, "page": str(page), "page_size": "2"})
                hits = searching.search(who.stranger, asked)
                assert [a.pmid for a in hits.rows] == [newest - 2 * page + 2, newest - 2 * page + 1]
                assert (hits.count, hits.is_exact, hits.pages) == (4, False, 2)


def test_a_command_writes_all_anew(who: People) -> None:
    taken_in(*(a_record(n, title="A rash.") for n in range(1, 6)))
    ArticleWords.objects.all().delete()
    told = StringIO()
    call_command("rewrite_words", by=who.administrator.username, stdout=told)
    assert "5 written" in told.getvalue()
    assert of_words("rashes")
    call_command("rewrite_words", by=who.administrator.username, after=10**9, stdout=told)
    assert "There is no article to write." in told.getvalue()
    with pytest.raises(CommandError, match="administrator"):
        call_command("rewrite_words", by=who.curator.username)
