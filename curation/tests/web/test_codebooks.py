"""The codebook's pages: open to everybody, found by words, and a malformed file refused with all its faults."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from curation.codebook.actions import load_codebook
from curation.criteria.actions import load_rules
from curation.models import CodebookVersion
from curation.tests import worlds

SEEDS = Path(settings.BASE_DIR) / "seeds"
IMNM = (SEEDS / "codebooks" / "imnm.yaml").read_text()
HERE = "/codebooks/imnm/1.0.0/"


@pytest.fixture
def who(db: None) -> worlds.People:
    return worlds.some_people()


@pytest.fixture
def version(who: worlds.People) -> CodebookVersion:
    version = load_codebook(text=IMNM, by=who.administrator)
    load_rules(text=(SEEDS / "rules" / "imnm.yaml").read_text(), codebook=version.codebook, by=who.administrator)
    return version


def test_without_a_codebook_the_list_says_so(client: Client, db: None) -> None:
    assert "No codebook is loaded yet" in client.get("/codebooks/").text


def test_the_list_leads_to_each_version(client: Client, version: CodebookVersion) -> None:
    page = client.get("/codebooks/").text
    assert f'href="{HERE}"' in page
    assert "263 features" in page
    assert "/codebooks/new/" not in page


def test_a_version_shows_groups_core_first_and_what_is_derived(
    client: Client, version: CodebookVersion, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = client.get(HERE).text
    assert "263 features" in page
    assert page.index("Age at first symptom") < page.index("Ancestry / ethnicity")
    assert "Asked when Muscle weakness (any): present" in page
    assert 'href="https://hpo.jax.org/browse/term/HP:0001324"' in page
    assert "serostatus_derived" in page


def test_words_and_tier_cut_the_list_down(client: Client, version: CodebookVersion) -> None:
    assert "1 of 263 features" in client.get(f"{HERE}?words=HP:0033713").text
    assert "No feature holds all these words" in client.get(f"{HERE}?words=nothing+like+it%00").text
    page = client.get(f"{HERE}?words=rash&tier=core").text
    assert "skin_rash_any" in page
    assert "heliotrope" not in page
    assert client.get(f"{HERE}?tier=xyz").status_code == 200


def test_htmx_gets_the_list_alone(client: Client, version: CodebookVersion) -> None:
    part = client.get(f"{HERE}?words=rash", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<div")
    assert 'id="shelves"' in part


def test_a_feature_has_its_full_definition(client: Client, version: CodebookVersion) -> None:
    page = client.get(f"{HERE}features/weakness_symmetry/").text
    for said in ("Is the weakness symmetric", "Asymmetric, both sides", "bilateral_unspecified", "HP:6000857", "Weaker side"):
        assert said in page
    assert f'href="{HERE}features/muscle_weakness/"' in page


def test_a_derived_feature_shows_its_rule_in_words(client: Client, version: CodebookVersion) -> None:
    page = client.get(f"{HERE}features/serostatus_derived/").text
    assert "serostatus 1.0.0" in page
    assert "Not checked against a published source" in page
    assert "“Anti-SRP” is reported as Positive and “Anti-HMGCR” is reported as Positive" in page


def test_the_source_is_downloaded_as_it_was_loaded(client: Client, version: CodebookVersion) -> None:
    answer = client.get(f"{HERE}source.yaml")
    assert answer.content.decode() == IMNM
    assert answer["Content-Disposition"] == 'attachment; filename="imnm-1.0.0.yaml"'


@pytest.mark.parametrize(
    "path",
    [
        "imnm/9.9.9/",
        "imnm/%00/",
        "other/1.0.0/",
        "imnm/1.0.0/features/nothing/",
        "x/1/source.yaml",
    ],
)
def test_what_is_not_there(client: Client, version: CodebookVersion, path: str) -> None:
    assert client.get(f"/codebooks/{path}").status_code == 404


def upload(client: Client, content: bytes) -> object:
    return client.post("/codebooks/load/", {"file": SimpleUploadedFile("book.yaml", content)})


def test_an_administrator_loads_the_next_version(client: Client, who: worlds.People, version: CodebookVersion) -> None:
    client.force_login(who.administrator)
    assert "/codebooks/new/" in client.get("/codebooks/").text
    assert client.get("/codebooks/new/").status_code == 200
    answer = upload(client, IMNM.replace("version: 1.0.0", "version: 1.1.0").encode())
    assert answer.url == "/codebooks/imnm/1.1.0/"
    assert client.get(answer.url).status_code == 200


def test_every_fault_of_a_malformed_file_is_listed(client: Client, who: worlds.People, version: CodebookVersion) -> None:
    client.force_login(who.administrator)
    answer = upload(client, IMNM.replace("value_type: choice\n", "value_type: pick\n").encode())
    assert answer.status_code == 422
    assert answer.content.decode().count("unknown “pick”") == 37
    assert CodebookVersion.objects.count() == 1


@pytest.mark.parametrize(("content", "status"), [(b"\xff", 422), (b"", 422), (b"a: [", 422), (b"x" * 5_000_000, 422)])
def test_what_is_no_codebook_is_refused(client: Client, who: worlds.People, content: bytes, status: int) -> None:
    client.force_login(who.administrator)
    assert upload(client, content).status_code == status


def test_others_do_not_load(client: Client, who: worlds.People) -> None:
    assert client.get("/codebooks/new/").status_code == 302
    assert upload(client, IMNM.encode()).status_code == 302
    client.force_login(who.moderator)
    assert client.get("/codebooks/new/").status_code == 403
    assert upload(client, IMNM.encode()).status_code == 403
    client.force_login(who.administrator)
    assert client.post("/codebooks/load/").status_code == 422
    assert client.get("/codebooks/load/").status_code == 405
    assert not CodebookVersion.objects.exists()
