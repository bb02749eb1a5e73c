"""Digests by e-mail: who gets one, what stands in it, that it goes out once, and how it is ended."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core import mail as outbox
from django.core.mail.message import EmailMessage
from django.test import Client
from django.utils import timezone

from curation import tasks
from curation.audit import acting
from curation.errors import Invalid
from curation.models import Digest, MailChoice, Notification, Project, Reading
from curation.notices import actions as notices
from curation.notices.mail import actions, queries, rules, sending
from curation.people import actions as people
from curation.tests import worlds
from curation.tests.worlds import People

Callbacks = Callable[..., AbstractContextManager[object]]
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
FAR = timedelta(days=8)


@pytest.fixture(autouse=True)
def server(settings: LazySettings) -> None:
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example.org", "https://casebook.example.org/"


@pytest.fixture
def told(submitted: Reading, who: People) -> Notification:
    """Eight days ago the curator's reading came back with a note; they want that by e-mail."""
    actions.choose(address="curator@example.org", kinds=["returned", "assigned"], every="day", by=who.curator)
    actions.prove(address="curator@example.org", by=who.curator)
    worlds.sent_back(submitted, who.moderator, note="The words of a private report.")
    Notification.objects.update(at=timezone.now() - FAR)
    return Notification.objects.get()


def test_a_digest_says_what_happened_and_where_and_is_sent_once(told: Notification, who: People) -> None:
    assert tasks.send_digests() == 1
    assert tasks.send_digests() == 0
    (sent,) = outbox.outbox
    html, kind = sent.alternatives[0]
    assert (sent.to, kind, sent.subject) == (["curator@example.org"], "text/html", "Casebook: 1 notice")
    for body in (sent.body, html):
        assert "The moderator sent your reading of “Asymmetric weakness" in body
        assert f"https://casebook.example.org/readings/{told.reading_id}/" in body
        assert "private report" not in body
    assert Digest.objects.get().state == "sent"


def test_nothing_is_sent_unless_it_was_asked_for(told: Notification, who: People) -> None:
    actions.choose(address="curator@example.org", kinds=["assigned"], every="day", by=who.curator)
    assert tasks.send_digests() == 0
    MailChoice.objects.all().delete()
    assert tasks.send_digests() == 0
    assert not Digest.objects.exists()


def test_what_is_read_or_no_longer_open_is_not_sent(told: Notification, who: People) -> None:
    notices.mark(notice_id=told.pk, by=who.curator)
    assert tasks.send_digests() == 0
    assert not Digest.objects.exists()


def test_what_is_closed_between_is_not_sent(told: Notification, who: People) -> None:
    (choice, period), *_ = queries.due()
    digest = actions.open_digest(period=period, by=choice.user)
    assert digest
    with acting(by=who.administrator, verb="project.create"):
        Project.objects.update(is_public=False)
    people.end_membership(project=told.project, user=who.curator, by=who.administrator)
    assert not sending.send(digest.pk)
    assert not outbox.outbox
    assert Digest.objects.get().trouble == sending.NOTHING_LEFT


def test_today_is_told_tomorrow(told: Notification) -> None:
    Notification.objects.update(at=timezone.now())
    assert tasks.send_digests() == 0


def test_without_a_mail_server_nothing_is_tried_and_the_account_page_says_so(
    client: Client, settings: LazySettings, told: Notification, who: People
) -> None:
    client.force_login(who.curator)
    assert "Tell me by e-mail when" in client.get("/account/").content.decode()
    settings.EMAIL_HOST = ""
    assert tasks.send_digests() == 0
    assert "This site sends no e-mail" in client.get("/account/").content.decode()


def test_the_link_asks_back_and_then_ends_the_e_mails(client: Client, told: Notification, who: People) -> None:
    tasks.send_digests()
    (sent,) = outbox.outbox
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<https://casebook\.example\.org(/unsubscribe/.*/)>", sent.extra_headers["List-Unsubscribe"])
    assert link
    strict = Client(enforce_csrf_checks=True)
    assert "Send me no more e-mails" in strict.get(link[1]).content.decode()
    assert MailChoice.objects.get().kinds
    assert "You get no more e-mails" in strict.post(link[1], {"List-Unsubscribe": "One-Click"}).content.decode()
    assert MailChoice.objects.get().kinds == []


@pytest.mark.parametrize("token", ["1", "1:forged", "x:y"])
def test_a_forged_link_ends_nothing(client: Client, told: Notification, token: str) -> None:
    assert client.post(f"/unsubscribe/{token}/").status_code == 404
    assert MailChoice.objects.get().kinds


