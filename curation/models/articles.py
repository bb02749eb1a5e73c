"""Articles: the bibliographic record, frozen sections of text, figures, references, notices and the source they came from."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from curation.choices import FullText, ScreeningState, SectionKind
from curation.models.people import User
from curation.models.projects import Screening


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: object) -> Self:
        """Whoever is signed in sees every record; others those that a public project included."""
        if isinstance(user, User):
            return self
        return self.filter(
            models.Exists(
                Screening.objects.filter(article=models.OuterRef("pk"), project__is_public=True, state=ScreeningState.INCLUDED)
            )
        )


class Article(models.Model):
    """A publication. Written only by the importer, whose provenance is the batch and the kept source, not the audit trail.

    JSON shapes (all lists, in the record's order):
    ``authors`` {last_name, fore_name, initials, suffix, collective_name, orcid, equal_contrib,
    affiliations: [{text, ror, ringgold}]};
    ``publication_types`` {ui, name}; ``keywords`` str; ``mesh`` {ui, name, major, automatic, qualifiers: [{ui, name, major}]},
    and after the headings {kind, ui, name, registry}: substances, and supplements (supplementary concepts);
    ``grants`` {id, agency, country, acronym}; ``databanks`` {name, accessions: [str]}; ``history`` {status, date};
    ``identifiers`` {type: value} of this article only; ``book`` {title, collection, publisher, place, edition, volume, medium,
    isbns, editors (as authors), chapters}, empty for what is in a journal.
    """

    pmid = models.BigIntegerField(unique=True, null=True, blank=True)
    pmid_version = models.PositiveSmallIntegerField(default=1)
    pmcid = models.CharField(max_length=20, unique=True, null=True, blank=True)
    doi = models.CharField(max_length=300, blank=True)
    title = models.TextField()
    title_html = models.TextField()
    vernacular_title = models.TextField(blank=True)
    journal = models.CharField(max_length=500, blank=True)
    journal_abbrev = models.CharField(max_length=300, blank=True)
    issn = models.CharField(max_length=9, blank=True)
    volume = models.CharField(max_length=100, blank=True)
    issue = models.CharField(max_length=100, blank=True)
    pages = models.CharField(max_length=200, blank=True)
    elocation = models.CharField(max_length=200, blank=True)
    published_literal = models.CharField(max_length=100, blank=True)
    published_year = models.PositiveSmallIntegerField(null=True, blank=True)
    published_month = models.PositiveSmallIntegerField(null=True, blank=True)
    published_day = models.PositiveSmallIntegerField(null=True, blank=True)
    published_precision = models.CharField(max_length=10, blank=True)  # year, month, day, season, medline
    electronic_date = models.CharField(max_length=10, blank=True)
    languages = ArrayField(models.CharField(max_length=10), default=list)
    authors = models.JSONField(default=list)
    authors_complete = models.BooleanField(default=True)
    publication_types = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    mesh = models.JSONField(default=list)
    indexing_method = models.CharField(max_length=20, blank=True)
    grants = models.JSONField(default=list)
    databanks = models.JSONField(default=list)
    history = models.JSONField(default=list)
    identifiers = models.JSONField(default=dict)
    book = models.JSONField(default=dict, blank=True)
    conflict_of_interest = models.TextField(blank=True)
    copyright = models.TextField(blank=True)
    record_status = models.CharField(max_length=30, blank=True)
    publication_status = models.CharField(max_length=30, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    licence_url = models.URLField(max_length=500, blank=True)
    attribution = models.TextField(blank=True)
    full_text = models.CharField(max_length=10, choices=FullText.choices, blank=True, db_default="")
    full_text_reason = models.TextField(blank=True, db_default="")  # why it is withheld
    full_text_type = models.CharField(max_length=60, blank=True, db_default="")  # JATS's article-type
    is_deleted_at_source = models.BooleanField(default=False)
    date_revised = models.DateField(null=True, blank=True)
    first_imported_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_year", "-id"]
        indexes = [models.Index(fields=["doi"], name="article_by_doi")]

    def __str__(self) -> str:
        return f"PMID {self.pmid}" if self.pmid else self.pmcid or self.doi or self.title[:60]

    @property
    def is_retracted(self) -> bool:
        return any(t["name"] == "Retracted Publication" for t in self.publication_types)


class ArticleWords(models.Model):
    """What an article is found by; written from its rows by ``articles/words.py``, and nothing that they do not hold.

    ``newest`` is the date as a number, 20211108, with zeros where it is not known; ``search`` holds words and tokens.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="words")
    newest = models.PositiveIntegerField()
    search = SearchVectorField()

    class Meta:
        verbose_name_plural = "article words"
        indexes = [
            GinIndex(fields=["search"], name="article_words"),
            models.Index(F("newest").desc(), F("article").desc(), name="article_words_newest"),
        ]

    def __str__(self) -> str:
        return f"words of {self.article_id}"


