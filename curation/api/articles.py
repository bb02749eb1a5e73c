"""Articles: found by the filters of their page, and each with all of its record and its frozen text."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from curation.api.access import ScopedAccess
from curation.api.versions import REFUSALS
from curation.articles import filters, queries, searching
from curation.articles.queries import ArticlePage
from curation.articles.searching import Hits
from curation.models import Article, Figure, Notice, Reference, Section

ABSENT = (404, "application/problem+json")
UNREADABLE = (422, "application/problem+json")
LISTED = (
    *(
        "id",
        "pmid",
        "pmid_version",
        "pmcid",
        "doi",
        "title",
        "title_html",
        "journal",
        "journal_abbrev",
        "volume",
        "issue",
        "pages",
    ),
    *("elocation", "published_literal", "published_year", "published_month", "published_day", "published_precision"),
    *("authors", "authors_complete", "publication_types", "is_retracted", "is_deleted_at_source", "languages"),
)
WHOLE = (
    *LISTED,
    *("vernacular_title", "issn", "electronic_date", "keywords", "mesh", "indexing_method", "grants", "databanks", "history"),
    *("identifiers", "book", "conflict_of_interest", "copyright", "record_status", "publication_status"),
    *(
        "licence",
        "licence_url",
        "attribution",
        "full_text",
        "full_text_reason",
        "full_text_type",
        "date_revised",
        "first_imported_at",
        "updated_at",
    ),
)


class ArticleSerializer(serializers.ModelSerializer):
    is_retracted = serializers.BooleanField(read_only=True)

    class Meta:
        model = Article
        fields = LISTED


class HitsSerializer(serializers.Serializer):
    """One page of a search. ``count`` stops at 1,000 (where nothing but years is asked for, at 200 pages).

    ``count_is_exact`` says whether that was all.
    """

    count = serializers.IntegerField()
    count_is_exact = serializers.BooleanField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ArticleSerializer(many=True)


class FrozenSectionSerializer(serializers.ModelSerializer):
    """Evidence points into ``text`` by code points; a new wording is a new section with the next ``version`` of its ``key``."""

    class Meta:
        model = Section
        fields = ("id", "key", "version", "kind", "position", "label", "category", "language", "text", "html", "sha256")


class FigureSerializer(serializers.ModelSerializer):
    """``image`` and ``thumbnail`` are null where the picture is not kept; ``withheld`` then says why."""

    image = serializers.SerializerMethodField()
    thumbnail = serializers.SerializerMethodField()

    class Meta:
        model = Figure
        fields = (
            *("id", "key", "position", "label", "image", "thumbnail", "width", "height", "sha256", "withheld"),
            *("source_url", "source_md5", "fetched_at", "licence", "licence_url", "attribution"),
        )

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_image(self, figure: Figure) -> str | None:
        return reverse("api:figure-image", args=[figure.pk], request=self.context["request"]) if figure.image else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_thumbnail(self, figure: Figure) -> str | None:
        return reverse("api:figure-thumbnail", args=[figure.pk], request=self.context["request"]) if figure.thumbnail else None


class ReferenceSerializer(serializers.ModelSerializer):
    article = serializers.IntegerField(
        source="here", allow_null=True, help_text="The cited article's own id, where it is here too."
    )

    class Meta:
        model = Reference
        fields = ("position", "heading", "citation", "doi", "pmid", "pmcid", "article")


class NoticeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Notice
        fields = ("kind", "source", "note", "pmid", "doi")


class CautionSerializer(NoticeSerializer):
    """A retraction, concern, erratum or newer version of an article that something was drawn from."""

    class Meta(NoticeSerializer.Meta):
        fields = ("article", *NoticeSerializer.Meta.fields)


class SourceSerializer(serializers.Serializer):
    kind = serializers.CharField(source="source_kind")
    sha256 = serializers.CharField(source="source_sha256")
    fetched_at = serializers.DateTimeField(source="source_fetched_at")


class WholeArticleSerializer(ArticleSerializer):
    """An article from its ``ArticlePage``, given as context ``page``."""

    source = serializers.SerializerMethodField()
    sections = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    references = serializers.SerializerMethodField()
    notices = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = (*WHOLE, "source", "sections", "figures", "references", "notices")

    @property
    def page(self) -> ArticlePage:
        return self.context["page"]

    @extend_schema_field(SourceSerializer(allow_null=True))
    def get_source(self, article: Article) -> object:
        return SourceSerializer(article).data if getattr(article, "source_sha256", None) else None

    @extend_schema_field(FrozenSectionSerializer(many=True))
    def get_sections(self, article: Article) -> object:
        sections = [section for kind in self.page.text.values() for section in kind]
        return FrozenSectionSerializer(sorted(sections, key=lambda section: section.position), many=True).data

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, article: Article) -> object:
        return FigureSerializer([figure for figure, _ in self.page.figures], many=True, context=self.context).data

    @extend_schema_field(ReferenceSerializer(many=True))
    def get_references(self, article: Article) -> object:
        return ReferenceSerializer(self.page.references, many=True).data

    @extend_schema_field(NoticeSerializer(many=True))
    def get_notices(self, article: Article) -> object:
        return NoticeSerializer(self.page.notices, many=True).data


FILTERS = [
    OpenApiParameter("words", str, description='Words by their stem; "quoted" ones together, -left out, OR between.'),
    OpenApiParameter("author", str, description="Words of an author's name, in any order."),
    OpenApiParameter("journal", str, description="The journal's name, whole or as PubMed abbreviates it."),
    OpenApiParameter("kind", str, description="A publication type, such as Case Reports."),
    OpenApiParameter("year_from", int),
    OpenApiParameter("year_to", int),
    OpenApiParameter("pmid", int),
    OpenApiParameter("notices", bool, description="Only what was corrected, questioned or retracted."),
    OpenApiParameter("figures", bool, description="Only what has figures here."),
    OpenApiParameter("project", str, description="The slug of a project that has it."),
    OpenApiParameter("state", str, enum=list(dict(filters.STATES)), description="Where it stands in that project."),
    OpenApiParameter("page", int, description=f"From 1 to {filters.PAGES}."),
    OpenApiParameter("page_size", int, description=f"At most {filters.MOST_PER_PAGE}."),
]


class ArticleList(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(
        operation_id="articles_list",
        parameters=FILTERS,
        responses={200: HitsSerializer, UNREADABLE: REFUSALS[UNREADABLE]},
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        hits = searching.search(request.user, filters.read(request.query_params))
        shown = {
            "count": hits.count,
            "count_is_exact": hits.is_exact,
            "next": _address(request, hits, hits.next),
            "previous": _address(request, hits, hits.previous),
            "results": hits.rows,
        }
        return Response(HitsSerializer(shown).data)


def _address(request: Request, hits: Hits, page: int | None) -> str | None:
    return replace_query_param(request.build_absolute_uri(), "page", page) if page else None


class ArticleDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="article", responses={200: WholeArticleSerializer, ABSENT: REFUSALS[ABSENT]})
    def get(self, request: Request, pk: int) -> Response:
        page = queries.page(request.user, pk)
        return Response(WholeArticleSerializer(page.article, context={"page": page, "request": request}).data)
