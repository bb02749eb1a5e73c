"""Make a file such as PubMed's yearly baseline holds: the same bytes for the same seed.

    python -m bench.make_baseline var/bench/baseline.xml.gz --records 30000

Shares and lengths follow records from 1990 on: two thirds have an abstract, a third of these in labelled parts; four
authors, two in five with an affiliation; four in five are indexed, with ten headings; 10 % list their references, 24 of
them; 10 % name a grant, 3 % bear a notice, 2 % hold markup in the title. With 30,000 records it has about 190 MB.
"""

import argparse
import gzip
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bench.words import Words

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet SYSTEM '
    '"http://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
TAIL = "</PubmedArticleSet>\n"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
LABELS = (("BACKGROUND", "BACKGROUND"), ("METHODS", "METHODS"), ("RESULTS", "RESULTS"), ("CONCLUSIONS", "CONCLUSIONS"))
QUALIFIERS = ("diagnosis", "drug therapy", "pathology", "genetics", "complications", "therapy", "blood", "etiology")
PLACES = ("Seoul, Korea", "Paris, France", "Boston, MA, USA", "Kyoto, Japan", "Pune, India", "Lagos, Nigeria", "Lima, Peru")
KINDS = (("D016428", "Journal Article"), ("D002363", "Case Reports"), ("D016454", "Review"), ("D016422", "Letter"))
NOTICES = ("ErratumIn", "CommentIn", "RetractionIn", "ExpressionOfConcernIn", "UpdateIn")
FIRST_PMID = 30_000_001


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = Words(seed)
        self.journals = [self._journal() for _ in range(800)]
        self.names = [self.words.phrase(1, 1).title() for _ in range(6_000)]
        self.headings = [(f"D{n:06d}", self.words.phrase(1, 3)) for n in range(4_000)]

    def record(self, pmid: int) -> str:
        """One PubmedArticle, indented as PubMed's own files are."""
        year = self.random.randint(1990, 2024)
        doi = f"10.{self.random.randint(1000, 9999)}/case.{pmid}"
        date = f"<Year>{year}</Year><Month>{self.random.randint(1, 12):02d}</Month><Day>{self.random.randint(1, 28):02d}</Day>"
        lines = [
            "<PubmedArticle>",
            '  <MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated">',
            f'    <PMID Version="1">{pmid}</PMID>',
            *_date("DateCompleted", date),
            *_date("DateRevised", date),
            '    <Article PubModel="Print-Electronic">',
            *self._article(year, doi),
            "    </Article>",
            *self._described(),
            "  </MedlineCitation>",
            "  <PubmedData>",
            *self._data(pmid, doi, year),
            "  </PubmedData>",
            "</PubmedArticle>",
        ]
        return "\n".join(lines) + "\n"

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _journal(self) -> tuple[str, str, str]:
        issn = f"{self.random.randint(1000, 9999)}-{self.random.randint(1000, 9999)}"
        return self.words.phrase(2, 6), self.words.phrase(2, 3), issn

    def _article(self, year: int, doi: str) -> Iterator[str]:
        title, short, issn = self.random.choice(self.journals)
        yield from (
            "      <Journal>",
            f'        <ISSN IssnType="Electronic">{issn}</ISSN>',
            '        <JournalIssue CitedMedium="Internet">',
            f"          <Volume>{self.random.randint(1, 120)}</Volume>",
            f"          <Issue>{self.random.randint(1, 12)}</Issue>",
            "          <PubDate>",
            f"            <Year>{year}</Year>",
            f"            <Month>{self.random.choice(MONTHS)}</Month>",
            "          </PubDate>",
            "        </JournalIssue>",
            f"        <Title>{title}</Title>",
            f"        <ISOAbbreviation>{short}</ISOAbbreviation>",
            "      </Journal>",
            f"      <ArticleTitle>{self._title()}.</ArticleTitle>",
            "      <Pagination>",
            f"        <MedlinePgn>{self.random.randint(1, 900)}-{self.random.randint(1, 99)}</MedlinePgn>",
            "      </Pagination>",
            f'      <ELocationID EIdType="doi" ValidYN="Y">{doi}</ELocationID>',
        )
        if self._chance(0.67):
            yield from ("      <Abstract>", *self._abstract(), "      </Abstract>")
        yield from ('      <AuthorList CompleteYN="Y">', *self._authors(), "      </AuthorList>")
        yield "      <Language>eng</Language>"
        if self._chance(0.1):
            yield from self._grants()
        yield "      <PublicationTypeList>"
        for ui, name in self.random.sample(KINDS, self.random.choice((1, 1, 2))):
            yield f'        <PublicationType UI="{ui}">{name}</PublicationType>'
        yield from ("      </PublicationTypeList>", '      <ArticleDate DateType="Electronic">')
        yield from (f"        <Year>{year}</Year>", "        <Month>03</Month>", "        <Day>09</Day>", "      </ArticleDate>")

    def _title(self) -> str:
        title = self.words.phrase(6, 18)
        return title.replace(" ", " <i>in vitro</i> SnO<sub>2</sub> ", 1) if self._chance(0.02) else title

    def _abstract(self) -> Iterator[str]:
        count = max(40, int(self.random.gauss(165, 55)))
        if self._chance(0.35):
            for label, category in LABELS:
                text = self.words.prose(count // 4)
                yield f'        <AbstractText Label="{label}" NlmCategory="{category}">{text}</AbstractText>'
        else:
            yield f"        <AbstractText>{self.words.prose(count)}</AbstractText>"
        if self._chance(0.3):
            yield "        <CopyrightInformation>© 2020 The Author(s).</CopyrightInformation>"

    def _authors(self) -> Iterator[str]:
        for _ in range(min(60, 1 + int(self.random.expovariate(0.3)))):
            last, fore = self.random.choice(self.names), self.random.choice(self.names)
            yield '        <Author ValidYN="Y">'
            yield f"          <LastName>{last}</LastName>"
            yield f"          <ForeName>{fore}</ForeName>"
            yield f"          <Initials>{fore[0]}</Initials>"
            if self._chance(0.2):
                yield f'          <Identifier Source="ORCID">0000-0001-{self.random.randint(1000, 9999)}-0000</Identifier>'
            if self._chance(0.4):
                where = f"Department of {self.words.phrase(1, 3)}, {self.words.phrase(2, 4)}, {self.random.choice(PLACES)}."
                mail = f" Electronic address: {last.lower()}@example.org." if self._chance(0.1) else ""
                yield "          <AffiliationInfo>"
                yield f"            <Affiliation>{where}{mail}</Affiliation>"
                yield "          </AffiliationInfo>"
            yield "        </Author>"

    def _grants(self) -> Iterator[str]:
        yield '      <GrantList CompleteYN="Y">'
        for _ in range(self.random.randint(1, 3)):
            yield "        <Grant>"
            yield f"          <GrantID>R01 {self.random.randint(10_000, 99_999)}</GrantID>"
            yield "          <Agency>NIH HHS</Agency>"
            yield "          <Country>United States</Country>"
            yield "        </Grant>"
        yield "      </GrantList>"

    def _described(self) -> Iterator[str]:
        _, short, issn = self.random.choice(self.journals)
        yield "    <MedlineJournalInfo>"
        yield "      <Country>England</Country>"
        yield f"      <MedlineTA>{short}</MedlineTA>"
        yield f"      <NlmUniqueID>{self.random.randint(1_000_000, 9_999_999)}</NlmUniqueID>"
        yield f"      <ISSNLinking>{issn}</ISSNLinking>"
        yield "    </MedlineJournalInfo>"
        if self._chance(0.03):
            yield from self._notice()
        if self._chance(0.81):
            yield from self._mesh()
        if self._chance(0.4):
            yield '    <KeywordList Owner="NOTNLM">'
            for _ in range(self.random.randint(3, 7)):
                yield f'      <Keyword MajorTopicYN="N">{self.words.phrase(1, 3)}</Keyword>'
            yield "    </KeywordList>"
        if self._chance(0.25):
            yield "    <CoiStatement>The authors declare no conflict of interest.</CoiStatement>"

    def _notice(self) -> Iterator[str]:
        yield "    <CommentsCorrectionsList>"
        yield f'      <CommentsCorrections RefType="{self.random.choice(NOTICES)}">'
        yield f"        <RefSource>{self.words.phrase(2, 4)}. 2022;1(1):1</RefSource>"
        yield f'        <PMID Version="1">{self.random.randint(1, 29_000_000)}</PMID>'
        yield "      </CommentsCorrections>"
        yield "    </CommentsCorrectionsList>"

    def _mesh(self) -> Iterator[str]:
        yield "    <MeshHeadingList>"
        for ui, name in self.random.sample(self.headings, max(3, int(self.random.gauss(10, 4)))):
            yield "      <MeshHeading>"
            yield f'        <DescriptorName UI="{ui}" MajorTopicYN="{self.random.choice("NNY")}">{name}</DescriptorName>'
            if self._chance(0.4):
                n = self.random.randrange(len(QUALIFIERS))
                yield f'        <QualifierName UI="Q{n:06d}" MajorTopicYN="N">{QUALIFIERS[n]}</QualifierName>'
            yield "      </MeshHeading>"
        yield "    </MeshHeadingList>"

    def _data(self, pmid: int, doi: str, year: int) -> Iterator[str]:
        yield "    <History>"
        for status in ("received", "accepted", "pubmed", "medline", "entrez"):
            yield f'      <PubMedPubDate PubStatus="{status}">'
            yield f"        <Year>{year}</Year>"
            yield f"        <Month>{self.random.randint(1, 12)}</Month>"
            yield f"        <Day>{self.random.randint(1, 28)}</Day>"
            yield "      </PubMedPubDate>"
        yield "    </History>"
        yield "    <PublicationStatus>ppublish</PublicationStatus>"
        yield "    <ArticleIdList>"
        yield f'      <ArticleId IdType="pubmed">{pmid}</ArticleId>'
        if self._chance(0.4):
            yield f'      <ArticleId IdType="pmc">PMC{pmid - 20_000_000}</ArticleId>'
        yield f'      <ArticleId IdType="doi">{doi}</ArticleId>'
        yield "    </ArticleIdList>"
        if self._chance(0.1):
            yield "    <ReferenceList>"
            for _ in range(min(120, 2 + int(self.random.expovariate(1 / 22)))):
                yield from self._reference()
            yield "    </ReferenceList>"

    def _reference(self) -> Iterator[str]:
        _, short, _ = self.random.choice(self.journals)
        year, volume = self.random.randint(1980, 2022), self.random.randint(1, 90)
        yield "      <Reference>"
        yield f"        <Citation>{self.random.choice(self.names)} A. {self.words.phrase(5, 12)}. {short}. {year};{volume}:1-9."
        yield "        </Citation>"
        yield "        <ArticleIdList>"
        if self._chance(0.5):
            yield f'          <ArticleId IdType="doi">10.1000/j.{self.random.randint(1, 9_999_999)}</ArticleId>'
        yield f'          <ArticleId IdType="pubmed">{self.random.randint(1, 29_000_000)}</ArticleId>'
        yield "        </ArticleIdList>"
        yield "      </Reference>"


def _date(name: str, parts: str) -> tuple[str, ...]:
    return (f"    <{name}>", f"      {parts}", f"    </{name}>")


def write(file: BinaryIO, *, records: int, seed: int, first_pmid: int = FIRST_PMID) -> None:
    maker = Maker(seed)
    file.write(HEAD.encode())
    for pmid in range(first_pmid, first_pmid + records):
        file.write(maker.record(pmid).encode())
    file.write(TAIL.encode())


def make(path: Path, *, records: int, seed: int) -> None:
    """Write the file (packed where its name ends so) and beside it its .md5, as PubMed does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                write(packed, records=records, seed=seed)  # type: ignore[arg-type]
        else:
            write(file, records=records, seed=seed)
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    path.with_name(f"{path.name}.md5").write_text(f"MD5({path.name})= {digest}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--records", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    make(given.path, records=given.records, seed=given.seed)


if __name__ == "__main__":
    main()
