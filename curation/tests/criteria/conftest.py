"""The seed's codebook and rules as data, and one patient's facts derived through all of them."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from curation.codebook.file import read_codebook
from curation.codebook.spec import FeatureSpec
from curation.criteria.deriving import Derived, Desk, derived_of
from curation.criteria.file import Book, in_order, read_rules
from curation.criteria.logic import Fact

SEEDS = Path(settings.BASE_DIR) / "seeds"
Derive = Callable[[dict[str, Fact | str]], dict[str, Derived]]


@pytest.fixture(scope="session")
def book() -> Book:
    read = read_codebook((SEEDS / "codebooks" / "imnm.yaml").read_text())
    specs = {
        f["slug"]: FeatureSpec(
            f["slug"],
            f["label"],
            f["value_type"],
            options=tuple(o["value"] for o in f.get("options") or ()),
            option_labels={o["value"]: o["label"] for o in f.get("options") or ()},
            repeatable=f.get("repeatable", False),
            derived=f.get("derived", False),
            status_labels=f.get("status_labels", {}),
        )
        for f in read.features
    }
    chosen_by = {f["slug"]: {f"antibody.{k}": v for k, v in (f.get("antibody") or {}).items()} for f in read.features}
    return Book("imnm", specs, chosen_by)


@pytest.fixture(scope="session")
def rules(book: Book) -> dict[str, dict[str, Any]]:
    return {rule["rule"]: rule for rule in read_rules((SEEDS / "rules" / "imnm.yaml").read_text(), book)}


@pytest.fixture(scope="session")
def derive_all(book: Book, rules: dict[str, dict[str, Any]]) -> Derive:
    """(Facts by slug; a bare word is a status) -> every derived answer by the slug of its feature."""
    by_feature = {rule["derives"]: SimpleNamespace(definition=rule, derives=rule["derives"]) for rule in rules.values()}
    order = in_order({slug: rule.definition for slug, rule in by_feature.items()})
    desk = Desk(book, [(by_feature[slug], SimpleNamespace(slug=slug)) for slug in order])  # type: ignore[misc]

    def derive(facts: dict[str, Fact | str]) -> dict[str, Derived]:
        told = {slug: [fact if isinstance(fact, Fact) else Fact(fact)] for slug, fact in facts.items()}
        return {derived.feature.slug: derived for derived in derived_of(desk, told)}

    return derive
