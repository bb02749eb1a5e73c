"""Everything imported and curated as text that two equal sites share: without the numbers and times a database gives."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

#: What is not dumped, and why.
LEFT_OUT = {
    "ArticleWords": "made from what is dumped",
    "Batch": "how something came here, not what it is",
    "BatchAct": "how something came here, not what it is",
    "BatchItem": "how something came here, not what it is",
    "Linking": "how something came here, not what it is",
    "Relation": "PubMed's own, and other tomorrow",
    "StandingSearch": "how something came here, not what it is",
    "CohortStanding": "made from what is dumped",
    "CohortWatch": "whom to tell, not what is known",
    "Digest": "whom to tell, not what is known",
    "MailChoice": "whom to tell, not what is known",
    "Notification": "whom to tell, not what is known",
    "ApiToken": "a secret's digest",
    "Repeat": "kept for a day",
    "AuditEvent": "numbered by transactions",
    "AuditSeal": "of the audit trail's numbers",
}
SECRETS = {"password"}
NUMBERS = {"finding_id"}
CHANGING = (models.DateTimeField, models.BinaryField, SearchVectorField, models.AutoField)

#: By what each table's rows are known without their numbers; also the order in which they are written.
KNOWN_BY = {
    "User": ["username"],
    "Codebook": ["slug"],
    "CodebookVersion": ["codebook", "version"],
    "FeatureGroup": ["codebook_version", "slug"],
    "Feature": ["codebook_version", "slug"],
    "Option": ["feature", "position"],
    "Rule": ["codebook", "slug", "version"],
    "Project": ["slug"],
    "Membership": ["project", "user"],
    "Article": ["pmid", "pmcid", "doi"],
    "SourceRecord": ["article", "kind"],
    "Section": ["article", "key", "version"],
    "Figure": ["article", "key"],
    "Reference": ["article", "position"],
    "Notice": ["article", "position"],
    "Screening": ["project", "article"],
    "Patient": ["project", "label"],
    "PatientReport": ["patient", "article"],
    "Reading": ["project", "article", "curator"],
    "ReadingPatient": ["reading", "patient"],
    "Annotation": ["reading", "patient", "feature", "instance"],
    "Evidence": ["annotation", "kind", "section", "start", "end", "region"],
    "Adjudication": ["project", "article"],
    "Pairing": ["adjudication", "patient"],
    "Ruling": ["project", "article", "kind", "moderator", "reason"],
    "Decision": ["adjudication", "patient", "feature", "instance", "outcome", "reason"],
    "DecisionEvidence": ["decision", "kind", "section", "start", "end", "region"],
    "Finding": ["patient", "feature", "instance", "state", "status", "value"],
    "FindingSource": ["finding", "annotation", "proposal"],
    "Cohort": ["project", "slug"],
    "Vote": ["screening", "screener"],
    "ReadingNote": ["reading", "patient", "feature", "author", "text"],
    "Judged": ["reading", "patient", "feature", "section", "start", "end", "status", "value"],
    "PatientMerge": ["reading", "gone", "kept"],
    "SamePatient": ["patient", "other", "reason"],
    "Proposal": ["finding", "field", "proposed_by", "reason", "state"],
    "ProposalQuote": ["proposal", "section", "start"],
    "Flag": ["finding", "raised_by", "text"],
    "Reevaluation": ["project", "article", "reason"],
    "Upgrade": ["project", "before", "after"],
    "Unmoved": ["upgrade", "finding", "annotation"],
}


def canonical_lines() -> Iterator[str]:
    """One line a row: the table, and the row as JSON with its keys in order."""
    for name, known_by in KNOWN_BY.items():
        table = apps.get_model("curation", name)
        columns = {path: None for field in _dumped(table) for path in _paths(table, field)}
        order = [path for field in known_by for path in _paths(table, field)]
        rows = table._default_manager.order_by(*order, *columns).values(*columns)
        for row in rows.iterator(chunk_size=500):
            yield f"{name}\t{json.dumps(_bare(row), sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)}"


def _bare(value: Any) -> Any:
    """Without the row numbers that derived findings keep of what they were derived from."""
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items() if key not in NUMBERS}
    return [_bare(inner) for inner in value] if isinstance(value, list) else value


def _dumped(table: type[models.Model]) -> list[str]:
    return [f.name for f in table._meta.concrete_fields if not isinstance(f, CHANGING) and f.name not in SECRETS]


def _paths(table: type[models.Model], name: str) -> list[str]:
    """The column itself; for a link, what the row at its other end is known by."""
    target = table._meta.get_field(name).related_model
    if target is None:
        return [name]
    if target is table:  # a row of the same table: its own links would not end
        return [f"{name}__{part}" for part in KNOWN_BY[table.__name__] if table._meta.get_field(part).related_model is None]
    return [f"{name}__{path}" for part in KNOWN_BY[target.__name__] for path in _paths(target, part)]
