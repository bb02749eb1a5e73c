"""A JATS article's bytes to its full text: sections, tables, figures, references, licence. Pure.

Read by a parser that knows no entities, no DTD and no network; whatever is damaged is refused as Invalid.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from curation.articles import citing, identifiers, jats_figures, jats_tables, jats_text, licences
from curation.articles.figures import FIRST_POSITION as FIRST_CAPTION
from curation.articles.jats_figures import Drawn
from curation.articles.licences import Licence
from curation.articles.markup import local
from curation.articles.records import Cited, Passage
from curation.errors import Invalid

PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)
DEEPEST = 60
FIRST_BODY, FIRST_TABLE = 100, 20_000
MOST_SECTIONS, MOST_TABLES, MOST_FIGURES = 900, 1_000, 1_000
LONGEST_LABEL, LONGEST_CATEGORY, LONGEST_TYPE = 300, 50, 60
PARTS = ("body", "back", "floats-group", "floats-wrap")
PATH = " › "  # between the titles of a section and of those it stands in
OWN_TITLES = {"ack": "Acknowledgements", "glossary": "Glossary", "app": "Appendix", "notes": "Notes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """``article_type`` is JATS's word (case-report, correction, retraction). ``pmcid`` is empty where it names none."""

    pmcid: str
    article_type: str
    licence: Licence
    attribution: str
    sections: tuple[Passage, ...]
    tables: tuple[Passage, ...]
    captions: tuple[Passage, ...]
    figures: tuple[Drawn, ...]
    references: tuple[Cited, ...]


def parse(data: bytes) -> FullText:
    """Raises Invalid with what is wrong with it."""
    article = _article(data)
    front = article.find("front/article-meta")
    if front is None:
        raise Invalid("This full text has no front matter (front/article-meta).")
    ids = {i.get("pub-id-type", ""): jats_text.plain(i) for i in front.iterfind("article-id")}
    attribution = _attribution(front, article.find("front/journal-meta"))
    drawn = jats_figures.figures(article, attribution)
    _bounded(drawn, MOST_FIGURES, "figures")
    return FullText(
        pmcid=identifiers.pmcid(ids.get("pmcid", "") or ids.get("pmc", "") or ids.get("pmcaid", "")),
        article_type=(article.get("article-type") or "")[:LONGEST_TYPE],
        licence=jats_figures.licence_of(_permissions(front)) or licences.NONE,
        attribution=attribution,
        sections=tuple(_sections(article)),
        tables=tuple(_tables(article)),
        captions=tuple(_caption(n, each) for n, each in enumerate(drawn) if each.caption.text),
        figures=tuple(drawn),
        references=citing.references(article),
    )


