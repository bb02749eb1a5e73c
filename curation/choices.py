"""Coded values, with the words people see. Which may follow which is in ``moves``."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    CURATOR = "curator", _("Curator")
    MODERATOR = "moderator", _("Moderator")


class Scope(TextChoices):
    """What an API token may be used for, within what its owner may do."""

    READ = "read", _("Read what its owner may see")
    IMPORT = "import", _("Start and steer imports")
    ANNOTATE = "annotate", _("Write readings and annotations")
    MODERATE = "moderate", _("Screen, assign, publish, send back")


class ValueType(TextChoices):
    """The kinds of value a feature may have; the names are those of the codebook file."""

    FINDING = "finding", _("Finding")
    CHOICE = "choice", _("One of a list")
    CHOICE_MULTI = "choice_multi", _("Several of a list")
    CHOICE_OPEN = "choice_open", _("One of a list, or another")
    NUMBER = "number", _("Number")
    AGE = "age_iso8601", _("Age")
    DURATION = "duration_iso8601", _("Duration")
    DURATION_SIGNED = "duration_signed_iso8601", _("Duration, before or after")
    ONTOLOGY_TERM = "ontology_term", _("Ontology term")
    TIME = "time", _("Time point")
    MEASUREMENT = "measurement", _("Measurement")
    VARIANT = "variant", _("Genetic variant")
    TEXT = "text", _("Text")
    DERIVED = "derived", _("Derived by a rule")


class Tier(TextChoices):
    CORE = "core", _("Core")
    EXTENDED = "extended", _("Extended")
    RARE = "rare", _("Rare")


class Status(TextChoices):
    """What a reading says of one patient and one feature. Silence is not absence."""

    PRESENT = "present", _("Present")
    EXCLUDED = "excluded", _("Excluded")
    INDETERMINATE = "indeterminate", _("Indeterminate")
    NOT_TESTED = "not_tested", _("Not tested")
    NOT_REPORTED = "not_reported", _("Not reported")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


#: Statuses a person may record; not_applicable is computed from the feature's display condition.
RECORDABLE = (Status.PRESENT, Status.EXCLUDED, Status.INDETERMINATE, Status.NOT_TESTED, Status.NOT_REPORTED)
RECORDABLE_CHOICES = [(status.value, status.label) for status in RECORDABLE]


class Confidence(TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class SectionKind(TextChoices):
    TITLE = "title", _("Title")
    ABSTRACT = "abstract", _("Abstract")
    OTHER_ABSTRACT = "other_abstract", _("Abstract in another language or for another audience")
    BODY = "body", _("Text")
    CAPTION = "caption", _("Figure caption")
    TABLE = "table", _("Table")
    KEYWORDS = "keywords", _("Keywords")
    CONFLICT = "conflict", _("Conflict of interest")


class EvidenceKind(TextChoices):
    QUOTE = "quote", _("Quote")
    REGION = "region", _("Place on a figure")
    CELL = "cell", _("Table cell")


class EvidenceRole(TextChoices):
    OWN = "own", _("What the report says of this patient")
    BACKGROUND = "background", _("Background")


class EvidenceState(TextChoices):
    """Whether evidence stands where it points, after its text or figure was published anew."""

    ANCHORED = "anchored", _("In its place")
    MOVED = "moved", _("Found in more than one place")
    CHANGED = "changed", _("The picture is another now")
    ORPHAN = "orphan", _("No longer found")
    KEPT = "kept", _("Left with the earlier wording")


class FullText(TextChoices):
    """Whether the article's full text is kept here; empty where nobody asked for it yet."""

    KEPT = "kept", _("Kept here")
    WITHHELD = "withheld", _("Withheld by licence")


class Depth(TextChoices):
    """How far into the publication one had to read to find the evidence."""

    ABSTRACT = "abstract", _("Title or abstract")
    CAPTION = "caption", _("Caption")
    FULL_TEXT = "full_text", _("Full text")


class ReadPart(TextChoices):
    """What of the publication a reading had before it: "not reported" means not reported in these."""

    TITLE = "title", _("Title")
    ABSTRACT = "abstract", _("Abstract")
    CAPTIONS = "captions", _("Figure captions")
    FULL_TEXT = "full_text", _("Full text")


