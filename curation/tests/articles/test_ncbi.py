"""NCBI: a whole answer or a plain failure; within its limits; nowhere else."""

from types import SimpleNamespace

import pytest
import stamina

from curation.articles import cutting, ncbi
from curation.articles.limiter import Limiter
from curation.errors import Refusal, SourceUnavailable
from curation.tests.standin.server import Standin


def fetched(*pmids: int) -> list[int | None]:
    return [c.pmid for c in cutting.records([ncbi.fetch(pmids)])]


def test_records_come_as_they_were_recorded(standin: Standin) -> None:
    (cut,) = cutting.records([ncbi.fetch([38762411])])
    assert cut.body == standin.records["38762411"]


def test_it_says_who_asks(standin: Standin) -> None:
    fetched(38762411, 9997)
    (asked,) = standin.asked
    assert (asked.method, asked.form["id"], asked.form["db"], asked.form["retmode"]) == ("POST", "38762411,9997", "pubmed", "xml")
    assert (asked.form["tool"], asked.form["email"], asked.form["api_key"]) == ("casebook", "curators@example.org", "a-key")


def test_an_unknown_pmid_is_simply_not_there(standin: Standin) -> None:
    assert fetched(1, 38762411) == [38762411]
    assert fetched(1) == []


@pytest.mark.parametrize("trouble", ["429", "500", "half", "html", "redirect", "hang-up"])
def test_trouble_that_passes_is_tried_again(standin: Standin, trouble: str) -> None:
    standin.behave(trouble)
    assert fetched(38762411) == [38762411]
    assert len(standin.asked) == 2


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("429", "too many"),
        ("500", "status 500"),
        ("half", "not a whole set"),
        ("html", "not a whole set"),
        ("redirect", r"another address \(localhost.invalid\)"),
        ("hang-up", "connection failed"),
    ],
)
def test_trouble_that_stays_is_a_failure_and_never_nothing_found(standin: Standin, trouble: str, said: str) -> None:
    standin.behave(trouble, trouble)
    with pytest.raises(SourceUnavailable, match=said):
        fetched(38762411)


def test_a_body_that_does_not_come_is_given_up(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ncbi, "TIMEOUT", ncbi.httpx.Timeout(0.2))
    standin.behave("slow", "slow")
    with pytest.raises(SourceUnavailable, match="too long"):
        fetched(38762411)


def test_a_body_that_is_too_large_is_not_read_to_its_end(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ncbi, "MOST_BYTES", 1000)
    with pytest.raises(SourceUnavailable, match="larger"):
        fetched(38762411)


def test_a_request_that_is_declined_is_not_repeated(standin: Standin) -> None:
    with pytest.raises(Refusal, match="declines"):
        fetched()
    assert len(standin.asked) == 1


def test_nobody_there(settings: SimpleNamespace) -> None:
    settings.NCBI_BASE_URL = "http://127.0.0.1:1/"
    with stamina.set_testing(True, attempts=2), pytest.raises(SourceUnavailable, match="does not answer"):
        fetched(1)


def waits(limiter: Limiter, times: int) -> list[float]:
    seen: list[float] = []
    limiter.sleep = seen.append
    for _ in range(times):
        limiter.wait()
    return seen


def test_all_workers_share_one_allowance(settings: SimpleNamespace) -> None:
    """Two workers ask six times together: the starts are a third of a second apart."""
    one, other = (Limiter(url=settings.CELERY_BROKER_URL, key="test:shared", per_second=3) for _ in range(2))
    one.client.delete("test:shared")
    found = [wait for _ in range(3) for limiter in (one, other) for wait in waits(limiter, 1)]
    assert found == pytest.approx([0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3], abs=0.3)


def test_without_redis_a_process_spaces_its_own_requests() -> None:
    found = waits(Limiter(url="redis://127.0.0.1:1/0", key="x", per_second=10), 3)
    assert found == pytest.approx([0, 0.1, 0.2], abs=0.09)
