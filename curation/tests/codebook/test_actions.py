"""Loading a codebook: kept whole, once, by an administrator, or not at all."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from curation.codebook import queries
from curation.codebook.actions import load_codebook
from curation.errors import Invalid, NotAllowed, NotFound
from curation.models import AuditEvent, Codebook, CodebookVersion, Feature, User

IMNM = Path(settings.BASE_DIR) / "seeds" / "codebooks" / "imnm.yaml"
SMALL = """
codebook: small
title: A small codebook
version: 1.0.0
language: en
statuses: [{value: present, label: Present}]
groups: [{slug: signs, label: Signs}]
features:
- {slug: fever, group: signs, label: Fever, question: Fever?, value_type: finding, tier: core, evidence_required: true,
   ontology: {hpo: [{id: "HP:0001945", name: Fever}]}}
- {slug: side, group: signs, label: Side, question: Which side?, value_type: choice, tier: extended, evidence_required: true,
   options: [{value: left, label: Left}, {value: right, label: Right}], shown_when: {feature: fever, status_in: [present]}}
"""


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_user("admin", is_superuser=True)


def test_the_first_codebook_is_kept_whole(admin: User) -> None:
    version = load_codebook(text=IMNM.read_text(), by=admin)
    assert (str(version), version.features.count(), version.groups.count(), len(version.statuses)) == ("imnm 1.0.0", 263, 20, 6)
    symmetry = queries.spec(queries.feature(version, "weakness_symmetry"))
    assert symmetry.options == ("symmetric", "asymmetric", "unilateral", "bilateral_unspecified")
    assert symmetry.shown_when == {"feature": "muscle_weakness", "status_in": ["present"]}
    assert [s.slug for s in queries.specs(version).values() if s.derived][:2] == ["onset_age_class", "serostatus_derived"]
    assert AuditEvent.objects.filter(verb="codebook.load", table="curation_codebookversion").count() == 1


def test_the_same_text_again_is_the_same_version(admin: User) -> None:
    first = load_codebook(text=SMALL, by=admin)
    assert load_codebook(text=SMALL, by=admin) == first
    assert Feature.objects.count() == 2


def test_another_text_under_a_taken_version_is_refused(admin: User) -> None:
    load_codebook(text=SMALL, by=admin)
    with pytest.raises(Invalid, match="already loaded with another text"):
        load_codebook(text=SMALL.replace("Fever?", "Any fever?"), by=admin)
    assert Feature.objects.get(slug="fever").question == "Fever?"


def test_a_next_version_stands_beside_the_first(admin: User) -> None:
    load_codebook(text=SMALL, by=admin)
    second = load_codebook(text=SMALL.replace("1.0.0", "1.1.0").replace("A small", "A bigger"), by=admin)
    assert queries.latest("small") == second
    assert Codebook.objects.get().title == "A bigger codebook"
    assert [v.feature_count for v in queries.codebook("small").versions.all()] == [2, 2]


def test_a_malformed_text_leaves_nothing_behind(admin: User) -> None:
    malformed = SMALL.replace("finding", "feeling").replace("group: signs, label: Side", "group: x, label: Side")
    with pytest.raises(Invalid) as refusal:
        load_codebook(text=malformed, by=admin)
    assert len(refusal.value.faults) == 2
    assert not Codebook.objects.exists()


def test_only_an_administrator_loads(db: None) -> None:
    with pytest.raises(NotAllowed):
        load_codebook(text=SMALL, by=User.objects.create_user("curator"))
    assert not Codebook.objects.exists()


@pytest.mark.parametrize(
    ("words", "found"),
    [("fever", ["fever"]), ("SIDE left", ["side"]), ("HP:0001945", ["fever"]), ("", ["fever", "side"]), ("100%_\x00", [])],
)
def test_features_are_found_by_every_word(admin: User, words: str, found: list[str]) -> None:
    version = load_codebook(text=SMALL, by=admin)
    assert [f.slug for f in queries.search_features(version, words)] == found


def test_what_is_not_there(admin: User) -> None:
    version = load_codebook(text=SMALL, by=admin)
    for look in (lambda: queries.feature(version, "x"), lambda: queries.version("small", "9.0.0"), lambda: queries.codebook("x")):
        with pytest.raises(NotFound):
            look()


def test_specs_take_two_queries(admin: User, django_assert_num_queries: object) -> None:
    version = load_codebook(text=SMALL, by=admin)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert list(queries.specs(version)) == ["fever", "side"]


def test_the_command_loads_as_a_named_person(admin: User, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    call_command("load_codebook", str(file), by="admin", stdout=(out := StringIO()))
    assert out.getvalue() == "small 1.0.0 is loaded: 2 features.\n"
    assert CodebookVersion.objects.get().loaded_by == admin


@pytest.mark.parametrize(
    ("content", "by", "said"),
    [
        (b"a: [", "admin", "not valid YAML"),
        (b"\xff\xfe", "admin", "not UTF-8"),
        (b"codebook: x", "admin", "“features” is missing"),
        (b"a: 1", "nobody", "nobody here by the user name"),
        (None, "admin", "cannot be read"),
    ],
)
def test_the_command_says_what_is_wrong(admin: User, tmp_path: Path, content: bytes | None, by: str, said: str) -> None:
    file = tmp_path / "small.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        call_command("load_codebook", str(file), by=by)
