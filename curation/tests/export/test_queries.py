"""The canonical dump: every table is in it or is named as left out, and it does not know numbers or times."""

import json

import pytest
from django.apps import apps

from curation.export.queries import KNOWN_BY, LEFT_OUT, canonical_lines
from curation.models import Article, Ruling

pytestmark = pytest.mark.django_db


def test_every_table_is_dumped_or_left_out_for_a_reason() -> None:
    tables = {m.__name__ for m in apps.get_app_config("curation").get_models() if m._meta.managed and not m._meta.auto_created}
    assert tables == KNOWN_BY.keys() | LEFT_OUT.keys()


def test_what_was_curated_is_in_it(published: Ruling) -> None:
    lines = [line.partition("\t") for line in canonical_lines()]
    rows = {name: [json.loads(row) for table, _, row in lines if table == name] for name in KNOWN_BY}
    assert rows["Finding"][0]["patient__project__slug"] == "imnm"
    assert {row["annotation__reading__curator__username"] for row in rows["Evidence"]} == {"curator"}
    assert rows["Article"][0]["pmid"] == 34829411
    assert not [
        key for table in rows.values() for row in table for key in row if key in {"id", "password", "created_at", "search"}
    ]


def test_numbers_of_the_database_do_not_matter() -> None:
    def made(first: int) -> list[str]:
        Article.objects.all().delete()
        for n in (first, 3 - first):
            Article.objects.create(pmid=n, title=f"Case {n}.", title_html=f"Case {n}.")
        return list(canonical_lines())

    assert made(1) == made(2)