def _article(data: bytes) -> etree._Element:
    """The article's element, its names without namespaces, or Invalid."""
    if b"<!ENTITY" in data:
        raise Invalid("This full text declares entities, which are not read.")
    try:
        root = etree.fromstring(data, PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid(f"This full text is not well-formed XML: {str(error).partition(chr(10))[0][:300]}") from error
    if any(isinstance(each, etree._Entity) for each in root.iter(etree.Entity)):
        raise Invalid("This full text uses entities that are not declared.")
    _name_plainly(root)
    found = root if root.tag == "article" else next(root.iter("article"), None)
    if found is None:
        raise Invalid("This is no JATS article: it has no <article>.")
    return found


def _name_plainly(root: etree._Element) -> None:
    """Take the namespaces off all names. What is nested deeper than any article is refused: it is read by recursion."""
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise Invalid(f"This full text is nested more than {DEEPEST} deep, which no article is.")
        if event == "start":
            element.tag = local(element)


def _bounded(found: Sequence[object], most: int, what: str) -> None:
    if len(found) > most:
        raise Invalid(f"This full text has {len(found)} {what}; more than {most} are not taken in.")


def _sections(article: etree._Element) -> Iterator[Passage]:
    """Every piece of the body and of what stands behind and beside it, with the titles it stands under and its sec-type."""
    found = [piece for part in PARTS if (e := article.find(part)) is not None for piece in _pieces(e, (), "")]
    _bounded(found, MOST_SECTIONS, "sections")
    n = 0
    for titles, kind, element in found:
        own = (child for child in element if child.tag not in ("title", "label"))
        words = jats_text.stacked(b for child in own if not _is_nested(child) for b in jats_text.block(child))
        if words.text:
            n += 1
            label = PATH.join(titles)[:LONGEST_LABEL]
            yield Passage(f"body.{n}", "body", FIRST_BODY + n, *words, label=label, category=kind[:LONGEST_CATEGORY])


def _is_nested(element: etree._Element) -> bool:
    return element.tag in ("sec", "app-group", "app", "ack", "notes", "glossary", "ref-list", "bio")


def _pieces(element: etree._Element, above: tuple[str, ...], kind: str) -> Iterator[tuple[tuple[str, ...], str, etree._Element]]:
    kind = (element.get("sec-type") or kind).strip()
    yield above, kind, element
    for child in element:
        if child.tag in ("ref-list", "bio") or not _is_nested(child):
            continue
        title = " ".join(filter(None, (jats_text.plain(child.find("label")), jats_text.plain(child.find("title")))))
        title = title or OWN_TITLES.get(child.tag, "")
        yield from _pieces(child, (*above, title) if title else above, kind)


def _tables(article: etree._Element) -> Iterator[Passage]:
    wraps = list(jats_figures.own(article, "table-wrap"))
    _bounded(wraps, MOST_TABLES, "tables")
    for n, wrap in enumerate(wraps, 1):
        label = jats_text.plain(wrap.find("label"))[:LONGEST_LABEL] or f"Table {n}"
        words = jats_tables.table(wrap)
        if words.text:
            yield Passage(f"table{n}", "table", FIRST_TABLE + n, *words, label=label)


def _caption(n: int, drawn: Drawn) -> Passage:
    return Passage(drawn.key, "caption", FIRST_CAPTION + n, *drawn.caption, label=drawn.label)


def _attribution(meta: etree._Element, journal: etree._Element | None) -> str:
    """Who wrote it, where it was published and whose it is, for the line beside every figure."""
    writers = (c for c in meta.iterfind("contrib-group/contrib") if c.get("contrib-type", "author") == "author")
    names = [name for c in writers if (name := _name(c))]
    listed = ", ".join(names[:6]) + (" et al" if len(names) > 6 else "")
    title = jats_text.plain(journal.find(".//journal-title")) if journal is not None else ""
    at = {tag: jats_text.plain(meta.find(tag)) for tag in ("volume", "fpage", "elocation-id")}
    year = min((y for d in meta.iterfind("pub-date") if (y := jats_text.plain(d.find("year")))), default="")
    place = f"{title} {year};{at['volume']}:{at['fpage'] or at['elocation-id']}".strip(" ;:")
    parts = [part.rstrip(".") for part in (listed, place, jats_figures.copyright_of(_permissions(meta))) if part]
    return ". ".join(parts) + "." * bool(parts)


def _permissions(meta: etree._Element) -> etree._Element:
    """Until 2007 they stood among all else that is said of an article."""
    found = meta.find("permissions")
    return meta if found is None else found


def _name(contrib: etree._Element) -> str:
    """A person's family name and initials, or a group's name."""
    person = next((p for p in contrib.iter("name", "string-name", "collab", "anonymous")), None)
    if person is None or person.tag in ("collab", "anonymous"):
        return "Anonymous" if person is not None and person.tag == "anonymous" else jats_text.plain(person)
    family, given = jats_text.plain(person.find("surname")), jats_text.plain(person.find("given-names"))
    initials = "".join(re.findall(r"\b\w", given))
    return f"{family} {initials}".strip() or jats_text.plain(person)
