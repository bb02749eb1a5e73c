"""Makes ``hpo.json.gz`` from the ontology's own file: ``python -m curation.codebook.make_terms hp.obo`` (OBO 1.2). Pure."""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("hpo.json.gz")
SOURCE = "Human Phenotype Ontology: names and synonyms of all its terms"
LICENCE = (
    "Human Phenotype Ontology licence: free to use; the source and release are named and the terms are unchanged "
    "(hpo.jax.org/license)"
)
_TERM = re.compile(r"^id: (HP:\d{7})\nname: (.+)$", re.MULTILINE)
_SYNONYM = re.compile(r'^synonym: "((?:[^"\\]|\\.)+)" (EXACT|BROAD|NARROW|RELATED) (?!.*obsolete_synonym)', re.MULTILINE)


def table(obo: str) -> dict[str, Any]:
    """``terms``: identifier, name, exact synonyms and others of every term that is not obsolete, by identifier."""
    head, *stanzas = obo.split("\n[")
    release = re.search(r"^data-version: (\S+)$", head, re.MULTILINE)
    if release is None:
        raise ValueError("This file does not say its data-version, so nobody could tell which release it is.")
    return {"source": SOURCE, "release": release[1], "licence": LICENCE, "terms": sorted(_terms(stanzas))}


def _terms(stanzas: list[str]) -> Iterator[tuple[str, str, list[str], list[str]]]:
    for stanza in stanzas:
        term = _TERM.search(stanza)
        if term and "\nis_obsolete: true" not in stanza:
            said = [(re.sub(r"\\(.)", r"\1", name), scope) for name, scope in _SYNONYM.findall(stanza)]
            exact = {name for name, scope in said if scope == "EXACT"} - {term[2]}
            yield term[1], term[2], sorted(exact), sorted({name for name, _scope in said} - exact - {term[2]})


if __name__ == "__main__":
    made = json.dumps(table(Path(sys.argv[1]).read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":"))
    TABLE.write_bytes(gzip.compress(made.encode(), mtime=0))
