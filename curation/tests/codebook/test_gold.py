"""The gold annotation of the seed report can be recorded under the codebook, value by value, unchanged."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from curation.codebook.rules import check, read_codebook, unfinished
from curation.codebook.spec import FeatureSpec

SEEDS = Path(settings.BASE_DIR) / "seeds"
GOLD = json.loads((SEEDS / "gold_34829411.json").read_text())["annotations"]
QUALIFIERS = ("precision", "comparator", "severity", "quantity", "side")


@pytest.fixture(scope="module")
def specs() -> dict[str, FeatureSpec]:
    """As ``queries.specs`` would give them, without a database."""
    book = read_codebook((SEEDS / "codebooks" / "imnm.yaml").read_text())
    return {
        f["slug"]: FeatureSpec(
            f["slug"],
            f["label"],
            f["value_type"],
            options=tuple(o["value"] for o in f.get("options") or ()),
            repeatable=f.get("repeatable", False),
            evidence_required=f["evidence_required"],
            derived=f.get("derived", False),
        )
        for f in book.features
    }


@pytest.mark.parametrize("annotation", [a for a in GOLD if not a.get("derived")], ids=lambda a: a["feature"])
def test_each_gold_annotation_is_kept_as_it_is(specs: dict[str, FeatureSpec], annotation: dict[str, Any]) -> None:
    told = {name: annotation[name] for name in QUALIFIERS if name in annotation}
    spec = specs[annotation["feature"]]
    kept = check(spec, status=annotation["status"], value=annotation["value"], qualifiers=told)
    assert (kept.status, kept.value, kept.qualifiers) == (annotation["status"], annotation["value"], told)
    evidence = len(annotation["evidence"])
    assert unfinished(spec, status=kept.status, comment=annotation.get("comment", ""), evidence=evidence) == []