class ScreeningState(TextChoices):
    TO_SCREEN = "to_screen", _("To screen")
    INCLUDED = "included", _("Included")
    EXCLUDED = "excluded", _("Excluded")


class Verdict(TextChoices):
    """What one screener said of an article; whoever sets it aside has said nothing yet."""

    INCLUDED = "included", _("Include")
    EXCLUDED = "excluded", _("Exclude")
    ASIDE = "aside", _("Set aside")


class ReadingState(TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Sent back")
    ACCEPTED = "accepted", _("Accepted")
    RELEASED = "released", _("Back in the pool")


class RulingKind(TextChoices):
    PUBLISH = "publish", _("Published")
    ADJUDICATE = "adjudicate", _("Adjudicated")
    SEND_BACK = "send_back", _("Sent back")
    RETRACT = "retract", _("Retracted")
    AMEND = "amend", _("Amended")
    REOPEN = "reopen", _("Re-opened")
    UPGRADE = "upgrade", _("Carried to another codebook version")


class Outcome(TextChoices):
    """What a moderator decided where readings differ."""

    FOLLOWED = "followed", _("One reading is followed")
    THIRD = "third", _("A third answer")
    INDETERMINATE = "indeterminate", _("Indeterminate")
    NEITHER = "neither", _("Neither: not published")


class MergePolicy(TextChoices):
    """When a project publishes that on which two readings agree."""

    TOGETHER = "together", _("Everything together, once all is settled")
    AGREED_FIRST = "agreed_first", _("What agrees at once, the rest once it is settled")


class FindingState(TextChoices):
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    RETRACTED = "retracted", _("Retracted")


class SameState(TextChoices):
    """Where the word stands that two articles describe the same person. Only a confirmed one counts the two as one."""

    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    UNDONE = "undone", _("Taken back")


class ProposalField(TextChoices):
    """What of a finding a proposal changes: one thing each, so that each can be decided by itself."""

    STATUS = "status", _("Status")
    VALUE = "value", _("Value")
    COMMENT = "comment", _("Comment")


class ProposalState(TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class UnmovedState(TextChoices):
    """What became of a value that a new version of the codebook could not take over."""

    OPEN = "open", _("Waits for a person")
    ENTERED = "entered", _("Entered anew")
    DISMISSED = "dismissed", _("Dismissed")


class FlagState(TextChoices):
    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")


class BatchKind(TextChoices):
    IDS = "ids", _("Identifiers")
    FILE = "file", _("File")
    FULL_TEXT = "full_text", _("Full text and figures")
    QUERY = "query", _("Query")


class LinkState(TextChoices):
    """Whether PubMed was asked what an article is related to."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class RelationKind(TextChoices):
    SIMILAR = "similar", _("Similar articles")
    CITED_BY = "cited_by", _("Cited by")
    CITES = "cites", _("Cites")


class BatchState(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")


class ItemState(TextChoices):
    """Where one record of an import stands. The first two are on the way, the others are ends."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    NEW = "new", _("New")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    DELETED = "deleted", _("Marked as deleted by PubMed")
    MISSING = "missing", _("No such record")
    WITHHELD = "withheld", _("Withheld by licence")
    QUARANTINED = "quarantined", _("Quarantined")
    FAILED = "failed", _("Failed")
    DISMISSED = "dismissed", _("Dismissed")


ITEM_OPEN = (ItemState.WAITING, ItemState.RUNNING)
ITEM_RETRYABLE = (ItemState.MISSING, ItemState.WITHHELD, ItemState.QUARANTINED, ItemState.FAILED)


class SuggestionMode(TextChoices):
    """When a project shows its readers what the rules found in the text."""

    SHOWN = "shown", _("Shown while reading")
    AFTER_OWN_PASS = "after_own_pass", _("Hidden until the reader's own pass is done")
    OFF = "off", _("Off")


class SuggestionVerdict(TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class DigestState(TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")


#: Readings a curator may still write in.
READING_OPEN = (ReadingState.ASSIGNED, ReadingState.IN_PROGRESS, ReadingState.RETURNED)
