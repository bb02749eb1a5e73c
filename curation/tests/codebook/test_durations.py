"""Ages and durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.codebook.durations import YEAR, parts_of, read_age, read_duration
from curation.codebook.text import Unfit


@pytest.mark.parametrize(
    ("written", "iso", "low", "high", "precision"),
    [
        ("35", "P35Y", 35, 35, ""),
        ("35 y", "P35Y", 35, 35, ""),
        ("35 years old", "P35Y", 35, 35, ""),
        ("A 35-year-old"[2:], "P35Y", 35, 35, ""),
        ("11 years 6 months", "P11Y6M", 11.5, 11.5, ""),
        ("11y6m", "P11Y6M", 11.5, 11.5, ""),
        ("p11y6m", "P11Y6M", 11.5, 11.5, ""),
        ("6 months", "P6M", 0.5, 0.5, ""),
        ("in his sixties", "P60Y/P69Y", 60, 69, "decade"),
        ("60s", "P60Y/P69Y", 60, 69, "decade"),
        ("in her late 30s", "P30Y/P39Y", 30, 39, "decade"),
        ("late 40s", "P40Y/P49Y", 40, 49, "decade"),
        ("in the sixth decade of life", "P50Y/P59Y", 50, 59, "decade"),
        ("a 35-year-old man", "P35Y", 35, 35, ""),
        ("thirty-five-year-old", "P35Y", 35, 35, ""),
        ("at the age of 35 years", "P35Y", 35, 35, ""),
        ("3½ years", "P3.5Y", 3.5, 3.5, ""),
        ("3 1/2 years", "P3.5Y", 3.5, 3.5, ""),
        ("one and a half years", "P1.5Y", 1.5, 1.5, ""),
        ("half a year", "P0.5Y", 0.5, 0.5, ""),
        ("eighteen months", "P18M", 1.5, 1.5, ""),
        ("18-month-old infant", "P18M", 1.5, 1.5, ""),
        ("P60Y/P69Y", "P60Y/P69Y", 60, 69, "range"),
        ("40–45 years", "P40Y/P45Y", 40, 45, "range"),
        ("about 50 years", "P50Y", 50, 50, "approximate"),
        ("at least 61 years", "P61Y", 61, None, ""),
    ],
)
def test_ages(written: str, iso: str, low: float, high: float | None, precision: str) -> None:
    span = read_age(written)
    assert (span.iso, span.low, span.high, span.precision) == (iso, low * YEAR, high and high * YEAR, precision)


@pytest.mark.parametrize(
    ("written", "iso", "low", "high", "comparator"),
    [
        ("2 weeks", "P2W", 14, 14, ""),
        ("two weeks", "P2W", 14, 14, ""),
        ("a month", "P1M", 30.4375, 30.4375, ""),
        ("1 year and 2 weeks", "P1Y14D", 379.25, 379.25, ""),
        ("2 to 3 weeks", "P2W/P3W", 14, 21, ""),
        ("between 2 and 3 weeks", "P2W/P3W", 14, 21, ""),
        ("48 hours", "PT48H", 2, 2, ""),
        (">= 12 years", "P12Y", 4383, None, ">="),
        ("more than 2 days", "P2D", 2, None, ">"),
        ("up to 3 days", "P3D", None, 3, "<="),
        ("P0D", "P0D", 0, 0, ""),
    ],
)
def test_durations(written: str, iso: str, low: float | None, high: float | None, comparator: str) -> None:
    span = read_duration(written)
    assert (span.iso, span.low, span.high, span.comparator) == (iso, low, high, comparator)


@pytest.mark.parametrize(
    ("written", "iso", "low"),
    [("-2 years", "-P2Y", -730.5), ("2 years before", "-P2Y", -730.5), ("−P2Y", "-P2Y", -730.5), ("3 days after", "P3D", 3)],
)
def test_before_and_after(written: str, iso: str, low: float) -> None:
    assert (read_duration(written, signed=True).iso, read_duration(written, signed=True).low) == (iso, low)


def test_a_range_before_runs_from_the_farther_end() -> None:
    span = read_duration("2 to 3 days before", signed=True)
    assert (span.iso, span.low, span.high) == ("-P3D/-P2D", -3, -2)


@pytest.mark.parametrize(
    "written",
    ["", "P", "old", "thirtyfive", "35 yearss", "2 years 3 years", "P35", "-3", "200", "P9Y/", "P69Y/P60Y", "35,5", "1e9"],
)
def test_what_is_no_age(written: str) -> None:
    with pytest.raises(Unfit):
        read_age(written)


@pytest.mark.parametrize("written", ["12", "-2 years", "300 years", "sixties", "2 weeks later on", "P1Y2"])
def test_what_is_no_duration(written: str) -> None:
    with pytest.raises(Unfit):
        read_duration(written)


amounts = st.dictionaries(st.sampled_from("YMD"), st.integers(0, 60), min_size=1)


@given(amounts)
def test_what_is_kept_reads_back_as_itself(parts: dict[str, int]) -> None:
    iso = "P" + "".join(f"{parts[c]}{c}" for c in "YMD" if c in parts)
    kept = read_duration(iso)
    assert read_duration(kept.iso) == kept
    assert parts_of(kept.iso) == [(parts[c], c) for c in "YMD" if c in parts]


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_age, read_duration):
        try:
            span = read(text)
        except Unfit:
            continue
        assert read(span.iso).iso == span.iso
