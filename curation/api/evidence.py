"""Evidence as programs send and get it: words, rectangles on figures, cells of tables; plainly or by W3C selectors."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation import selectors
from curation.annotation.anchoring import LONGEST_QUOTE
from curation.annotation.pieces import Quote
from curation.annotation.rules import LONGEST_PANEL
from curation.api.access import ScopedAccess
from curation.api.versions import REFUSALS
from curation.articles import queries as articles
from curation.choices import EvidenceRole
from curation.models import Evidence, Section

LARGEST_ID, LARGEST_OFFSET, MOST_ROWS = 2**63 - 1, 2**31 - 1, 100_000
SELECTORS = {
    "oneOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}],
    "description": "W3C Web Annotation: TextQuoteSelector (with TextPositionSelector), FragmentSelector, XPathSelector.",
}
SOURCE = {
    "type": "object",
    "properties": {name: {} for name in ("id", "type", "article", "pmid", "section", "version", "sha256")},
    "description": "The frozen section, or the picture; id is its address.",
}


@extend_schema_field(SELECTORS)
class SelectorField(serializers.JSONField):
    pass


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "object"}], "description": "The target's source, as it was given."})
class SourceField(serializers.JSONField):
    pass


class PieceSerializer(serializers.Serializer):
    """One of three. Words: ``section``, ``exact``, and ``start`` (code points) or ``prefix`` and ``suffix`` where they stand
    more than once. A rectangle: ``figure`` and ``region``, x, y, w, h in percent. A table's cell, or the row without
    ``column``: ``section`` and ``row``, both counted from 1. Or by W3C ``selector``. ``role`` follows from the section."""

    section = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    exact = serializers.CharField(max_length=LONGEST_QUOTE, trim_whitespace=False, required=False)
    start = serializers.IntegerField(min_value=0, max_value=LARGEST_OFFSET, required=False, allow_null=True)
    prefix = serializers.CharField(max_length=200, allow_blank=True, trim_whitespace=False, required=False)
    suffix = serializers.CharField(max_length=200, allow_blank=True, trim_whitespace=False, required=False)
    figure = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    region = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4, required=False)
    panel = serializers.CharField(max_length=LONGEST_PANEL, allow_blank=True, required=False)
    row = serializers.IntegerField(min_value=1, max_value=MOST_ROWS, required=False)
    column = serializers.IntegerField(min_value=1, max_value=MOST_ROWS, required=False, allow_null=True)
    selector = SelectorField(required=False)
    source = SourceField(required=False)
    role = serializers.ChoiceField(EvidenceRole.choices, required=False)
    contradicts = serializers.BooleanField(default=False)


class QuoteSerializer(serializers.Serializer):
    """Words of a section, where nothing else proves. ``start`` counts code points; else ``prefix`` and ``suffix`` tell apart."""

    section = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    exact = serializers.CharField(max_length=LONGEST_QUOTE, trim_whitespace=False)
    start = serializers.IntegerField(min_value=0, max_value=LARGEST_OFFSET, required=False, allow_null=True, default=None)
    prefix = serializers.CharField(max_length=200, allow_blank=True, trim_whitespace=False, default="")
    suffix = serializers.CharField(max_length=200, allow_blank=True, trim_whitespace=False, default="")


def quote_of(sent: dict[str, Any]) -> Quote:
    return Quote(section_id=sent["section"], **{name: sent[name] for name in sent if name != "section"})


class AmendedEvidenceSerializer(serializers.Serializer):
    """What is not sent stays as it is."""

    role = serializers.ChoiceField(EvidenceRole.choices, required=False)
    contradicts = serializers.BooleanField(required=False)
    panel = serializers.CharField(max_length=LONGEST_PANEL, allow_blank=True, required=False)


class TargetSerializer(serializers.ModelSerializer):
    """Evidence as the target of a W3C Web Annotation: its source and the selectors that find it again."""

    type = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    selector = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = ("type", "source", "selector", "kind", "panel", "role", "depth", "contradicts")
        read_only_fields = fields

    def get_type(self, evidence: Evidence) -> str:
        return "SpecificResource"

    @extend_schema_field(SOURCE)
    def get_source(self, evidence: Evidence) -> dict[str, object]:
        return selectors.source(evidence)

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_selector(self, evidence: Evidence) -> list[dict[str, object]]:
        return selectors.written(evidence)


class ProofSerializer(serializers.ModelSerializer):
    """Evidence as it is kept: verified, with its place; words with the 32 characters on each side of them."""

    key = serializers.CharField(source="section.key", read_only=True)
    selector = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = (
            *("id", "kind", "section", "key", "start", "end", "exact", "prefix", "suffix", "figure", "region", "panel", "cell"),
            *("selector", "role", "depth", "contradicts", "state"),
        )
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_selector(self, evidence: Evidence) -> list[dict[str, object]]:
        return selectors.written(evidence)


class SectionSerializer(serializers.ModelSerializer):
    """One frozen piece of text; quotes count code points of its ``text``, cells count rows of its ``html``."""

    class Meta:
        model = Section
        fields = (
            "id",
            "article",
            "key",
            "version",
            "is_current",
            "kind",
            "label",
            "category",
            "language",
            "text",
            "html",
            "sha256",
        )
        read_only_fields = fields


class SectionDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="section", responses={200: SectionSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        """One frozen wording, to whoever may see its article: what a W3C target's source leads to."""
        return Response(SectionSerializer(articles.section(request.user, pk)).data)
