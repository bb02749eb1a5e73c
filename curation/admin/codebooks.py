"""Codebooks and rules: frozen once loaded."""

from django.contrib import admin

from curation.admin.looking import Look
from curation.models import Codebook, CodebookVersion, Feature, FeatureGroup, Option, Rule


@admin.register(Codebook)
class Codebooks(Look):
    list_display = ("slug", "title", "language")


@admin.register(CodebookVersion)
class CodebookVersions(Look):
    list_display = ("__str__", "hpo_release", "loaded_by", "loaded_at")
    list_select_related = ("codebook", "loaded_by")


@admin.register(FeatureGroup)
class FeatureGroups(Look):
    list_display = ("label", "slug", "codebook_version")
    list_select_related = ("codebook_version__codebook",)


@admin.register(Feature)
class Features(Look):
    list_display = ("label", "slug", "value_type", "tier", "group", "codebook_version")
    list_filter = ("tier", "value_type", "codebook_version")
    list_select_related = ("group", "codebook_version__codebook")
    search_fields = ("label", "slug", "question")


@admin.register(Option)
class Options(Look):
    list_display = ("label", "value", "feature")
    list_select_related = ("feature",)
    search_fields = ("label", "value", "feature__slug")


@admin.register(Rule)
class Rules(Look):
    list_display = ("slug", "version", "derives", "verified", "codebook")
    list_filter = ("verified",)
    list_select_related = ("codebook",)
