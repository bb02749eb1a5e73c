"""What is read of the recorded records stays the same, letter for letter, whatever is done to read them faster.

After a change of what a record should be read as, ``python -m curation.tests.articles.test_parsed_alike`` writes it anew:
look at the difference.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from curation.articles import cutting, parsing

DATA = Path(__file__).parent.parent / "data" / "pubmed"
PARSED = DATA / "parsed.jsonl"


def parsed() -> Iterator[str]:
    """A line for each recorded record, in the order of the files' names."""
    for path in sorted(DATA.glob("*.xml")):
        for cut in cutting.records([path.read_bytes()]):
            yield json.dumps(asdict(parsing.parse(cut)), ensure_ascii=False, default=str, separators=(",", ":"))


def test_records_are_read_as_they_always_were() -> None:
    before, now = PARSED.read_text().splitlines(), list(parsed())
    assert len(now) == len(before) > 20
    for old, new in zip(before, now, strict=True):
        assert json.loads(new) == json.loads(old)


if __name__ == "__main__":
    PARSED.write_text("".join(f"{line}\n" for line in parsed()))
