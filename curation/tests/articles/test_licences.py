"""Which licence is meant, and what it allows; where the places disagree, the strictest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.articles import licences
from curation.articles.licences import NONE, Flag, Licence

CC = "https://creativecommons.org/licenses"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by/3.0", "CC BY 3.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode", "CC BY-NC-ND 4.0"),
        ("https://creativecommons.org/licences/by-sa/4.0/deed.en", "CC BY-SA 4.0"),
        ("https://creativecommons.org/licenses/by/", "CC BY"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("http://creativecommons.org/publicdomain/mark/1.0/", "Public domain"),
        ("http://creativecommons.org/licenses/publicdomain/", "Public domain"),
        ("https://creativecommons.org/licenses/by-xx/4.0/", ""),
        ("https://www.elsevier.com/tdm/userlicense/1.0/", ""),
        ("", ""),
    ],
)
def test_addresses(address: str, name: str) -> None:
    assert licences.of_address(address).name == name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("distributed under the terms of the Creative Commons Attribution License, which permits unrestricted use", "CC BY"),
        ("under a CC BY-NC-ND license (http://creativecommons.org/licenses/by-nc-nd/4.0/).", "CC BY-NC-ND 4.0"),
        ("This article is published under CC-BY 4.0.", "CC BY 4.0"),
        ("a Creative Commons Attribution Non-Commercial License, which permits non‐commercial use", "CC BY-NC"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike", "CC BY-NC-SA"),
        ("Creative Commons Attribution-NoDerivs", "CC BY-ND"),
        ("Creative Commons Zero", "CC0 1.0"),
        ("available under the Creative Commons CC0 public domain dedication", "CC0 1.0"),
        ("verbatim copying and redistribution of this article are permitted in all media", ""),
        ("© 2010 Elsevier. All rights reserved.", ""),
        ("The Creative Commons are discussed in this article.", ""),
    ],
)
def test_words(words: str, name: str) -> None:
    assert licences.of_words(words).name == name


def test_a_waiver_for_the_data_does_not_free_the_article() -> None:
    words = (
        f"Open Access This article is licensed under a Creative Commons Attribution 4.0 International License ({CC}/by/4.0/). "
        "The Creative Commons Public Domain Dedication waiver (http://creativecommons.org/publicdomain/zero/1.0/) applies there."
    )
    found = licences.read(addresses=[f"{CC}/by/4.0/", "http://creativecommons.org/publicdomain/zero/1.0/"], words=words)
    assert found == Licence("CC BY", "4.0", f"{CC}/by/4.0/")


def test_the_strictest_holds() -> None:
    assert licences.read(addresses=[f"{CC}/by/4.0/"], words="Creative Commons Attribution Non-Commercial").code == "CC BY-NC"
    both = licences.strictest([licences.of_code("CC BY-SA"), licences.of_code("CC BY-NC")])
    assert both.code == "CC BY-NC-SA"


@pytest.mark.parametrize(
    ("code", "stated", "name"),
    [
        ("CC BY", Licence("CC BY", "4.0", f"{CC}/by/4.0/"), "CC BY 4.0"),
        ("CC BY", NONE, "CC BY"),
        ("", Licence("CC BY", "4.0"), "CC BY 4.0"),
        ("CC BY-NC", Licence("CC BY", "4.0"), "CC BY-NC"),
        ("NO-CC CODE", Licence("CC BY", "4.0"), ""),
        ("cc_by", NONE, "CC BY"),
        ("", NONE, ""),
    ],
)
def test_pmcs_code_and_the_article_together(code: str, stated: Licence, name: str) -> None:
    assert licences.agreed(code=code, stated=stated).name == name


@pytest.mark.parametrize(
    ("code", "kept", "on_a_noncommercial_site"),
    [
        ("CC0", True, True),
        ("Public domain", True, True),
        ("CC BY", True, True),
        ("CC BY-SA", True, True),
        ("CC BY-ND", True, True),
        ("CC BY-NC", False, True),
        ("CC BY-NC-ND", False, True),
        ("", False, False),
        ("Custom", False, False),
    ],
)
def test_what_may_be_kept(code: str, kept: bool, on_a_noncommercial_site: bool) -> None:
    licence = Licence(code)
    assert licence.may_be_kept(noncommercial=False) is kept
    assert licence.may_be_kept(noncommercial=True) is on_a_noncommercial_site


def test_flags() -> None:
    assert Licence("CC BY-NC-SA").flags == (Flag.SHARE_ALIKE, Flag.NON_COMMERCIAL)
    assert licences.of_name("CC BY-ND 4.0").flags == (Flag.NO_DERIVATIVES,)
    assert licences.of_name("Public domain") == Licence("Public domain")
    assert licences.of_name("something else") == NONE


@given(st.text(alphabet="CcBYbyNDSA-0 creativecommons attribution4.0/licenses", max_size=200))
def test_no_words_break_it(words: str) -> None:
    for found in (licences.of_words(words), licences.of_address(words), licences.of_code(words), licences.of_name(words)):
        assert found.code == "" or found.code in licences.STRICTNESS
