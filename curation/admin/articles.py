"""Imported records: whoever may enter looks at all of them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from curation.admin.looking import Look
from curation.models import Article, ArticleWords, Figure, Notice, Reference, Relation, Section, SourceRecord


@admin.register(Article)
class Articles(Look):
    list_display = ("__str__", "title", "journal_abbrev", "published_year", "updated_at")
    list_filter = ("is_deleted_at_source", "record_status")
    search_fields = ("=pmid", "=doi", "title")


@admin.register(Section)
class Sections(Look):
    list_display = ("article", "key", "version", "is_current", "kind")
    list_filter = ("kind", "is_current")
    list_select_related = ("article",)
    search_fields = ("=article__pmid", "key")


@admin.register(Figure)
class Figures(Look):
    list_display = ("article", "label", "licence")
    list_select_related = ("article",)
    search_fields = ("=article__pmid", "label")


@admin.register(Reference)
class References(Look):
    list_display = ("article", "position", "citation", "pmid")
    list_select_related = ("article",)
    search_fields = ("=article__pmid", "=pmid")


@admin.register(Notice)
class Notices(Look):
    called = _("Retractions, corrections and other notices")
    list_display = ("article", "kind", "source")
    list_filter = ("kind",)
    list_select_related = ("article",)
    search_fields = ("=article__pmid",)


@admin.register(SourceRecord)
class SourceRecords(Look):
    called = _("Records as they came")
    list_display = ("article", "kind", "fetched_at", "sha256")
    list_filter = ("kind",)
    list_select_related = ("article",)
    search_fields = ("=article__pmid",)


@admin.register(Relation)
class Relations(Look):
    called = _("Related articles")
    list_display = ("article", "kind", "position", "pmid", "title")
    list_filter = ("kind",)
    list_select_related = ("article",)
    search_fields = ("=article__pmid", "=pmid", "title")


@admin.register(ArticleWords)
class Words(Look):
    """What articles are found by; told by the articles themselves."""

    called = _("What articles are found by")
    list_display = ("article", "newest")
    list_select_related = ("article",)
    search_fields = ("=article__pmid",)
