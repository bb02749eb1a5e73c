"""Every way to alter the trail, or a table past it, is found; an honest site has no fault."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from curation.models import AuditEvent, AuditSeal, Finding, Ruling
from curation.safekeeping import sealing, verifying

Run = Callable[..., list[tuple]]


def test_an_honest_site_has_no_fault(sealed: Ruling, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(verifying.faults()) == []
    call_command("verify_audit")
    assert f"holds: {AuditEvent.objects.count()} events, 1 seals" in capsys.readouterr().out


def test_the_command_fails_on_a_fault(sealed: Ruling, past_the_guards: Run) -> None:
    past_the_guards("UPDATE curation_finding SET comment = 'quietly' WHERE id = (SELECT min(id) FROM curation_finding)")
    with pytest.raises(CommandError, match=r"does not hold:\n  row .* of curation_finding is not what the trail tells of it"):
        call_command("verify_audit")


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE curation_auditevent SET actor_id = 1 WHERE id = {middle}", "seal .* is broken"),
        ("UPDATE curation_auditevent SET at = at + interval '1 second' WHERE id = {middle}", "seal .* is broken"),
        ("UPDATE curation_auditevent SET reason = 'another' WHERE id = {middle}", "seal .* is broken"),
        ("DELETE FROM curation_auditevent WHERE id = {middle}", "seal .* is broken"),
        ("DELETE FROM curation_auditevent WHERE id = {last}", "seal .* is broken"),
        ("DELETE FROM curation_auditseal", "not the one whose head was kept outside"),
        ("UPDATE curation_auditseal SET digest = repeat('0', 64)", "seal .* is broken"),
        ("UPDATE curation_auditseal SET previous = repeat('0', 64)", "does not follow the one before it"),
        ("UPDATE curation_finding SET status = 'excluded' WHERE id = {finding}", "row .* of curation_finding is not what"),
        ("DELETE FROM curation_membership", "row .* of curation_membership is not what"),
        ("ALTER TABLE curation_finding DISABLE TRIGGER audited", "curation_finding is not watched"),
        ("DROP TRIGGER audited ON curation_evidence", "curation_evidence is not watched"),
        ("ALTER TABLE curation_auditevent DISABLE TRIGGER append_only", "curation_auditevent can be altered"),
    ],
)
def test_tampering_is_found(sealed: Ruling, past_the_guards: Run, tampering: str, found: str) -> None:
    numbers = list(AuditEvent.objects.order_by("pk").values_list("pk", flat=True))
    finding = Finding.objects.published().first()
    assert finding is not None
    past_the_guards(tampering.format(middle=numbers[len(numbers) // 2], last=numbers[-1], finding=finding.pk))
    assert [fault for fault in verifying.faults() if re.search(found, fault)]


def test_a_chain_made_anew_is_found_by_the_heads_outside(sealed: Ruling, past_the_guards: Run, heads: Path) -> None:
    past_the_guards("UPDATE curation_auditevent SET reason = 'another' WHERE id = (SELECT max(id) FROM curation_auditevent)")
    past_the_guards("DELETE FROM curation_auditseal")
    kept = heads.read_text()
    heads.unlink()
    assert sealing.seal() is not None  # inside the database all is well again
    assert list(verifying.faults()) == []
    heads.write_text(kept)
    assert [fault for fault in verifying.faults() if "kept outside" in fault]


def test_events_put_in_between_are_found(sealed: Ruling, past_the_guards: Run) -> None:
    """An unsealed event that does not follow from what was told before."""
    past_the_guards(
        'INSERT INTO curation_auditevent (at, transaction, actor_id, verb, reason, "table", operation, row_id, before, after) '
        'SELECT at, transaction, actor_id, verb, reason, "table", \'UPDATE\', row_id, after || \'{"slug": "other"}\', after '
        "FROM curation_auditevent WHERE \"table\" = 'curation_project' ORDER BY id DESC LIMIT 1"
    )
    assert [fault for fault in verifying.faults() if "does not follow" in fault]


def test_a_missing_file_of_heads_is_said(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("verify_audit", heads=tmp_path / "nowhere")
    assert not AuditSeal.objects.exists()
