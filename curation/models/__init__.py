"""TABLES: shape, constraints and query sets that read as prose. No verbs."""

from curation.models.adjudication import Adjudication, Decision, DecisionEvidence, Pairing
from curation.models.annotation import Annotation, Evidence, Reading, ReadingPatient
from curation.models.articles import Article, ArticleWords, Figure, Notice, Reference, Section, SourceRecord
from curation.models.audit import AuditEvent, AuditSeal
from curation.models.challenges import Flag, Proposal, ProposalQuote, Reevaluation
from curation.models.codebook import Codebook, CodebookVersion, Feature, FeatureGroup, Option
from curation.models.cohorts import Cohort, CohortStanding, CohortWatch
from curation.models.imports import Batch, BatchAct, BatchItem
from curation.models.notes import ReadingNote
from curation.models.notices import Digest, MailChoice, Notification
from curation.models.patients import Patient, PatientMerge, PatientReport, SamePatient
from curation.models.people import ApiToken, User
from curation.models.projects import Membership, Project, Screening
from curation.models.relations import Linking, Relation
from curation.models.repeats import Repeat
from curation.models.review import Finding, FindingSource, Rule, Ruling
from curation.models.screening import Vote
from curation.models.searches import StandingSearch
from curation.models.suggestions import Judged
from curation.models.upgrades import Unmoved, Upgrade

__all__ = [
    "Adjudication",
    "Annotation",
    "ApiToken",
    "Article",
    "ArticleWords",
    "AuditEvent",
    "AuditSeal",
    "Batch",
    "BatchAct",
    "BatchItem",
    "Codebook",
    "CodebookVersion",
    "Cohort",
    "CohortStanding",
    "CohortWatch",
    "Decision",
    "DecisionEvidence",
    "Digest",
    "Evidence",
    "Feature",
    "FeatureGroup",
    "Figure",
    "Finding",
    "FindingSource",
    "Flag",
    "Judged",
    "Linking",
    "MailChoice",
    "Membership",
    "Notice",
    "Notification",
    "Option",
    "Pairing",
    "Patient",
    "PatientMerge",
    "PatientReport",
    "Project",
    "Proposal",
    "ProposalQuote",
    "Reading",
    "ReadingNote",
    "ReadingPatient",
    "Reevaluation",
    "Reference",
    "Relation",
    "Repeat",
    "Rule",
    "Ruling",
    "SamePatient",
    "Screening",
    "Section",
    "SourceRecord",
    "StandingSearch",
    "Unmoved",
    "Upgrade",
    "User",
    "Vote",
]
