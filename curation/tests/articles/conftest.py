"""Recorded records, a stand-in NCBI, and a folder for uploads."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import stamina

from curation.tests.standin.server import Standin

DATA = Path(__file__).parent.parent / "data" / "pubmed"


@pytest.fixture(scope="session")
def samples() -> dict[str, bytes]:
    """The recorded files by name."""
    return {path.stem: path.read_bytes() for path in sorted(DATA.glob("*.xml"))}


@pytest.fixture
def uploads(settings: SimpleNamespace, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def standin(settings: SimpleNamespace) -> Iterator[Standin]:
    """NCBI's place is taken; tries are made at once, without the pauses between them."""
    with Standin(DATA) as server, stamina.set_testing(True, attempts=2):
        settings.NCBI_BASE_URL = server.url
        settings.IDCONV_BASE_URL = server.idconv_url
        settings.NCBI_API_KEY = "a-key"  # ten requests a second
        settings.NCBI_EMAIL = "curators@example.org"
        yield server