class SourceRecord(models.Model):
    """The record as its source sent it, so that a better parser can read it again. ``body`` is zlib-compressed bytes."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sources", db_index=False)  # its key has it
    kind = models.CharField(max_length=20)  # pubmed, nbib, ris; jats, or the references of one that is withheld
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    fetched_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "kind"], name="source_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.article_id}"


class SectionQuerySet(models.QuerySet["Section"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)


class Section(models.Model):
    """One frozen piece of an article's text: evidence points into ``text`` by code-point offsets, so it never changes.

    A new wording becomes a new row with the next ``version`` of the same ``key``; the old row stays for its evidence.
    ``html`` is the allow-listed markup of the same text. ``key`` is stable within the article: title, abstract,
    abstract.2, figure1, conflict ...
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sections", db_index=False)  # its key has it
    key = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    kind = models.CharField(max_length=20, choices=SectionKind.choices)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=50, blank=True)  # NlmCategory, or JATS's sec-type
    language = models.CharField(max_length=10, blank=True)
    text = models.TextField()
    html = models.TextField()
    sha256 = models.CharField(max_length=64)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["article", "key", "version"], name="section_version_once"),
            models.UniqueConstraint(fields=["article", "key"], condition=Q(is_current=True), name="section_current_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.label or self.get_kind_display()}"


class FigureQuerySet(models.QuerySet["Figure"]):
    def visible_to(self, user: object) -> Self:
        return self.filter(article__in=Article.objects.visible_to(user))


class Figure(models.Model):
    """A figure; its caption is the Section of kind caption with the same ``key`` (for a table that is a picture: of kind table).

    ``image`` and ``thumbnail`` name files of the default storage; empty where the picture is not kept, and ``withheld`` then
    says why. ``sha256`` is of the kept file, ``source_md5`` of what the source sent. ``stem`` is its name there.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200, blank=True)
    image = models.CharField(max_length=300, blank=True)
    thumbnail = models.CharField(max_length=300, blank=True)
    withheld = models.CharField(max_length=500, blank=True)
    stem = models.CharField(max_length=300, blank=True)
    source_md5 = models.CharField(max_length=32, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    licence_url = models.URLField(max_length=500, blank=True)
    attribution = models.TextField(blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["article", "position"]
        constraints = [models.UniqueConstraint(fields=["article", "key"], name="figure_once_per_article")]

    def __str__(self) -> str:
        return f"{self.article}: {self.label}"


class Reference(models.Model):
    """An entry of an article's list. ``here`` is set by whoever looks whether the cited article is here."""

    here: int | None = None

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="references", db_index=False)  # its key has it
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=300, blank=True)
    citation = models.TextField()
    citation_html = models.TextField()
    doi = models.CharField(max_length=300, blank=True)
    pmid = models.BigIntegerField(null=True, blank=True)
    pmcid = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["article", "position"]
        constraints = [models.UniqueConstraint(fields=["article", "position"], name="reference_position_once")]

    def __str__(self) -> str:
        return self.citation[:80]


#: Kinds of notice (PubMed's words) that whoever relies on an article should know of, wherever something drawn from it is shown.
GRAVE = ("RetractionIn", "RetractedandRepublishedIn", "PartialRetractionIn", "ExpressionOfConcernIn")
ERRATA = ("ErratumIn", "CorrectedandRepublishedIn")
NEWER = ("UpdateIn",)
CAUTIONS = (*GRAVE, *ERRATA, *NEWER)


class Notice(models.Model):
    """A CommentsCorrections entry: erratum, retraction, concern, comment, update. ``kind`` is PubMed's RefType."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="notices", db_index=False)  # its key has it
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=50)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    pmid = models.BigIntegerField(null=True, blank=True)
    doi = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["article", "position"]
        constraints = [models.UniqueConstraint(fields=["article", "position"], name="notice_position_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.source}"
