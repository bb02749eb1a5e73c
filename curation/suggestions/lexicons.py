"""The lexicon of a codebook version: the file of the codebook's name, and the names that its own features carry."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from curation.choices import ValueType
from curation.codebook import queries as codebook
from curation.models import CodebookVersion, Feature
from curation.suggesting import lexicon
from curation.suggesting.lexicon import Lexicon

_NONE = "lexicon: none\nrules: []"


def lexicon_of(version: CodebookVersion) -> Lexicon:
    """Rules of ``<slug>.yaml`` and synonyms of ``<slug>_hpo.json`` for the features that this version has.

    A codebook without files gets the ontology's names of its findings.
    """
    return _lexicon(Path(settings.LEXICONS), version.codebook.slug, version.pk)


@lru_cache(maxsize=32)
def _lexicon(folder: Path, slug: str, version_id: int) -> Lexicon:
    features = list(codebook.features(CodebookVersion(pk=version_id)))
    rules, names = folder / f"{slug}.yaml", folder / f"{slug}_hpo.json"
    text = rules.read_text() if rules.is_file() else _NONE
    synonyms = json.loads(names.read_text())["names"] if names.is_file() else {}
    if not rules.is_file():
        synonyms = {f.slug: _names(f) for f in features if f.value_type == ValueType.FINDING} | synonyms
    return lexicon.load(text, synonyms).restricted_to(f.slug for f in features)


def _names(feature: Feature) -> list[str]:
    entries = [e for many in feature.ontology.values() if isinstance(many, list) for e in many if isinstance(e, dict)]
    return [str(e["name"]) for e in entries if e.get("name")]
