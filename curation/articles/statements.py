"""The SQL by which ``store`` takes in any number of records at once: COPY into the staging tables, then one statement a table.

What belongs to a new article is copied straight into its tables; only what may meet rows that are here is staged first.
``incoming_stored`` names the revised articles of a round; an article that is kept as it is does not come into it.
"""

#: Columns of the article as they come from a record, in the order in which COPY sends them.
ARTICLE = (
    "pmid, pmid_version, pmcid, doi, title, title_html, vernacular_title, journal, journal_abbrev, issn, volume, issue, pages, "
    "elocation, published_literal, published_year, published_month, published_day, published_precision, electronic_date, "
    "languages, authors, authors_complete, publication_types, keywords, mesh, indexing_method, grants, databanks, history, "
    "identifiers, book, conflict_of_interest, copyright, record_status, publication_status, date_revised"
)
#: What a record says nothing of, empty at first: such columns have no default of their own.
FRESH = "licence, licence_url, attribution, is_deleted_at_source, first_imported_at, updated_at"
SECTION = "key, kind, position, label, category, language, text, html, sha256"
REFERENCE = "position, heading, citation, citation_html, doi, pmid, pmcid"
NOTICE = "position, kind, source, note, pmid, doi"
SOURCE = "kind, sha256, body"

_STAGING = (
    # the target: a row that fits a page is not packed only to be unpacked again by the next statement
    "CREATE TEMPORARY TABLE IF NOT EXISTS incoming_{} WITH (toast_tuple_target = 8160) ON COMMIT DELETE ROWS "
    "AS SELECT {} WITH NO DATA"
)
STAGING = {
    table: _STAGING.format(table, columns)
    for table, columns in (
        ("article", f"{ARTICLE} FROM curation_article"),
        ("section", f"0::bigint AS record, {SECTION} FROM curation_section"),
        ("reference", f"0::bigint AS record, {REFERENCE} FROM curation_reference"),
        ("notice", f"0::bigint AS record, {NOTICE} FROM curation_notice"),
        ("sourcerecord", f"0::bigint AS record, {SOURCE} FROM curation_sourcerecord"),
        ("stored", "0::bigint AS record, 0::bigint AS article_id, false AS is_new"),
    )
}
EMPTY = {table: f"DELETE FROM incoming_{table}" for table in STAGING}  # noqa: S608
#: What is staged of articles that were here before.
BELONGINGS = ("section", "reference", "notice", "sourcerecord", "stored")

_NEWEST = "{0}.pmid_version, coalesce({0}.date_revised, '-infinity')"

#: Columns with a unique index: naming one in ON CONFLICT … SET locks the row as if its key changed, and then whoever
#: writes a reading of the article waits for the import. The PMID is the same anyway; a PMCID is set by itself where it is new.
KEYS = ("pmid", "pmcid")
SET_PMCID = """
UPDATE curation_article a SET pmcid = i.pmcid FROM incoming_article i
WHERE a.id = ANY(%s) AND a.pmid = i.pmid AND a.pmcid IS DISTINCT FROM i.pmcid
"""

#: The higher version wins, then the later revision; rows are taken in key order so that two imports never wait in a ring.
UPSERT = f"""
INSERT INTO curation_article ({ARTICLE}, {FRESH})
SELECT {ARTICLE}, '', '', '', false, now(), now() FROM incoming_article ORDER BY pmid
ON CONFLICT (pmid) DO UPDATE SET
    {", ".join(f"{c} = excluded.{c}" for c in ARTICLE.split(", ") if c not in KEYS)},
    is_deleted_at_source = false, updated_at = excluded.updated_at
WHERE ({_NEWEST.format("curation_article")}) <= ({_NEWEST.format("excluded")})
RETURNING pmid, id, xmax = 0
"""  # noqa: S608 - the only parts put in are the column names above

#: The touched articles as one array: the planner knows nothing of a staging table, and would read the whole of the other.
TOUCHED = "ANY(ARRAY(SELECT article_id FROM incoming_stored))"
RETIRE_SECTIONS = f"""
UPDATE curation_section s SET is_current = false
WHERE s.article_id = {TOUCHED} AND s.is_current AND s.kind = ANY(%s) AND NOT EXISTS
    (SELECT FROM incoming_section i JOIN incoming_stored t USING (record)
     WHERE t.article_id = s.article_id AND i.key = s.key AND i.sha256 = s.sha256)
"""  # noqa: S608
#: The text is the same, so evidence keeps its place; what stands around it may have changed.
REFRESH_SECTIONS = f"""
UPDATE curation_section s SET position = i.position, label = i.label, category = i.category, language = i.language, html = i.html
FROM incoming_section i JOIN incoming_stored t USING (record)
WHERE s.article_id = {TOUCHED} AND s.article_id = t.article_id AND s.key = i.key AND s.is_current AND
    (s.position, s.label, s.category, s.language, s.html) IS DISTINCT FROM (i.position, i.label, i.category, i.language, i.html)
"""  # noqa: S608
INSERT_SECTIONS = f"""
INSERT INTO curation_section (article_id, version, is_current, {SECTION})
SELECT t.article_id,
    1 + coalesce((SELECT max(s.version) FROM curation_section s WHERE s.article_id = t.article_id AND s.key = i.key), 0),
    true, {", ".join(f"i.{c}" for c in SECTION.split(", "))}
FROM incoming_section i JOIN incoming_stored t USING (record)
WHERE NOT EXISTS
    (SELECT FROM curation_section s
     WHERE s.article_id = {TOUCHED} AND s.article_id = t.article_id AND s.key = i.key AND s.is_current)
"""  # noqa: S608

