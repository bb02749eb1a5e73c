"""What an article is found by gets a table of its own: words and filters are one index, and the article's row is left alone."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

#: As ``articles/words.py`` was when this was written.
FILL = """
INSERT INTO curation_articlewords (article_id, newest, search)
SELECT a.id, coalesce(a.published_year, 0) * 10000 + coalesce(a.published_month, 0) * 100 + coalesce(a.published_day, 0),
    to_tsvector('english', left(concat_ws(E'\\n', a.title, a.vernacular_title, names.said, texts.said), 300000)) ||
    array_to_tsvector(ARRAY(
        SELECT DISTINCT left(token, 300) FROM (
            SELECT '=name/' || word FROM regexp_split_to_table(lower(names.said), '\\W+') word WHERE word <> ''
            UNION ALL SELECT '=kind/' || lower(kind ->> 'name') FROM jsonb_array_elements(a.publication_types) kind
            UNION ALL SELECT '=journal/' || lower(name) FROM unnest(ARRAY[a.journal, a.journal_abbrev]) name
            UNION ALL SELECT '=has/figures' WHERE EXISTS (SELECT FROM curation_figure f WHERE f.article_id = a.id)
            UNION ALL SELECT '=has/notices' WHERE EXISTS
                (SELECT FROM curation_notice n WHERE n.article_id = a.id AND n.kind IN ('RetractionIn', 'RetractedandRepublishedIn',
                    'PartialRetractionIn', 'ExpressionOfConcernIn', 'ErratumIn', 'CorrectedandRepublishedIn'))
        ) said (token) WHERE token IS NOT NULL))
FROM curation_article a,
    LATERAL (SELECT coalesce(string_agg(concat_ws(' ', name ->> 'fore_name', name ->> 'initials', name ->> 'last_name',
        name ->> 'collective_name'), E'\\n'), '') FROM jsonb_array_elements(a.authors) name) names (said),
    LATERAL (SELECT string_agg(s.text, E'\\n' ORDER BY s.position) FROM curation_section s
        WHERE s.article_id = a.id AND s.is_current AND s.kind NOT IN ('title', 'conflict')) texts (said)
"""
FILL_BACK = "UPDATE curation_article a SET search = w.search FROM curation_articlewords w WHERE w.article_id = a.id"


class Migration(migrations.Migration):
    dependencies = [("curation", "0003_audit_sealed")]

    operations = [
        migrations.CreateModel(
            name="ArticleWords",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="curation.article",
                    ),
                ),
                ("newest", models.PositiveIntegerField()),
                ("search", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={"verbose_name_plural": "article words"},
        ),
        migrations.RunSQL(FILL, FILL_BACK),
        migrations.RemoveIndex(model_name="article", name="article_search"),
        migrations.RemoveIndex(model_name="article", name="article_newest"),
        migrations.RemoveIndex(model_name="article", name="article_by_journal_abbrev"),
        migrations.RemoveIndex(model_name="article", name="article_by_journal"),
        migrations.RemoveIndex(model_name="article", name="article_kinds"),
        migrations.RemoveField(model_name="article", name="search"),
        # after CREATE TABLE and INSERT in one transaction, the constraint of the link is still waiting: have it looked at first
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="articlewords",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="article_words"),
        ),
        migrations.AddIndex(
            model_name="articlewords",
            index=models.Index(
                models.OrderBy(models.F("newest"), descending=True),
                models.OrderBy(models.F("article"), descending=True),
                name="article_words_newest",
            ),
        ),
    ]
