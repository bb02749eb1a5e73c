"""Rectangles in percent, and media fragments. Pure."""

import pytest

from curation.annotation import regions
from curation.errors import Invalid


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([10, 20, 30, 40], [10, 20, 30, 40]),
        ([0, 0, 100, 100], [0, 0, 100, 100]),
        ([33.333333, 0.004, 66.666667, 1e-1], [33.33, 0.0, 66.67, 0.1]),
        (["12,5", " 20 % ", "30", "0.5"], [12.5, 20, 30, 0.5]),
    ],
)
def test_a_rectangle_on_the_picture_is_kept(given: list[object], kept: list[float]) -> None:
    assert regions.rectangle(given) == kept


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([10, 20, 30], "takes four numbers"),
        ([10, 20, 0, 40], "has no size"),
        ([10, 20, 30, -1], "has no size"),
        ([-0.1, 20, 30, 40], "outside the figure"),
        ([80, 20, 30, 40], "outside the figure"),
        ([10, 70, 30, 30.1], "outside the figure"),
        ([float("nan"), 20, 30, 40], "number for its x"),
        ([10, float("inf"), 30, 40], "number for its y"),
        ([10, 20, True, 40], "number for its width"),
        ([10, 20, 30, "tall"], "number for its height"),
        ([10, 20, 30, None], "number for its height"),
        (["1e3", 20, 30, 40], "number for its x"),
    ],
)
def test_what_is_no_rectangle_on_the_picture_is_refused(given: list[object], reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        regions.rectangle(given)
    assert reason in caught.value.faults[0].reason


def test_it_is_written_as_a_media_fragment_and_read_back() -> None:
    written = regions.fragment([10, 20.5, 30, 40.25])
    assert written == "xywh=percent:10,20.5,30,40.25"
    assert regions.rectangle(regions.of_fragment(f"#{written}")) == [10, 20.5, 30, 40.25]


@pytest.mark.parametrize("words", ["xywh=10,20,30,40", "xywh=pixel:1,2,3,4", "t=10,20", "xywh=percent:1,2,3", ""])
def test_other_fragments_are_refused(words: str) -> None:
    with pytest.raises(Invalid, match="not kept"):
        regions.of_fragment(words)