REPLACE_REFERENCES = (
    f"DELETE FROM curation_reference WHERE article_id = {TOUCHED}",  # noqa: S608
    f"INSERT INTO curation_reference (article_id, {REFERENCE}) "  # noqa: S608
    f"SELECT article_id, {REFERENCE} FROM incoming_reference JOIN incoming_stored USING (record)",
)
REPLACE_NOTICES = (
    f"DELETE FROM curation_notice WHERE article_id = {TOUCHED}",  # noqa: S608
    f"INSERT INTO curation_notice (article_id, {NOTICE}) "  # noqa: S608
    f"SELECT article_id, {NOTICE} FROM incoming_notice JOIN incoming_stored USING (record)",
)
KEEP_SOURCES = f"""
INSERT INTO curation_sourcerecord (article_id, fetched_at, {SOURCE})
SELECT article_id, now(), {SOURCE} FROM incoming_sourcerecord JOIN incoming_stored USING (record)
ON CONFLICT (article_id, kind) DO UPDATE SET sha256 = excluded.sha256, body = excluded.body, fetched_at = excluded.fetched_at
WHERE curation_sourcerecord.sha256 <> excluded.sha256
"""  # noqa: S608

IDS = "SELECT pmid, id FROM curation_article WHERE pmid = ANY(%s)"
#: Each source looked up by itself: joined, the planner takes the whole table for a few hundred rows of it.
KNOWN = """
SELECT a.pmid, a.id,
    (SELECT coalesce(json_object_agg(s.kind, s.sha256), '{}')::text FROM curation_sourcerecord s WHERE s.article_id = a.id)
FROM curation_article a WHERE a.pmid = ANY(%s)
"""
#: Of the articles after one, each with the fullest source it is kept from; those that PubMed deleted stay as they are.
SOURCES = """
SELECT DISTINCT ON (s.article_id) s.article_id, s.kind, s.body
FROM curation_sourcerecord s JOIN curation_article a ON a.id = s.article_id
WHERE s.article_id > %(after)s AND s.kind IN ('pubmed', 'nbib', 'ris') AND NOT a.is_deleted_at_source
    AND (%(project)s::bigint IS NULL OR EXISTS
        (SELECT FROM curation_screening c WHERE c.article_id = s.article_id AND c.project_id = %(project)s))
ORDER BY s.article_id, s.kind <> 'pubmed', s.kind LIMIT %(most)s
"""
_SAME = "(SELECT array_agg(ROW({0}) ORDER BY {0}) FROM {1})"
#: The PMIDs of those that were staged and say something else than what is here.
REWORDED = f"""
SELECT i.pmid FROM incoming_article i JOIN curation_article a USING (pmid) JOIN incoming_stored t ON t.article_id = a.id
WHERE ({", ".join(f"i.{c}" for c in ARTICLE.split(", "))}) IS DISTINCT FROM ({", ".join(f"a.{c}" for c in ARTICLE.split(", "))})
    OR {_SAME.format(SECTION, "incoming_section s WHERE s.record = t.record")} IS DISTINCT FROM
       {_SAME.format(SECTION, "curation_section s WHERE s.article_id = a.id AND s.is_current AND s.kind = ANY(%s)")}
    OR {_SAME.format(NOTICE, "incoming_notice n WHERE n.record = t.record")} IS DISTINCT FROM
       {_SAME.format(NOTICE, "curation_notice n WHERE n.article_id = a.id")}
    OR {_SAME.format(REFERENCE, "incoming_reference r WHERE r.record = t.record")} IS DISTINCT FROM
       {_SAME.format(REFERENCE, "curation_reference r WHERE r.article_id = a.id")}
"""  # noqa: S608
MARK_DELETED = """
UPDATE curation_article a SET is_deleted_at_source = a.is_deleted_at_source OR d.version >= a.pmid_version
FROM (SELECT pmid, max(version) AS version FROM unnest(%s::bigint[], %s::int[]) AS d(pmid, version) GROUP BY pmid) d
WHERE a.pmid = d.pmid RETURNING a.pmid, a.id, a.pmid_version
"""
TOUCH = "INSERT INTO incoming_stored VALUES (%s, %s, false)"
