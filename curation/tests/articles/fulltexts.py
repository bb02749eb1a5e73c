"""Full texts for tests: recorded ones, small ones made here, and a bucket that hands them out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stamina
from django.test import override_settings

from curation import tasks
from curation.articles import actions
from curation.models import Article, Batch, User
from curation.tests.articles.pictures import a_picture
from curation.tests.standin.bucket import Bucket

DATA = Path(__file__).parent.parent / "data" / "jats"
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
CC_BY = '<license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>CC BY 4.0</license-p></license>'
CASE = "A 35-year-old man had weakness of the left leg. Creatine kinase was 5,320 U/L."
A_FIGURE = (
    '<fig id="f1"><label>Figure 1</label><caption><title>Biopsy.</title><p>Scattered <italic>necrosis</italic>.</p></caption>'
    '<graphic xlink:href="case-g001"/></fig>'
)
A_TABLE = (
    '<table-wrap id="t1"><label>Table 1</label><caption><p>Laboratory findings</p></caption><table><thead><tr>'
    '<th>Test</th><th colspan="2">Value</th></tr></thead><tbody><tr><td>CK<xref ref-type="table-fn">a</xref></td><td>5,320</td>'
    "<td>U/L</td></tr></tbody></table><table-wrap-foot><fn><label>a</label><p>on admission</p></fn></table-wrap-foot>"
    "</table-wrap>"
)


def a_full_text(
    pmcid: str = "PMC7",
    *,
    case: str = CASE,
    permissions: str = f"<copyright-statement>© 2021 Park</copyright-statement>{CC_BY}",
    figures: str = A_FIGURE,
    tables: str = A_TABLE,
    more: str = "",
    references: str = "",
    kind: str = "case-report",
) -> bytes:
    return (
        f'<article {XLINK} xmlns:mml="http://www.w3.org/1998/Math/MathML" article-type="{kind}"><front><journal-meta>'
        f"<journal-title-group><journal-title>J Rare Dis</journal-title></journal-title-group></journal-meta><article-meta>"
        f'<article-id pub-id-type="pmcid">{pmcid}</article-id><title-group><article-title>A case.</article-title></title-group>'
        f'<contrib-group><contrib contrib-type="author"><name><surname>Park</surname><given-names>Ann B</given-names></name>'
        f"</contrib></contrib-group><pub-date><year>2021</year></pub-date><volume>3</volume><elocation-id>e9</elocation-id>"
        f"<permissions>{permissions}</permissions></article-meta></front><body><sec><title>Introduction</title><p>Rare.</p></sec>"
        f"<sec><title>Case report</title><sec><title>Patient 1</title><p>{case}</p></sec>{figures}{tables}</sec>{more}</body>"
        f"<back><ref-list><title>References</title>{references}</ref-list></back></article>"
    ).encode()


@contextmanager
def a_bucket() -> Iterator[Bucket]:
    """PMC's place is taken; tries are made at once, without the pauses between them."""
    with Bucket() as bucket, stamina.set_testing(True, attempts=2), override_settings(PMC_OA_BASE_URL=bucket.url):
        yield bucket


def fetched(article: Article, by: User) -> Batch:
    """The article's full text asked for and worked off."""
    batch = actions.open_full_text(article_ids=[article.pk], by=by)
    tasks.run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def given(bucket: Bucket, article: Article, by: User) -> None:
    """A full text with a picture and a table for the article, fetched."""
    assert article.pmcid
    bucket.put(article.pmcid, a_full_text(article.pmcid), {"case-g001.jpg": a_picture("JPEG")})
    fetched(article, by)
