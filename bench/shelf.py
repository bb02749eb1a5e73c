"""A shelf of any number of articles: some thousand are imported as any are, then multiplied by set-based SQL.

Each copy has another PMID and date, and the texts of its original. One in twenty has a figure and a full text of some thousand
words, one in fifty an erratum.
"""

from io import BytesIO

from django.db import connection

from bench import make_baseline
from curation import tasks
from curation.articles import actions, words
from curation.models import Article, User

COPIED = (
    "pmid_version, title, title_html, vernacular_title, journal, journal_abbrev, issn, volume, issue, pages, elocation, "
    "published_literal, published_month, published_day, published_precision, electronic_date, languages, authors, "
    "authors_complete, publication_types, keywords, mesh, indexing_method, grants, databanks, history, identifiers, book, "
    "conflict_of_interest, copyright, record_status, publication_status, licence, licence_url, attribution, "
    "is_deleted_at_source, date_revised, first_imported_at, updated_at, doi"
)
ARTICLES = f"""
INSERT INTO curation_article (pmid, published_year, {COPIED})
SELECT a.pmid + n * 1000000, 1950 + (a.pmid * 7 + n * 13) %% 75, {COPIED}
FROM generate_series(%(first)s, %(last)s) n, curation_article a
WHERE a.pmid BETWEEN %(origin)s AND %(origin)s + %(imported)s - 1 ORDER BY n, a.pmid
"""
SECTION = "key, version, is_current, kind, position, label, category, language, text, html, sha256"
SECTIONS = f"""
INSERT INTO curation_section (article_id, {SECTION})
SELECT c.id, {", ".join(f"s.{column}" for column in SECTION.split(", "))}
FROM curation_article c JOIN curation_article a ON a.pmid = %(origin)s - %(origin)s %% 1000000 + c.pmid %% 1000000
JOIN curation_section s ON s.article_id = a.id AND s.kind IN ('title', 'abstract') WHERE c.id > %(after)s
"""
FIGURES = """
INSERT INTO curation_figure (article_id, key, position, label, image, thumbnail, withheld, stem, source_md5, sha256, source_url,
    licence, licence_url, attribution)
SELECT id, 'figure1', 1, 'Figure 1', '', '', '', '', '', '', '', '', '', '' FROM curation_article
WHERE id %% 20 = 3 AND id > %(after)s
"""
NOTICES = """
INSERT INTO curation_notice (article_id, position, kind, source, note, doi)
SELECT id, 9, 'ErratumIn', '', '', '' FROM curation_article WHERE id %% 50 = 7 AND id > %(after)s
"""
#: Twenty-five abstracts after one another, by turns: as long as a case report's full text.
BODIES = """
INSERT INTO curation_section (article_id, key, version, is_current, kind, position, label, category, language, text, html, sha256)
SELECT a.id, 'body1', 1, true, 'body', 50, 'Text', '', '', b.text, '', ''
FROM (SELECT n %% 40 AS turn, string_agg(text, E'\n') AS text FROM
    (SELECT text, row_number() OVER (ORDER BY id) AS n FROM curation_section WHERE kind = 'abstract' ORDER BY id LIMIT 1000) one
    GROUP BY 1) b
JOIN curation_article a ON a.id %% 20 = 3 AND a.id / 20 %% 40 = b.turn AND a.id > %(after)s
"""


def begin(imported: int, seed: int) -> None:
    """The articles that the others are copies of."""
    importer, _ = User.objects.get_or_create(username="importer", is_superuser=True)
    file = BytesIO()
    make_baseline.write(file, records=imported, seed=seed)
    file.seek(0)
    batch = actions.open_batch_of_file(project=None, name="some.xml", stream=file, by=importer)
    tasks.run_batch.run(batch.pk)


def grow(articles: int, imported: int) -> None:
    """Copies until there are so many articles, counted in whole ``imported``, beside what else is there."""
    origin = make_baseline.FIRST_PMID
    copies = Article.objects.filter(pmid__gte=origin).count() // imported
    newest = Article.objects.latest("pk").pk
    given = {"first": copies, "last": articles // imported - 1, "origin": origin, "imported": imported, "after": newest}
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX article_words")
        for statement in (ARTICLES, SECTIONS, FIGURES, NOTICES, BODIES):
            cursor.execute(statement, given)
            cursor.execute("ANALYZE")
        words.write(Article.objects.filter(pk__gt=newest).values_list("pk", flat=True))
        cursor.execute("CREATE INDEX article_words ON curation_articlewords USING gin (search)")
        cursor.execute("VACUUM ANALYZE")
