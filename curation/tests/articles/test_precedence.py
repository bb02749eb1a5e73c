"""Two files about one record, worked off in either order: what is left is what the later one says."""

import threading
from io import BytesIO
from itertools import permutations
from pathlib import Path

import pytest
from django.db import connection

from curation.articles import actions, precedence, run
from curation.choices import ItemState
from curation.models import Article, Batch
from curation.tests.articles.conftest import standin, uploads
from curation.tests.records import a_record
from curation.tests.standin.server import Standin
from curation.tests.worlds import People

__all__ = ["standin", "uploads"]
pytestmark = pytest.mark.django_db

DELETION = '<DeleteCitation><PMID Version="{version}">{pmid}</PMID></DeleteCitation>'


def revised(pmid: int, *, title: str, year: int = 2024, version: int = 1) -> str:
    record = a_record(pmid, title=title).replace('<PMID Version="1">', f'<PMID Version="{version}">')
    day = f"<DateRevised><Year>{year}</Year><Month>01</Month><Day>02</Day></DateRevised>"
    return record.replace("<Article ", f"{day}<Article ", 1)


def deleted(pmid: int, version: int = 1) -> str:
    return DELETION.format(pmid=pmid, version=version)


def opened(who: People, number: int | str, *parts: str) -> Batch:
    name = f"pubmed26n{number:04}.xml" if isinstance(number, int) else number
    xml = f"<PubmedArticleSet>{''.join(parts)}</PubmedArticleSet>".encode()
    return actions.open_batch_of_file(project=None, name=name, stream=BytesIO(xml), by=who.administrator)


def worked_off(batch: Batch) -> list[str]:
    run.run_batch(batch.pk)
    assert run.close(batch)
    return list(batch.items.order_by("position").values_list("state", flat=True))


def imported(who: People, number: int | str, *parts: str) -> list[str]:
    return worked_off(opened(who, number, *parts))


def test_the_number_of_a_file() -> None:
    names = ("pubmed26n0003.xml.gz", "pubmed26n1335.xml", "PUBMED27N0001.XML.GZ")
    assert sorted(names, key=lambda name: precedence.serial(name) or 0) == list(names)
    assert [precedence.serial(name) for name in ("some.xml", "pubmed26n0003.nbib", "xpubmed26n0003.xml")] == [None] * 3


@pytest.mark.parametrize("order", list(permutations((0, 1, 2))))
def test_three_editions_in_any_order_leave_the_newest(uploads: Path, who: People, order: tuple[int, ...]) -> None:
    files = ((1, "First.", 2022), (2, "Second.", 2023), (3, "Third.", 2024))
    for number, title, year in (files[n] for n in order):
        imported(who, number, revised(7, title=title, year=year))
    assert Article.objects.get().title == "Third."


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_two_editions_of_one_day_leave_that_of_the_later_file(uploads: Path, who: People, order: tuple[int, int]) -> None:
    """PubMed revises a record twice a day: then only the number of its file tells which is the later."""
    states = [imported(who, number, revised(7, title=f"File {number}.")) for number in order]
    assert Article.objects.get().title == "File 2."
    assert states == ([["new"], ["updated"]] if order == (1, 2) else [["new"], ["unchanged"]])


def test_a_higher_version_wins_whatever_its_file(uploads: Path, who: People) -> None:
    imported(who, 2, revised(7, title="Second version.", version=2, year=2020))
    imported(who, 3, revised(7, title="First version.", version=1, year=2024))
    assert Article.objects.get().title == "Second version."


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_deletion_holds_against_an_earlier_file(uploads: Path, who: People, order: tuple[int, int]) -> None:
    parts = {1: revised(7, title="Once here."), 2: deleted(7)}
    for number in order:
        imported(who, number, parts[number])
    assert Article.objects.get().is_deleted_at_source


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_a_record_that_comes_again_in_a_later_file_is_there(uploads: Path, who: People, order: tuple[int, ...]) -> None:
    parts = {1: revised(7, title="Here.", year=2022), 2: deleted(7), 3: revised(7, title="Again.", year=2022)}
    for number in order:
        imported(who, number, parts[number])
    assert not Article.objects.get().is_deleted_at_source


def test_within_one_file_the_place_counts(uploads: Path, who: People) -> None:
    imported(who, 1, revised(7, title="Here."), deleted(7))
    assert Article.objects.get().is_deleted_at_source
    imported(who, 2, deleted(7), revised(7, title="Again.", year=2025))
    assert not Article.objects.get().is_deleted_at_source


def test_the_same_bytes_in_a_later_file_undo_a_deletion(uploads: Path, who: People) -> None:
    record = revised(7, title="Here.")
    for number, part in ((1, record), (2, deleted(7)), (3, record)):
        imported(who, number, part)
    assert not Article.objects.get().is_deleted_at_source


def test_files_without_a_number_count_as_they_were_opened(uploads: Path, who: People) -> None:
    first, second = opened(who, "a.xml", revised(7, title="Here.")), opened(who, "b.xml", deleted(7))
    worked_off(second)
    worked_off(first)
    assert Article.objects.get().is_deleted_at_source


def test_what_pubmed_has_when_it_is_asked_is_not_deleted(uploads: Path, standin: Standin, who: People) -> None:
    imported(who, 9, deleted(219391))
    worked_off(actions.open_batch_of_ids(project=None, text="219391", by=who.administrator))
    assert not Article.objects.get().is_deleted_at_source
    imported(who, 10, deleted(219391))
    assert Article.objects.get().is_deleted_at_source


def test_a_deletion_of_an_earlier_version_leaves_the_later_one(uploads: Path, who: People) -> None:
    imported(who, 1, revised(7, title="Second.", version=2))
    batch = opened(who, 2, deleted(7, version=1), deleted(8))
    assert worked_off(batch) == [ItemState.UNCHANGED, ItemState.DELETED]
    assert "version 2 is here" in batch.items.get(position=1).reason
    assert "was not here" in batch.items.get(position=2).reason
    assert not Article.objects.get().is_deleted_at_source


@pytest.mark.django_db(transaction=True)
def test_two_files_that_cross_at_one_moment(uploads: Path, who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither sees the other while it stores: whichever is closed last sets it right."""
    earlier, later = opened(who, 1, revised(7, title="Here.")), opened(who, 2, deleted(7))
    monkeypatch.setattr(precedence, "settle", lambda pmids: None)
    both = threading.Barrier(2)

    def work(batch: Batch) -> None:
        both.wait(20)
        worked_off(batch)
        connection.close()

    threads = [threading.Thread(target=work, args=(batch,)) for batch in (earlier, later)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Article.objects.get().is_deleted_at_source
