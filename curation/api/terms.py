"""Ontology terms found by any of their names, from the table that comes with the site."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess
from curation.codebook import terms


class TermSerializer(serializers.Serializer):
    """``by``: the synonym that answered, empty where the label did; ``written``: as a value of the type takes it."""

    id = serializers.CharField(source="term.id")
    label = serializers.CharField(source="term.label")
    by = serializers.CharField()
    written = serializers.CharField(source="term.written")


class TermsSerializer(serializers.Serializer):
    """The best first. ``source``, ``release`` and ``licence`` of the table go with it."""

    source = serializers.CharField()
    release = serializers.CharField()
    licence = serializers.CharField()
    results = TermSerializer(many=True)


QUERY = OpenApiParameter("q", str, description="Words of a name or synonym, or an identifier; slips of the hand are forgiven.")


class Terms(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="terms", parameters=[QUERY], responses={200: TermsSerializer})
    def get(self, request: Request) -> Response:
        """At most ten terms of the Human Phenotype Ontology that answer to what was typed."""
        book = terms.book()
        hits = terms.search(request.query_params.get("q", "")[:200])
        found = {"source": book.source, "release": book.release, "licence": book.licence, "results": hits}
        return Response(TermsSerializer(found).data)