def test_choosing(client: Client, who: People) -> None:
    client.force_login(who.curator)
    client.post("/account/mail/", {"address": "a@example.org", "kinds": ["cohort", "decided"], "every": "week"})
    told = client.get("/api/v1/mail-choice").json()
    chosen = {"address": "a@example.org", "kinds": ["cohort", "decided"], "every": "week"}
    assert told == chosen | {"is_sent": True, "is_verified": False}
    with pytest.raises(Invalid) as refused:
        actions.choose(address="nowhere", kinds=["gossip"], every="hour", by=who.curator)
    assert [fault.where for fault in refused.value.faults] == ["kinds", "every", "address"]
    bad = client.put(
        "/api/v1/mail-choice", {"address": "x", "kinds": ["cohort"], "every": "day"}, content_type="application/json"
    )
    assert bad.status_code == 422


# --- the address is proven --------------------------------------------------------------------------------------------


def link_in(message: EmailMessage) -> str:
    (found,) = re.findall(r"https://casebook\.example\.org(/\S+/)", str(message.body))
    return str(found)


def test_nothing_is_sent_to_an_address_that_nobody_proved(
    client: Client,
    told: Notification,
    who: People,
    django_capture_on_commit_callbacks: Callbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "ring_for_link", sending.send_link)  # as the worker does whom it rings for
    client.force_login(who.curator)
    wanted = {"address": "new@example.org", "kinds": ["returned"], "every": "day"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/mail/", wanted)
    assert tasks.send_digests() == 0
    (asked,) = outbox.outbox
    assert (asked.to, "private report" in asked.body) == (["new@example.org"], False)
    assert "is not confirmed, so nothing is sent" in client.get("/account/").content.decode()
    link, anybody = link_in(asked), Client(enforce_csrf_checks=True)
    assert "Yes, send them here" in anybody.get(link).content.decode()
    assert not MailChoice.objects.get().is_verified, "to look at a link proves nothing"
    assert anybody.post(link).status_code == 403
    assert "This is your address" in client.post(link).content.decode()
    assert client.get("/api/v1/mail-choice").json()["is_verified"] is True
    assert "This address is confirmed" in client.get("/account/").content.decode()
    assert tasks.send_digests() == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.put("/api/v1/mail-choice", wanted, content_type="application/json")
    assert [each.to for each in outbox.outbox] == [["new@example.org"]] * 2, "what is proven is not asked for again"


def test_a_digest_that_waits_is_not_sent_to_another_address(told: Notification, who: People) -> None:
    (choice, period), *_ = queries.due()
    digest = actions.open_digest(period=period, by=choice.user)
    assert digest
    actions.choose(address="another@example.org", kinds=["returned"], every="day", by=who.curator)
    assert not sending.send(digest.pk)
    assert not outbox.outbox


def test_a_link_is_sent_every_few_minutes_at_most_and_to_nobody_who_wants_nothing(who: People) -> None:
    choice = actions.choose(address="a@example.org", kinds=["returned"], every="day", by=who.curator)
    assert [sending.send_link(choice.pk), sending.send_link(choice.pk)] == [True, False]
    MailChoice.objects.update(link_at=timezone.now() - queries.LINK_WAITS)
    assert sending.send_link(choice.pk)
    MailChoice.objects.update(link_at=None, kinds=[])
    assert not sending.send_link(choice.pk)
    assert len(outbox.outbox) == 2


def test_links_that_prove_nothing(client: Client, who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = actions.choose(address="a@example.org", kinds=["returned"], every="day", by=who.curator)
    link = f"/account/mail/{queries.proof_for(choice)}/"
    assert client.post(f"{link[:-2]}x/").status_code == 404
    assert client.post(f"/account/mail/{queries.token_for(who.curator)}/").status_code == 404
    actions.choose(address="b@example.org", kinds=["returned"], every="day", by=who.curator)
    assert client.post(link).status_code == 409
    actions.choose(address="a@example.org", kinds=["returned"], every="day", by=who.curator)
    monkeypatch.setattr(queries, "LINK_HOLDS", timedelta(seconds=-1))
    assert client.post(link).status_code == 404
    assert not MailChoice.objects.get().is_verified
    monkeypatch.undo()
    assert client.post(link).status_code == 200
    assert MailChoice.objects.get().is_verified


# --- a restored site --------------------------------------------------------------------------------------------------


def test_a_restored_site_sends_nothing_that_was_due_before(told: Notification, who: People) -> None:
    """Neither what waited, nor what was being sent, nor what would be put together now; what comes later it does."""
    actions.choose(address="other@example.org", kinds=["returned"], every="day", by=who.curator2)
    actions.prove(address="other@example.org", by=who.curator2)
    for number, state in enumerate(("waiting", "sending", "sent")):
        Digest.objects.create(receiver=who.curator2, period=f"2026-01-0{number + 1}", state=state, due_at=timezone.now())
    assert actions.hold_back() == 3
    assert tasks.send_digests() == 0
    assert [each.state for each in Digest.objects.order_by("pk")] == ["failed", "failed", "sent", "failed"]
    assert "restored from a backup" in Digest.objects.get(receiver=who.curator).trouble
    Notification.objects.create(
        receiver=told.receiver, kind=told.kind, verb=told.verb, act="later", project=told.project, reading=told.reading
    )
    later = queries.to_tell(queries.choice_of(who.curator), rules.Period("later", timezone.now() + timedelta(days=1)))
    assert later.get().act == "later"


# --- a server that answers on loopback --------------------------------------------------------------------------------


class Session(socketserver.StreamRequestHandler):
    """One SMTP dialogue; ``server.answers`` says what it answers to DATA's end, or None to hang up there."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while words := self.rfile.readline():
            verb = words[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    self.server.took.append(line)  # type: ignore[attr-defined]
                answer = self.server.answers.pop(0)  # type: ignore[attr-defined]
                if answer is None:
                    return
                self.wfile.write(answer)
            else:
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 good\r\n")


class Standin(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.answers: list[bytes | None] = []
        self.took: list[bytes] = []


@pytest.fixture
def smtp(settings: LazySettings) -> Iterator[Standin]:
    with Standin() as standin:
        threading.Thread(target=standin.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", standin.server_address[1], 10
        yield standin
        standin.shutdown()


def again() -> None:
    """As if the time until the next try had gone by."""
    Digest.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_server_that_says_later_is_asked_again(told: Notification, smtp: Standin) -> None:
    smtp.answers = [b"451 try later\r\n", b"250 taken\r\n"]
    assert tasks.send_digests() == 0
    digest = Digest.objects.get()
    assert (digest.state, digest.attempts, "try later" in digest.trouble) == ("waiting", 1, True)
    assert tasks.send_digests() == 0, "not before its time"
    again()
    assert tasks.send_digests() == 1
    assert re.search(rb"List-Unsubscribe:\s*<https://casebook\.example\.org/unsubscribe/\d+:", b"".join(smtp.took))


@pytest.mark.parametrize("answer", [b"554 never\r\n", None])
def test_what_was_refused_or_may_have_gone_out_is_not_sent_again(told: Notification, smtp: Standin, answer: bytes | None) -> None:
    smtp.answers = [answer]
    assert tasks.send_digests() == 0
    again()
    assert tasks.send_digests() == 0
    assert Digest.objects.get().state == "failed"


def test_a_server_that_is_away_is_asked_so_often_and_no_more(
    told: Notification, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = LOCMEM

    def away(self: object) -> None:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", away)
    for _ in range(rules.MOST_ATTEMPTS + 2):
        tasks.send_digests()
        Digest.objects.filter(state="waiting").update(due_at=timezone.now())
    digest = Digest.objects.get()
    assert (digest.state, digest.attempts) == ("failed", rules.MOST_ATTEMPTS)


def test_of_two_who_send_one_does(told: Notification, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first hands it over."""
    (choice, period), *_ = queries.due()
    digest = actions.open_digest(period=period, by=choice.user)
    assert digest
    assert actions.open_digest(period=period, by=choice.user) is None
    real = sending._hand_over

    def meanwhile(mail: EmailMessage) -> tuple[str, bool]:
        assert not sending.send(digest.pk)
        return real(mail)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "_hand_over", meanwhile)
    assert sending.send(digest.pk)
    assert len(outbox.outbox) == 1


def test_a_sender_that_died_is_not_repeated(told: Notification) -> None:
    (choice, period), *_ = queries.due()
    digest = actions.open_digest(period=period, by=choice.user)
    assert digest
    actions.claim(digest_id=digest.pk)
    Digest.objects.update(due_at=timezone.now() - timedelta(hours=2))
    assert tasks.send_digests() == 0
    assert Digest.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("every", "today", "name", "end"),
    [
        ("day", date(2026, 11, 22), "2026-11-21", datetime(2026, 11, 22, tzinfo=UTC)),
        ("week", date(2026, 11, 22), "2026-W46", datetime(2026, 11, 16, tzinfo=UTC)),
        ("week", date(2026, 1, 5), "2026-W01", datetime(2026, 1, 5, tzinfo=UTC)),
        ("week", date(2026, 1, 4), "2025-W52", datetime(2025, 12, 29, tzinfo=UTC)),
    ],
)
def test_periods(every: str, today: date, name: str, end: datetime) -> None:
    assert rules.last_period(every, today) == (name, end)
