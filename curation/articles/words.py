"""What articles are found by, written from their rows: every word of record and full text, and ``tokens``.

Runs inside the caller's transaction, which holds the articles' rows.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from curation.articles.tokens import LONGEST
from curation.choices import SectionKind
from curation.models.articles import ERRATA, GRAVE

#: Text past so many characters is not found: a search vector ends at a megabyte.
MOST_TEXT = 300_000

WRITE = """
INSERT INTO curation_articlewords (article_id, newest, search)
SELECT a.id, coalesce(a.published_year, 0) * 10000 + coalesce(a.published_month, 0) * 100 + coalesce(a.published_day, 0),
    to_tsvector('english', left(concat_ws(E'\\n', a.title, a.vernacular_title, names.said, texts.said), %(most_text)s)) ||
    array_to_tsvector(ARRAY(
        SELECT left(token, %(longest)s) FROM (
            SELECT '=name/' || word FROM regexp_split_to_table(lower(names.said), '\\W+') word WHERE word <> ''
            UNION ALL SELECT '=kind/' || lower(kind ->> 'name') FROM jsonb_array_elements(a.publication_types) kind
            UNION ALL SELECT '=journal/' || lower(name) FROM unnest(ARRAY[a.journal, a.journal_abbrev]) name
            UNION ALL SELECT '=has/figures' WHERE EXISTS (SELECT FROM curation_figure f WHERE f.article_id = a.id)
            UNION ALL SELECT '=has/notices' WHERE EXISTS
                (SELECT FROM curation_notice n WHERE n.article_id = a.id AND n.kind = ANY(%(grave)s))
        ) said (token) WHERE token IS NOT NULL))
FROM curation_article a,
    LATERAL (SELECT coalesce(string_agg(concat_ws(' ', name ->> 'fore_name', name ->> 'initials', name ->> 'last_name',
        name ->> 'collective_name'), E'\\n'), '') FROM jsonb_array_elements(a.authors) name) names (said),
    LATERAL (SELECT string_agg(s.text, E'\\n' ORDER BY s.position) FROM curation_section s
        WHERE s.article_id = a.id AND s.is_current AND s.kind <> ALL(%(unsearched)s)) texts (said)
WHERE a.id = ANY(%(articles)s) ORDER BY a.id
ON CONFLICT (article_id) DO UPDATE SET newest = excluded.newest, search = excluded.search
"""
#: The title stands in the article's row too, and everybody declares a conflict of interest or none.
UNSEARCHED = [str(SectionKind.TITLE), str(SectionKind.CONFLICT)]


def write(articles: Iterable[int]) -> None:
    """Bring what these articles are found by to what their rows say now."""
    given: dict[str, Any] = {
        "articles": list(articles),
        "grave": [*GRAVE, *ERRATA],
        "unsearched": UNSEARCHED,
        "most_text": MOST_TEXT,
        "longest": LONGEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)
