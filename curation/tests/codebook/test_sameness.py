"""When two answers say the same."""

from typing import Any

import pytest

from curation.codebook.rules import FeatureSpec, Value, check
from curation.codebook.sameness import said, same

LUMBAGO, WEAKNESS = {"id": "HP:0003419", "label": "Low back pain"}, {"id": "HP:0001324", "label": "Muscle weakness"}


def present(value: Any = None, **qualifiers: Any) -> Value:
    return Value("present", value, qualifiers=qualifiers)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Value("not_reported", qualifiers={"scope": ["title"]}), None),
        (present("P24M"), present("P2Y")),
        (present("P14D"), present("P2W")),
        (present("-P24M"), present("-P2Y")),
        (present("P5Y/P6Y"), present("P60M/P72M")),
        (present(5320), present(5320.0, unit="kU/L", precision="derived")),
        (present(0.1 + 0.2), present(0.3)),
        (present([LUMBAGO, WEAKNESS]), present([WEAKNESS, LUMBAGO])),
        (present(LUMBAGO), present({"id": "hp:0003419", "label": "Lumbago"})),
        (present(["arms", "legs"]), present(["legs", "arms"])),
        (present("Anti-HMGCR"), present("anti-HMGCR ")),
        (
            present({"name": "Aldolase", "number": 5.32, "unit": "g/L"}),
            present({"name": "aldolase", "number": 532, "unit": "mg/dL"}),
        ),
        (present(severity={"id": "HP:0012828", "label": "Severe"}), present(severity={"id": "HP:0012828", "label": "severe"})),
    ],
)
def test_the_same_in_other_words(one: Value, other: Value | None) -> None:
    assert same(one, other)
    assert hash(said(one)) == hash(said(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Value("not_tested"), None),
        (Value("excluded"), present()),
        (present("P35Y"), present("P36Y")),
        (present("P30D"), present("P1M")),
        (present("P2Y"), present("-P2Y")),
        (present(7200), present(7200, comparator=">=")),
        (present(50), present(50, precision="approximate")),
        (present("P2Y", since="onset"), present("P2Y", since="diagnosis")),
        (present("left"), present("left", certainty="possible")),
        (present([LUMBAGO]), present([LUMBAGO, WEAKNESS])),
        (present({"name": "x", "number": 5, "unit": "g/L"}), present({"name": "x", "number": 5, "unit": "mmol/L"})),
    ],
)
def test_what_is_not_the_same(one: Value, other: Value | None) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("number", "5.32 kU/L", "5,320 U/L"),
        ("number", "≥ 7,200", ">= 7200 IU/L"),
        ("age_iso8601", "two years", "24 months"),
        ("duration_iso8601", "more than two years", "> 24 months"),
        ("ontology_term", "Lumbago (HP:0003419)", "HP:0003419 Low back pain"),
    ],
)
def test_as_two_people_write_it(kind: str, one: str, other: str) -> None:
    spec = FeatureSpec("x", "X", kind, unit={"ucum": "U/L", "label": "U/L"} if kind == "number" else None)
    assert same(check(spec, status="present", value=one), check(spec, status="present", value=other))
