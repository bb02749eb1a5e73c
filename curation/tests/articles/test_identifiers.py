"""Identifiers in every shape; e-mail addresses out of text."""

import pytest

from curation.articles import identifiers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PMC280240", "PMC280240"),
        ("1738058", "PMC1738058"),
        ("pmc 12", "PMC12"),
        ("PMC123.2", "PMC123"),
        ("pmc-id: PMC123;", "PMC123"),
        ("", ""),
        ("none", ""),
        ("PMC0", ""),
    ],
)
def test_pmcid(text: str, found: str) -> None:
    assert identifiers.pmcid(text) == found


@pytest.mark.parametrize(
    "text",
    ["0000-0002-1825-009X", "000000021825009x", "https://orcid.org/0000-0002-1825-009X", "http://orcid.org/000000021825009X"],
)
def test_orcid(text: str) -> None:
    assert identifiers.orcid(text) == "0000-0002-1825-009X"


@pytest.mark.parametrize("text", ["", "n/a", "0000-0002-1825", "0000-0002-1825-00977"])
def test_what_is_no_orcid(text: str) -> None:
    assert identifiers.orcid(text) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hospital, Paris, France. a.b@aphp.fr.", "Hospital, Paris, France."),
        ("City, USA. Electronic address: yili@coh.org.", "City, USA."),
        ("City, USA. E-mail: a@b.org, c@d.org.", "City, USA."),
        ("Department (a@b.org), City", "Department, City"),
        ("City <a@b.co.uk>; Berlin", "City; Berlin"),
        ("a@b.org", ""),
        ("Institute @ Large, City", "Institute @ Large, City"),
        ("No address.", "No address."),
        ("Mainz Germany a@b.de http://www.b.de/x/.", "Mainz Germany http://www.b.de/x/."),
        ("Lille, France a@b.fr Department of Pain, Lille.", "Lille, France Department of Pain, Lille."),
        ("Ehime, Japan. Electronic address: tetsu@agr.ac.j.", "Ehime, Japan."),
        ("Science@MLZ, Garching", "Science@MLZ, Garching"),
    ],
)
def test_emails(text: str, shown: str) -> None:
    assert identifiers.without_emails(text) == shown


@pytest.mark.parametrize("text", ["10.1/x", "doi:10.1/x", "https://doi.org/10.1/x", " http://dx.doi.org/10.1/x "])
def test_doi(text: str) -> None:
    assert identifiers.doi(text) == "10.1/x"


def test_doi_in_a_line() -> None:
    assert identifiers.doi_in("Lancet. 2020. doi: 10.1016/S1474-4422(18)30254-0.") == "10.1016/S1474-4422(18)30254-0"


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "12345678901", "١٢"])
def test_what_is_no_pmid(text: str) -> None:
    assert identifiers.pmid(text) is None
