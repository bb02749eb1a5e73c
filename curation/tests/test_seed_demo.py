"""The demo: true to the gold annotation, entered by two people, and entered once."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from curation.choices import ItemState, ReadingState, ScreeningState
from curation.models import Article, AuditEvent, Batch, Finding, Project, Reading, User

GOLD = json.loads(Path(settings.BASE_DIR, "seeds/gold_34829411.json").read_text(encoding="utf-8"))


@pytest.fixture
def said(db: None) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def test_it_says_who_may_sign_in(said: str) -> None:
    assert "moderator  casebook-moderator   moderator" in said
    assert User.objects.get(username="curator").check_password("casebook-curator")


def test_every_gold_annotation_is_a_published_finding_with_its_quotes(said: str) -> None:
    findings = {f.feature.slug: f for f in Finding.objects.published().select_related("feature")}
    for gold in GOLD["annotations"]:
        finding = findings[gold["feature"]]
        assert (finding.status, finding.value) == (gold["status"], gold["value"]), gold["feature"]
        quotes = [e.exact for a in finding.annotations.all() for e in a.evidence.all()]
        assert sorted(quotes) == sorted(e["quote"] for e in gold["evidence"]), gold["feature"]


def test_it_was_read_by_one_and_published_by_another(said: str) -> None:
    reading = Reading.objects.get()
    assert reading.state == ReadingState.ACCEPTED
    assert reading.rulings.get().moderator != reading.curator


def test_the_other_report_waits_to_be_screened(said: str) -> None:
    project = Project.objects.get(slug="imnm")
    assert project.screenings.get(state=ScreeningState.TO_SCREEN).article.pmid == 38762411


def test_the_report_waits_to_be_read_by_whoever_tries_it_out(said: str) -> None:
    practice = Project.objects.get(slug="practice")
    assert practice.screenings.get(state=ScreeningState.INCLUDED).article.pmid == 34829411
    assert practice.batches.get().items.get().state == ItemState.UNCHANGED


def test_a_second_run_changes_nothing(said: str) -> None:
    before = [model.objects.count() for model in (User, Article, Batch, Finding, AuditEvent)]
    call_command("seed_demo", stdout=StringIO())
    assert [model.objects.count() for model in (User, Article, Batch, Finding, AuditEvent)] == before


def test_nothing_is_entered_among_people_of_a_sites_own(db: None) -> None:
    User.objects.create_superuser("admin", password="their own secret")
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert "has people of its own" in out.getvalue()
    assert (User.objects.count(), Project.objects.count()) == (1, 0)
