"""Full texts read from JATS: real ones, each shape by a small one, and damaged bytes, which are refused and never more."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.articles import jats
from curation.articles.jats import FullText
from curation.errors import Invalid
from curation.tests.articles.fulltexts import CC_BY, DATA, a_full_text

WHOLE = (DATA / "PMC3460867.xml").read_bytes()
ARTICLE = a_full_text()


def words_of(html: str) -> str:
    """The HTML without its tags."""
    found: list[str] = []
    reader = HTMLParser(convert_charrefs=True)
    reader.handle_data = found.append  # type: ignore[method-assign]
    reader.feed(html)
    reader.close()
    return "".join(found)


def assert_whole(read: FullText) -> None:
    pieces = [*read.sections, *read.tables, *read.captions]
    assert all(piece.text and words_of(piece.html) == piece.text for piece in pieces)
    assert len({piece.key for piece in pieces}) == len(pieces)
    assert len({drawn.key for drawn in read.figures}) == len(read.figures)


def body(more: str) -> FullText:
    return jats.parse(a_full_text(more=f"<sec><title>More</title>{more}</sec>", tables="", figures=""))


def last(more: str) -> str:
    return body(more).sections[-1].text


def test_an_article_under_a_licence_in_words_only() -> None:
    read = jats.parse(WHOLE)
    assert_whole(read)
    assert (read.pmcid, read.article_type, read.licence.name) == ("PMC3460867", "research-article", "CC BY")
    assert [s.label for s in read.sections][:2] == ["Introduction", "Materials and Methods › Chemicals"]
    assert [s.key for s in read.sections] == [f"body.{n}" for n in range(1, 21)]
    assert (read.sections[18].label, read.sections[18].text[:9]) == ("Supporting Information", "Table S1\n")
    assert [d.stem for d in read.figures] == [f"pone.0046493.g00{n}" for n in range(1, 5)]
    assert read.captions[0].html.startswith("<b>Chemical structure of inhibitors.</b> Chemical structures of <b>A</b>")
    assert read.attribution.startswith(
        "Delorme V, Diomandé SV, Dedieu L, Cavalier JF, Carrière F, Kremer L et al. PLoS ONE 2012;7"
    )
    assert [t.label for t in read.tables] == ["Table 1", "Table 2", "Table 3"]
    assert "LipC [18]\tC4/0.12\tC10/0.02\tn.d" in read.tables[0].text
    assert '<th colspan="6">' in read.tables[0].html
    assert "<sup>a</sup>" in read.tables[0].html
    assert (len(read.references), read.references[0].pmid) == (58, 21127999)


def test_an_article_in_the_public_domain() -> None:
    read = jats.parse((DATA / "PMC2599765.xml").read_bytes())
    assert_whole(read)
    assert read.licence.name == "Public domain"
    assert [(d.key, d.stem) for d in read.figures] == [(f"figure{n}", f"ehp-116-1694f{n}") for n in (1, 2, 3)]
    assert read.references[1].citation == (
        "Ankley GT, Villeneuve DL. The fathead minnow in aquatic toxicology: past, present and future. "
        "Aquat Toxicol. 2006;78:91-102."
    )


def test_the_same_without_its_licence() -> None:
    start, end = WHOLE.index(b"<license>"), WHOLE.index(b"</license>") + len(b"</license>")
    assert jats.parse(WHOLE[:start] + WHOLE[end:]).licence.name == ""


@pytest.mark.parametrize(
    ("permissions", "name"),
    [
        ('<license xlink:href="https://creativecommons.org/licenses/by-sa/4.0/"/>', "CC BY-SA 4.0"),
        (
            "<license><ali:license_ref xmlns:ali='x'>http://creativecommons.org/licenses/by/3.0/</ali:license_ref></license>",
            "CC BY 3.0",
        ),
        (
            '<license><license-p>See <ext-link xlink:href="https://creativecommons.org/licenses/by-nc/4.0/">here</ext-link>.'
            "</license-p></license>",
            "CC BY-NC 4.0",
        ),
        ("<license><license-p>Creative Commons Attribution</license-p></license>", "CC BY"),
        (f"{CC_BY}<license><license-p>Publisher's own licence</license-p></license>", ""),
        ("<license/>", ""),
        ("", ""),
        ("<ali:license_ref xmlns:ali='x'>https://creativecommons.org/licenses/by/4.0/</ali:license_ref>", "CC BY 4.0"),
        ("<copyright-statement>Park. Distributed under the Creative Commons Attribution License.</copyright-statement>", "CC BY"),
        ("<copyright-statement>© 2021 Publisher. All rights reserved.</copyright-statement>", ""),
    ],
)
def test_the_places_where_a_licence_stands(permissions: str, name: str) -> None:
    assert jats.parse(a_full_text(permissions=permissions)).licence.name == name


@pytest.mark.parametrize("kind", ["correction", "retraction", "case-report"])
def test_the_kind_of_article(kind: str) -> None:
    assert jats.parse(a_full_text(kind=kind)).article_type == kind


def test_the_article_of_an_answer_of_efetch_or_oai() -> None:
    assert jats.parse(b"<pmc-articleset>" + ARTICLE + b"</pmc-articleset>").pmcid == "PMC7"
    named = ARTICLE.replace(b"<article ", b'<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/" ', 1)
    assert jats.parse(b"<record><metadata>" + named + b"</metadata></record>").sections == jats.parse(ARTICLE).sections


def test_nested_sections_carry_the_titles_above_them() -> None:
    read = body("<p>Own words.</p><sec><label>2.1</label><title>Inner</title><p>Deep.</p><sec><p>Untitled.</p></sec></sec>")
    assert [(s.label, s.text) for s in read.sections[2:]] == [
        ("More", "Own words."),
        ("More › 2.1 Inner", "Deep."),
        ("More › 2.1 Inner", "Untitled."),
    ]


def test_paragraphs_lists_and_quotes_are_blocks() -> None:
    section = body(
        "<p>One <italic>and</italic>\n two:<list><list-item><label>1.</label><p>first</p></list-item><list-item>"
        "<p>second &lt;</p></list-item></list>after.</p><disp-quote><p>Said.</p></disp-quote>"
    ).sections[-1]
    assert section.text == "One and two:\n\n1. first\n\nsecond <\n\nafter.\n\nSaid."
    assert section.html == (
        "<p>One <i>and</i> two:</p><ul><li>\n\n1. first</li><li>\n\nsecond &lt;</li></ul><p>\n\nafter.</p><p>\n\nSaid.</p>"
    )


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("<inline-formula><mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math></inline-formula>", "x2"),
        (
            r"<inline-formula><tex-math>\documentclass{a}\begin{document}$$E=mc^2$$\end{document}</tex-math></inline-formula>",
            "E=mc^2",
        ),
        (
            "<inline-formula><alternatives><tex-math>$a$</tex-math><mml:math><mml:mi>b</mml:mi></mml:math></alternatives>"
            "</inline-formula>",
            "b",
        ),
        ('<inline-formula><inline-graphic xlink:href="e1"/></inline-formula>', "[formula]"),
    ],
)
def test_formulas_are_readable(formula: str, words: str) -> None:
    assert last(f"<p>So {formula} holds.</p>") == f"So {words} holds."


def test_a_displayed_formula_keeps_its_number() -> None:
    formula = "<disp-formula><label>(1)</label><mml:math><mml:mi>a</mml:mi></mml:math></disp-formula>"
    assert last(f"<p>Thus {formula} follows.</p>") == "Thus\n\na (1)\n\nfollows."


def test_older_articles_state_their_rights_without_an_element_around_them() -> None:
    data = ARTICLE.replace(b"<permissions>", b"").replace(b"</permissions>", b"")
    assert jats.parse(data).licence.name == "CC BY 4.0"
    assert jats.parse(data).attribution == "Park AB. J Rare Dis 2021;3:e9. © 2021 Park."


def test_the_sections_of_a_box_are_text() -> None:
    box = "<boxed-text><label>Box 1</label><sec><title>Key points</title><p>Weak.</p><p>Sore.</p></sec></boxed-text>"
    assert last(box) == "Box 1\n\nKey points\n\nWeak.\n\nSore."
    assert last(f"<p>Before{box}after.</p>") == "Before\n\nBox 1\n\nKey points\n\nWeak.\n\nSore.\n\nafter."


def test_what_a_video_or_another_file_shows_is_told() -> None:
    caption = "<caption><title>Gait.</title><p>The patient <italic>walks</italic>.</p></caption>"
    video = f'<media mimetype="video" xlink:href="v1.mp4"><object-id>10.1/v</object-id><label>Video 1.</label>{caption}</media>'
    file = '<media xlink:href="s1.pdf"><caption><p>Click here.</p></caption></media>'
    assert last(video) == "Video 1.\n\nGait.\n\nThe patient walks."
    assert last(f"<p>See{video}.</p>") == "See\n\nVideo 1.\n\nGait.\n\nThe patient walks.\n\n."
    assert last(f"<supplementary-material><label>S1</label>{caption}{file}</supplementary-material>").endswith("walks.")
    assert last(f"<p>x</p><supplementary-material>{file}</supplementary-material>") == "x\n\nClick here."


def test_boxes_and_videos_among_what_floats() -> None:
    caption = "<label>Video 1.</label><caption><p>Gait.</p></caption>"
    box = "<boxed-text><label>Box 1</label><p>Key points.</p></boxed-text>"
    for name in ("floats-group", "floats-wrap"):
        floats = f"<{name}>{box}<fig><label>Figure 9</label><caption><p>Muscle.</p></caption></fig></{name}>"
        read = jats.parse(ARTICLE.replace(b"</article>", f"{floats}</article>".encode()))
        assert_whole(read)
        assert read.sections[-1].text == "Box 1\n\nKey points."
        assert read.captions[-1].label == "Figure 9"
    group = f"<fig-group><fig><label>Figure 8</label><caption><p>Leg.</p></caption></fig><media>{caption}</media></fig-group>"
    assert last(f"<p>x</p>{group}") == "x\n\nVideo 1.\n\nGait."


def test_words_that_stand_without_a_paragraph() -> None:
    items = "<list-item>One <bold>and</bold> two</list-item><list-item><label>2.</label><p>Three</p>four</list-item>"
    assert last(f"<list>{items}</list>") == "One and two\n\n2. Three\n\nfour"
    assert last("<disp-quote>Said.<p>More.</p>Last.</disp-quote>") == "Said.\n\nMore.\n\nLast."
    definitions = "<def-item><term>CK</term><def><p>creatine kinase</p></def></def-item>"
    assert last(f"<def-list>{definitions}</def-list>") == "CK\n\ncreatine kinase"


def test_alternatives_and_arrays_outside_a_paragraph() -> None:
    both = "<alternatives><tex-math>$a$</tex-math><mml:math><mml:mi>b</mml:mi></mml:math></alternatives>"
    assert last(f"<p>Thus</p>{both}") == "Thus\n\nb"
    assert last("<p>CK <array><tbody><tr><td>high</td><td>5,320</td></tr></tbody></array> U/L</p>") == "CK high 5,320 U/L"


def test_people_and_groups_in_the_attribution() -> None:
    one = "<name><surname>Park</surname><given-names>Ann B</given-names></name>"
    other = f"<name-alternatives>{one}<name><surname>박</surname><given-names>안</given-names></name></name-alternatives>"
    group = "<collab>The Group<contrib-group><contrib><name><surname>Kim</surname></name></contrib></contrib-group></collab>"
    whole = ARTICLE.decode()
    for inside, said in ((other, "Park AB."), (group, "The Group."), ("<string-name>Ann Park</string-name>", "Ann Park.")):
        assert jats.parse(whole.replace(one, inside).encode()).attribution.startswith(f"{said} J Rare Dis")


def test_tables_of_cals_and_tables_of_words() -> None:
    rows = "<row><entry>CK</entry><entry morerows='1'>5,320</entry></row>"
    cals = f"<table><tgroup cols='2'><thead>{rows.replace('CK', 'Test')}</thead><tbody>{rows}</tbody></tgroup></table>"
    words = "<list><list-item><p>one</p></list-item></list><attrib>Source: WHO</attrib>"
    tables = f"<table-wrap><label>T1</label>{cals}</table-wrap><table-wrap><label>T2</label>{words}</table-wrap>"
    read = jats.parse(a_full_text(tables=tables))
    assert_whole(read)
    assert [t.text for t in read.tables] == ["Test\t5,320\nCK\t5,320", "one\n\nSource: WHO"]


REFERENCES = (
    (
        "<element-citation><person-group><name><surname>Fisher</surname><given-names>RA</given-names><suffix>Jr</suffix></name>"
        "</person-group><source>Selection</source><edition>3</edition><publisher-loc>Oxford</publisher-loc><publisher-name>"
        "Clarendon</publisher-name><year>1930</year></element-citation>",
        "Fisher RA Jr. Selection. ed. 3. Oxford: Clarendon. 1930.",
        "",
    ),
    (
        "<element-citation><collab>NCIN</collab><article-title>Routes</article-title><ext-link xlink:href='http://n.uk'>"
        "http://n.uk/r</ext-link><date-in-citation>4 May 2012</date-in-citation></element-citation>",
        "NCIN. Routes. http://n.uk/r 4 May 2012.",
        "",
    ),
    (
        "<citation-alternatives><element-citation><source>Twice</source><pub-id pub-id-type='doi'>10.1/t</pub-id>"
        "</element-citation><mixed-citation>As printed twice.</mixed-citation></citation-alternatives>",
        "As printed twice.",
        "10.1/t",
    ),
    (
        "<mixed-citation>Kim<name><surname>Allen</surname><given-names>NE</given-names></name>, in press.</mixed-citation>",
        "KimAllen NE, in press.",
        "",
    ),
    ("<note><p>Personal communication.</p></note>", "Personal communication.", ""),
    (
        "<mixed-citation>Park A. Lancet. doi: 10.1016/S1474-4422(18)30254-0.</mixed-citation>",
        "Park A. Lancet. doi: 10.1016/S1474-4422(18)30254-0.",
        "10.1016/S1474-4422(18)30254-0",
    ),
    (
        "<element-citation><name><surname>Key</surname></name><comment>doi:10.1000/k</comment><ext-link>10.1000/k</ext-link>"
        "</element-citation>",
        "Key.",
        "10.1000/k",
    ),
)


def test_citations_in_all_their_forms_come_once_and_whole() -> None:
    read = jats.parse(a_full_text(references="".join(f"<ref>{form}</ref>" for form, _, _ in REFERENCES)))
    assert [(r.citation, r.doi) for r in read.references] == [(words, doi) for _, words, doi in REFERENCES]


def test_figures_tables_and_letters_leave_the_text() -> None:
    read = jats.parse(ARTICLE.replace(b"</article>", b"<sub-article><body><p>A letter.</p><fig/></body></sub-article></article>"))
    assert [s.text for s in read.sections] == [
        "Rare.",
        "A 35-year-old man had weakness of the left leg. Creatine kinase was 5,320 U/L.",
    ]
    assert len(read.figures) == 1


def test_groups_supplements_panels_and_alternatives() -> None:
    figures = (
        '<fig-group><label>Figure 1</label><caption><p>Both.</p></caption><fig><graphic xlink:href="a"/></fig>'
        '<fig><label>Figure 1—figure supplement 1</label><caption><p>More.</p></caption><graphic xlink:href="b"/></fig>'
        "</fig-group>"
        '<fig><label>Figure 2</label><graphic xlink:href="x/c"/><graphic xlink:href="d"/></fig>'
        '<fig><label>Figure 3</label><caption><p>With <inline-formula><graphic xlink:href="eq"/></inline-formula></p></caption>'
        '<alternatives><graphic xlink:href="e"/><graphic xlink:href="e-small"/></alternatives>'
        '<fig><label>Figure 3a</label><graphic xlink:href="f"/></fig></fig>'
        "<fig><caption><p>No picture.</p></caption></fig>"
    )
    read = jats.parse(a_full_text(figures=figures))
    assert_whole(read)
    assert [(d.key, d.label, d.stem, d.caption.text) for d in read.figures] == [
        ("figure1", "Figure 1", "a", "Both."),
        ("figure2", "Figure 1—figure supplement 1", "b", "More."),
        ("figure3", "Figure 2", "c", ""),
        ("figure3.2", "Figure 2 (2)", "d", ""),
        ("figure4", "Figure 3", "e", "With [formula]"),
        ("figure5", "Figure 3a", "f", ""),
        ("figure6", "Figure 6", "", "No picture."),
    ]


def test_a_table_that_is_a_picture_is_a_figure_too() -> None:
    tables = '<table-wrap><label>Table 1</label><caption><p>Drugs.</p></caption><graphic xlink:href="t1"/></table-wrap>'
    read = jats.parse(a_full_text(tables=tables))
    assert [(t.key, t.text) for t in read.tables] == [("table1", "Drugs.")]
    assert [(d.key, d.label, d.stem) for d in read.figures] == [("figure1", "Figure 1", "case-g001"), ("table1", "Table 1", "t1")]


def test_rights_of_a_figure_hold_before_the_articles() -> None:
    own = '<permissions><license xlink:href="https://creativecommons.org/licenses/by-nd/4.0/"/></permissions>'
    claimed = "<permissions><copyright-statement>© 1999 Elsevier</copyright-statement></permissions>"
    figures = "".join(
        f'<fig><label>{n}</label><caption><p>{caption}</p></caption><graphic xlink:href="g{n}"/>{rights}</fig>'
        for n, (caption, rights) in enumerate(
            [
                ("A.", own),
                ("B.", claimed),
                ("Reproduced with permission from X.", ""),
                ("D.", "<attrib>Photo: Kim</attrib>"),
                ("E.", ""),
            ]
        )
    )
    found = [(d.licence and d.licence.name, d.attribution) for d in jats.parse(a_full_text(figures=figures)).figures]
    article = "Park AB. J Rare Dis 2021;3:e9. © 2021 Park."
    assert found == [
        ("CC BY-ND 4.0", article),
        ("", "© 1999 Elsevier"),
        ("", article),
        (None, "Photo: Kim"),
        (None, article),
    ]


def test_what_stands_behind_the_text_is_text_too() -> None:
    more = "<ack><p>We thank all.</p></ack><app-group><app><title>Appendix A</title><p>Details.</p></app></app-group>"
    read = jats.parse(ARTICLE.replace(b"<back>", f"<back>{more}".encode()))
    assert [(s.label, s.text) for s in read.sections[-2:]] == [("Acknowledgements", "We thank all."), ("Appendix A", "Details.")]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not well-formed"),
        (b"<html><body>Checking your browser</body></html>", "no <article>"),
        (ARTICLE[:-30], "not well-formed"),
        (b"<article/>", "no front matter"),
        (b'<!DOCTYPE article [<!ENTITY x "y">]>' + ARTICLE, "declares entities"),
        (ARTICLE.replace(b"Rare.", b"Rare &unknown; thing."), "not well-formed"),
        (ARTICLE.replace(b"Rare.", b"<b>" * 80 + b"deep" + b"</b>" * 80), "nested more than"),
        (a_full_text(figures='<fig><graphic xlink:href="x"/></fig>' * 1001), "1001 figures"),
        (a_full_text(tables="<table-wrap/>" * 1001), "1001 tables"),
        (a_full_text(more="<sec><p>x</p></sec>" * 901), "sections"),
    ],
)
def test_what_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        jats.parse(data)


def test_markup_of_another_kind_does_not_come_through() -> None:
    section = body('<p>A <script>alert(1)</script><a href="javascript:x">b</a> &lt;img onerror=x&gt;</p>').sections[-1]
    assert section.html == "<p>A alert(1)b &lt;img onerror=x&gt;</p>"


PIECES = st.sampled_from(
    [
        *(b"<fig>", b"</fig>", b"<p/>", b"<table-wrap><table><tr><td/></tr></table></table-wrap>", b"<list><list-item/></list>"),
        *(
            b"<graphic/>",
            b"<sec>",
            b"</sec>",
            b"&#x1F9EC;",
            b"<disp-formula/>",
            b"<alternatives/>",
            b"<xref/>",
            b"]]>",
            b"<ref/>",
        ),
        *(b"<permissions><license/></permissions>", b"<mixed-citation/>", b"<label/>", b"<caption/>", b"&#0;", b"<title/>"),
        *(b"<!--", b"\xff", b"\0"),
    ]
)


@settings(max_examples=400)
@given(st.lists(st.tuples(st.integers(0, len(ARTICLE)), st.integers(0, 40), PIECES), min_size=1, max_size=4))
def test_mutated_bytes_are_read_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    data = ARTICLE
    for at, gone, piece in changes:
        data = data[:at] + piece + data[at + gone :]
    try:
        read = jats.parse(data)
    except Invalid:
        return
    assert_whole(read)


@settings(max_examples=60)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 3000), st.binary(max_size=6))
def test_a_mutated_real_article_is_read_or_refused(at: int, gone: int, piece: bytes) -> None:
    try:
        assert_whole(jats.parse(WHOLE[:at] + piece + WHOLE[at + gone :]))
    except Invalid:
        return
